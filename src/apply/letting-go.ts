import { isError, ZmigrateError } from "../errors.js";
import type { LetGo, Step } from "../model/step.js";
import { runTogether } from "./brief.js";
import { withLockRetries } from "./retry.js";
import type { Run } from "./run.js";
import { takesSeveral, timeouts } from "./timeouts.js";

/** The step that has made it: it is to be run again, and so is the one that failed. Null where that is not in the plan. */
async function makerOf({ journal, main }: Run, migration: string, { step }: LetGo): Promise<Step | null> {
  const record = await journal.migration(main, migration);
  return record?.plan.steps.find((s) => s.id === step) ?? null;
}

/** Commits with the journal's rows of both steps: a run that is killed in front of that meets the failure once more. */
async function takeAway(run: Run, migration: string, failed: Step, made: Step, sql: readonly string[]): Promise<void> {
  await withLockRetries(run, migration, made, sql, (session, briefly) =>
    runTogether(run, session, {
      sql,
      timeouts: timeouts(run, made),
      briefly,
      oneTable: !takesSeveral(made),
      async note() {
        for (const { id } of [made, failed]) await run.journal.step(session, migration, id, "pending");
      },
    }),
  );
}

/**
 * Runs a step whose failure leaves behind what stops the application's writes, as a constraint that rows violate does: NOT VALID,
 * it holds for every UPDATE of these rows. Before the failure is told that is taken away again.
 *
 * @throws ZmigrateError step-failed, which says whether it is gone, and whatever else `work` throws
 */
export async function lettingGo(run: Run, migration: string, step: Step, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { letGo } = step;
    if (letGo === undefined || !isError(error, "step-failed")) throw error;
    const made = await makerOf(run, migration, letGo);
    if (made === null) throw error;
    const stays = await takeAway(run, migration, step, made, letGo.sql).then(
      () => null,
      (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)),
    );
    const told = stays === null ? { letGo: letGo.step } : { stays };
    throw new ZmigrateError("step-failed", { ...error.data, ...told }, { cause: error.cause });
  }
}
