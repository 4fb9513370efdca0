import { pauseReplay, resumeReplay } from "../../src/demo/embedded-postgres.js";
import type { EngineName } from "../../src/engines/engine.js";
import { query } from "./sql.js";

/** Stops the replay of what the replica goes on receiving: it lags until `resumeReplica`. */
export async function pauseReplica(name: EngineName, url: string): Promise<void> {
  if (name === "postgres") return pauseReplay(url);
  await query(url, `STOP ${word(name)} SQL_THREAD`);
}

export async function resumeReplica(name: EngineName, url: string): Promise<void> {
  if (name === "postgres") return resumeReplay(url);
  await query(url, `START ${word(name)} SQL_THREAD`);
}

/** MySQL 8.4 has forgotten the old word; MariaDB 10.6 knows both. */
const word = (name: EngineName): string => (name === "mysql" ? "REPLICA" : "SLAVE");
