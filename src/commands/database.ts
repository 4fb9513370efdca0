import { engineFor } from "../config/engine.js";
import type { Settings } from "../config/settings.js";
import type { Database, Engine } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { loadMigrations } from "../history/load.js";
import type { Migration } from "../model/migration.js";

/** A server that does not answer at all is told after this long, milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;

export interface Live {
  readonly engine: Engine;
  readonly database: Database;
  readonly migrations: readonly Migration[];
}

/**
 * Reads the folder, then connects: a bad file is told without a server.
 *
 * @param verb shown in the server's session list behind `zmigrate`
 * @throws ZmigrateError no-database-url, cannot-connect, wrong-server and what reading the folder throws
 */
export async function withDatabase<T>(settings: Settings, verb: string, body: (live: Live) => Promise<T>): Promise<T> {
  const engine = await engineFor(settings.engine);
  const migrations = await loadMigrations(settings.migrations, engine);
  if (settings.databaseUrl === null) throw new ZmigrateError("no-database-url", {});
  const release = settings.release === null ? "" : ` ${settings.release}`;
  const database = await engine.connect(settings.databaseUrl, {
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    applicationName: `zmigrate ${verb}${release}`.slice(0, 63),
  });
  try {
    return await body({ engine, database, migrations });
  } finally {
    await database.close();
  }
}
