import { RUN_AS_BEFORE, RUN_BEGUN, RUN_ENDED } from "../journal/journal.js";
import type { MigrationRecord } from "../journal/records.js";
import { ranBefore, rolledOut } from "../journal/rolled-out.js";
import { isUnfinished } from "../plan/waits.js";
import { noted, type Run, recordsOf } from "./run.js";

/** How a run that names a release ends for that release. One that ends by neither is none after which its code goes out. */
export interface ReleaseOfRun {
  /**
   * The run has ended with 0. Where all that was begun is backfilled, its release is rolled out now: what was expanded
   * by a release that was not counts as this one's, whose code knows it too.
   */
  end(): Promise<void>;
  /** The run has only waited: its release counts as it did before. */
  leave(): Promise<void>;
}

const nothingToSay: ReleaseOfRun = { end: async () => undefined, leave: async () => undefined };

/** `--phase expand` ends with 0 too, before the backfill, and steps over what has failed: there is more to run first. */
const isReady = ({ status, backfilledAt }: MigrationRecord): boolean => backfilledAt !== null && status !== "failed";

/**
 * Notes that a run of a release begins, before it does anything: what another one of the release has said of it counts no
 * more until this one has ended, so that nothing must be written by a run that is killed or whose connection is lost.
 */
export async function beginRelease(run: Run): Promise<ReleaseOfRun> {
  const { journal, main, options } = run;
  const { release } = options;
  if (release === null) return nothingToSay;
  const hadJournal = await journal.exists(main);
  const counted = hadJournal && (await journal.ended(main)).has(release);
  const say = (action: string) =>
    noted(run, () => journal.audit(main, { action, migrationId: null, stepId: null, release, detail: null }));
  if (hadJournal) await say(RUN_BEGUN);
  const leave = async () => {
    if (counted) await say(RUN_AS_BEFORE);
  };
  return { leave, end: async () => ((await isRolledOut(run)) ? endAs(run, release) : leave()) };
}

async function isRolledOut(run: Run): Promise<boolean> {
  const hasFile = ({ id }: MigrationRecord) => run.options.migrations.some((m) => m.id === id);
  return (await recordsOf(run)).filter(isUnfinished).every((record) => !hasFile(record) || isReady(record));
}

async function endAs(run: Run, release: string): Promise<void> {
  const { journal, main } = run;
  // A run that found nothing to do on a database that zmigrate never wrote to.
  if (!(await journal.exists(main))) return;
  const unfinished = (await recordsOf(run)).filter(isUnfinished);
  const ended = await journal.ended(main);
  const seen = await journal.seen(main);
  const takesPlace = (by: string, expandedAt: Date) =>
    !rolledOut(by, expandedAt, ended) && !ranBefore(release, expandedAt, seen);
  const isOpen = ({ expandRelease: by, expandedAt }: MigrationRecord) =>
    expandedAt !== null && by !== release && (by === null || takesPlace(by, expandedAt));
  await noted(run, async () => {
    for (const record of unfinished)
      await journal.adopt(main, record.id, release, { expanded: isOpen(record), swapped: false });
    await journal.audit(main, { action: RUN_ENDED, migrationId: null, stepId: null, release, detail: null });
  });
}
