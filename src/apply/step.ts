import type { Session } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { Step } from "../model/step.js";
import { ranAlone } from "./alone.js";
import { runTogether } from "./brief.js";
import { isByTool, runByTool } from "./by-tool.js";
import { runData } from "./data.js";
import { lettingGo } from "./letting-go.js";
import { headlines, withLockRetries } from "./retry.js";
import { noted, type Run } from "./run.js";
import { takesSeveral, timeouts } from "./timeouts.js";

/** Commits with its journal row: there is no moment at which one is there without the other. */
async function inTransaction(
  run: Run,
  migration: string,
  step: Step,
  session: Session,
  briefly: boolean,
): Promise<void> {
  await runTogether(run, session, {
    sql: step.sql,
    timeouts: timeouts(run, step),
    briefly,
    oneTable: !takesSeveral(step),
    note: () => run.journal.step(session, migration, step.id, "done"),
  });
}

/** What the catalog says of a step: done, absent or half; absent when it has no probe. */
export async function probe(session: Session, step: Step): Promise<string> {
  if (step.probe === null) return "absent";
  const [row] = await session.query<{ state: string }>(step.probe.sql);
  return row?.state ?? "absent";
}

/** What cannot commit with its row asks the catalog, before and after: done, not done, or half done. */
async function besideTransaction(run: Run, migration: string, step: Step, session: Session): Promise<void> {
  const { database } = run.options;
  const before = await probe(session, step);
  if (before === "half" && step.probe !== null)
    await database.run(session, step.probe.repair, timeouts(run, step), false);
  if (before !== "done") await runUnlessDone(run, step, session);
  const after = step.probe === null ? "done" : await probe(session, step);
  if (after !== "done")
    throw new ZmigrateError("step-failed", {
      migration,
      step: step.id,
      reason: `the server took the statements, but the catalog says "${after}"`,
      sql: headlines(step.sql),
    });
  await run.journal.step(session, migration, step.id, "done");
}

/**
 * A runner that was killed may have left its statement running on the server: ours then fails on what that one has
 * done meanwhile, and the catalog tells that all is well.
 */
async function runUnlessDone(run: Run, step: Step, session: Session): Promise<void> {
  const { database } = run.options;
  try {
    await database.run(session, step.sql, timeouts(run, step), step.atomicPacket);
  } catch (error) {
    if (step.probe === null || session.lost.aborted) throw error;
    await database.reset(session);
    if ((await probe(session, step)) !== "done") throw error;
  }
}

async function runDdl(run: Run, migration: string, step: Step): Promise<void> {
  const commits = step.rowsOnly === true || run.options.database.journal.transactionalDdl;
  const transactional = step.transaction && commits;
  const work = transactional ? inTransaction : besideTransaction;
  try {
    await withLockRetries(run, migration, step, step.sql, (session, briefly) =>
      work(run, migration, step, session, briefly),
    );
  } catch (error) {
    const alone = (held: Step, session: Session) => work(run, migration, held, session, true);
    if (!(await ranAlone(run, migration, step, error, alone))) throw error;
  }
}

/**
 * Compares once more what a verification compared when the backfill ended: days may lie between that and the swap.
 * Until it has succeeded the step counts as not done, so that the gate `verified` is closed and the next run, with or
 * without contract, compares again.
 *
 * @throws ZmigrateError verify-failed: nothing is contracted
 */
export async function verifyAgain(run: Run, migration: string, step: Step): Promise<void> {
  const { phase, kind, sql, reason } = step;
  run.options.emit({ event: "step-started", migration, step: step.id, phase, kind, sql, reason });
  const began = performance.now();
  await noted(run, () => run.journal.step(run.main, migration, step.id, "pending"));
  await runData(run, migration, step);
  run.options.emit({ event: "step-done", migration, step: step.id, phase, ms: Math.round(performance.now() - began) });
}

/** What settling waits for: a row that only a run of zmigrate writes. */
const ROW_HELD = "Another transaction holds the journal's row of this step: most likely that of a run that was cut off";

/**
 * Records that a step runs, or ran when it was cut off. The row is locked by a killed run whose COMMIT is still under
 * way, so this waits for it, with the patience that a step has for its locks.
 *
 * @returns true when the step is done after all
 * @throws ZmigrateError lock-timeout, naming who holds the row
 */
export async function settle(run: Run, migration: string, step: Step): Promise<boolean> {
  const { database, lockTimeoutMs } = run.options;
  const record = async (session: Session) => {
    await database.begin(session, { lockMs: lockTimeoutMs, statementMs: 0 });
    await run.journal.step(session, migration, step.id, "running");
    await database.commit(session);
  };
  await withLockRetries(run, migration, { ...step, unlimited: false }, [], record, ROW_HELD);
  const steps = await run.journal.steps(run.main, migration);
  return steps.some((s) => s.stepId === step.id && s.status === "done");
}

/** What is there before a run has begun to make it would be taken for done, and a rollback would drop it. @throws ZmigrateError not-ours */
async function refuseForeign(run: Run, migration: string, step: Step): Promise<void> {
  const makes = step.probe?.makes;
  if (makes === undefined) return;
  const found = (await run.journal.steps(run.main, migration)).find((s) => s.stepId === step.id);
  if (found !== undefined && found.status !== "pending") return;
  if ((await probe(run.main, step)) === "done")
    throw new ZmigrateError("not-ours", { migration, step: step.id, makes });
}

/** Someone has dropped, detached or moved the part of a table that the step is about. */
async function isMoot({ options, main }: Run, { part }: Step): Promise<boolean> {
  return part !== undefined && !(await options.database.ask(main, part.there));
}

/** Nothing is to be done any more; what a run that failed had left of it goes. */
async function passOver(run: Run, migration: string, step: Step): Promise<void> {
  const { database } = run.options;
  if (step.probe !== null && (await probe(run.main, step)) === "half")
    await database.run(await run.ddl(migration), step.probe.repair, timeouts(run, step), false);
  await noted(run, () => run.journal.step(run.main, migration, step.id, "done"));
}

async function work(run: Run, migration: string, step: Step): Promise<void> {
  if (await isMoot(run, step)) return passOver(run, migration, step);
  await refuseForeign(run, migration, step);
  if (await settle(run, migration, step)) return;
  if (isByTool(step)) return runByTool(run, migration, step);
  const moves = step.backfill !== null || step.verify !== null;
  await lettingGo(run, migration, step, () => (moves ? runData : runDdl)(run, migration, step));
}

/**
 * Runs one step that is not done, and records it.
 *
 * @throws ZmigrateError what `runByTool` does, not-ours, step-failed, lock-timeout, backfill-failed, verify-failed, throttled-too-long, connection-lost
 */
export async function runStep(run: Run, migration: string, step: Step): Promise<void> {
  const { emit } = run.options;
  const { phase, kind, sql, reason } = step;
  emit({ event: "step-started", migration, step: step.id, phase, kind, sql, reason });
  const began = performance.now();
  await work(run, migration, step);
  emit({ event: "step-done", migration, step: step.id, phase, ms: Math.round(performance.now() - began) });
}
