import { Client } from "pg";

/** What one statement did, seen on the server that ran it, in a transaction that was then rolled back. */
export interface Measured {
  /** The strongest lock on each relation that was there before: `t: ACCESS EXCLUSIVE`. */
  readonly locks: Readonly<Record<string, string>>;
  /** Tables whose file was replaced, though not by a new empty one for a relation that did not exist. */
  readonly rewritten: readonly string[];
  /** Indexes that were there before and whose file was replaced. */
  readonly rebuilt: readonly string[];
  /** Tables whose rows were read. */
  readonly scanned: readonly string[];
  /** The SQLSTATE of its failure, or null. */
  readonly error: string | null;
}

const RELATIONS = `SELECT c.oid::regclass::text AS name, c.relkind AS kind, c.relfilenode::text AS file
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'i', 'I', 'm')`;

const LOCKS = `SELECT relation::regclass::text AS name, mode FROM pg_locks
  WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted AND database <> 0`;

const READS = `SELECT relid::regclass::text AS name, seq_tup_read + coalesce(idx_tup_fetch, 0) AS rows
  FROM pg_stat_xact_user_tables WHERE seq_tup_read > 0 OR idx_tup_fetch > 0`;

/** PostgreSQL's lock modes, weakest first, under the names of its manual. */
const MODES = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
];

interface Row {
  readonly name: string;
  readonly kind: string;
  readonly file: string;
  readonly mode: string;
}

/** Prepares with `setup`, runs the statement in the same transaction's successor, and rolls all of it back. */
export async function measure(url: string, statement: string): Promise<Measured> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const before = await rows(client, RELATIONS);
    await client.query("BEGIN");
    const error = await run(client, statement);
    const known = new Set(before.filter((r) => "rpm".includes(r.kind)).map((r) => r.name));
    const locks = error === null ? strongest((await rows(client, LOCKS)).filter((r) => known.has(r.name))) : {};
    const after = error === null ? await rows(client, RELATIONS) : before;
    const scanned = error === null ? await rows(client, READS) : [];
    return { locks, ...replaced(before, after), scanned: scanned.map((r) => r.name).sort(), error };
  } finally {
    await client.query("ROLLBACK");
    await client.end();
  }
}

async function rows(client: Client, sql: string): Promise<Row[]> {
  return (await client.query<Row>(sql)).rows;
}

async function run(client: Client, statement: string): Promise<string | null> {
  try {
    await client.query(statement);
    return null;
  } catch (error) {
    return (error as { code?: string }).code ?? "unknown";
  }
}

function strongest(locks: readonly Row[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, mode } of locks) {
    const readable = modeName(mode);
    if (MODES.indexOf(readable) > MODES.indexOf(found[name] ?? "")) found[name] = readable;
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

function replaced(before: readonly Row[], after: readonly Row[]): Pick<Measured, "rewritten" | "rebuilt"> {
  const files = new Map(after.map((r) => [r.name, r.file]));
  const changed = before.filter((r) => files.has(r.name) && files.get(r.name) !== r.file);
  return {
    rewritten: changed.filter((r) => "rpm".includes(r.kind)).map((r) => r.name),
    rebuilt: changed.filter((r) => "iI".includes(r.kind)).map((r) => r.name),
  };
}
