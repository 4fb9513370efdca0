import { Unseen } from "../../engines/signal.js";
import { watchOf } from "../../throttle/watch.js";
import type { Check } from "../check.js";

/** Older ones hold up a `CREATE INDEX CONCURRENTLY`, or whoever waits for a table's lock, milliseconds. */
const OLD_MS = 60_000;

/** Is there a transaction that a step would wait for? */
export const transactions: Check = {
  name: "transactions",
  async look({ database, replicaUrls, throttle: { env } }) {
    const kind = database.signals.find(({ name }) => name === "longTransactions");
    if (kind === undefined) return { health: "advice", found: "the server does not say how old transactions are" };
    const watch = watchOf(database, { schema: null, name: "" }, { env, replicaUrls });
    try {
      const [reader] = [kind.open(OLD_MS, watch)].flat();
      const reading = await reader?.read();
      const found = reading?.reason ?? "";
      if (reading?.ok === true) return { health: "ok", found };
      return { health: "advice", found, way: "See what it is about: steps that need its tables' locks wait for it." };
    } catch (error) {
      if (!(error instanceof Unseen)) throw error;
      return { health: "advice", found: error.message };
    } finally {
      await watch.close();
    }
  },
};
