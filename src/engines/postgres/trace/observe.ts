import type { Traced } from "../../../model/trace.js";
import { codeOf } from "../../error-code.js";
import type { Embedded } from "./embedded.js";

/** What was seen of one statement. */
export type Seen = Pick<Traced, "locks" | "rewrites" | "scans" | "note">;

/** `pg_locks` says nothing of a statement that has ended its own transactions. */
const REFUSES_TRANSACTION = "25001";

const OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";
/** Always qualified: what a statement does to search_path must not change what it is called. */
const NAME = "format('%I.%I', n.nspname, c.relname)";

/** Indexes of a table that is rewritten are rewritten with it. */
const RELATIONS = `SELECT c.oid::int AS oid, ${NAME} AS name, n.nspname AS schema, c.relname, c.relkind AS kind, c.relfilenode::int AS file, coalesce(s.seq_scan, 0)::int AS scans
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_stat_xact_all_tables s ON s.relid = c.oid
  WHERE ${OURS} AND c.relkind IN ('r', 'p', 'm', 'i', 'I', 'S', 'v')`;

/** By number: what the statement has dropped is no longer in pg_class, and its locks are held all the same. */
const LOCKS = `SELECT l.relation::int AS oid, l.mode, c.relname AS name, n.nspname AS schema FROM pg_locks l
  LEFT JOIN pg_class c ON c.oid = l.relation LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE l.pid = pg_backend_pid() AND l.granted AND l.locktype = 'relation'`;

export interface Relation {
  readonly oid: number;
  /** As format('%I.%I') writes it. */
  readonly name: string;
  readonly schema: string;
  readonly relname: string;
  readonly kind: string;
  readonly file: number;
  readonly scans: number;
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

interface LockSeen {
  readonly oid: number;
  readonly mode: string;
  /** Null when it is gone. */
  readonly schema: string | null;
  readonly name: string | null;
}

/** What was seen in one transaction. The locks are those on relations that were there before. */
export interface Transacted {
  readonly locks: readonly LockRow[];
  /** As they were before. */
  readonly rewrites: readonly Relation[];
  readonly scans: readonly Relation[];
}

/**
 * Runs statements in one transaction that is committed, and reads what they locked, rewrote and scanned before it ends.
 *
 * @throws what PGlite throws for a statement that fails or refuses a transaction; nothing of it is left then
 */
export async function transacted(db: Embedded, sql: string): Promise<Transacted> {
  try {
    await db.exec("BEGIN");
    const before = await db.rows<Relation>(RELATIONS);
    await db.exec(sql);
    const seen = await read(db, before);
    await db.exec("COMMIT");
    return seen;
  } catch (error) {
    await db.exec("ROLLBACK");
    throw error;
  }
}

/**
 * Runs one statement and says what was seen of it. One that refuses a transaction is run without one, and then nothing is
 * seen of it; one that fails is said.
 */
export async function observe(db: Embedded, sql: string): Promise<Seen> {
  try {
    const { locks, rewrites, scans } = await transacted(db, sql);
    return {
      locks: locks.map(({ relation, mode }) => ({ relation, mode })),
      rewrites: rewrites.map(({ name }) => name),
      scans: scans.map(({ name }) => name),
      note: null,
    };
  } catch (error) {
    if (codeOf(error) === REFUSES_TRANSACTION) return alone(db, sql);
    return { ...NOTHING, note: `it fails there: ${wordsOf(error)}` };
  }
}

async function read(db: Embedded, before: readonly Relation[]): Promise<Transacted> {
  const known = new Map(before.map((relation) => [relation.oid, relation]));
  const named = new Map(before.map((relation) => [relation.name, relation]));
  const locks = await db.rows<LockSeen>(LOCKS);
  const after = await db.rows<Relation>(RELATIONS);
  const changed = (is: (now: Relation, was: Relation) => boolean): readonly Relation[] =>
    after.flatMap((now) => {
      // A type change makes indexes on the column anew: another relation of the same name.
      const was = known.get(now.oid) ?? named.get(now.name);
      return was !== undefined && is(now, was) ? [was] : [];
    });
  return {
    locks: locks.flatMap((lock) => lockedRow(known.get(lock.oid), lock)).toSorted(byName),
    // A view, which may have a table's former name by now, has no file.
    rewrites: changed((now, was) => now.file !== was.file && was.file !== 0 && now.file !== 0),
    scans: changed((now, was) => now.scans > was.scans),
  };
}

/** Nothing for what was not there before; the old names of what is gone. */
function lockedRow(was: Relation | undefined, seen: LockSeen): readonly LockRow[] {
  if (was === undefined) return [];
  const [schema, name] = [seen.schema ?? was.schema, seen.name ?? was.relname];
  return [{ oid: was.oid, relation: was.name, schema, name, kind: was.kind, mode: modeName(seen.mode) }];
}

const byName = (a: LockRow, b: LockRow): number =>
  Number(a.relation > b.relation) - Number(a.relation < b.relation) || (a.mode < b.mode ? -1 : 1);

async function alone(db: Embedded, sql: string): Promise<Seen> {
  try {
    await db.exec(sql);
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
