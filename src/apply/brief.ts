import type { ErrorClass, Session, Timeouts } from "../engines/engine.js";
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
      const limits = database.limits?.({ lockMs: Math.min(lockMs, left()), statementMs: left() });
      if (limits !== undefined) await session.query(limits);
    }
    await named(statement, () => session.query(statement));
  }
}

/** What waiting, or a connection, has ended: to be told as it is, and tried again as a whole. */
const PASSING: ReadonlySet<ErrorClass> = new Set([
  "lock-timeout",
  "deadlock",
  "serialization",
  "statement-timeout",
  "connection-lost",
]);

/**
 * Sends statements that wait for the lock of one table as one message: nobody waits for the ways between them, on which a busy
 * machine spends more than on the statements. COMMIT is not among them: a server goes on with what it was sent when its client
 * is dead.
 *
 * @param limits of those behind the first one, which has the lock
 * @returns false where a statement failed and all is undone: such a message does not tell which one it was
 * @throws the server's error where waiting, or the connection, has ended
 */
async function inOneMessage(
  { options }: Run,
  sql: readonly string[],
  limits: string,
  session: Session,
): Promise<boolean> {
  const { database } = options;
  const [first = "", ...rest] = sql;
  try {
    // A statement may end in a comment.
    await session.query([first, limits, ...rest].join("\n;\n"));
    return true;
  } catch (error) {
    if (PASSING.has(database.classify(error))) throw error;
    await database.rollback(session);
    return false;
  }
}

/** What is run in one transaction. */
interface Together {
  readonly sql: readonly string[];
  /** For each statement. */
  readonly timeouts: Timeouts;
  /** Ends within the lock timeout in all, whatever `timeouts` says. */
  readonly briefly: boolean;
  /** Waits for the lock of one table at most. */
  readonly oneTable: boolean;
  /** Writes what has become of it, in the same transaction. */
  note(): Promise<void>;
}

/**
 * Runs statements in a transaction, with the journal's row of them, and commits it.
 *
 * @throws the server's error, with its statement where one is to blame
 */
export async function runTogether(run: Run, session: Session, together: Together): Promise<void> {
  const { sql, timeouts, briefly, oneTable, note } = together;
  const { database, lockTimeoutMs } = run.options;
  const { lockMs } = timeouts;
  const limits = database.limits?.({ lockMs: Math.min(lockMs, LEAST_MS), statementMs: LEAST_MS });
  if (briefly && oneTable && limits !== undefined) {
    await database.begin(session, { lockMs, statementMs: lockTimeoutMs });
    await note();
    if (await inOneMessage(run, sql, limits, session)) return database.commit(session);
  }
  if (briefly) await runBriefly(run, sql, lockMs, session);
  else {
    await database.begin(session, timeouts);
    for (const statement of sql) await named(statement, () => session.query(statement));
  }
  await note();
  await database.commit(session);
}
