import type { Connection } from "mysql2/promise";
import { ZmigrateError } from "../../../errors.js";
import type { ConnectOptions, ServerInfo, Session } from "../../engine.js";
import { codeOf } from "../../error-code.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { versionOf } from "../version.js";
import { describe, numberOf } from "./errors.js";
import { loadDriver, type MysqlSession, sessionOf } from "./session.js";
import { settle } from "./settings.js";
import { connectionOptions, targetOf } from "./url.js";

/** After this long without traffic the network is asked whether the other side is there, milliseconds: proxies forget. */
const KEEP_ALIVE_MS = 30_000;

/**
 * Opens one connection with the session settings that every statement of ours relies on. Packets may hold several
 * statements: a swap must not end half way because the client does.
 *
 * @throws ZmigrateError bad-database-url, cannot-connect
 */
export async function openSession(url: string, options: ConnectOptions): Promise<MysqlSession> {
  const open = await opener(url, options);
  let connection: Connection | undefined;
  try {
    connection = await open();
    await settle(connection);
    const { threadId } = connection;
    return sessionOf(connection, threadId, () => killConnection(open, threadId));
  } catch (error) {
    connection?.destroy();
    const refused = REFUSALS.has(numberOf(error));
    throw new ZmigrateError(
      "cannot-connect",
      { target: targetOf(url), reason: reasonOf(error), refused },
      { cause: error },
    );
  }
}

/** The server takes no such user, or not from this host, or there is no such database, or it is not for this user. */
const REFUSALS: ReadonlySet<number> = new Set([1044, 1045, 1049, 1130, 1698]);

async function opener(url: string, options: ConnectOptions): Promise<() => Promise<Connection>> {
  const address = connectionOptions(url);
  const createConnection = await loadDriver();
  return async () => {
    const connection = await createConnection({
      ...address,
      charset: "utf8mb4",
      connectTimeout: options.connectTimeoutMs,
      supportBigNumbers: true,
      bigNumberStrings: true,
      dateStrings: true,
      jsonStrings: true,
      stringifyObjects: true,
      timezone: "Z",
      multipleStatements: true,
      enableKeepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
      connectAttributes: { program_name: options.applicationName },
    });
    // Without a listener, an error on an idle connection would end the process.
    connection.on("error", () => undefined);
    return connection;
  };
}

/** A user may kill their own connections. */
async function killConnection(open: () => Promise<Connection>, id: number): Promise<void> {
  const other = await open();
  await other.query(`KILL ${id}`).finally(() => other.end());
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  const code = codeOf(error);
  if (code === "ECONNREFUSED") return "nothing listens there (ECONNREFUSED).";
  if (code === "ENOTFOUND") return "the host name is unknown (ENOTFOUND).";
  return describe(error);
}

interface ServerRow {
  readonly version: string;
  readonly comment: string;
  readonly db: string;
  readonly who: string;
}

/**
 * Which server this is.
 *
 * @throws ZmigrateError wrong-server when it is MySQL and MariaDB was named, or the other way round
 */
export async function serverInfo(session: Session, url: string, dialect: MysqlDialect): Promise<ServerInfo> {
  const [row] = await session.query<ServerRow>(
    "SELECT VERSION() AS version, @@version_comment AS comment, DATABASE() AS db, CURRENT_USER() AS who",
  );
  if (row === undefined) throw new ZmigrateError("internal", { reason: "the server told no version" });
  const target = targetOf(url);
  const found = foundOf(row);
  const expected = dialect === "mysql" ? "MySQL" : "MariaDB";
  if (found !== expected)
    throw new ZmigrateError("wrong-server", { target, expected, found: `${found} ${row.version}` });
  return Object.freeze({
    engine: dialect,
    version: versionOf(row.version),
    identity: await identityOf(session, dialect),
    target,
    database: row.db,
    user: row.who,
  });
}

function foundOf(row: ServerRow): string {
  const other = /(TiDB|SingleStore|MemSQL|OceanBase|Vitess)/i.exec(`${row.version} ${row.comment}`);
  if (other !== null) return other[1] ?? "another database";
  return /mariadb/i.test(row.version) || /mariadb/i.test(row.comment) ? "MariaDB" : "MySQL";
}

/** MySQL has server_uuid. MariaDB has server_uid only from 10.6.16 and 10.11.6 on: before, what tells hosts apart. */
async function identityOf(session: Session, dialect: MysqlDialect): Promise<string> {
  const [own] = await session.query<{ name: string; value: string }>(
    `SHOW GLOBAL VARIABLES LIKE '${dialect === "mysql" ? "server_uuid" : "server_uid"}'`,
  );
  const value = own === undefined ? "" : String(Object.values(own)[1]);
  if (value !== "") return value;
  const [row] = await session.query<{ place: string }>(
    "SELECT CONCAT_WS('/', @@hostname, @@port, @@server_id, @@datadir) AS place",
  );
  return row?.place ?? "";
}
