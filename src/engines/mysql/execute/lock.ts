import type { Session } from "../../engine.js";
import { shortHash } from "../names.js";

/** GET_LOCK is the whole server's: the database's name keeps two databases apart. Names hold 64 characters. */
function lockName(database: string): string {
  const plain = `zmigrate:${database}`;
  return plain.length <= 64 ? plain : `zmigrate:${database.slice(0, 40)}:${shortHash(database)}`;
}

async function nameFor(session: Session): Promise<string> {
  const [row] = await session.query<{ db: string | null }>("SELECT DATABASE() AS db");
  return lockName(row?.db ?? "");
}

/** Tries the session lock once; it is given back when the connection ends. */
export async function tryRunnerLock(session: Session, application: string): Promise<boolean> {
  const [row] = await session.query<{ locked: number | null }>("SELECT GET_LOCK(?, 0) AS locked", [
    await nameFor(session),
  ]);
  if (Number(row?.locked) !== 1) return false;
  await leaveLabel(session, application);
  return true;
}

/**
 * Says who the holder is, for people: neither server lets an ordinary user see a connection's program name. The lock is
 * GET_LOCK; a row that a crash leaves behind is not believed, since it is of another connection. The table comes with
 * the journal: before there is one, a run that may yet be refused leaves nothing.
 */
async function leaveLabel(session: Session, application: string): Promise<void> {
  const there =
    "SELECT 1 AS found FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'zmigrate_runner'";
  if ((await session.query(there)).length === 0) return;
  await session.query("REPLACE INTO zmigrate_runner (id, connection_id, application) VALUES (1, CONNECTION_ID(), ?)", [
    application.slice(0, 255),
  ]);
}

interface HolderRow {
  readonly id: string;
  readonly user: string | null;
  readonly host: string | null;
}

async function labelOf(session: Session, connection: string): Promise<string> {
  const [row] = await session
    .query<{ application: string }>("SELECT application FROM zmigrate_runner WHERE connection_id = ?", [connection])
    .catch(() => []);
  return row === undefined ? "" : `, ${row.application}`;
}

/** `connection 12, deploy@10.0.0.5:51234, zmigrate apply`; null when nobody holds it. */
export async function runnerLockHolder(session: Session): Promise<string | null> {
  const [row] = await session.query<HolderRow>(
    `SELECT l.id AS id, p.USER AS user, p.HOST AS host
     FROM (SELECT IS_USED_LOCK(?) AS id) l LEFT JOIN information_schema.PROCESSLIST p ON p.ID = l.id
     WHERE l.id IS NOT NULL`,
    [await nameFor(session)],
  );
  if (row === undefined) return null;
  const who = row.user === null ? "a user whom this one may not see" : `${row.user}@${row.host ?? "?"}`;
  return `connection ${row.id}, ${who}${await labelOf(session, row.id)}`;
}
