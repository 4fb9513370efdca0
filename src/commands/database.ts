import { engineFor } from "../config/engine.js";
import { secretsOf } from "../config/redact.js";
import type { Settings } from "../config/settings.js";
import type { ConnectOptions } from "../engines/database.js";
import type { Database, Engine } from "../engines/engine.js";
import { WAYS_OUT } from "../engines/ways-out.js";
import { ZmigrateError } from "../errors.js";
import { loadMigrations } from "../history/load.js";
import type { Migration } from "../model/migration.js";
import { withoutSecrets } from "./failure.js";

/** A server that does not answer at all is told after this long, milliseconds. */
export const CONNECT_TIMEOUT_MS = 10_000;

export interface Live {
  readonly engine: Engine;
  readonly database: Database;
  readonly migrations: readonly Migration[];
}

/**
 * Reads the folder, then connects: a bad file is told without a server.
 *
 * @param verb shown in the server's session list behind `zmigrate`
 * @throws ZmigrateError no-database-url, cannot-connect, wrong-server and what reading the folder throws; for an error of
 * the server that nobody has named yet: permission-denied, connection-lost, server-refused. None holds a password
 */
export async function withDatabase<T>(settings: Settings, verb: string, body: (live: Live) => Promise<T>): Promise<T> {
  const engine = await engineFor(settings.engine, settings.osc);
  const migrations = await loadMigrations(settings.migrations, engine);
  return connect(engine, settings, verb, (database) => body({ engine, database, migrations }));
}

/**
 * Connects, without reading any file.
 *
 * @param connectTimeoutMs after how long a server that does not answer is told, milliseconds
 * @throws ZmigrateError as `withDatabase`
 */
export async function withConnection<T>(
  settings: Settings,
  verb: string,
  body: (database: Database) => Promise<T>,
  connectTimeoutMs: number = CONNECT_TIMEOUT_MS,
): Promise<T> {
  return connect(await engineFor(settings.engine, settings.osc), settings, verb, body, connectTimeoutMs);
}

async function connect<T>(
  engine: Engine,
  { databaseUrl, replicaUrls, ignoredReplicas, release }: Settings,
  verb: string,
  body: (database: Database) => Promise<T>,
  connectTimeoutMs: number = CONNECT_TIMEOUT_MS,
): Promise<T> {
  if (databaseUrl === null) throw new ZmigrateError("no-database-url", {});
  try {
    const applicationName = `zmigrate ${verb}${release === null ? "" : ` ${release}`}`.slice(0, 63);
    return await connected(engine, databaseUrl, { connectTimeoutMs, applicationName, ignoredReplicas }, body);
  } catch (error) {
    if (!(error instanceof ZmigrateError)) throw error;
    throw withoutSecrets(error, secretsOf([databaseUrl, ...replicaUrls]));
  }
}

async function connected<T>(
  engine: Engine,
  url: string,
  options: ConnectOptions,
  body: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await engine.connect(url, options);
  try {
    return await body(database);
  } catch (error) {
    throw inOurWords(error, database);
  } finally {
    await database.close();
  }
}

/** What a server sends, as drivers hand it over: PostgreSQL's errors have a severity, MySQL's a SQLSTATE. */
const isOfServer = (error: unknown): boolean =>
  error instanceof Error && ("severity" in error || "sqlState" in error) && "code" in error;

/** A driver's error as a sentence; anything else is left as it is. */
function inOurWords(error: unknown, database: Database): unknown {
  if (error instanceof ZmigrateError) return error;
  const { target, user } = database.server;
  const kind = database.classify(error);
  const reason = database.describe(error);
  const cause = { cause: error };
  if (kind === "permission") return new ZmigrateError("permission-denied", { user, target, reason }, cause);
  if (kind === "connection-lost")
    return new ZmigrateError("connection-lost", { target, during: "in the middle of the run" }, cause);
  if (!isOfServer(error)) return error;
  const way = WAYS_OUT[kind];
  return new ZmigrateError("server-refused", { target, reason, ...(way === undefined ? {} : { way }) }, cause);
}
