import { RUN_ENDED, RUN_FAILED } from "../journal/journal.js";
import type { MigrationRecord } from "../journal/records.js";
import { rolledOut } from "../journal/rolled-out.js";
import { isUnfinished } from "../plan/waits.js";
import { noted, type Run, recordsOf } from "./run.js";

/** `--phase expand` ends with 0 too, before the backfill, and steps over what has failed: there is more to run first. */
const isReady = ({ status, backfilledAt }: MigrationRecord): boolean => backfilledAt !== null && status !== "failed";

/**
 * A run has ended with 0, and all that was begun is backfilled, so its release is rolled out now: what was expanded by a
 * release that was not counts as this one's, whose code knows it too.
 */
export async function endRelease(run: Run): Promise<void> {
  const { journal, main, options } = run;
  const { release } = options;
  const unfinished = (await recordsOf(run)).filter(isUnfinished);
  if (release === null || unfinished.length === 0) return;
  const hasFile = ({ id }: MigrationRecord) => options.migrations.some((m) => m.id === id);
  if (unfinished.some((record) => hasFile(record) && !isReady(record))) return;
  const ended = await journal.ended(main);
  const isOpen = ({ expandRelease: by, expandedAt }: MigrationRecord) =>
    expandedAt !== null && by !== release && (by === null || !rolledOut(by, expandedAt, ended));
  await noted(run, async () => {
    for (const record of unfinished)
      await journal.adopt(main, record.id, release, { expanded: isOpen(record), swapped: false });
    await journal.audit(main, { action: RUN_ENDED, migrationId: null, stepId: null, release, detail: null });
  });
}

/**
 * A run has not ended with 0, so what follows it in its job does not run, whatever an earlier run of the release was. A run
 * that can note nothing any more has left no trace of its own either.
 */
export async function failRelease(run: Run): Promise<void> {
  const { journal, main, options } = run;
  const { release } = options;
  if (release === null || main.lost.aborted) return;
  const entry = { action: RUN_FAILED, migrationId: null, stepId: null, release, detail: null };
  await noted(run, () => journal.audit(main, entry)).catch(() => undefined);
}
