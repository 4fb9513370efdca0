import type { Session } from "../../engine.js";

const WAITING = `SELECT ID AS id FROM information_schema.PROCESSLIST
  WHERE ID = ? AND INFO REGEXP '^(LOCK|RENAME|DROP) TABLES? ' AND STATE LIKE 'Waiting for table%lock%'`;

/**
 * Ends what another session runs, if it waits for the locks of several tables. Measured on MySQL 9.7: LOCK TABLES, RENAME
 * TABLE and DROP TABLE of a table with a foreign key lock the table and then the one that the key points at, each with a
 * lock_wait_timeout of its own, and who reads or writes the first waits until both are had or given up. ALTER TABLE lets
 * others go on at the first while it waits for the second; MariaDB 10.11 counts the time of all locks together.
 *
 * @param waiting the connection's id
 */
export async function endWait(observer: Session, waiting: number): Promise<void> {
  const [found] = await observer.query<{ id: string }>(WAITING, [waiting]);
  if (found !== undefined) await observer.query("KILL QUERY ?", [waiting]);
}

/** Ends the statement that another connection of this user runs; to one that runs none nothing happens. */
export async function endStatement(observer: Session, id: number): Promise<void> {
  await observer.query("KILL QUERY ?", [id]);
}
