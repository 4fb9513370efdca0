import type { Session, Timeouts } from "../../engine.js";
import { NO_LIMITS } from "./settings.js";

const set = (name: string, ms: number, local: boolean) => `SET ${local ? "LOCAL " : ""}${name} = ${Math.round(ms)}`;

/** Changes the timeouts of the open transaction; they end with it. */
export const limits = (timeouts: Timeouts): string =>
  [set("lock_timeout", timeouts.lockMs, true), set("statement_timeout", timeouts.statementMs, true)].join("; ");

/** A few round trips, and a moment in which the machine does something else, milliseconds. */
const LEAST_IDLE_MS = 2_000;

/** Where no lock is taken that holds up readers or writers: as long as a session of a backfill. */
const PEACEFUL_IDLE_MS = 30_000;

/**
 * How long a transaction may wait for its client: one that is stopped, or that the network has cut off without a word,
 * keeps its locks no longer than somebody would have waited for them.
 */
const idleMs = ({ lockMs }: Timeouts): number => (lockMs <= 0 ? PEACEFUL_IDLE_MS : Math.max(LEAST_IDLE_MS, lockMs));

/**
 * Begins a transaction under timeouts that end with it. READ COMMITTED whatever the role's default is: a batch must judge
 * a row again that another session has changed, and not fail on it.
 */
export async function begin(session: Session, timeouts: Timeouts): Promise<void> {
  const idle = set("idle_in_transaction_session_timeout", idleMs(timeouts), true);
  await session.query(`BEGIN ISOLATION LEVEL READ COMMITTED; ${idle}; ${limits(timeouts)}`);
}

export const commit = (session: Session): Promise<void> => session.query("COMMIT").then(() => undefined);

/** Also right when there is no transaction, or the connection is gone. */
export const rollback = (session: Session): Promise<void> =>
  session.query("ROLLBACK").then(
    () => undefined,
    () => undefined,
  );

/** Statements that refuse to run in a transaction, one by one. The timeouts are the session's until `reset`. */
export async function run(session: Session, statements: readonly string[], timeouts: Timeouts): Promise<void> {
  await session.query(set("lock_timeout", timeouts.lockMs, false));
  await session.query(set("statement_timeout", timeouts.statementMs, false));
  for (const statement of statements) await session.query(statement);
  await reset(session);
}

export async function reset(session: Session): Promise<void> {
  await rollback(session);
  await session.query(NO_LIMITS).catch(() => undefined);
}
