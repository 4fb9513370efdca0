import { ZmigrateError } from "../errors.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import type { MigrationPlan } from "../model/plan.js";
import { overlap } from "../plan/overlap.js";
import { type Planned, planMigration } from "../plan/plan.js";
import { type Run, recordsOf } from "./run.js";

/** @throws ZmigrateError plan-refused at the first place that cannot be phased */
export function planOrThrow(planned: Planned): MigrationPlan {
  const [refusal] = planned.refusals;
  if (refusal !== undefined) throw new ZmigrateError("plan-refused", refusal);
  if (planned.plan === null) throw new ZmigrateError("internal", { reason: "a plan without steps or refusals" });
  return planned.plan;
}

const isUnfinished = (record: MigrationRecord): boolean =>
  record.status !== "contracted" && record.status !== "rolled-back";

/** @throws ZmigrateError plan-refused while another migration still renames or drops the same column */
function refuseWhileUnfinished(migration: Migration, plan: MigrationPlan, underWay: readonly MigrationPlan[]): void {
  for (const other of underWay) {
    const met = overlap(other.retires, plan.retires);
    if (met === null) continue;
    throw new ZmigrateError("plan-refused", {
      file: migration.file,
      line: 1,
      column: 1,
      reason: `migration ${other.id} (${other.name}) is not finished, and changes the same column: ${met.column}.`,
      help: "Let that one contract first (`zmigrate status` says what it waits for), or keep this file back until then.",
    });
  }
}

/**
 * Plans all of these one after the other, each on what the former leaves, so that a refusal of the last is known before
 * the first has changed anything.
 *
 * @throws ZmigrateError plan-refused, missing-privilege
 */
export async function planAhead(run: Run, migrations: readonly Migration[]): Promise<void> {
  if (migrations.length === 0) return;
  const { engine, database } = run.options;
  let catalog: Catalog = await database.introspect(run.main);
  const underWay = (await recordsOf(run)).filter(isUnfinished).map((r) => r.plan);
  for (const migration of migrations) {
    const planned = planMigration(migration, { engine, catalog, version: database.server.version });
    const plan = planOrThrow(planned);
    await database.preflightSteps(run.main, plan.steps);
    refuseWhileUnfinished(migration, plan, underWay);
    underWay.push(plan);
    catalog = planned.catalog;
  }
}

/** Plans one migration on the schema as it is now, and records it as begun: from here on this plan is what runs. */
export async function beginMigration(run: Run, migration: Migration): Promise<void> {
  const { engine, database, release } = run.options;
  const catalog = await database.introspect(run.main);
  const plan = planOrThrow(planMigration(migration, { engine, catalog, version: database.server.version }));
  await database.preflightSteps(run.main, plan.steps);
  await database.begin(run.main, { lockMs: run.options.lockTimeoutMs, statementMs: 0 });
  await run.journal.begin(run.main, plan, migration.checksum);
  await run.journal.audit(run.main, {
    action: "begin",
    migrationId: migration.id,
    stepId: null,
    release,
    detail: migration.file,
  });
  await database.commit(run.main);
}
