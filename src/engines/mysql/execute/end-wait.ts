import type { Session } from "../../engine.js";

const WAITING = `SELECT ID AS id FROM information_schema.PROCESSLIST
  WHERE ID = ? AND INFO LIKE 'LOCK TABLES %' AND STATE LIKE 'Waiting for table%lock%'`;

/**
 * Ends the LOCK TABLES of another session, if it waits. Measured on MySQL 9.7: that of a table with a foreign key locks the
 * table and then the one that the key points at, each with a lock_wait_timeout of its own, and who reads or writes the
 * first waits until both are had or given up. Other statements of ours let the first go on while they wait for a second.
 *
 * @param waiting the connection's id
 */
export async function endWait(observer: Session, waiting: number): Promise<void> {
  const [found] = await observer.query<{ id: string }>(WAITING, [waiting]);
  if (found !== undefined) await observer.query("KILL QUERY ?", [waiting]);
}
