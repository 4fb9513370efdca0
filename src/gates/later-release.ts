import type { Elsewhere } from "../config/environments.js";
import type { Database, Engine, Session } from "../engines/engine.js";
import type { Journal } from "../journal/journal.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Releases } from "../journal/releases.js";
import { firstEnd, later, ranBefore, rolledOut } from "../journal/rolled-out.js";
import { isNewDatabase } from "../plan/new-tables.js";
import { type Answer, askAll } from "./elsewhere.js";
import { closed, type Gate, type GateContext, type GateResult, open, unknown } from "./gate.js";
import { onceARun } from "./once-a-run.js";

/** What a release is asked about in one database. */
type Asked = Pick<GateContext, "release" | "record" | "stage" | "releases" | "withoutFile">;

/** As if there were no other database. */
function here({ release, record, stage, releases, withoutFile }: Asked): GateResult {
  const before = stage === "swap" ? record.expandRelease : record.swapRelease;
  const did = stage === "swap" ? "expanded" : "swapped";
  if (release === null) return closed("later-release", "this run names no release; pass --release");
  if (before === null)
    return unknown(
      "later-release",
      `the run that ${did} named no release; the next \`zmigrate apply\` with --release counts as that one`,
    );
  if (before === release)
    return closed("later-release", `release ${release} itself ${did}; the next release may go on`);
  // Code of an earlier release is back, or about to be, and knows nothing of what the expansion is for.
  const doneAt = stage === "swap" ? record.expandedAt : record.swappedAt;
  if (ranBefore(release, doneAt, releases))
    return closed(
      "later-release",
      `release ${release} has run before release ${before} ${did}, so it is not a later one, as when the application goes back to it; a deploy with a name that no run has had yet goes on`,
    );
  // It has waited for the other one, or another try of it has: it cannot know of a rollout that came behind that.
  const rolledOutAt = firstEnd(before, later(doneAt, releases.without.get(record.id)?.at), releases);
  if (rolledOutAt !== null && ranBefore(release, rolledOutAt, releases))
    return closed(
      "later-release",
      `a run of release ${before} was still at work when release ${release} was first run, so what ${did} was not rolled out then; when it runs everywhere, a deploy with a name that no run has had yet goes on`,
    );
  // What runs when a column is dropped has done without it since the swap, whichever release that is.
  if (stage === "swap" && !rolledOut(before, record.expandedAt, releases))
    return closed(
      "later-release",
      `release ${before} expanded, and its last run has not ended with 0 and everything backfilled, so it was not rolled out; release ${release} counts in its place when a run of it ends so`,
    );
  // The old name goes with the swap: whose folder has no file of the rename may be code that came before it.
  if (stage === "swap" && withoutFile === true)
    return unknown(
      "later-release",
      `${record.file} is not in this folder, so release ${release} may have been written before it, as when the application goes back: \`zmigrate rollback ${record.id}\` takes the migration back then`,
    );
  // It was rolled out, and not since.
  if (stage === "swap" && rolledOutAt === null)
    return closed(
      "later-release",
      `a run had not ${record.file} in its folder since release ${before} expanded, so code from before it may be running; release ${release} counts in its place when a run of it ends with 0 and everything backfilled`,
    );
  return open("later-release", `${did} by release ${before}, now ${release}`);
}

/** What is known of another database. */
interface Known {
  readonly records: readonly MigrationRecord[];
  readonly releases: Releases;
  /** Nothing is in it yet, as in that of a tenant who is about to come: no code runs on it. */
  readonly isNew: boolean;
}

const NOTHING: Releases = Object.freeze({ ends: new Map(), ended: new Map(), seen: new Map(), without: new Map() });

async function knownIn(journal: Journal, session: Session, database: Database): Promise<Known> {
  const isThere = await journal.exists(session);
  const records = isThere ? await journal.migrations(session) : [];
  const isNew = records.length === 0 && isNewDatabase(await database.introspect(session));
  return { records, releases: isThere ? await journal.releases(session) : NOTHING, isNew };
}

const answersOf = onceARun((all: readonly Elsewhere[], engine: Engine) => askAll(all, engine, knownIn));

/** What keeps a stage closed here though nothing does in this database: another one whose code is rolled out with it. */
function there({ name, value, problem }: Answer<Known>, { release, record, stage }: Asked): GateResult | null {
  if (problem !== "")
    return unknown("later-release", `${name}, whose code is rolled out with it, cannot be asked: ${problem}`);
  const own = value?.records.find((one) => one.id === record.id) ?? null;
  // What was there before zmigrate was there before every release.
  if (own?.plan.baseline === true || value?.isNew === true) return null;
  if (value === null || own === null || own.expandedAt === null || own.status === "rolled-back")
    return stage === "drop"
      ? null
      : closed("later-release", `not expanded in ${name}, whose code is rolled out with it`);
  // What is done there is no question any more, and a drop asks only where the swap is done.
  if (own.finishedAt !== null || (own.swappedAt === null) !== (stage === "swap")) return null;
  const found = here({ release, record: own, stage, releases: value.releases });
  return found.state === "open" ? null : Object.freeze({ ...found, reason: `in ${name}: ${found.reason}` });
}

/**
 * Contract never runs in the release that expanded, nor before that was rolled out, nor the drop in the release that swapped. Of a
 * fleet this is asked of each database: a try of a release may have come no further than to one of them.
 */
export const laterRelease: Gate = {
  name: "later-release",
  always: true,
  async check(context) {
    const { inFleet = null } = context;
    const own = here(context);
    if (own.state !== "open" || inFleet === null) return own;
    const answers = await answersOf(inFleet.all, context.database.engine);
    const others = answers.filter(({ name }) => name !== inFleet.name).map((answer) => there(answer, context));
    return others.find((one) => one?.state === "closed") ?? others.find((one) => one !== null) ?? own;
  },
};
