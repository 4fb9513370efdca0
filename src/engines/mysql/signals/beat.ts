import { randomUUID } from "node:crypto";
import type { Session } from "../../engine.js";
import { numberOf } from "../execute/errors.js";

const TABLE = "zmigrate_heartbeat";

/** One row a process that beats; `sent_at` is that process's own clock in milliseconds, so that no other clock matters. */
const CREATE = `CREATE TABLE IF NOT EXISTS ${TABLE} (
  writer char(36) CHARACTER SET ascii NOT NULL PRIMARY KEY, sent_at bigint NOT NULL, written_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
) ENGINE=InnoDB`;

/** Rows of processes that were killed. */
const SWEEP = `DELETE FROM ${TABLE} WHERE written_at < CURRENT_TIMESTAMP - INTERVAL 1 DAY`;

const MISSING_TABLE = 1146;

/** A beat waits for no lock for longer (a backup's global read lock): its connection also asks what the primary knows. */
export const BEAT_LOCKS = "SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1";

/** Writes beats on a primary and finds them on replicas. Times are this process's monotonic milliseconds. */
export interface Beats {
  /** When the first beat was written; what a replica that shows none has not replayed since. */
  readonly since: number;
  write(): Promise<number>;
  /** The newest beat that a replica shows; null when it shows none yet. */
  newestOn(replica: Session): Promise<number | null>;
  forget(): Promise<void>;
}

const now = () => Math.round(performance.now());

/**
 * @param primary a session there; asked for at each beat, so that a lost one can be replaced
 * @throws the server's error when the table cannot be made or written
 */
export async function beatsOf(primary: () => Promise<Session>): Promise<Beats> {
  const writer = randomUUID();
  const write = async () => {
    const session = await primary();
    const sent = now();
    await session.query(
      `INSERT INTO ${TABLE} (writer, sent_at) VALUES (?, ?) ON DUPLICATE KEY UPDATE sent_at = VALUES(sent_at)`,
      [writer, sent],
    );
    return sent;
  };
  const first = await primary();
  await first.query(CREATE);
  await first.query(SWEEP);
  const since = await write();
  return {
    since,
    write,
    async newestOn(replica) {
      try {
        const [row] = await replica.query<{ at: string }>(`SELECT sent_at AS at FROM ${TABLE} WHERE writer = ?`, [
          writer,
        ]);
        return row === undefined ? null : Number(row.at);
      } catch (error) {
        if (numberOf(error) === MISSING_TABLE) return null;
        throw error;
      }
    },
    async forget() {
      await primary()
        .then((session) => session.query(`DELETE FROM ${TABLE} WHERE writer = ?`, [writer]))
        .catch(() => undefined);
    },
  };
}
