import { createConnection } from "mysql2/promise";

/**
 * Whether a statement waits for a transaction that has read table `t`: it needs the table to itself. The table is left
 * as the statement leaves it.
 *
 * @throws Error with the server's number when the statement fails for another reason
 */
export async function waitsForReader(url: string, sql: string, session: readonly string[] = []): Promise<boolean> {
  const [reader, other] = await Promise.all([createConnection({ uri: url }), createConnection({ uri: url })]);
  try {
    await reader.query("START TRANSACTION");
    await reader.query("SELECT * FROM t LIMIT 1");
    for (const setting of [...session, "SET SESSION lock_wait_timeout = 1"]) await other.query(setting);
    const waited = await other.query(sql).then(answered, (error) => isTimeout(error));
    await reader.query("COMMIT");
    if (waited) await other.query(sql);
    return waited;
  } finally {
    reader.destroy();
    other.destroy();
  }
}

const TIMED_OUT = 1205;
const answers = /lock wait timeout|timeout exceeded/i;

/** Statements about tables (OPTIMIZE, CHECK) put an error into their answer. */
function answered([rows]: readonly unknown[]): boolean {
  return answers.test(JSON.stringify(rows));
}

function isTimeout(error: { errno?: number }): boolean {
  if (error.errno !== TIMED_OUT) throw error;
  return true;
}
