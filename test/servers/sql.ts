import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { Client } from "pg";
import { EMBEDDED_PASSWORD } from "../../src/demo/postgres-cluster.js";
import type { EngineName } from "../../src/engines/engine.js";

/** The administrator's password of every server that the tests start. */
export const PASSWORD = EMBEDDED_PASSWORD;

/** The address of a local server, for its administrator. */
export function localUrl(name: EngineName, port: number): string {
  const user = name === "postgres" ? "postgres" : "root";
  const database = name === "postgres" ? "postgres" : "mysql";
  return `${name}://${user}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`;
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

/** Rows of one statement on a connection of its own. */
export function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  return /^postgres(ql)?:/.test(url) ? queryPostgres(url, sql) : queryMysql(url, sql);
}

async function queryPostgres(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A server that goes away between two statements is the caller's next error, not this process's end.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function queryMysql(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const connection: Connection = await createConnection({ uri: url, connectTimeout: 10_000 });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return Array.isArray(rows) ? rows : [];
  } finally {
    connection.destroy();
  }
}

/** Asks again until `ask` gives something that is not null. @throws Error after `timeoutMs`, with the last error */
export async function until<T>(what: string, timeoutMs: number, ask: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown = null;
  do {
    try {
      const answer = await ask();
      if (answer !== null) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (Date.now() < deadline);
  throw new Error(`${what}: not within ${timeoutMs / 1000} s`, { cause: last });
}
