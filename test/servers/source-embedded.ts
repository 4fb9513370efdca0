import { startPostgres } from "../../src/demo/embedded-postgres.js";
import type { EngineName } from "../../src/engines/engine.js";
import type { Source, Starter } from "./types.js";

/** Many tests share a server: what one has sent must still be among the statistics when it asks. */
const SETTINGS = Object.freeze({ "pg_stat_statements.max": "50000", max_prepared_transactions: "10" });

/** PostgreSQL 18 from npm. */
export const embeddedSource: Source = Object.freeze({
  async offer(name: EngineName): Promise<Starter | string> {
    if (name !== "postgres") return "npm brings none";
    return async (options) => {
      const pg = await startPostgres({ replica: options.replica === true, settings: SETTINGS });
      const { url, primary, replica, stop } = pg;
      return Object.freeze({ name, url, replicaUrl: replica?.url ?? null, primary, replica, stop });
    };
  },
});
