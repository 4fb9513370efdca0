import { type Connection, createConnection } from "mysql2/promise";

/** What a server makes of a statement: nothing, because it would have to be carried out; or the number of its error. */
export type Answer = { readonly asked: false } | { readonly asked: true; readonly errno: number | null };

/** Syntax error; unknown type; the names by which a SET of no variable is known. */
const SYNTAX: readonly number[] = [1064, 1149, 4161];
const NOT_PREPARABLE = 1295;
/** What cannot be prepared, and touches no more than the test's own database when it is carried out. */
const CARRIED_OUT =
  /^(CREATE|ALTER|DROP)\b.*\b(TRIGGER|PROCEDURE|FUNCTION|EVENT|VIEW)\b|^(LOCK TABLES?|UNLOCK TABLES?|HANDLER|SAVEPOINT|ROLLBACK)\b/s;
const TABLES: readonly string[] = [
  "CREATE TABLE p (id INT PRIMARY KEY, k INT, UNIQUE (k))",
  "CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(100), c TEXT, g GEOMETRY NOT NULL, d DATETIME, KEY ka (a))",
  "CREATE TABLE u (id INT PRIMARY KEY, a INT, b VARCHAR(100))",
  "CREATE TABLE r (id INT NOT NULL) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))",
];
const MADE: readonly string[] = ["TRIGGER tr", "TRIGGER tr2", "PROCEDURE pr", "FUNCTION f", "EVENT ev", "VIEW v"];

/** A connection to an empty database, with some tables for statements to be about. */
export async function openDifferential(url: string): Promise<Connection> {
  const connection = await createConnection({ uri: url });
  for (const sql of TABLES) await connection.query(sql);
  return connection;
}

/** Asks the server by preparing the statement; what cannot be prepared is carried out where that harms nobody. */
export async function ask(connection: Connection, sql: string): Promise<Answer> {
  const prepared = await errorOf(connection, "PREPARE s FROM ?", [sql]);
  if (prepared !== NOT_PREPARABLE) return { asked: true, errno: prepared };
  if (!CARRIED_OUT.test(sql)) return { asked: false };
  const errno = await errorOf(connection, sql);
  for (const clean of [
    "ROLLBACK",
    "UNLOCK TABLES",
    ...MADE.map((each) => `DROP ${each.replace(" ", " IF EXISTS ")}`),
  ]) {
    await connection.query(clean);
  }
  return { asked: true, errno };
}

/** Whether the server says that the text is no SQL. Any other error means that it was read. */
export function isSyntaxError(answer: Answer): boolean {
  return answer.asked && answer.errno !== null && SYNTAX.includes(answer.errno);
}

async function errorOf(connection: Connection, sql: string, values: string[] = []): Promise<number | null> {
  try {
    await connection.query(sql, values);
    return null;
  } catch (error) {
    const { errno } = error as { errno?: unknown };
    if (typeof errno !== "number") throw error;
    return errno;
  }
}
