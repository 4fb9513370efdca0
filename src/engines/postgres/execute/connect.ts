import type { ClientConfig } from "pg";
import { ZmigrateError } from "../../../errors.js";
import type { ConnectOptions, ServerInfo, Session, Version } from "../../engine.js";
import { codeOf } from "../../error-code.js";
import type { Renewable } from "../../opened.js";
import { parseDatabaseUrl } from "../../url.js";
import { classify, describe } from "./errors.js";
import { loadPg, type PostgresSession, sessionOf } from "./session.js";
import { SET_SESSION } from "./settings.js";

/** A URL as a target for messages: host, port and database; never user or password. */
export function targetOf(url: string): string {
  const parsed = parseUrl(url);
  const host = parsed.hostname === "" ? (parsed.searchParams.get("host") ?? "localhost") : parsed.hostname;
  return `${host}:${parsed.port === "" ? "5432" : parsed.port}${parsed.pathname}`;
}

function parseUrl(url: string): URL {
  const parsed = parseDatabaseUrl(url);
  if (parsed.protocol !== "postgres:" && parsed.protocol !== "postgresql:")
    throw new ZmigrateError("bad-database-url", { reason: `the scheme ${parsed.protocol}// is not postgres://` });
  return parsed;
}

/**
 * A statement whose client is gone (killed, or stopped in the middle of an index build) ends within a second instead
 * of running to its end. Not every platform has it, so a refusal is no error.
 */
const NOTICE_LOSS = "SET client_connection_check_interval = '1s'";

/** After this long without traffic the network is asked whether the other side is there, milliseconds: proxies forget. */
const KEEP_ALIVE_MS = 30_000;

/**
 * Opens one connection.
 *
 * @throws ZmigrateError bad-database-url, cannot-connect
 */
export async function openSession(url: string, options: ConnectOptions): Promise<PostgresSession & Renewable> {
  parseUrl(url);
  const { Client, types } = await loadPg();
  const config: ClientConfig = {
    connectionString: url,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    ...(types === undefined ? {} : { types }),
  };
  const client = new Client(config);
  client.on("error", () => undefined);
  try {
    await client.connect();
    const session = sessionOf(client, 0);
    // Where the server refuses a part of it, none of it is done.
    const known = await settled(session, `${NOTICE_LOSS}; ${SET_SESSION}`).catch(() => null);
    const id = known ?? (await settled(session, SET_SESSION));
    return Object.assign(session, { id, renew: () => renew(session, known === null ? "" : `${NOTICE_LOSS}; `) });
  } catch (error) {
    void client.end().catch(() => undefined);
    throw new ZmigrateError(
      "cannot-connect",
      { target: targetOf(url), reason: connectReason(error), refused: isRefusal(error) },
      { cause: error },
    );
  }
}

/** Sets what every session of ours relies on. @returns the server's id of the session */
async function settled(session: Session, settings: string): Promise<number> {
  const [row] = await session.query<{ pid: number }>(
    `${settings}; SELECT pg_catalog.pg_backend_pid() AS pid, pg_catalog.set_config('search_path', pg_catalog.current_setting('search_path'), false)`,
  );
  return row?.pid ?? 0;
}

/**
 * Makes a session what it was when it was opened. DISCARD refuses to run in a transaction that was left open.
 *
 * @param before what cannot be set everywhere, and was set here
 * @throws Error where a statement still runs, or in a transaction
 */
async function renew(session: PostgresSession, before: string): Promise<void> {
  if (session.busy()) throw new Error("a statement is still running");
  await session.query("DISCARD ALL");
  // It leaves no role where a new session begins with the one of ALTER ROLE ... SET role.
  await settled(session, `RESET ROLE; ${before}${SET_SESSION}`);
}

/** The server takes no such user (28...), there is no such database (3D...), or the user may not connect to it. */
const isRefusal = (error: unknown): boolean => /^(?:28|3D|42501$)/.test(codeOf(error));

function connectReason(error: unknown): string {
  if (error instanceof AggregateError) return connectReason(error.errors[0]);
  const code = codeOf(error);
  if (code === "ECONNREFUSED") return "nothing listens there (ECONNREFUSED).";
  if (code === "ENOTFOUND") return "the host name is unknown (ENOTFOUND).";
  if (classify(error) === "connection-lost" && code.startsWith("E")) return `${describe(error)}.`;
  return describe(error);
}

/** `18.4 (Debian ...)` and `150004` become `{ text: "18.4", parts: [18, 4] }`. */
export function versionOf(text: string): Version {
  const match = /^(\d+)(?:\.(\d+))?/.exec(text);
  const parts = match === null ? [0] : [Number(match[1]), Number(match[2] ?? 0)];
  return Object.freeze({ text: parts.join("."), parts: Object.freeze(parts) });
}

/** @throws ZmigrateError wrong-server for what speaks PostgreSQL's protocol without being it */
export async function serverInfo(session: Session, url: string): Promise<ServerInfo> {
  const [row] = await session.query<{
    version: string;
    full: string;
    identity: string;
    database: string;
    user: string;
  }>(`
    SELECT pg_catalog.current_setting('server_version') AS version, pg_catalog.version() AS full,
           pg_catalog.current_database() AS database, current_user::text AS "user",
           (SELECT oid::text FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) || '@' ||
           (SELECT system_identifier::text FROM pg_catalog.pg_control_system()) AS identity`);
  if (row === undefined) throw new ZmigrateError("internal", { reason: "the server told no version" });
  const target = targetOf(url);
  const other = /(CockroachDB|Yugabyte|-YB-|Redshift|Materialize)/i.exec(row.full);
  if (other !== null)
    throw new ZmigrateError("wrong-server", { target, expected: "PostgreSQL", found: other[1] ?? "another database" });
  return Object.freeze({
    engine: "postgres",
    version: versionOf(row.version),
    identity: row.identity,
    target,
    database: row.database,
    user: row.user,
  });
}
