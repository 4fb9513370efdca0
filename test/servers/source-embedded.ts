import { startPostgres } from "../../src/demo/embedded-postgres.js";
import type { EngineName } from "../../src/engines/engine.js";
import { PASSWORD, query } from "./sql.js";
import type { Source, Starter } from "./types.js";

/** Many tests share a server: what one has sent must still be among the statistics when it asks. */
const SETTINGS = Object.freeze({ "pg_stat_statements.max": "50000", max_prepared_transactions: "10" });

/** The usual 4,096 turns of the hash are two fifths of what a connection costs a client, and a run makes thousands. */
const FAST_PASSWORD = `SET scram_iterations = 1; ALTER ROLE postgres PASSWORD '${PASSWORD}'`;

/** PostgreSQL 18 from npm. */
export const embeddedSource: Source = Object.freeze({
  async offer(name: EngineName): Promise<Starter | string> {
    if (name !== "postgres") return "npm brings none";
    return async (options) => {
      const pg = await startPostgres({ replica: options.replica === true, settings: SETTINGS });
      const { url, primary, replica, stop } = pg;
      await query(url, FAST_PASSWORD);
      return Object.freeze({ name, url, replicaUrl: replica?.url ?? null, primary, replica, stop });
    };
  },
});
