import { ZmigrateError } from "../errors.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import type { MigrationPlan } from "../model/plan.js";
import { loadCode } from "../plan/code.js";
import { freshAfter } from "../plan/fresh.js";
import { withKeyIndexes } from "../plan/key-indexes.js";
import { whenChanged } from "../plan/late-changes.js";
import { type Planned, planMigration } from "../plan/plan.js";
import { begunSince, goneRefusals } from "../plan/refuse-gone.js";
import { allUnderWay, underWay, type Wait } from "../plan/waits.js";
import { waitFor } from "../plan/waits-dropped.js";
import { freshOf } from "./fresh.js";
import { type Run, recordsOf } from "./run.js";

/** @throws ZmigrateError plan-refused at the first place that cannot be phased */
export function planOrThrow(planned: Planned): MigrationPlan {
  const [refusal] = planned.refusals;
  if (refusal !== undefined) throw new ZmigrateError("plan-refused", refusal);
  if (planned.plan === null) throw new ZmigrateError("internal", { reason: "a plan without steps or refusals" });
  return planned.plan;
}

/** @throws ZmigrateError plan-refused for a column that another migration takes away: waiting brings it not back */
function refuseGone(run: Run, records: readonly MigrationRecord[], migrations: readonly Migration[], catalog: Catalog) {
  const { engine, migrations: folder } = run.options;
  const under = begunSince(folder, records);
  const [first] = [...goneRefusals(under, migrations, { engine, catalog }).values()].flat();
  if (first !== undefined) throw new ZmigrateError("plan-refused", first);
}

/** What can begin now, and why the next one cannot. */
export interface Ahead {
  readonly ready: readonly Migration[];
  /** What the one behind them waits for, as an error to end with; null when none waits: it is planned when they have run. */
  readonly wait: ZmigrateError<"must-wait"> | null;
}

/**
 * What stands before it can be deployed by itself.
 *
 * @throws ZmigrateError plan-refused where the wait would never end
 */
function mustWait(run: Run, { id }: Migration, wait: Wait): ZmigrateError<"must-wait"> {
  if (wait.circle !== undefined) throw new ZmigrateError("plan-refused", wait.circle);
  const before = run.options.migrations.findLast((m) => m.id < id)?.id ?? null;
  const alone =
    before === null
      ? ""
      : ` A run that ends so counts for no release, and only later releases contract that one: deploy what stands before this file, \`zmigrate apply --contract --to ${before} --release ...\`, with code that needs no more, until \`zmigrate status\` says that it is contracted.`;
  return new ZmigrateError("must-wait", { ...wait, help: `${wait.help}${alone}` });
}

/**
 * Plans all of these one after the other, each on what the former leaves, so that a refusal of the last is known before
 * the first has changed anything. One that must wait for another ends the list: what stands behind it may build on it.
 *
 * @throws ZmigrateError plan-refused, missing-privilege
 */
export async function planAhead(run: Run, migrations: readonly Migration[]): Promise<Ahead> {
  if (migrations.length === 0) return { ready: [], wait: null };
  await loadCode(migrations);
  const { engine, database } = run.options;
  const { version } = database.server;
  const records = await recordsOf(run);
  const found = await run.catalog();
  const now = withKeyIndexes(found, records);
  refuseGone(run, records, migrations, now);
  const begun = allUnderWay(records, now);
  let catalog = whenChanged(now, begun);
  const others = [...begun];
  let fresh = await freshOf(run, now, records);
  const newDatabase = await run.wasNew(found);
  for (const [n, migration] of migrations.entries()) {
    const context = { engine, catalog, version, fresh, newDatabase };
    const planned = planMigration(migration, context);
    // What a block or a function has done is known when it has run, and nobody is harmed by a stop behind it.
    if (newDatabase && planned.plan === null && n > 0 && !catalog.complete)
      return { ready: migrations.slice(0, n), wait: null };
    // What a plan is refused for may be the half-way state of a change that is begun.
    const inTheWay = planned.plan === null ? begun : others;
    const wait = waitFor(migration, planned, inTheWay, context, now, migrations.slice(n + 1));
    if (wait !== null) return { ready: migrations.slice(0, n), wait: mustWait(run, migration, wait) };
    const plan = planOrThrow(planned);
    await database.preflightSteps(run.main, plan.steps, run.options.replicaUrls);
    others.push(underWay(plan, false, catalog));
    fresh = freshAfter(fresh, plan);
    catalog = planned.catalog;
  }
  return { ready: migrations, wait: null };
}

/**
 * The plan on the schema as it is now. What a change before it will drop is still there, and may be shared with that one.
 *
 * @throws ZmigrateError plan-refused, must-wait
 */
async function planNow(run: Run, migration: Migration): Promise<MigrationPlan> {
  const { engine, database } = run.options;
  const records = await recordsOf(run);
  const found = await run.catalog();
  const catalog = withKeyIndexes(found, records);
  const fresh = await freshOf(run, catalog, records);
  const newDatabase = await run.wasNew(found);
  const context = { engine, catalog, version: database.server.version, fresh, newDatabase };
  const planned = planMigration(migration, context);
  const wait = waitFor(migration, planned, allUnderWay(records, catalog), context, catalog, []);
  if (wait !== null) throw mustWait(run, migration, wait);
  return planOrThrow(planned);
}

/**
 * Plans one migration on the schema as it is now, and records it as begun: from here on this plan is what runs.
 *
 * @throws ZmigrateError plan-refused, must-wait, missing-privilege; journal-elsewhere where one before it has made a schema that
 *   names mean from then on: what this one makes would stand in it
 */
export async function beginMigration(run: Run, migration: Migration): Promise<void> {
  const { database, release } = run.options;
  await run.journal.mustBeOurs(run.main);
  const plan = await planNow(run, migration);
  await database.preflightSteps(run.main, plan.steps, run.options.replicaUrls);
  await database.begin(run.main, { lockMs: run.options.lockTimeoutMs, statementMs: 0 });
  await run.journal.begin(run.main, plan, migration.checksum);
  await run.journal.audit(run.main, {
    action: "begin",
    migrationId: migration.id,
    stepId: null,
    release,
    detail: JSON.stringify({
      file: migration.file,
      checksum: migration.checksum,
      steps: plan.steps.map(({ id, phase, sql }) => ({ id, phase, sql })),
    }),
  });
  await database.commit(run.main);
  run.begun.add(migration.id);
}
