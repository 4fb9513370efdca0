import { ZmigrateError } from "../../../errors.js";
import type { ServerInfo, Session } from "../../engine.js";

/** A busy pool may hand out the same connection a few times in a row. */
const ROUNDS = 5;

/** @param before what is sent in front of the question, in one message */
async function backendOf(session: Session, before = ""): Promise<number | undefined> {
  const [row] = await session.query<{ pid: number }>(`${before}SELECT pg_catalog.pg_backend_pid() AS pid`);
  return row?.pid;
}

/** While the other one is within a transaction, it has a connection that is not ours, and ours stays the one that it was. */
async function stays(session: Session, other: Session): Promise<boolean> {
  const theirs = await backendOf(other, "BEGIN; ");
  // Not asked in a pool of one: the other one has its only connection.
  const same = theirs === other.id && theirs !== session.id && (await backendOf(session)) === session.id;
  await other.query("ROLLBACK");
  return same;
}

/**
 * Behind a pooler that gives each transaction another of the server's connections (PgBouncer's `pool_mode = transaction`)
 * the runner's lock holds nobody off and stays behind in the pool, and settings are lost, or become somebody else's.
 *
 * @param open another session at the same address
 * @throws ZmigrateError pooled-session
 */
export async function mustKeepSession(
  session: Session,
  server: ServerInfo,
  open: () => Promise<Session>,
): Promise<void> {
  const other = await open();
  try {
    for (let round = 0; round < ROUNDS; round += 1)
      if (!(await stays(session, other))) throw new ZmigrateError("pooled-session", { target: server.target });
  } finally {
    await other.close();
  }
}
