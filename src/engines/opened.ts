import type { Session } from "./database.js";
import { within } from "./kept.js";

/** A session that can be made as new, which costs its server and the way to it less than to open another. */
export interface Renewable extends Session {
  /**
   * Takes back all that its user did to it: locks, settings. MySQL and MariaDB have none: there, a session does not learn of
   * privileges that are granted while it is open.
   *
   * @throws where it cannot be had as new
   */
  renew?(): Promise<void>;
}

/** Sessions that this process has open on a server. */
export interface Opened {
  open(): Promise<Session>;
  /** The server's ids of those that are still open. */
  ids(): readonly number[];
  /** Ends those that nobody uses. Those in use are their users'. */
  close(): Promise<void>;
}

/** Sessions that nobody uses, and that may be used again. A run uses a few at once, and many one after the other. */
const MOST_SPARE = 3;

/** A session that was not used for longer may lead to a server that is no longer the one to talk to, milliseconds. */
const SPARE_MS = 3_000;

/** How long to make a session as new may take, milliseconds: a local matter of the server. */
const RENEWAL_MS = 1_000;

/**
 * Keeps account of what `open` opens until it is closed or lost. Who closes a session that can be made as new leaves it to
 * who opens the next one; each has the session for itself, and nothing of who had it before.
 *
 * @param first is taken by who opens the first one
 */
export function opened(open: () => Promise<Renewable>, first: Renewable | null = null): Opened {
  const sessions = new Set<Renewable>();
  const spare = new Map<Renewable, NodeJS.Timeout>();
  let over = false;

  const take = (session: Renewable) => {
    clearTimeout(spare.get(session));
    return spare.delete(session);
  };
  const end = async (session: Renewable) => {
    take(session);
    sessions.delete(session);
    await session.close();
  };
  const keep = (session: Renewable) => {
    spare.set(session, setTimeout(() => void end(session).catch(() => undefined), SPARE_MS).unref());
  };
  const add = (session: Renewable) => {
    sessions.add(session);
    const gone = () => {
      take(session);
      sessions.delete(session);
    };
    session.lost.addEventListener("abort", gone, { once: true });
    return session;
  };
  const giveBack = async (session: Renewable) => {
    if (over || session.renew === undefined || session.lost.aborted || spare.size >= MOST_SPARE) return end(session);
    try {
      await within(RENEWAL_MS, session.renew());
    } catch {
      return end(session);
    }
    if (over || spare.size >= MOST_SPARE) return end(session);
    if (!session.lost.aborted) keep(session);
  };

  if (first !== null) keep(add(first));
  return {
    async open() {
      const [known] = spare.keys();
      if (known !== undefined) take(known);
      const session = known ?? add(await open());
      return lent(session, () => giveBack(session));
    },
    ids: () => [...sessions].map((session) => session.id),
    async close() {
      over = true;
      await Promise.all([...spare.keys()].map(end));
    },
  };
}

/** The session for one user: what they do with it after they closed it is refused. */
function lent(session: Renewable, giveBack: () => Promise<void>): Session {
  const lost = new AbortController();
  const lose = () => lost.abort();
  session.lost.addEventListener("abort", lose, { once: true });
  if (session.lost.aborted) lose();
  let closing: Promise<void> | null = null;
  const close = () => {
    if (closing === null) {
      session.lost.removeEventListener("abort", lose);
      closing = giveBack();
    }
    return closing;
  };
  const methods = Object.entries(session).map(([name, value]) => {
    if (typeof value !== "function") return [name, value];
    return [name, (...args: unknown[]) => (closing === null ? value(...args) : Promise.reject(closedBefore()))];
  });
  return { ...(Object.fromEntries(methods) as Session), lost: lost.signal, close };
}

/** As drivers say it. */
const closedBefore = () => new Error("the connection is in closed state: it is not queryable");
