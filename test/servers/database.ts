import { randomBytes } from "node:crypto";
import { query, until, withDatabase } from "./sql.js";

/** A database for one test. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** The same database on the replica; null without one. */
  readonly replicaUrl: string | null;
  /** Also with sessions in it. */
  drop(): Promise<void>;
}

/** A replica may be paused by another test for some seconds. */
const REPLICATED_MS = 60_000;

/** Makes an empty database, and waits until the replica has it. */
export async function createDatabase(url: string, replicaUrl: string | null, prefix: string): Promise<TestDatabase> {
  const name = `${prefix.toLowerCase().replace(/[^a-z0-9_]/g, "_")}_${randomBytes(6).toString("hex")}`;
  const quoted = quote(url, name);
  await query(url, `CREATE DATABASE ${quoted}`);
  const onReplica = replicaUrl === null ? null : withDatabase(replicaUrl, name);
  if (onReplica !== null) {
    await until(`database ${name} on the replica`, REPLICATED_MS, () => query(onReplica, "SELECT 1 AS one"));
  }
  return Object.freeze({
    name,
    url: withDatabase(url, name),
    replicaUrl: onReplica,
    async drop() {
      await query(url, `DROP DATABASE IF EXISTS ${quoted}${isPostgres(url) ? " WITH (FORCE)" : ""}`);
    },
  });
}

const isPostgres = (url: string): boolean => url.startsWith("postgres");
const quote = (url: string, name: string): string => (isPostgres(url) ? `"${name}"` : `\`${name}\``);
