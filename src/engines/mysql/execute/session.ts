import type { Connection } from "mysql2/promise";
import type { Session } from "../../engine.js";
import { classify } from "./errors.js";

/** mysql2 loads slowly: only when a database is talked to. */
export const loadDriver = async () => (await import("mysql2/promise")).createConnection;

/** Rows of the last statement of a packet: an array of row arrays when there were several with rows, else one of rows. */
function lastRows(result: unknown): unknown[] {
  if (!Array.isArray(result)) return [];
  const last: unknown = result.at(-1);
  if (Array.isArray(last)) return last;
  return isHeader(last) ? [] : result;
}

/** What a statement without rows answers with. */
const isHeader = (value: unknown): boolean =>
  typeof value === "object" && value !== null && value.constructor.name === "ResultSetHeader";

/** Wraps a connected client. Its own error and end events are what tell that the connection is gone. */
export function sessionOf(connection: Connection, id: number): Session {
  const lost = new AbortController();
  const lose = () => lost.abort();
  connection.on("error", lose);
  connection.on("end", lose);
  let closed = false;
  return {
    id,
    lost: lost.signal,
    async query<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
      try {
        const [result] = await connection.query(sql, [...params]);
        return lastRows(result) as R[];
      } catch (error) {
        if (!closed && classify(error) === "connection-lost") lose();
        throw error;
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      connection.removeListener("end", lose);
      await connection.end().catch(() => connection.destroy());
    },
  };
}
