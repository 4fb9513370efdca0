import { isError, ZmigrateError } from "../errors.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import { type RelationName, show } from "../model/name.js";
import type { MigrationPlan } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { refuseAnother } from "./another-column.js";
import { runTogether } from "./brief.js";
import { cleanAfter, hasRebuilt, isByTool } from "./by-tool.js";
import { refuseInWayBack, refuseUnlessCarried } from "./carried.js";
import { underFormerNames, waitingForSwapBack } from "./former-names.js";
import { goneTables, tableGone, undoWithout } from "./gone.js";
import { refuseGoneColumns, refuseGoneNew, refuseWithoutParked } from "./gone-columns.js";
import { refuseHanging } from "./hanging.js";
import { refuseHeld } from "./held.js";
import { keptProblem } from "./kept-columns.js";
import { refuseLastCopy } from "./last-copy.js";
import { refuseLoss } from "./loss.js";
import type { Asked } from "./missing-helpers.js";
import type { ApplyOptions } from "./options.js";
import { withLockRetries } from "./retry.js";
import { asRunner, noted, type Run, recordsOf } from "./run.js";
import { refuseUnderLater } from "./standing.js";
import { refuseUnderCode } from "./standing-code.js";
import { probe, settle } from "./step.js";
import { takesSeveral, timeouts } from "./timeouts.js";
import { letGo, refuseViolations } from "./undo-needs.js";

/** True when nothing tells that a step has changed nothing: one that was cut off is asked about in the catalog. */
export async function mayHaveRun(
  run: Run,
  migration: string,
  step: Step,
  record: StepRecord | undefined,
): Promise<boolean> {
  if (!mayHaveLeft(run, step, record)) return false;
  if (isByTool(step) && record?.status !== "done") return hasRebuilt(run, migration, step);
  return record?.status === "done" || step.probe === null || (await probe(run.main, step)) !== "absent";
}

const lostBy = ({ id, tool }: Step): string =>
  tool === undefined
    ? `step ${id} has dropped what no statement brings back.`
    : `step ${id} has rebuilt ${show(tool.relation)} by ${tool.tool}, which only another rebuild takes back.`;

/** @throws ZmigrateError rollback-impossible */
async function refuseAfterDrop(run: Run, record: MigrationRecord, steps: readonly StepRecord[]): Promise<void> {
  const recordOf = new Map(steps.map((s) => [s.stepId, s]));
  for (const step of record.plan.steps.filter((s) => s.final))
    if (await mayHaveRun(run, record.id, step, recordOf.get(step.id)))
      throw new ZmigrateError("rollback-impossible", { id: record.id, reason: lostBy(step) });
}

/** A step as what takes it back; none where nothing does. */
const asUndo = (step: Step): Step[] =>
  step.undo.length === 0 ? [] : [{ ...step, sql: step.undo, undo: [], backfill: null, verify: null }];

async function undo(run: Run, id: string, step: Step): Promise<void> {
  const { database, emit } = run.options;
  const together = step.undoTransaction && database.journal.transactionalDdl;
  if (isByTool(step)) await cleanAfter(run, id, step);
  await withLockRetries(run, id, step, step.undo, async (session, briefly) => {
    if (!together) {
      await database.run(session, step.undo, { ...timeouts(run, step), statementMs: 0 }, step.atomicPacket);
      await run.journal.step(session, id, step.id, "undone");
      return;
    }
    await runTogether(run, session, {
      sql: step.undo,
      timeouts: { ...timeouts(run, step), statementMs: 0 },
      briefly,
      oneTable: !takesSeveral(step),
      note: () => run.journal.step(session, id, step.id, "undone"),
    });
  });
  emit({ event: "step-undone", migration: id, step: step.id });
}

/** What failed goes on with `rollback`, and not with `apply`. */
function ofUndo(error: unknown): unknown {
  const { cause } = error instanceof Error ? error : {};
  if (isError(error, "step-failed")) return new ZmigrateError(error.code, { ...error.data, undoing: true }, { cause });
  if (isError(error, "lock-timeout")) return new ZmigrateError(error.code, { ...error.data, undoing: true }, { cause });
  return error;
}

/** A transactional step that was cut off left nothing; any other may have left something. */
const mayHaveLeft = (run: Run, step: Step, record: StepRecord | undefined): boolean => {
  if (record?.status === "done") return true;
  if (record?.status !== "running") return false;
  // The batches of a backfill commit one by one.
  return step.backfill !== null || !(step.transaction && run.options.database.journal.transactionalDdl);
};

/**
 * One statement that failed, or was cut off, and of which the catalog shows nothing. To be believed only of a statement
 * that is not on its way any more.
 */
