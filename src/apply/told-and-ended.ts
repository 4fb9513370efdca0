import { stopIfAsked } from "../backfill/interrupted.js";
import type { Blocker, Database, Session } from "../engines/engine.js";
import type { Kept } from "../engines/kept.js";
import type { Emit } from "../model/event.js";
import { nameOfHolder } from "../model/holder.js";

/** A query that takes longer than this is looked at, and may go on for so long when the run is asked to stop, milliseconds. */
const LONG_MS = 2_000;

/** How the queries of a session are kept an eye on. */
export interface Watch {
  readonly database: Database;
  /** Sees whom a query waits for; opened when one takes long. */
  readonly observer: Kept;
  readonly signal: AbortSignal;
  readonly emit: Emit;
}

/**
 * Has the queries of a session tell whom they wait for, and end soon after the run is asked to stop: one of the catalog
 * waits behind whoever changes a table, without a limit. The session is closed for that.
 *
 * @returns the same session; its queries throw Interrupted then
 */
export function toldAndEnded(session: Session, { database, observer, signal, emit }: Watch): Session {
  const query = session.query.bind(session);
  const told = new Set<string>();
  let ended = false;
  let looked = Promise.resolve();
  const look = async () => {
    const found: readonly Blocker[] = await database.blockers(await observer.session(), session.id);
    const blockers = found.filter((one) => !told.has(nameOfHolder(one)));
    for (const one of blockers) told.add(nameOfHolder(one));
    if (blockers.length > 0) emit({ event: "catalog-blocked", blockers });
  };
  const end = () => {
    ended = true;
    void session.close().catch(() => undefined);
  };
  return Object.assign(session, {
    async query<R extends object>(sql: string, params?: readonly unknown[]): Promise<R[]> {
      if (ended) stopIfAsked(signal);
      let ending: NodeJS.Timeout | undefined;
      const endSoon = () => {
        ending = setTimeout(end, LONG_MS);
      };
      const looking = setInterval(() => {
        looked = looked.then(look).catch(() => observer.drop());
      }, LONG_MS);
      if (signal.aborted) endSoon();
      else signal.addEventListener("abort", endSoon, { once: true });
      try {
        return await query<R>(sql, params);
      } catch (error) {
        if (ended) stopIfAsked(signal);
        throw error;
      } finally {
        signal.removeEventListener("abort", endSoon);
        clearTimeout(ending);
        clearInterval(looking);
      }
    },
  });
}
