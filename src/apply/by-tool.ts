import { stopIfAsked } from "../backfill/interrupted.js";
import type { Rebuilder } from "../engines/rebuild.js";
import { ZmigrateError } from "../errors.js";
import { REBUILD } from "../journal/journal.js";
import type { Step, ToolWork } from "../model/step.js";
import { noted, type Run } from "./run.js";

/** A step that another program carries out. */
export type ToolStep = Step & { readonly tool: ToolWork };

export const isByTool = (step: Step): step is ToolStep => step.tool !== undefined;

function rebuilderOf({ options: { database } }: Run): Rebuilder {
  if (database.rebuilder !== undefined) return database.rebuilder;
  throw new ZmigrateError("internal", { reason: "this database has no rebuilds by other programs" });
}

/** What the program prints, and what is said of it. */
export const sayOf =
  ({ options: { emit } }: Run, migration: string, step: ToolStep) =>
  (line: string): void =>
    emit({ event: "tool-output", migration, step: step.id, tool: step.tool.tool, line });

/** The journal tells the next run what the table must become. */
const keepIn =
  (run: Run, migrationId: string, { id: stepId }: ToolStep) =>
  (detail: string) =>
    noted(run, () =>
      run.journal.audit(run.main, { action: REBUILD, migrationId, stepId, release: run.options.release, detail }),
    );

/**
 * Has another program rebuild a table, and records the step as done when the server says that the table is what is asked for.
 *
 * @throws Interrupted when asked to stop: the program is ended
 * @throws ZmigrateError osc-another, osc-missing, osc-refused, osc-left, step-failed
 */
export async function runByTool(run: Run, migration: string, step: ToolStep): Promise<void> {
  const { database, lockTimeoutMs } = run.options;
  const target = await run.journal.rebuild(run.main, migration, step.id);
  const keep = keepIn(run, migration, step);
  const given = { step, target, keep, lockMs: lockTimeoutMs, signal: run.signal };
  try {
    await rebuilderOf(run).run(await run.ddl(migration), { ...given, say: sayOf(run, migration, step) });
  } catch (error) {
    stopIfAsked(run.signal);
    if (error instanceof ZmigrateError) throw error;
    const reason = database.describe(error);
    throw new ZmigrateError(
      "step-failed",
      { migration, step: step.id, reason, sql: step.tool.command },
      { cause: error },
    );
  }
  await noted(run, () => run.journal.step(run.main, migration, step.id, "done"));
}

/** Whether the table of a step that was cut off is what it was to become. */
export async function hasRebuilt(run: Run, migration: string, step: ToolStep): Promise<boolean> {
  const target = await run.journal.rebuild(run.main, migration, step.id);
  return rebuilderOf(run).isDone(run.main, step, target);
}

/** Drops what a program that was cut off has left. */
export async function cleanAfter(run: Run, migration: string, step: ToolStep): Promise<void> {
  if ((await run.journal.rebuild(run.main, migration, step.id)) === null) return;
  const dropped = await rebuilderOf(run).clean(await run.ddl(migration), step, run.options.lockTimeoutMs);
  if (dropped.length > 0) sayOf(run, migration, step)(`Dropped ${dropped.join(", ")}.`);
}
