import type { Traced } from "../../../model/trace.js";
import { codeOf } from "../../error-code.js";
import type { Embedded } from "./embedded.js";

/** What was seen of one statement. */
export type Seen = Pick<Traced, "locks" | "rewrites" | "scans" | "note">;

/** `pg_locks` says nothing of a statement that has ended its own transactions. */
const REFUSES_TRANSACTION = "25001";

const OURS =
  "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relkind IN ('r', 'p', 'm', 'i', 'I', 'S', 'v')";

const FACTS =
  "c.oid::int AS oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name, n.nspname AS schema, c.relname, c.relkind AS kind, c.relfilenode::int AS file";

/** Indexes of a table that is rewritten are rewritten with it. */
const RELATIONS = `SELECT ${FACTS}
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ${OURS}`;

/**
 * What the transaction has locked, as it is now: what it has made, changed, rewritten or scanned is among it. By number: what it
 * has dropped is no longer in pg_class, and its locks are held all the same. How often each was scanned is this transaction's.
 */
const LOCKS = `SELECT l.relation::int AS locked, l.mode, ${FACTS},
    coalesce(pg_catalog.pg_stat_get_xact_numscans(c.oid), 0)::int AS scans
  FROM pg_catalog.pg_locks l
  LEFT JOIN (pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND ${OURS}) ON c.oid = l.relation
  WHERE l.pid = pg_catalog.pg_backend_pid() AND l.granted AND l.locktype = 'relation'`;

/** A schema that is renamed renames what is in it, and locks nothing of that. */
const SCHEMAS =
  "SELECT pg_catalog.string_agg(oid::text || ' ' || nspname, ',' ORDER BY oid) AS all FROM pg_catalog.pg_namespace";

/** A relation as it was before. */
export interface Relation {
  readonly oid: number;
  /** Qualified, and quoted where it must be. */
  readonly name: string;
  readonly schema: string;
  readonly relname: string;
  readonly kind: string;
  readonly file: number;
}

interface LockRow {
  readonly oid: number;
  readonly relation: string;
  readonly schema: string;
  readonly name: string;
  /** Of pg_class: `r` for a table, `i` for an index. */
  readonly kind: string;
  readonly mode: string;
}

/** All but the first two are null where it is gone. */
type LockSeen = { readonly locked: number; readonly mode: string; readonly scans: number } & (
  | Relation
  | { readonly [K in keyof Relation]: null }
);

/** What was seen in one transaction. The locks are those on relations that were there before. */
export interface Transacted {
  readonly locks: readonly LockRow[];
  /** As they were before. */
  readonly rewrites: readonly Relation[];
  readonly scans: readonly Relation[];
}

/** The relations of a database by their numbers and names, and how its schemas are called. */
interface Known {
  readonly byOid: Map<number, Relation>;
  readonly byName: Map<string, Relation>;
  readonly schemas: string;
}

/** Runs statements in an embedded server and sees what they do. It knows what is there, so that it need not be read each time. */
export interface Observer {
  readonly db: Embedded;
  /**
   * Runs statements in one transaction that is committed, and reads what they locked, rewrote and scanned before it ends.
   *
   * @throws what PGlite throws for a statement that fails or refuses a transaction; nothing of it is left then
   */
  transacted(sql: string): Promise<Transacted>;
  /** To be called where something ran past it. */
  forget(): void;
}

/** @example const { locks } = await observerOf(db).transacted("ALTER TABLE t ADD COLUMN a int"); */
export function observerOf(db: Embedded): Observer {
  let known: Known | null = null;
  const schemas = async (): Promise<string> => (await db.rows<{ all: string }>(SCHEMAS))[0]?.all ?? "";
  return Object.freeze({
    db,
    forget: () => {
      known = null;
    },
    async transacted(sql: string): Promise<Transacted> {
      known ??= knownOf(await db.rows<Relation>(RELATIONS), await schemas());
      try {
        await db.exec("BEGIN");
        await db.exec(sql);
        const locked = await db.rows<LockSeen>(LOCKS);
        const named = await schemas();
        await db.exec("COMMIT");
        const seen = read(known, locked);
        known = named === known.schemas ? after(known, locked) : null;
        return seen;
      } catch (error) {
        await db.exec("ROLLBACK");
        throw error;
      }
    },
  });
}

