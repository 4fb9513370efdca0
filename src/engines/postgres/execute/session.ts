import type { Client, ClientConfig, QueryResult } from "pg";
import type { Session } from "../../engine.js";

/** Dates and times as the server prints them: a Date would lose microseconds, and keys must be exact. */
const asText = { getTypeParser: () => (value: string) => value };

/** Moments become Dates, int2/int4/float/bool what they are; everything else stays text. */
function typeParsers(types: typeof import("pg").types): ClientConfig["types"] {
  const plain = new Set([16, 21, 23, 26, 700, 701, 1184]);
  return {
    getTypeParser: ((oid: number, format?: "text" | "binary") =>
      plain.has(oid) ? types.getTypeParser(oid, format as "text") : asText.getTypeParser()) as never,
  };
}

/** Parsers are made once per process: pg is loaded only when a database is talked to. */
export async function loadPg() {
  const { default: pg } = await import("pg");
  return { Client: pg.Client, types: typeParsers(pg.types) };
}

/** A session that can also say how many rows a statement wrote, without having them returned. */
export interface PostgresSession extends Session {
  change(sql: string, params: readonly unknown[]): Promise<number>;
  /** True while a statement runs or waits for its turn. */
  busy(): boolean;
}

/** Wraps a connected client. The client's own error event is what tells that the connection is gone. */
export function sessionOf(client: Client, id: number): PostgresSession {
  const lost = new AbortController();
  const lose = () => lost.abort();
  client.on("error", lose);
  client.on("end", lose);
  /** Settles when the statement before has: the driver warns of a second one, and will refuse it one day. */
  let before: Promise<unknown> = Promise.resolve();
  let asked = 0;
  let sent = 0;
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    asked += 1;
    sent += 1;
    const answer = before.then(ask).finally(() => {
      asked -= 1;
    });
    before = answer.catch(() => undefined);
    return answer;
  };
  const run = async (sql: string, params: readonly unknown[] = []): Promise<QueryResult> => {
    const result: unknown = await inTurn(() =>
      params.length === 0 ? client.query(sql) : client.query(sql, [...params]),
    );
    return (Array.isArray(result) ? result.at(-1) : result) as QueryResult;
  };
  return {
    id,
    lost: lost.signal,
    sent: () => sent,
    query: async <R extends object>(sql: string, params?: readonly unknown[]) => (await run(sql, params)).rows as R[],
    change: async (sql, params) => (await run(sql, params)).rowCount ?? 0,
    busy: () => asked > 0,
    async close() {
      client.removeListener("end", lose);
      await client.end().catch(() => undefined);
    },
  };
}
