import { sleep, stopIfAsked } from "../backfill/interrupted.js";
import type { Blocker, Session } from "../engines/engine.js";
import { heldBy } from "../engines/held-by.js";
import { regularly } from "../engines/regularly.js";
import { ZmigrateError } from "../errors.js";
import { nameOfHolder } from "../model/holder.js";
import type { Step } from "../model/step.js";
import type { Run } from "./run.js";
import { stopsOthers } from "./stops-others.js";

/** How often to look who blocks a statement at most, milliseconds; a short lock timeout is looked into twice. */
const LOOK_MS = 400;

/**
 * Runs `work`; a long statement is given up when the run is asked to stop. Its connection is closed for that: the
 * server sees it and ends the statement.
 */
async function abandoned<T>(run: Run, step: Step, session: Session, work: () => Promise<T>): Promise<T> {
  if (!step.unlimited) return work();
  const close = () => void session.close();
  run.signal.addEventListener("abort", close, { once: true });
  try {
    return await work();
  } finally {
    run.signal.removeEventListener("abort", close);
  }
}

/** How much longer than the lock timeout a statement may wait, milliseconds: the server's own comes first where it can. */
const GRACE_MS = 100;

/**
 * Has what others wait for give up when the lock timeout is over in all. What cannot be looked at is left to the
 * server's timeouts.
 */
async function heldToTime<T>(run: Run, session: Session, briefly: boolean, work: () => Promise<T>): Promise<T> {
  const { database, lockTimeoutMs } = run.options;
  const until = performance.now() + lockTimeoutMs + GRACE_MS;
  let ending = Promise.resolve();
  const end = () => database.endWait(run.observer, session.id).catch(() => undefined);
  const timer = setInterval(() => {
    if (briefly && performance.now() >= until) ending = ending.then(end);
  }, GRACE_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await ending;
  }
}

/** Looks whom a session waits for while `work` runs. */
async function watched<T>(
  run: Run,
  session: Session,
  work: () => Promise<T>,
  waitsFor: (found: readonly Blocker[]) => void,
): Promise<T> {
  const look = async () => waitsFor(await run.options.database.blockers(run.observer, session.id));
  const looking = regularly(Math.min(LOOK_MS, run.options.lockTimeoutMs / 3), look);
  try {
    return await work();
  } finally {
    await looking.stop();
  }
}

/** Which of several statements an error is about. */
class StatementFailed extends Error {
  readonly statement: string;
  constructor(statement: string, cause: unknown) {
    super("a statement failed", { cause });
    this.statement = statement;
  }
}

/** Runs one of several statements, so that an error tells which. */
export async function named<T>(statement: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new StatementFailed(statement, error);
  }
}

/** The beginning of each statement, for messages. */
export const headlines = (sql: readonly string[]): string =>
  sql
    .map((s) => (s.length > 120 || s.includes("\n") ? `${s.split("\n", 1)[0]?.slice(0, 120) ?? ""} ...` : s))
    .join("\n  ");

const describeBlockers = (seen: readonly Blocker[]): string =>
  seen.length === 0 ? "Nobody was seen to hold it for long." : `Held by ${heldBy(seen)}.`;

const transactionOf = (one: Blocker | undefined): string =>
  one?.prepared === undefined ? `the transaction of pid ${one?.pid}` : nameOfHolder(one);

/** Which transactions, and since when they are open, as far as that is known; of several that are prepared one may be meant. */
function transactionsText(old: readonly Blocker[]): string {
  const ages = old.flatMap(({ ageMs }) => (ageMs === null ? [] : [ageMs]));
  const open = ages.length === 0 ? "" : `open for ${Math.round(Math.max(...ages) / 1000)} s`;
  const since = (text: string) => (open === "" ? "" : `, ${text}${open}`);
  if (old.length === 1) return `${transactionOf(old[0])}${since("")}`;
  const prepared = old.every((one) => one.prepared !== undefined);
  return `${prepared ? "one or more of " : ""}${old.length}${prepared ? " prepared" : ""} transactions${since("the oldest ")}`;
}

/** A transaction that has lasted for so many lock timeouts will not end within one. */
const OLD = 10;

/**
 * Who would make a step wait in vain, and all behind it: transactions so old that they will not end within the lock timeout.
 * What cannot be looked at is not known, and the step asks.
 */
async function inVain(run: Run, step: Step): Promise<readonly Blocker[]> {
  const { database, lockTimeoutMs } = run.options;
  return (await database.oldHolders?.(run.observer, step.locks, OLD * lockTimeoutMs).catch(() => [])) ?? [];
}