async function leftNothing({ main }: Run, step: Step, record: StepRecord | undefined): Promise<boolean> {
  if (record?.status === "done" || step.sql.length !== 1 || step.probe === null) return false;
  return (await probe(main, step)) === "absent";
}

/** Those that have something to take back by now. */
async function withTraces(
  run: Run,
  steps: readonly Step[],
  recordOf: ReadonlyMap<string, StepRecord>,
): Promise<Step[]> {
  const found: Step[] = [];
  for (const step of steps) if (!(await leftNothing(run, step, recordOf.get(step.id)))) found.push(step);
  return found;
}

/**
 * Takes a step back. What the server refuses for a statement that left nothing is as good as undone: it waits for the
 * table's locks as the statement itself would, so that one which a killed run has left on the server is over by then.
 */
async function undoUnlessNothing(run: Run, id: string, step: Step, record: StepRecord | undefined): Promise<void> {
  try {
    await undo(run, id, step);
  } catch (error) {
    if (!isError(error, "step-failed") || !(await leftNothing(run, step, record))) throw error;
    await noted(run, () => run.journal.step(run.main, id, step.id, "undone"));
    run.options.emit({ event: "step-undone", migration: id, step: step.id });
  }
}

/** How the steps stand when nothing of a killed run is still being committed. */
export async function settledSteps(run: Run, record: MigrationRecord): Promise<readonly StepRecord[]> {
  const running = (await run.journal.steps(run.main, record.id)).filter((s) => s.status === "running");
  for (const step of record.plan.steps)
    if (running.some((s) => s.stepId === step.id)) await settle(run, record.id, step);
  return run.journal.steps(run.main, record.id);
}

/** The columns and tables that code of the new release will not find any more. */
const goneOf = ({ retires, retiredTables = [], steps }: MigrationPlan): string[] => [
  ...retiredTables.flatMap(({ standIn }) => (standIn === undefined ? [] : [standIn.name])),
  ...retires.flatMap((r) => (r.replacement === null ? [] : [`${r.relation.name}.${r.replacement}`])),
  ...steps.flatMap((s) =>
    s.adds === undefined || s.adds.stays === true ? [] : [`${s.adds.relation.name}.${s.adds.column}`],
  ),
];

/** The tables that nothing can be undone of any more. @throws ZmigrateError table-gone unless that is accepted */
async function goneOrRefused(
  run: Run,
  record: MigrationRecord,
  steps: readonly StepRecord[],
  acceptLoss: boolean,
): Promise<RelationName[]> {
  const asking = { database: run.options.database, session: run.main };
  const gone = await goneTables(asking, record, steps);
  const refused = gone.find((table) => !acceptLoss || table.nameBack !== null);
  if (refused !== undefined) throw tableGone(asking, record.id, refused);
  return gone.map((table) => table.relation);
}

/** What the plan said that a rollback leaves, where something ran that nothing takes back, or not all of it. */
async function leftBy(run: Run, { id, plan }: MigrationRecord): Promise<readonly string[]> {
  const ran = new Set(
    (await run.journal.steps(run.main, id)).flatMap((s) => (s.status === "undone" ? [s.stepId] : [])),
  );
  const isWhole = ({ undo, undoLeaves, verify }: Step) => (undo.length > 0 && undoLeaves !== true) || verify !== null;
  if (plan.steps.every((s) => isWhole(s) || !ran.has(s.id))) return [];
  return plan.leaves ?? [];
}

/** The columns, and what stands on them, are as a rollback must find them. @throws ZmigrateError */
function refuseUnlessThere(asked: Asked, acceptLoss: boolean): void {
  const { engine, record, steps, catalog } = asked;
  refuseAnother(asked, acceptLoss);
  refuseWithoutParked(record, steps, catalog);
  if (acceptLoss) refuseGoneNew(engine, record, steps, catalog);
  else refuseGoneColumns(engine, record, steps, catalog);
  refuseUnlessCarried(record, steps, catalog, "back");
  refuseInWayBack(record, steps, catalog);
}

