import type { Database, Reading, Signal } from "../engines/engine.js";
import { go, stop } from "../engines/reading.js";
import { type Reader, Unseen } from "../engines/signal.js";

/** What a signal is called where it stands, and what happens where it may not be read. */
export interface Guard {
  readonly name: string;
  readonly database: Database;
  /** Told once when the signal is left out; null for one that a person asked for, which stops instead. */
  readonly leaveOut: ((why: string) => void) | null;
}

/**
 * Fails closed: what cannot be read stops, with the reason and the setting that it comes from. One that nobody asked for
 * and that this role may not read is left out, and said: a backfill that went on before there was such a signal would
 * otherwise not go on until an administrator is found, for something that is a courtesy. What cannot be read for another
 * reason (a timeout, a lost connection) stops in any case.
 */
export function guarded(reader: Reader, { name, database, leaveOut }: Guard): Signal {
  let leftOut = false;
  const unreadable = (error: unknown): Reading => {
    const why = error instanceof Error && error instanceof Unseen ? error.message : database.describe(error);
    const denied = error instanceof Unseen || database.classify(error) === "permission";
    if (!denied || leaveOut === null) return stop(`cannot be read: ${why}`);
    leftOut = true;
    leaveOut(why);
    return go("left out");
  };
  return {
    name,
    async read() {
      if (leftOut) return go("left out");
      const reading = await reader.read().catch(unreadable);
      return reading.calm ? reading : { ...reading, reason: `throttle.${name}: ${reading.reason}` };
    },
    close: async () => reader.close?.(),
  };
}
