import { createConnection, type RowDataPacket } from "mysql2/promise";

/** The cheapest way in which a server is willing to run a statement. */
export interface Accepted {
  readonly algorithm: "INSTANT" | "INPLACE" | "COPY" | null;
  /** Writers go on while it runs. */
  readonly concurrent: boolean;
  /** The table got a new file. */
  readonly rebuilt: boolean;
  /** Why no algorithm was accepted, or the statement fails: the server's error number. */
  readonly error: number | null;
}

/** Dearer ways behind cheaper ones: the server refuses what it cannot do. MySQL takes no LOCK with INSTANT. */
const WAYS = [
  { algorithm: "INSTANT", lock: null },
  { algorithm: "INPLACE", lock: "NONE" },
  { algorithm: "INPLACE", lock: "SHARED" },
  { algorithm: "COPY", lock: "NONE" },
  { algorithm: "COPY", lock: "SHARED" },
] as const;

/** Refusals of the way, after which a dearer one may do: 1845, 1846 and 1847 name the algorithm or lock, 1795 too many. */
const REFUSED: ReadonlySet<number> = new Set([1221, 1795, 1800, 1845, 1846, 1847]);

/**
 * Runs a statement on tables made by `setup` in an empty database, in each way until one is accepted. What is refused
 * changes nothing, so the tables are made once.
 *
 * @param setup null where the tables are there already
 * @param session what is set behind the setup
 */
export async function accepted(
  url: string,
  setup: readonly string[] | null,
  statement: string,
  session: readonly string[] = [],
): Promise<Accepted> {
  const connection = await createConnection({ uri: url, multipleStatements: true });
  try {
    if (setup !== null) await clean(connection);
    for (const sql of [...(setup ?? []), ...session]) await connection.query(sql);
    const before = await tableId(connection);
    for (const way of WAYS) {
      const error = await run(connection, inWay(statement, way.algorithm, way.lock));
      if (error !== null && REFUSED.has(error)) continue;
      if (error !== null) return { algorithm: null, concurrent: false, rebuilt: false, error };
      const rebuilt = isRebuilt(before, await tableId(connection));
      return { algorithm: way.algorithm, concurrent: way.lock !== "SHARED", rebuilt, error: null };
    }
    return { algorithm: null, concurrent: false, rebuilt: false, error: 1846 };
  } finally {
    connection.destroy();
  }
}

/** Makes the tables, and nothing else, in the database. */
export async function prepare(url: string, setup: readonly string[]): Promise<void> {
  const connection = await createConnection({ uri: url });
  try {
    await clean(connection);
    for (const sql of setup) await connection.query(sql);
  } finally {
    connection.destroy();
  }
}

type Connection = Awaited<ReturnType<typeof createConnection>>;

async function clean(connection: Connection): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT table_name AS name, table_type AS kind FROM information_schema.tables WHERE table_schema = DATABASE()",
  );
  await connection.query("SET foreign_key_checks = 0");
  for (const row of rows) await connection.query(`DROP ${row.kind === "VIEW" ? "VIEW" : "TABLE"} \`${row.name}\``);
  await connection.query("SET foreign_key_checks = 1");
}

/** InnoDB's numbers of table `t`, of what it is renamed to and of its partitions, which a rebuild changes. */
async function tableId(connection: Connection): Promise<readonly string[]> {
  const [version] = await connection.query<RowDataPacket[]>("SELECT VERSION() AS v, DATABASE() AS db");
  const view = String(version[0]?.v).includes("MariaDB") ? "INNODB_SYS_TABLES" : "INNODB_TABLES";
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT TABLE_ID AS id FROM information_schema.${view} WHERE NAME LIKE ?`,
    [`${version[0]?.db}/t%`],
  );
  return rows.map((row) => String(row.id));
}

function isRebuilt(before: readonly string[], after: readonly string[]): boolean {
  return !before.some((id) => after.includes(id));
}

const OF_PARTITIONS = /^(ALTER TABLE \w+)( (?:ADD|DROP|TRUNCATE|COALESCE|REORGANIZE|REBUILD) PARTITION\b.*)$/is;

/** The clauses stand behind the change, but in front of what is done to partitions. */
function inWay(statement: string, algorithm: string, lock: string | null): string {
  const [, table, rest] = OF_PARTITIONS.exec(statement) ?? [];
  const how = `ALGORITHM=${algorithm}`;
  if (table !== undefined && rest !== undefined)
    return `${table} ${how},${lock === null ? "" : ` LOCK=${lock},`}${rest}`;
  const comma = /^ALTER/i.test(statement) ? "," : "";
  return `${statement}${comma} ${how}${lock === null ? "" : `${comma} LOCK=${lock}`}`;
}

async function run(connection: Connection, sql: string): Promise<number | null> {
  try {
    await connection.query(sql);
    return null;
  } catch (error) {
    return (error as { errno?: number }).errno ?? 0;
  }
}
