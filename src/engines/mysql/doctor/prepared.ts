import { setTimeout } from "node:timers/promises";
import type { ServerCheck } from "../../examination.js";
import { heldBy } from "../../held-by.js";
import { preparedHere } from "../execute/prepared-holding.js";

/** One whose coordinator is well is prepared for less, milliseconds. */
const SHORT_MS = 1_000;

/**
 * Does a prepared XA transaction hold a table, without a session that could be ended? InnoDB, which tells of open transactions,
 * knows nothing of one that has only read. MySQL alone: MariaDB takes such a one back when its session goes.
 */
export const prepared: ServerCheck = {
  name: "prepared",
  async look(session, server) {
    const first = new Set((await preparedHere(session, server)).map((one) => one.prepared));
    if (first.size > 0) await setTimeout(SHORT_MS);
    const still =
      first.size === 0 ? [] : (await preparedHere(session, server)).filter((one) => first.has(one.prepared));
    if (still.length === 0) return { health: "ok", found: "no prepared XA transaction holds a table of this database" };
    const found = `a table of this database is held by ${heldBy(still)}`;
    return { health: "advice", found, way: "See that it is ended: steps that need its tables' locks wait for it." };
  },
};
