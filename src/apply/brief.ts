import type { Session, Timeouts } from "../engines/engine.js";
import { named } from "./retry.js";
import type { Run } from "./run.js";

/** The least that a statement is given, milliseconds: catalog changes that wait for nobody take far less. */
const LEAST_MS = 500;

/** How long statements may have taken before what is left is counted anew, milliseconds: a round trip holds locks too. */
const NEGLIGIBLE_MS = 50;

/**
 * Runs statements in a transaction which others may wait for, no longer than the lock timeout in all. A server's own
 * lock timeout is for each lock: a statement that takes a second one, of a table that a foreign key points at, would
 * wait for as long again while it holds the first.
 *
 * @throws the server's lock timeout or statement timeout
 */
async function runBriefly(run: Run, sql: readonly string[], lockMs: number, session: Session): Promise<void> {
  const { database, lockTimeoutMs } = run.options;
  const began = performance.now();
  let counted = 0;
  const left = () => Math.max(LEAST_MS, lockTimeoutMs - counted);
  await database.begin(session, { lockMs, statementMs: left() });
  for (const statement of sql) {
    const taken = performance.now() - began;
    if (taken - counted > NEGLIGIBLE_MS) {
      counted = taken;
      await database.limit?.(session, { lockMs: Math.min(lockMs, left()), statementMs: left() });
    }
    await named(statement, () => session.query(statement));
  }
}

/**
 * Begins a transaction and runs statements in it.
 *
 * @param timeouts for each statement
 * @param briefly no longer than the lock timeout in all, whatever `timeouts` says
 */
export async function runTogether(
  run: Run,
  sql: readonly string[],
  timeouts: Timeouts,
  session: Session,
  briefly: boolean,
): Promise<void> {
  if (briefly) return runBriefly(run, sql, timeouts.lockMs, session);
  await run.options.database.begin(session, timeouts);
  for (const statement of sql) await named(statement, () => session.query(statement));
}
