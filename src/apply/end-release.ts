import { RUN_ENDED } from "../journal/journal.js";
import type { MigrationRecord } from "../journal/records.js";
import { rolledOut } from "../journal/rolled-out.js";
import { isUnfinished } from "../plan/waits.js";
import { noted, type Run, recordsOf } from "./run.js";

/**
 * A run has ended with 0, so its release is rolled out now: what was expanded by a release that was not
 * counts as this one's, whose code knows it too.
 */
export async function endRelease(run: Run): Promise<void> {
  const { journal, main, options } = run;
  const { release } = options;
  const unfinished = (await recordsOf(run)).filter(isUnfinished);
  if (release === null || unfinished.length === 0) return;
  const ended = await journal.ended(main);
  const isOpen = ({ expandRelease: by, expandedAt }: MigrationRecord) =>
    expandedAt !== null && by !== release && (by === null || !rolledOut(by, expandedAt, ended));
  await noted(run, async () => {
    for (const record of unfinished)
      await journal.adopt(main, record.id, release, { expanded: isOpen(record), swapped: false });
    await journal.audit(main, { action: RUN_ENDED, migrationId: null, stepId: null, release, detail: null });
  });
}