async function takeBack(
  run: Run,
  record: MigrationRecord,
  records: readonly MigrationRecord[],
  acceptLoss: boolean,
): Promise<void> {
  const { id } = record;
  if (record.plan.baseline === true)
    throw new ZmigrateError("rollback-impossible", {
      id,
      reason: "the database had it before zmigrate (`zmigrate baseline`), which has run nothing of it.",
    });
  const steps = await settledSteps(run, record);
  await refuseAfterDrop(run, record, steps);
  const catalog = await run.options.database.introspect(run.main);
  const { engine } = run.options.database;
  const waiting = waitingForSwapBack(engine, record, records, catalog);
  const others = records.filter((r) => !waiting.includes(r));
  refuseUnderLater(engine, record, others, run.options.migrations, catalog.defaultSchema);
  const [first] = waiting;
  const named = first === undefined ? await refuseUnderCode(run, record, records) : [];
  const gone = await goneOrRefused(run, record, steps, acceptLoss);
  refuseUnlessThere({ engine, record, steps, catalog }, acceptLoss);
  const recordOf = new Map(steps.map((s) => [s.stepId, s]));
  const undone = record.plan.steps
    .toReversed()
    .filter((s) => mayHaveLeft(run, s, recordOf.get(s.id)) && (first === undefined || s.phase === "contract"))
    .map((s) => undoWithout(s, gone, run.options.database.engine.quoteRelation))
    .map(underFormerNames(engine, record, records, catalog));
  await refuseHanging(run, record, steps);
  await refuseHeld(run, record, steps, undone, catalog);
  await run.options.database.preflightRights(run.main, undone.flatMap(asUndo));
  const kept = keptProblem(engine, id, await withTraces(run, undone, recordOf), catalog, true);
  if (kept !== null) throw kept;
  await refuseViolations(run, record, undone, catalog);
  if (!acceptLoss && record.swappedAt !== null) await refuseLastCopy(run, record, catalog);
  if (!acceptLoss) await refuseLoss(run, record, steps, catalog);
  const { release, emit } = run.options;
  const found = named.length === 0 ? {} : { named };
  const takesAway = first === undefined ? goneOf(record.plan) : [];
  emit({ event: "rollback-begins", migration: id, gone: takesAway, ...found });
  await run.journal.audit(run.main, { action: "rollback", migrationId: id, stepId: null, release, detail: null });
  // Other processes may be about its backfill. One after the other: a batch that ends writes to both.
  await noted(run, () => run.journal.closeBackfills(run.main, id));
  await noted(run, () => run.journal.endWorkers(run.main, id));
  for (const step of undone)
    await undoUnlessNothing(run, id, step, recordOf.get(step.id)).catch(async (error: unknown) => {
      await letGo(run, step);
      throw ofUndo(error);
    });
  if (first !== undefined)
    throw new ZmigrateError("rollback-halfway", { id, waiting: waiting.map((w) => ({ id: w.id, name: w.name })) });
  await noted(run, async () => {
    await run.journal.status(run.main, id, "rolled-back");
    await run.journal.audit(run.main, { action: "rolled-back", migrationId: id, stepId: null, release, detail: null });
  });
}

/**
 * An `apply` that ended before it began the migration has left nothing: a deploy job that rolls back then has what it wants.
 *
 * @throws ZmigrateError unknown-migration
 */
function leaveUnbegun({ migrations, emit }: ApplyOptions, id: string): void {
  const file = migrations.find((migration) => migration.id === id);
  if (file === undefined) throw new ZmigrateError("unknown-migration", { id });
  emit({ event: "migration-started", migration: id, name: file.slug, status: "pending" });
  emit({ event: "migration-done", migration: id, status: "pending" });
  emit({ event: "done", migrations: 1, waiting: [] });
}

/**
 * Takes a migration back: the swap first while the old side is still parked, then expand. Nothing that the old code
 * wrote is lost, and a rollback that was cut off goes on when it is run again. One that is rolled back, or was never begun, is
 * left as it is.
 *
 * @param acceptLoss values that only the new side has, or that were written in added columns, may go with it; and what
 *   cannot be undone because somebody has dropped its table counts as undone
 * @throws ZmigrateError unknown-migration, rollback-impossible after the drop, missing-privilege, rollback-violates,
 *   rollback-loses, rollback-takes, rollback-drops, table-gone, column-gone, new-column-gone, carried-gone, undo-in-way, undo-held, columns-kept, rollback-halfway
 */
export async function rollback(options: ApplyOptions, id: string, acceptLoss = false): Promise<void> {
  // It waits for no replica, so one that is gone is no reason not to take a migration back.
  await asRunner({ ...options, replicaUrls: [] }, async (run) => {
    const records = await recordsOf(run);
    const record = records.find((r) => r.id === id);
    if (record === undefined) return leaveUnbegun(options, id);
    options.emit({ event: "migration-started", migration: id, name: record.name, status: record.status });
    if (record.status !== "rolled-back") await takeBack(run, record, records, acceptLoss);
    const leaves = await leftBy(run, record);
    const found = leaves.length === 0 ? {} : { leaves };
    options.emit({ event: "migration-done", migration: id, status: "rolled-back", ...found });
    options.emit({ event: "done", migrations: 1, waiting: [] });
  });
}
