import type { Kysely } from "kysely";
import type { Session } from "../engines/engine.js";
import type { Read } from "./ranges.js";
import { momentIn } from "./records.js";
import type { JournalTables, Moment } from "./schema.js";

/** The action of an audit entry: a run that named a release has ended with 0. */
export const RUN_ENDED = "run-ended";
/** That one has begun: the release is not rolled out until it has ended with 0. */
export const RUN_BEGUN = "run-begun";
/** That one waits for another runner, before it has begun. */
export const RUN_QUEUED = "run-queued";
/** That one has begun whose folder has not the file of a migration: code from before that file may be running. */
export const RUN_WITHOUT = "run-without-file";
/** That one has ended by waiting, of a release that was rolled out before: it still is, since its last end. */
export const RUN_AS_BEFORE = "run-as-before";

/** What a journal knows of releases. */
export interface Releases {
  /** When runs of a release have ended with 0, in order. */
  readonly ends: ReadonlyMap<string, readonly Date[]>;
  /** When a run of a release last ended with 0, of those whose last run did. */
  readonly ended: ReadonlyMap<string, Date>;
  /** When each release was first named to a run, which may have waited for another one. */
  readonly seen: ReadonlyMap<string, Date>;
  /** The runs whose folder had not the file of a migration, by its id. */
  readonly without: ReadonlyMap<string, Without>;
}

/** Runs without a file. */
export interface Without {
  /** When the last one began. */
  readonly at: Date;
  /** The releases that they named. */
  readonly by: ReadonlySet<string>;
}

interface Noted {
  readonly name: string | null;
  readonly at: Moment | null;
}

const NEVER = new Date(0);

/** Entries of the audit are read together, by the release or the migration that they name. */
function momentsOf(found: readonly Noted[], kind: "release" | "migration"): (readonly [string, Date])[] {
  return found.flatMap(({ name, at }) =>
    name === null ? [] : [[name, momentIn({ table: "audit", row: `of ${kind} ${name}` }, "at", at) ?? NEVER] as const],
  );
}

function withoutIn(found: readonly (Noted & { readonly app_release: string | null })[]): ReadonlyMap<string, Without> {
  const last = new Map(momentsOf(found, "migration"));
  const by = (id: string) => found.flatMap(({ name, app_release: r }) => (name === id && r !== null ? [r] : []));
  return new Map([...last].map(([id, at]) => [id, Object.freeze({ at, by: new Set(by(id)) })]));
}

/** Reads them. @throws ZmigrateError journal-damaged */
export async function releasesIn(db: Kysely<JournalTables>, rows: Read, session: Session): Promise<Releases> {
  const firsts = db
    .selectFrom("audit")
    .select((of) => ["app_release as name", of.fn.min("at").as("at")])
    .where("app_release", "is not", null)
    .groupBy("app_release");
  const each = db
    .selectFrom("audit")
    .select(["action", "app_release", "migration_id", "at"])
    .where("action", "in", [RUN_BEGUN, RUN_AS_BEFORE, RUN_ENDED, RUN_WITHOUT])
    .orderBy("at");
  const runs = await rows(session, each);
  const of = (wanted: string) => runs.filter(({ action }) => action === wanted);
  const named = (action: string) =>
    momentsOf(
      of(action).map((r) => ({ name: r.app_release, at: r.at })),
      "release",
    );
  const missing = of(RUN_WITHOUT).map((r) => ({ ...r, name: r.migration_id }));
  const ends = new Map<string, Date[]>();
  for (const [release, at] of named(RUN_ENDED)) {
    const all = ends.get(release);
    if (all === undefined) ends.set(release, [at]);
    else all.push(at);
  }
  const [begun, asBefore] = [new Map(named(RUN_BEGUN)), new Map(named(RUN_AS_BEFORE))];
  const isOver = (release: string, at: Date) => {
    const since = begun.get(release) ?? NEVER;
    // Dates know milliseconds, and a run with nothing to do may be over within one.
    return at >= since || (asBefore.get(release) ?? NEVER) >= since;
  };
  const ended = [...ends].flatMap(([release, all]) => all.slice(-1).map((at) => [release, at] as const));
  return Object.freeze({
    ends,
    ended: new Map(ended.filter(([release, at]) => isOver(release, at))),
    seen: new Map(momentsOf(await rows(session, firsts), "release")),
    without: withoutIn(missing),
  });
}
