import type { Client } from "pg";

/** What one statement did, seen on the server that ran it, in a transaction that was then rolled back. */
export interface Measured {
  /** The strongest lock on each relation that was there before: `t: ACCESS EXCLUSIVE`. */
  readonly locks: Readonly<Record<string, { readonly mode: string; readonly kind: string }>>;
  /** Tables whose file was replaced by one with rows. */
  readonly rewritten: readonly string[];
  /** Tables whose file was replaced by an empty one. */
  readonly emptied: readonly string[];
  /** Indexes that were there before and whose file was replaced. */
  readonly rebuilt: readonly string[];
  /** Tables whose rows were read. */
  readonly scanned: readonly string[];
  /** The SQLSTATE of its failure, or null. */
  readonly error: string | null;
}

const RELATIONS = `SELECT c.oid::text AS oid, c.oid::regclass::text AS name, c.relkind AS kind, c.relfilenode::text AS file,
    CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid) = 0 ELSE false END AS empty
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

const LOCKS = `SELECT relation::text AS oid, mode FROM pg_locks
  WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted AND database <> 0`;

const READS = `SELECT relid::text AS oid, (seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS rows FROM pg_stat_xact_user_tables`;

/** PostgreSQL's lock modes, weakest first, under the names of its manual. */
export const MODES = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
];

interface Relation {
  readonly oid: string;
  readonly name: string;
  readonly kind: string;
  readonly file: string;
  readonly empty: boolean;
}

const NOTHING: Measured = { locks: {}, rewritten: [], emptied: [], rebuilt: [], scanned: [], error: null };

/** Runs the statement in a transaction of its own, looks at it from inside, and rolls it back. */
export async function measure(client: Client, statement: string): Promise<Measured> {
  const before = await rows<Relation>(client, RELATIONS);
  await client.query("BEGIN");
  try {
    // What earlier transactions of this session read may not be flushed yet.
    const read = new Map((await rows<{ oid: string; rows: number }>(client, READS)).map((r) => [r.oid, r.rows]));
    const error = await run(client, statement);
    return error === null ? await seen(client, before, read) : { ...NOTHING, error };
  } finally {
    await client.query("ROLLBACK");
  }
}

async function seen(client: Client, before: readonly Relation[], read: ReadonlyMap<string, number>): Promise<Measured> {
  const known = new Map(before.map((r) => [r.oid, r]));
  const locks = await rows<{ oid: string; mode: string }>(client, LOCKS);
  const reads = await rows<{ oid: string; rows: number }>(client, READS);
  const after = await rows<Relation>(client, RELATIONS);
  const nameOf = (oid: string) => known.get(oid)?.name ?? "";
  return {
    locks: strongest(locks, known),
    ...replaced(before, after),
    scanned: reads.filter((r) => known.has(r.oid) && r.rows > (read.get(r.oid) ?? 0)).map((r) => nameOf(r.oid)),
    error: null,
  };
}

async function rows<R extends object>(client: Client, sql: string): Promise<R[]> {
  return (await client.query(sql)).rows as R[];
}

async function run(client: Client, statement: string): Promise<string | null> {
  try {
    await client.query(statement);
    return null;
  } catch (error) {
    return (error as { code?: string }).code ?? "unknown";
  }
}

function strongest(
  locks: readonly { oid: string; mode: string }[],
  known: ReadonlyMap<string, Relation>,
): Measured["locks"] {
  const found: Record<string, { mode: string; kind: string }> = {};
  for (const { oid, mode } of locks) {
    const relation = known.get(oid);
    const readable = modeName(mode);
    if (relation === undefined || MODES.indexOf(readable) <= MODES.indexOf(found[relation.name]?.mode ?? "")) continue;
    found[relation.name] = { mode: readable, kind: relation.kind };
  }
  return found;
}

/** `ShareUpdateExclusiveLock` is `SHARE UPDATE EXCLUSIVE`. */
export function modeName(mode: string): string {
  return mode
    .replace(/Lock$/, "")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toUpperCase();
}

/** A table keeps its oid when it is written anew, an index that ALTER TABLE builds again only its name. */
function replaced(
  before: readonly Relation[],
  after: readonly Relation[],
): Pick<Measured, "rewritten" | "emptied" | "rebuilt"> {
  const tables = new Map(after.map((r) => [r.oid, r]));
  const indexes = new Map(after.map((r) => [r.name, r]));
  const changed = before.filter((r) => "rpm".includes(r.kind) && (tables.get(r.oid)?.file ?? r.file) !== r.file);
  const built = before.filter((r) => "iI".includes(r.kind) && (indexes.get(r.name)?.file ?? r.file) !== r.file);
  return {
    rewritten: changed.filter((r) => tables.get(r.oid)?.empty === false).map((r) => r.name),
    emptied: changed.filter((r) => tables.get(r.oid)?.empty === true).map((r) => r.name),
    rebuilt: built.map((r) => r.name),
  };
}