/** Why statements failed at what was there for a moment only; null where it was not so, or cannot be told. */
const momentOf = async ({ options, observer }: Run, step: Step, error: unknown, sql: readonly string[]) =>
  (await options.database.momentary?.(observer, error, sql.join("\n"), step.locks).catch(() => null)) ?? null;

/** What failed at a moment is a rebuild, which takes as long again: where so many did, the next one will. */
export const TRIES_OF_A_MOMENT = 3;

const WHEN = "when such statements pause for as long as the rebuild takes";

/**
 * Runs a step's statements, and again when a lock was not to be had in time or a deadlock was resolved against it,
 * with growing pauses in which everybody else goes on. What others wait for is run briefly, within the lock timeout in
 * all; where that was not enough though nobody was in its way, it is given the time that it takes.
 *
 * @param waitsFor what is locked, for messages, where it is not the step's own tables; null where it is
 * @throws ZmigrateError lock-timeout when patience ends, step-failed for every other error of the server
 */
export async function withLockRetries(
  run: Run,
  migration: string,
  step: Step,
  sql: readonly string[],
  work: (session: Session, briefly: boolean) => Promise<void>,
  waitsFor: string | null = null,
): Promise<void> {
  const { database, emit, lockRetries } = run.options;
  const prefix = waitsFor === null ? "" : `${waitsFor}. `;
  const seen = new Map<string, Blocker>();
  let briefly = stopsOthers(step);
  const tell = (found: readonly Blocker[]) => {
    const fresh = found.filter((b) => !seen.has(nameOfHolder(b)));
    for (const b of found) seen.set(nameOfHolder(b), b);
    if (fresh.length > 0) emit({ event: "step-blocked", migration, step: step.id, blockers: fresh });
  };
  /** @throws ZmigrateError lock-timeout when patience ends */
  const later = async (attempt: number, why: string, cause?: unknown) => {
    const blockers = `${prefix}${describeBlockers([...seen.values()])}`;
    if (attempt > lockRetries)
      throw new ZmigrateError("lock-timeout", { migration, step: step.id, attempts: attempt, blockers }, { cause });
    const waitMs = Math.round(Math.min(30_000, 500 * 1.6 ** attempt) * (0.5 + Math.random()));
    emit({ event: "step-retried", migration, step: step.id, attempt, waitMs, why: `${prefix}${why}` });
    await sleep(waitMs, run.signal);
  };
  let moments = 0;
  for (let attempt = 1; ; attempt += 1) {
    stopIfAsked(run.signal);
    const old = waitsFor === null && stopsOthers(step) ? await inVain(run, step) : [];
    if (old.length > 0) {
      tell(old);
      await later(attempt, `not asked for its lock: all who come behind would wait for ${transactionsText(old)}`);
      continue;
    }
    const session = await run.ddl(migration);
    let waited = false;
    const waits = (found: readonly Blocker[]) => {
      waited ||= found.length > 0;
      tell(found);
    };
    const held = () => heldToTime(run, session, briefly, () => work(session, briefly));
    const working = () => abandoned(run, step, session, held);
    try {
      await watched(run, session, working, waits);
      return;
    } catch (caught) {
      const failed = caught instanceof StatementFailed ? caught : null;
      const error = failed === null ? caught : failed.cause;
      await database.reset(session);
      stopIfAsked(run.signal);
      if (error instanceof ZmigrateError) throw error;
      const kind = database.classify(error);
      const why = database.describe(error);
      if (kind === "connection-lost")
        throw new ZmigrateError(
          "connection-lost",
          { target: database.server.target, during: `in step ${step.id} of ${migration}` },
          { cause: error },
        );
      const cutShort = kind === "statement-timeout" && briefly;
      if (cutShort) briefly = waited;
      const passing = kind === "lock-timeout" || kind === "deadlock" || kind === "serialization" || cutShort;
      const statements = failed === null ? sql : [failed.statement];
      const moment = passing ? null : await momentOf(run, step, error, statements);
      if (moment !== null) moments += 1;
      if ((moment === null && !passing) || moments >= TRIES_OF_A_MOMENT)
        throw new ZmigrateError(
          "step-failed",
          {
            ...{ migration, step: step.id, reason: moment ?? why, sql: headlines(statements) },
            ...(moment === null ? {} : { when: WHEN }),
          },
          { cause: error },
        );
      await later(attempt, moment ?? why, error);
    }
  }
}