const knownOf = (relations: readonly Relation[], schemas: string): Known => ({
  byOid: new Map(relations.map((r) => [r.oid, r])),
  byName: new Map(relations.map((r) => [r.name, r])),
  schemas,
});

/** What is known with what the transaction has left of what it had locked. */
function after(known: Known, locked: readonly LockSeen[]): Known {
  for (const { locked: oid } of locked) {
    const was = known.byOid.get(oid);
    if (was === undefined) continue;
    known.byOid.delete(oid);
    if (known.byName.get(was.name) === was) known.byName.delete(was.name);
  }
  for (const now of locked.filter(isThere)) {
    known.byOid.set(now.oid, now);
    known.byName.set(now.name, now);
  }
  return known;
}

const isThere = (seen: LockSeen): seen is LockSeen & Relation => seen.oid !== null;

/**
 * Runs one statement and says what was seen of it. One that refuses a transaction is run without one, and then nothing is
 * seen of it; one that fails is said.
 */
export async function observe(observer: Observer, sql: string): Promise<Seen> {
  try {
    const { locks, rewrites, scans } = await observer.transacted(sql);
    return {
      locks: locks.map(({ relation, mode }) => ({ relation, mode })),
      rewrites: rewrites.map(({ name }) => name),
      scans: scans.map(({ name }) => name),
      note: null,
    };
  } catch (error) {
    if (codeOf(error) === REFUSES_TRANSACTION) return alone(observer, sql);
    return { ...NOTHING, note: `it fails there: ${wordsOf(error)}` };
  }
}

function read({ byOid, byName }: Known, locked: readonly LockSeen[]): Transacted {
  const there = locked.filter(isThere).filter((now, at, all) => all.findIndex((other) => other.oid === now.oid) === at);
  const changed = (is: (now: LockSeen & Relation, was: Relation) => boolean): readonly Relation[] =>
    there
      .flatMap((now) => {
        // A type change makes indexes on the column anew: another relation of the same name.
        const was = byOid.get(now.oid) ?? byName.get(now.name);
        return was !== undefined && is(now, was) ? [was] : [];
      })
      .toSorted((a, b) => a.oid - b.oid);
  return {
    locks: locked.flatMap((lock) => lockedRow(byOid.get(lock.locked), lock)).toSorted(byRelation),
    // A view, which may have a table's former name by now, has no file.
    rewrites: changed((now, was) => now.file !== was.file && was.file !== 0 && now.file !== 0),
    scans: changed((now) => now.scans > 0),
  };
}

/** Nothing for what was not there before; the old names of what is gone. */
function lockedRow(was: Relation | undefined, seen: LockSeen): readonly LockRow[] {
  if (was === undefined) return [];
  const [schema, name] = [seen.schema ?? was.schema, seen.relname ?? was.relname];
  return [{ oid: was.oid, relation: was.name, schema, name, kind: was.kind, mode: modeName(seen.mode) }];
}

const byRelation = (a: LockRow, b: LockRow): number =>
  Number(a.relation > b.relation) - Number(a.relation < b.relation) || (a.mode < b.mode ? -1 : 1);

async function alone(observer: Observer, sql: string): Promise<Seen> {
  observer.forget();
  try {
    await observer.db.exec(sql);
    return { ...NOTHING, note: "it refuses to run in a transaction, so that its locks were not seen" };
  } catch (error) {
    return { ...NOTHING, note: `it fails there: ${wordsOf(error)}` };
  }
}

const NOTHING = { locks: [], rewrites: [], scans: [] } as const;

/** `AccessExclusiveLock` is what the manual calls ACCESS EXCLUSIVE. */
const modeName = (mode: string): string =>
  mode
    .replace(/Lock$/, "")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toUpperCase();

const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
