import type { BackfillContext } from "../backfill/context.js";
import { runBackfill } from "../backfill/run.js";
import { runVerify } from "../backfill/verify.js";
import { kept } from "../engines/kept.js";
import { isError, ZmigrateError } from "../errors.js";
import type { BackfillCode } from "../model/backfill-code.js";
import type { Step } from "../model/step.js";
import { rowsText } from "../plural.js";
import { type Controlled, controlled } from "../throttle/controlled.js";
import { openThrottle } from "../throttle/open.js";
import { NO_SIGNALS } from "../throttle/setting.js";
import { codeOf } from "./code.js";
import { noteDiffering } from "./reopen.js";
import { noted, type Run } from "./run.js";

/** What stops a step of a run: its signals, and people. */
export async function throttleFor(
  { options, journal, leftOut }: Pick<Run, "options" | "journal" | "leftOut">,
  migration: string,
  step: Step,
): Promise<Controlled> {
  const { database, maxLagMs, replicaUrls, throttle: setting = NO_SIGNALS, emit } = options;
  const relation = (step.backfill ?? step.verify)?.relation;
  if (relation === undefined) throw new ZmigrateError("internal", { reason: `the step ${step.id} moves no rows` });
  const tell = (signal: string, why: string) => {
    if (!leftOut.has(signal)) emit({ event: "signal-left-out", migration, step: step.id, signal, why });
    leftOut.add(signal);
  };
  const reader = kept(() => database.open());
  const throttle = await controlled({
    read: async () => journal.controls.read(await reader.session(), migration),
    open: (asked) =>
      openThrottle({
        ...{ ...setting, database, relation, replicaUrls },
        maxLagMs: () => asked() ?? maxLagMs,
        leftOut: tell,
      }),
    describe: database.describe,
  });
  return {
    ...throttle,
    async close() {
      await throttle.close();
      await reader.close();
    },
  };
}

/** @param runner false for a process that helps the one with the runner's lock */
export function backfillContext(
  { id, options, journal, signal }: Pick<Run, "id" | "options" | "journal" | "signal">,
  of: { readonly migrationId: string; readonly attempt: string | null; readonly code: BackfillCode | null },
  throttle: Controlled,
  runner: boolean,
): BackfillContext {
  const { database, batchTargetMs: targetMs, lockTimeoutMs: lockMs, workers } = options;
  const { pauseBudgetMs, maxMismatches, maxBadRows, maxRate, emit, replicaUrls } = options;
  return {
    ...{
      database,
      journal,
      throttle,
      signal,
      emit,
      targetMs,
      lockMs,
      pauseBudgetMs,
      maxMismatches,
      maxBadRows,
      maxRate: maxRate ?? 0,
      replicaUrls,
    },
    migrationId: of.migrationId,
    attempt: of.attempt,
    ...(of.code === null ? {} : { code: of.code }),
    ...{ run: id, runner, workers, askedMs: throttle.batchTargetMs },
  };
}

/** Moves a step's rows, or compares them. @throws ZmigrateError bad-backfill, backfill-failed, verify-failed, throttled-too-long */
export async function runData(run: Run, migration: string, step: Step): Promise<void> {
  const code = await codeOf(run.options.migrations, migration, step);
  const throttle = await throttleFor(run, migration, step);
  const attempt = await run.journal.attempt(run.main, migration);
  const context = backfillContext(run, { migrationId: migration, attempt, code }, throttle, true);
  let differing = 0;
  try {
    if (step.backfill !== null) await runBackfill(context, step, step.backfill);
    if (step.verify !== null) differing = (await runVerify(context, step, step.verify)).mismatches;
  } catch (error) {
    if (isError(error, "verify-failed")) await noted(run, () => noteDiffering(run.journal, run.main, error.data));
    throw error;
  } finally {
    await throttle.close();
  }
  // The gate `verified` tells of it.
  const allowed =
    differing === 0 ? null : `${rowsText(differing)} differed when they were compared, as \`maxMismatches\` allows`;
  await noted(run, () => run.journal.step(run.main, migration, step.id, "done", allowed));
}
