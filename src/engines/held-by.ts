import { duration } from "../files/duration.js";
import type { Blocker } from "../model/event.js";
import { nameOfHolder } from "../model/holder.js";

/** How long its transaction is open; "" where that is not known. */
function ageOf({ prepared, ageMs }: Blocker): string {
  if (ageMs === null) return "";
  return prepared === undefined ? `transaction of ${Math.round(ageMs / 1000)} s` : `prepared ${duration(ageMs)} ago`;
}

/** Its name, and what else is known of it. */
function who(blocker: Blocker): string {
  const known = [blocker.user, blocker.application, ageOf(blocker)].filter((part) => part !== "");
  return known.length === 0 ? nameOfHolder(blocker) : `${nameOfHolder(blocker)} (${known.join(", ")})`;
}

/** Who holds a lock, for people: `pid 12 (app, psql, transaction of 31 s): UPDATE ...`; "" for nobody. */
export const heldBy = (blockers: Iterable<Blocker>): string =>
  [...blockers].map((blocker) => `${who(blocker)}: ${blocker.query}`).join("; ");
