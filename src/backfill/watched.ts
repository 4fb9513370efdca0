import type { Blocker, Database, Session } from "../engines/engine.js";
import { type Kept, within } from "../engines/kept.js";

/** When it is first looked whom a write waits for, milliseconds: each look is as long behind the last as that one behind the beginning. */
const LOOK_MS = 400;

/** How long the server may take to answer, milliseconds. */
const ANSWER_MS = 3_000;

/** How a write is watched. */
export interface Watching {
  readonly database: Database;
  /** Sees the others; opened when a write takes long. */
  readonly observer: Kept;
  /** The session that writes. */
  readonly session: Session;
  /** How long a statement of it may take, milliseconds. */
  readonly limitMs: number;
  /** Told whom it waits for, where there is somebody. */
  readonly blocked: (by: readonly Blocker[]) => void;
}

/**
 * Runs a write, sees whom it waits for, and has the server end it after its time where no timeout of the server's own does.
 * What cannot be looked at, or ended, goes on as it is.
 */
export async function watched<T>(watching: Watching, body: () => Promise<T>): Promise<T> {
  const { database, observer, session, limitMs, blocked } = watching;
  const began = performance.now();
  let ending: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<unknown> = Promise.resolve();
  let [over, written] = [false, false];
  const look = async (other: Session) => {
    const by = await database.blockers(other, session.id);
    if (by.length > 0 && !written) blocked(by);
    if (over || performance.now() - began < limitMs) return;
    ending = database.endStatement?.(other, session.id) ?? ending;
    await ending;
  };
  const next = () => {
    const spent = performance.now() - began;
    const wait = spent === 0 ? LOOK_MS : spent;
    const left = limitMs - spent;
    const ms = left > 0 ? Math.min(wait, left) : LOOK_MS;
    timer = setTimeout(() => {
      looking = observer.ask(ANSWER_MS, look).catch(() => undefined);
      void looking.then(() => over || next());
    }, ms);
  };
  next();
  try {
    const result = await body();
    // Its rows are locked until it is committed: what is being looked at is not waited for.
    written = true;
    return result;
  } finally {
    over = true;
    clearTimeout(timer);
    if (!written) await looking;
    // What is to end one statement must not meet another.
    await within(ANSWER_MS, ending).catch(() => undefined);
  }
}
