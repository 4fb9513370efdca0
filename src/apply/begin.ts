import { asStored } from "../engines/stored-names.js";
import { ZmigrateError } from "../errors.js";
import { positionOf } from "../files/position.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import type { Operation } from "../model/operation.js";
import type { Claim, MigrationPlan, Retired } from "../model/plan.js";
import { builtOnExchanged, claimsHeld, claimsMade, indexTooEarly, overlap } from "../plan/overlap.js";
import { type Planned, planMigration } from "../plan/plan.js";
import { newTablesOf } from "./new-tables.js";
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

/** A change that is begun and not finished, or that this run is about to begin. */
interface UnderWay {
  readonly id: string;
  readonly name: string;
  readonly retires: readonly Retired[];
  readonly claims?: readonly Claim[];
  readonly swapped: boolean;
}

const underWay = (plan: MigrationPlan, swapped: boolean): UnderWay => {
  const { id, name, retires, claims } = plan;
  return { id, name, retires, ...(claims === undefined ? {} : { claims }), swapped };
};

const underWayOf = ({ plan, swappedAt }: MigrationRecord): UnderWay => underWay(plan, swappedAt !== null);

/** Why an operation must wait for a change that is under way: reason and help; null when it need not. */
function mustWait(operation: Operation, other: UnderWay, plan: MigrationPlan, defaultSchema: string | null) {
  const who = `migration ${other.id} (${other.name}) is not finished, and`;
  const held = claimsHeld(other, other.swapped);
  const met = overlap(held, claimsMade(operation, plan), operation, defaultSchema);
  if (met !== null)
    return [
      `${who} changes the same column: it ${met.change}.`,
      "Let that one contract first (`zmigrate status` says what it waits for), or keep this file back until then.",
    ] as const;
  const exchanged = other.swapped ? null : builtOnExchanged(other.retires, operation, defaultSchema);
  return exchanged === null ? null : indexTooEarly(`${who} renames ${exchanged.column} to ${exchanged.replacement}`);
}

/** @throws ZmigrateError plan-refused while another migration still renames or drops the same column */
function refuseWhileUnfinished(
  migration: Migration,
  plan: MigrationPlan,
  others: readonly UnderWay[],
  defaultSchema: string | null,
): void {
  for (const operation of migration.statements.flatMap((s) => s.operations))
    for (const other of others) {
      const wait = mustWait(operation, other, plan, defaultSchema);
      if (wait === null) continue;
      const { line, column } = positionOf(migration.text, operation.span.start);
      throw new ZmigrateError("plan-refused", { file: migration.file, line, column, reason: wait[0], help: wait[1] });
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
  const records = await recordsOf(run);
  const others = records.filter(isUnfinished).map(underWayOf);
  const newTables = [...(await newTablesOf(run, catalog, records))];
  for (const migration of migrations) {
    const { version } = database.server;
    const planned = planMigration(migration, { engine, catalog, version, newTables });
    const plan = planOrThrow(planned);
    await database.preflightSteps(run.main, plan.steps, run.options.replicaUrls);
    refuseWhileUnfinished(asStored(migration, catalog), plan, others, catalog.defaultSchema);
    others.push(underWay(plan, false));
    newTables.push(...plan.creates);
    catalog = planned.catalog;
  }
}

/** Plans one migration on the schema as it is now, and records it as begun: from here on this plan is what runs. */
export async function beginMigration(run: Run, migration: Migration): Promise<void> {
  const { engine, database, release } = run.options;
  const catalog = await database.introspect(run.main);
  const newTables = await newTablesOf(run, catalog, await recordsOf(run));
  const { version } = database.server;
  const plan = planOrThrow(planMigration(migration, { engine, catalog, version, newTables }));
  await database.preflightSteps(run.main, plan.steps, run.options.replicaUrls);
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
  run.begun.add(migration.id);
}
