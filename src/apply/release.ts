import { journalOf } from "../journal/journal.js";
import type { MigrationRecord } from "../journal/records.js";
import { type Releases, RUN_AS_BEFORE, RUN_BEGUN, RUN_ENDED, RUN_WITHOUT } from "../journal/releases.js";
import { later, ranBefore, rolledOut } from "../journal/rolled-out.js";
import { isUnfinished } from "../plan/waits.js";
import type { ApplyOptions } from "./options.js";
import { type Noting, noted, noteQueued, type Run, recordsOf } from "./run.js";

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
  const hadJournal = await journal.exists(main);
  if (hadJournal) await noteMissing(run);
  if (release === null) return nothingToSay;
  const counted = hadJournal && (await journal.releases(main)).ended.has(release);
  const say = (action: string) =>
    noted(run, () => journal.audit(main, { action, migrationId: null, stepId: null, release, detail: null }));
  if (hadJournal) await say(RUN_BEGUN);
  const leave = async () => {
    if (counted) await say(RUN_AS_BEFORE);
  };
  const isLast = options.partOfFleet !== true;
  return { leave, end: async () => (isLast && (await isRolledOut(run)) ? endAs(run, release) : leave()) };
}

/**
 * Says of one database of a fleet that the release is rolled out, as the end of a run does where there is one database:
 * when all databases have come so far. It waits for no other run, and tells nothing that one would not.
 */
export async function endRelease(options: ApplyOptions): Promise<void> {
  const { database, release } = options;
  if (release === null) return;
  const main = await database.open();
  try {
    const ending: Noting = { options, journal: journalOf(database), main };
    if (await isRolledOut(ending)) await endAs(ending, release);
  } finally {
    await main.close();
  }
}

/**
 * Says in a database of a fleet that the command has named the release, where it has come to an end before that one: a later
 * try of it has waited for what others have done meanwhile.
 */
export async function nameRelease(options: ApplyOptions): Promise<void> {
  const main = await options.database.open();
  try {
    await noteQueued({ options, journal: journalOf(options.database), main });
  } finally {
    await main.close();
  }
}

const hasFile = ({ options }: Noting, { id }: MigrationRecord): boolean => options.migrations.some((m) => m.id === id);

/** Whose folder has not the file of what is expanded may be about to run code from before it, also where the run is refused. */
async function noteMissing(run: Run): Promise<void> {
  const { journal, main } = run;
  const { release } = run.options;
  const isMissing = (record: MigrationRecord) =>
    record.expandedAt !== null && record.swappedAt === null && isUnfinished(record) && !hasFile(run, record);
  const missing = (await recordsOf(run)).filter(isMissing);
  if (missing.length === 0) return;
  await noted(run, async () => {
    for (const { id } of missing)
      await journal.audit(main, { action: RUN_WITHOUT, migrationId: id, stepId: null, release, detail: null });
  });
}

async function isRolledOut(run: Noting): Promise<boolean> {
  return (await recordsOf(run)).filter(isUnfinished).every((record) => !hasFile(run, record) || isReady(record));
}

/** Since when a release must have been rolled out for its code to be what runs. */
const sinceOf = ({ id, expandedAt }: MigrationRecord, { without }: Releases): Date | null =>
  later(expandedAt, without.get(id)?.at);

async function endAs(run: Noting, release: string): Promise<void> {
  const { journal, main } = run;
  // A run that found nothing to do on a database that zmigrate never wrote to.
  if (!(await journal.exists(main))) return;
  const unfinished = (await recordsOf(run)).filter(isUnfinished);
  const releases = await journal.releases(main);
  const takesPlace = (by: string, since: Date | null) =>
    !rolledOut(by, since, releases) && !ranBefore(release, since, releases);
  // Whose own folder has not the file does not know of it.
  const isOpen = (record: MigrationRecord) =>
    record.expandedAt !== null &&
    hasFile(run, record) &&
    record.expandRelease !== release &&
    (record.expandRelease === null || takesPlace(record.expandRelease, sinceOf(record, releases)));
  await noted(run, async () => {
    for (const record of unfinished)
      await journal.adopt(main, record.id, release, { expanded: isOpen(record), swapped: false });
    await journal.audit(main, { action: RUN_ENDED, migrationId: null, stepId: null, release, detail: null });
  });
}
