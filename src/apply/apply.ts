import { Interrupted, stopIfAsked } from "../backfill/interrupted.js";
import { ZmigrateError } from "../errors.js";
import { goneWithFile } from "../journal/drift.js";
import type { MigrationRecord } from "../journal/records.js";
import { folderWith } from "../journal/without-file.js";
import type { Migration } from "../model/migration.js";
import { outOfOrder } from "../plan/out-of-order.js";
import { checkSignals } from "../throttle/open.js";
import { NO_SIGNALS } from "../throttle/setting.js";
import { type Advanced, advance } from "./advance.js";
import { beginAnew } from "./anew.js";
import { type Ahead, beginMigration, planAhead } from "./begin.js";
import { checkHistory } from "./check.js";
import { refuseGone } from "./gone.js";
import { refuseUnlessThere } from "./gone-columns.js";
import { helpRunner } from "./help.js";
import type { ApplyOptions } from "./options.js";
import { beginRelease, type ReleaseOfRun } from "./release.js";
import { asRunner, noted, type Run, recordsOf } from "./run.js";

/** What a run did. */
export interface ApplyResult {
  /** Migrations that were looked at because they are not finished. */
  readonly migrations: readonly string[];
  /** Those that wait for gates. */
  readonly waiting: readonly string[];
  /** Those among them of which nothing was contracted in this run: what `--require-contract` does not accept. */
  readonly blocked: readonly string[];
}

const isOver = (record: MigrationRecord | undefined): boolean => record?.status === "contracted";
const isNew = (record: MigrationRecord | undefined): boolean => record === undefined || record.status === "rolled-back";

/**
 * A rollback that was begun must be finished before anything else: half of the migration is gone. And another role may
 * have begun it, to which belongs what it made.
 */
async function mayGoOn(run: Run, record: MigrationRecord): Promise<void> {
  const steps = await run.journal.steps(run.main, record.id);
  if (steps.some((s) => s.status === "undone"))
    throw new ZmigrateError("usage", {
      reason: `The rollback of migration ${record.id} was begun and not finished.`,
      help: `Run \`zmigrate rollback ${record.id}\` again.`,
    });
  await refuseGone({ database: run.options.database, session: run.main }, record, steps);
  await refuseUnlessThere(run, record, steps);
  const done = new Set(steps.filter((s) => s.status === "done").map((s) => s.stepId));
  const left = record.plan.steps.filter((s) => !done.has(s.id));
  await run.options.database.preflightRights(run.main, left, run.options.replicaUrls);
}

/** All new migrations that can begin can be planned, and only then is there a journal to begin them in. */
async function prepare(run: Run, fresh: readonly Migration[]): Promise<Ahead> {
  const ahead = await planAhead(run, fresh);
  if (ahead.ready.length > 0) await run.journal.upgrade(run.main);
  return ahead;
}

async function moveOne(run: Run, migration: Migration, record: MigrationRecord | undefined): Promise<Advanced> {
  const { emit } = run.options;
  const status = record?.status ?? "pending";
  emit({ event: "migration-started", migration: migration.id, name: migration.slug, status });
  if (isNew(record)) await beginMigration(run, migration);
  else if (record !== undefined) await mayGoOn(run, record);
  try {
    const advanced = await advance(run, migration.id);
    const after = await run.journal.migration(run.main, migration.id);
    emit({ event: "migration-done", migration: migration.id, status: after?.status ?? "pending" });
    return advanced;
  } catch (error) {
    await noteFailure(run, migration.id, error);
    throw error;
  }
}

/** An error of a step is kept with the migration; a stop as asked, or a throttle, is not a failure. */
async function noteFailure(run: Run, id: string, error: unknown): Promise<void> {
  if (error instanceof Interrupted || (error instanceof ZmigrateError && error.exitCode === 4) || run.main.lost.aborted)
    return;
  const message = error instanceof Error ? error.message : String(error);
  const { release } = run.options;
  const entry = { action: "failed", migrationId: id, stepId: null, release, detail: message };
  await noted(run, async () => {
    await run.journal.status(run.main, id, "failed", message);
    await run.journal.audit(run.main, entry);
  }).catch(() => undefined);
}

/**
 * Moves every migration as far as is safe: expand, then backfill, and with `contract` also the contract phase of those
 * whose gates are open. Running it again is always right.
 *
 * @throws ZmigrateError for everything that stops it; what was done before stands and is recorded. must-wait when all
 *   is done but what waits for another migration
 * @throws Interrupted when asked to stop
 */
