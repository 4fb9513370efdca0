import type { Session } from "../../engine.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { CHANNELS } from "./lineage.js";

/** What a replica says of its own replication. */
export interface Standing {
  /** As what follows its name: `is 12 s behind`. */
  readonly text: string;
  /** False where it does not replicate at all now: waiting does not help. */
  readonly runs: boolean;
}

/** MySQL renamed what it calls the source; MariaDB's columns keep the old names. */
const fieldOf = (row: Record<string, unknown>, ...names: readonly string[]): string | null => {
  const name = names.find((n) => n in row);
  return name === undefined || row[name] === null ? null : String(row[name]);
};

function ofChannel(row: Record<string, unknown>): { stopped: string | null; seconds: number | null } {
  const [io, sql] = [
    fieldOf(row, "Replica_IO_Running", "Slave_IO_Running"),
    fieldOf(row, "Replica_SQL_Running", "Slave_SQL_Running"),
  ];
  const seconds = fieldOf(row, "Seconds_Behind_Source", "Seconds_Behind_Master");
  const stopped = io === "No" ? "receives nothing" : sql === "No" ? "replays nothing" : null;
  return { stopped, seconds: seconds === null ? null : Number(seconds) };
}

function told(rows: readonly Record<string, unknown>[]): Standing {
  const channels = rows.map(ofChannel);
  const stopped = channels.find((c) => c.stopped !== null)?.stopped ?? null;
  if (stopped !== null) return { text: `is stopped: it ${stopped} until replication is started on it`, runs: false };
  const known = channels.flatMap((c) => (c.seconds === null ? [] : [c.seconds]));
  if (known.length === 0) return { text: "is behind, by how much it does not say", runs: true };
  return { text: `is ${Math.max(...known)} s behind by its own account`, runs: true };
}

/**
 * How far a replica is behind, as it says itself: a rough number, for people. Who may not ask (REPLICATION CLIENT, on
 * MariaDB SLAVE MONITOR) learns that much.
 *
 * @throws the server's error when the connection is lost
 */
export async function standingOf(replica: Session, dialect: MysqlDialect): Promise<Standing> {
  for (const sql of CHANNELS[dialect]) {
    const rows = await replica.query(sql).catch(() => null);
    if (rows !== null && rows.length > 0) return told(rows);
  }
  return { text: "is behind, by how much this user may not ask it", runs: true };
}
