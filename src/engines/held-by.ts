import type { Blocker } from "../model/event.js";

const who = ({ pid, user, application, ageMs }: Blocker): string =>
  `pid ${pid} (${user}${application === "" ? "" : `, ${application}`}${ageMs === null ? "" : `, transaction of ${Math.round(ageMs / 1000)} s`})`;

/** Who holds a lock, for people: `pid 12 (app, psql, transaction of 31 s): UPDATE ...`; "" for nobody. */
export const heldBy = (blockers: Iterable<Blocker>): string =>
  [...blockers].map((blocker) => `${who(blocker)}: ${blocker.query}`).join("; ");