export async function apply(options: ApplyOptions): Promise<ApplyResult> {
  checkSignals(options.database, options.throttle ?? NO_SIGNALS, options.replicaUrls);
  return asRunner(options, runAll, helpRunner);
}

async function runAll(run: Run): Promise<ApplyResult> {
  const [id] = run.backMeanwhile.filter((back) => run.options.migrations.some((m) => m.id === back));
  if (id !== undefined) throw new ZmigrateError("rolled-back-meanwhile", { id });
  const release = await beginRelease(run);
  try {
    return await moveAll(run, release);
  } catch (error) {
    if (error instanceof ZmigrateError && error.exitCode === 4) await release.leave().catch(() => undefined);
    throw error;
  }
}

/** How far a pass over the migrations came. */
interface Passed {
  readonly waiting: readonly string[];
  readonly blocked: readonly string[];
  /** Why a new one cannot begin, as an error to end with; null where all have begun. */
  readonly wait: Ahead["wait"];
  /** The new ones that have not begun. */
  readonly left: readonly Migration[];
}

/** Moves these one after the other, as far as each may go. */
async function pass(run: Run, todo: readonly Migration[]): Promise<Passed> {
  const records = new Map((await recordsOf(run)).map((r) => [r.id, r]));
  const fresh = todo.filter((m) => isNew(records.get(m.id)));
  let ahead: Ahead | null = null;
  const waiting: string[] = [];
  const blocked: string[] = [];
  for (const migration of todo) {
    stopIfAsked(run.signal);
    // What was begun goes on first: a new migration may need what the contract of an older one takes away.
    if (migration === fresh[0]) ahead = await prepare(run, fresh);
    // What is begun goes on also behind one that waits for it.
    if (isNew(records.get(migration.id)) && ahead?.ready.includes(migration) !== true) continue;
    const { waits, contracted } = await moveOne(run, migration, records.get(migration.id));
    if (waits) waiting.push(migration.id);
    if (waits && !contracted) blocked.push(migration.id);
  }
  const left = fresh.filter((m) => ahead?.ready.includes(m) !== true);
  return { waiting, blocked, wait: ahead?.wait ?? null, left };
}

/**
 * What waits for a migration that has no contract can begin in the same run: it is over with its backfill. On a new database
 * so can what is planned when those in front of it have run.
 */
async function moveWhileOver(run: Run, todo: readonly Migration[]): Promise<Passed> {
  const over = async () => (await recordsOf(run)).filter(isOver).length;
  const before = await over();
  const first = await pass(run, todo);
  const isHeld = first.wait === null ? first.left.length === 0 : (await over()) === before;
  if (isHeld) return first;
  const { waiting, blocked, ...last } = await moveWhileOver(run, first.left);
  return { ...last, waiting: [...first.waiting, ...waiting], blocked: [...first.blocked, ...blocked] };
}

async function moveAll(run: Run, release: ReleaseOfRun): Promise<ApplyResult> {
  const { options } = run;
  await beginAnew(run, options.migrations, await recordsOf(run));
  const records = new Map((await recordsOf(run)).map((r) => [r.id, r]));
  const all = folderWith(options.migrations, [...records.values()]);
  checkHistory(all, [...records.values()], options.to);
  const upTo = all.filter((m) => options.to === null || m.id <= options.to);
  const { skipped, refused } = outOfOrder(upTo, [...records.values()], options.execOrder);
  const [refusal] = refused.values();
  if (refusal !== undefined) throw new ZmigrateError("plan-refused", refusal);
  const todo = upTo.filter((m) => !isOver(records.get(m.id)) && !skipped.has(m.id));
  const { waiting, blocked, wait } = await moveWhileOver(run, todo);
  if (wait !== null) throw wait;
  await (options.requireContract === true && blocked.length > 0 ? release.leave() : release.end());
  const gone = goneWithFile(options.migrations, [...records.values()]);
  options.emit({
    event: "done",
    migrations: todo.length,
    waiting,
    ...(options.migrations.length === 0 ? { none: true } : {}),
    ...(gone.length === 0 ? {} : { gone }),
    ...(skipped.size === 0 ? {} : { skipped: [...skipped] }),
  });
  return { migrations: todo.map((m) => m.id), waiting, blocked };
}
