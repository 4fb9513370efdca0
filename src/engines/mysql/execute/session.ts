import type { Connection } from "mysql2/promise";
import type { Session } from "../../engine.js";
import { type Described, describedBy } from "./described.js";
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

/** A session that can also say what a statement takes and returns. */
export interface MysqlSession extends Session {
  /** Prepares a statement, which is not run. @throws what the server says of it */
  describe(sql: string): Promise<Described>;
}

/**
 * Wraps a connected client. Its own error and end events are what tell that the connection is gone.
 *
 * @param kill ends the connection on the server; for a close in the middle of a statement, which the servers would
 * carry on with after the client has gone
 */
export function sessionOf(connection: Connection, id: number, kill: () => Promise<void>): MysqlSession {
  const lost = new AbortController();
  const lose = () => lost.abort();
  connection.on("error", lose);
  connection.on("end", lose);
  let closed = false;
  let sent = 0;
  /** Statements that run: the driver forgets them when its connection is destroyed. */
  const running = new Set<(reason: Error) => void>();
  const rowsOf = (sql: string, params: readonly unknown[]) =>
    new Promise<unknown[]>((resolve, reject) => {
      running.add(reject);
      sent += 1;
      const over = () => running.delete(reject);
      connection.query(sql, [...params]).then(
        ([result]) => {
          over();
          resolve(lastRows(result));
        },
        (error: unknown) => {
          over();
          reject(error);
        },
      );
    });
  return {
    id,
    lost: lost.signal,
    sent: () => sent,
    async query<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
      try {
        return (await rowsOf(sql, params)) as R[];
      } catch (error) {
        if (!closed && classify(error) === "connection-lost") lose();
        throw error;
      }
    },
    async describe(sql: string) {
      try {
        return describedBy(await connection.prepare(sql));
      } finally {
        // The driver keeps what it has prepared by its text, and the schema may be another the next time.
        connection.unprepare(sql);
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      connection.removeListener("end", lose);
      if (running.size === 0) return connection.end().catch(() => connection.destroy());
      lose();
      await kill().catch(() => undefined);
      connection.destroy();
      for (const reject of running) reject(cutOff());
    },
  };
}

const cutOff = () =>
  Object.assign(new Error("the connection was closed while a statement ran"), { code: "PROTOCOL_CONNECTION_LOST" });
