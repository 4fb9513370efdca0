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
export async function tryRunnerLock(session: Session): Promise<boolean> {
  const [row] = await session.query<{ locked: number | null }>("SELECT GET_LOCK(?, 0) AS locked", [
    await nameFor(session),
  ]);
  return Number(row?.locked) === 1;
}

interface HolderRow {
  readonly id: string;
  readonly user: string | null;
  readonly host: string | null;
  readonly seconds: string | null;
}

/** `connection 12, deploy@10.0.0.5:51234, idle for 3 s`; null when nobody holds it. */
export async function runnerLockHolder(session: Session): Promise<string | null> {
  const [row] = await session.query<HolderRow>(
    `SELECT l.id AS id, p.USER AS user, p.HOST AS host, p.TIME AS seconds
     FROM (SELECT IS_USED_LOCK(?) AS id) l LEFT JOIN information_schema.PROCESSLIST p ON p.ID = l.id
     WHERE l.id IS NOT NULL`,
    [await nameFor(session)],
  );
  if (row === undefined) return null;
  if (row.user === null) return `connection ${row.id} (this user may not see whose it is)`;
  return `connection ${row.id}, ${row.user}@${row.host ?? "?"}, idle for ${row.seconds ?? "?"} s`;
}
