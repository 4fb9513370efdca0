import type { Client } from "pg";
import type { Danger } from "../../../bench/verdicts/case.js";
import { ROWS } from "../../../bench/verdicts/cases/postgres/index.js";

/** A table or an index at one moment. */
interface Relation {
  readonly oid: string;
  readonly name: string;
  readonly kind: string;
  readonly file: string;
  /** Holds rows, or keys of rows. */
  readonly filled: boolean;
}

/** An empty btree has one page. */
const RELATIONS = `SELECT c.oid::text, c.oid::regclass::text AS name, c.relkind AS kind, c.relfilenode::text AS file,
    pg_relation_size(c.oid) > CASE c.relkind WHEN 'i' THEN 8192 ELSE 0 END AS filled
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'm', 'p', 'i')`;

/** Rows read and written by this transaction; what an earlier one of the session did may not be flushed yet. */
const COUNTS = `SELECT relid::text AS oid, (seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS read,
    (n_tup_ins + n_tup_upd + n_tup_del)::int AS written
  FROM pg_stat_xact_user_tables`;

const LOCKS = `SELECT relation::text AS oid, mode FROM pg_locks
  WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted`;

const KEEPS_ALL_OUT = ["AccessExclusiveLock"];
const KEEPS_WRITERS_OUT = ["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock"];

/** More than a batch, less than a table. */
const MANY = ROWS / 2;

/** Tables and indexes, by oid. */
export type Relations = ReadonlyMap<string, Relation>;

export async function relations(client: Client): Promise<Relations> {
  const { rows } = await client.query<Relation>(RELATIONS);
  return new Map(rows.map((row) => [row.oid, row]));
}

/**
 * Runs one statement and looks at it from inside its transaction.
 *
 * @param before what was there before the migration: nobody else uses what it has made
 */
export async function watch(
  client: Client,
  before: Relations,
  run: () => Promise<unknown>,
): Promise<readonly Danger[]> {
  const [counted, files] = [await counts(client), await relations(client)];
  await run();
  const now = await counts(client);
  const grown = (what: "read" | "written", kinds: string) =>
    [...now].some(
      ([oid, count]) =>
        kinds.includes(before.get(oid)?.kind ?? "-") && count[what] - (counted.get(oid)?.[what] ?? 0) >= MANY,
    );
  const worked = grown("read", "rpm") || replaced(files, await relations(client));
  const wrote: readonly Danger[] = grown("written", "rp") ? ["writes-all"] : [];
  return worked ? [...(await stalls(client, before)), ...wrote] : wrote;
}

async function counts(client: Client): Promise<ReadonlyMap<string, { read: number; written: number }>> {
  const { rows } = await client.query<{ oid: string; read: number; written: number }>(COUNTS);
  return new Map(rows.map((row) => [row.oid, row]));
}

/** A table keeps its oid when it is written anew, an index that ALTER TABLE builds again only its name. */
export function replaced(before: Relations, after: Relations): boolean {
  const byName = new Map([...after.values()].map((relation) => [relation.name, relation]));
  return [...before.values()].some(({ oid, name, kind, file }) => {
    const now = kind === "i" ? byName.get(name) : after.get(oid);
    return now?.filled === true && now.file !== file;
  });
}

async function stalls(client: Client, before: Relations): Promise<readonly Danger[]> {
  return keptOut((await client.query<RelationLock>(LOCKS)).rows, before);
}

/** A lock that a migration holds or waits for. */
export interface RelationLock {
  readonly oid: string;
  readonly mode: string;
}

/** Whom locks keep out of tables that were there before. Code does not write to materialized views. */
export function keptOut(locks: readonly RelationLock[], before: Relations): readonly Danger[] {
  const holds = (kinds: string, modes: readonly string[]) =>
    locks.some(({ oid, mode }) => kinds.includes(before.get(oid)?.kind ?? "-") && modes.includes(mode));
  if (holds("rpm", KEEPS_ALL_OUT)) return ["stalls-reads"];
  return holds("rp", KEEPS_WRITERS_OUT) ? ["stalls-writes"] : [];
}
