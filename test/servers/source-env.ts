import type { EngineName } from "../../src/engines/engine.js";
import { query } from "./sql.js";
import type { Source, Starter } from "./types.js";

/**
 * Servers that somebody else runs: ZMIGRATE_TEST_POSTGRES_URL and its like, with an administrator's name, and
 * ZMIGRATE_TEST_POSTGRES_REPLICA_URL for a replica.
 */
export const envSource: Source = Object.freeze({
  async offer(name: EngineName): Promise<Starter | string> {
    const variable = `ZMIGRATE_TEST_${name.toUpperCase()}`;
    const url = process.env[`${variable}_URL`];
    if (url === undefined || url === "") return `${variable}_URL is not set`;
    const replicaUrl = process.env[`${variable}_REPLICA_URL`] ?? null;
    return async () => {
      await query(url, "SELECT 1");
      return Object.freeze({ name, url, replicaUrl, primary: null, replica: null, stop: async () => undefined });
    };
  },
});
