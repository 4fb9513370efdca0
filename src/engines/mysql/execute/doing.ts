import type { Session } from "../../engine.js";

interface ProcessRow {
  readonly Id: string;
  readonly Command: string;
  readonly State: string | null;
}

/** What MySQL shows of a COMMIT, also of one that waits for room. */
const COMMITTING = "waiting for handler commit";

/** MySQL writes it to its log once in ten minutes, and waits until there is room. */
const DISK_IS_FULL = `SELECT DATA AS message FROM performance_schema.error_log
  WHERE LOGGED > NOW(6) - INTERVAL 11 MINUTE AND DATA LIKE 'Disk is full%' ORDER BY LOGGED DESC LIMIT 1`;

/** What its log says of the disk; what may be where this user may not read it. */
async function ofDisk(observer: Session): Promise<string> {
  const rows = await observer.query<{ message: string }>(DISK_IS_FULL).catch(() => null);
  if (rows === null) return "; so it waits when the disk of its binary log is full, until there is room";
  const [full] = rows;
  return full === undefined ? "" : `; its log says: ${full.message}`;
}

/** What the server is about for a session, for people: `waiting for handler commit`; null where it is idle or gone. */
export async function doing(observer: Session, id: number): Promise<string | null> {
  // A user sees its own sessions without any privilege.
  const rows = await observer.query<ProcessRow>("SHOW PROCESSLIST");
  const found = rows.find((row) => Number(row.Id) === id);
  if (found === undefined || found.Command === "Sleep") return null;
  const state = found.State === null || found.State === "" ? "running" : found.State;
  return `${state}${state === COMMITTING ? await ofDisk(observer) : ""}`;
}
