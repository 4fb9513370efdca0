import { type Connection, createConnection, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import type { Case, Danger } from "../../../bench/verdicts/case.js";
import { FILL, OLD_CODE, ROWS, SCHEMA } from "../../../bench/verdicts/cases/mysql/index.js";
import { type MysqlDialect, parseMysql } from "../../../src/engines/mysql/parse/index.js";
import { accepted } from "../../engines/mysql/effects/accepted.js";

/** More than a batch, less than a table. */
const MANY = ROWS / 2;

/** Makes the tables of all cases in an empty database, and sees that the code that runs now works on them. */
export async function prepareMysql(url: string): Promise<void> {
  await withConnection(url, async (connection) => {
    for (const sql of [...SCHEMA, ...FILL]) await connection.query(sql);
  });
}

/**
 * What a server shows of a case, without repetition and in no order.
 *
 * @param url a database that `prepareMysql` has made, for this case alone
 * @throws Error when the code that runs now does not work before the migration: the case would prove nothing
 */
export async function measureMysql(given: Case, url: string, dialect: MysqlDialect): Promise<readonly Danger[]> {
  const old = [...OLD_CODE, ...(given.old ?? [])];
  const before = await answers(url, old);
  const wrong = old.find((_, at) => before[at] === null);
  if (wrong !== undefined) throw new Error(`does not work before ${given.id}: ${wrong}`);
  const seen = await migrate(url, statementsOf(given.sql, dialect));
  if (seen.includes("fails")) return seen;
  const done = await Promise.all((given.fresh ?? []).map((sql) => works(url, sql)));
  const now = await answers(url, old);
  const broken = now.some((rows, at) => rows === null || rows < (before[at] ?? 0));
  const after: readonly (Danger | null)[] = [done.includes(false) ? "not-done" : null, broken ? "breaks" : null];
  return [...new Set([...seen, ...after.filter((danger) => danger !== null)])];
}

function statementsOf(sql: string, dialect: MysqlDialect): readonly string[] {
  const { statements, problems } = parseMysql(sql, dialect);
  if (problems.length > 0) throw new Error(`does not parse: ${sql}`);
  return statements.map((statement) => statement.sql);
}

/** Rows found or written by each statement, null where it failed; each in a transaction that is rolled back. */
function answers(url: string, statements: readonly string[]): Promise<readonly (number | null)[]> {
  return withConnection(url, async (connection) => {
    const all: (number | null)[] = [];
    for (const sql of statements) {
      await connection.query("START TRANSACTION");
      all.push(
        await connection.query(sql).then(
          ([result]) => count(result as RowDataPacket[] | ResultSetHeader),
          () => null,
        ),
      );
      await connection.query("ROLLBACK");
    }
    return all;
  });
}

const count = (result: RowDataPacket[] | ResultSetHeader): number =>
  Array.isArray(result) ? result.length : result.affectedRows;

/** A statement of the new code: it succeeds, and no value that it finds is NULL. */
const works = (url: string, sql: string): Promise<boolean> =>
  withConnection(url, (connection) =>
    connection.query<RowDataPacket[]>(sql).then(
      ([rows]) => !Array.isArray(rows) || rows.every((row) => !Object.values(row).includes(null)),
      () => false,
    ),
  );

/** Runs the file as the client does. Changes of a table are tried in the cheapest way first, as the server itself does. */
function migrate(url: string, statements: readonly string[]): Promise<readonly Danger[]> {
  return withConnection(url, async (connection) => {
    const seen: Danger[] = [];
    try {
      for (const sql of statements) seen.push(...(await runOne(connection, url, sql, statements.length > 1)));
    } catch {
      seen.push("fails");
    }
    return seen;
  });
}

const TRIED = /^(ALTER TABLE|CREATE (FULLTEXT |UNIQUE )?INDEX)\b/i;
/** What says itself how, and what MariaDB takes no such clause with. */
const TOLD = /\b(ALGORITHM|LOCK)\s*=|\bRENAME TO\b|\bPARTITION\b/i;

async function runOne(connection: Connection, url: string, sql: string, several: boolean): Promise<readonly Danger[]> {
  // Several statements are of a new table, or of one session.
  if (TRIED.test(sql) && !TOLD.test(sql) && !several) return tried(await accepted(url, null, sql));
  const before = await fileOfTickets(connection);
  const [result] = await connection.query(sql);
  const rebuilt = (await fileOfTickets(connection)) !== before && before !== null;
  const many = !Array.isArray(result) && (result as ResultSetHeader).affectedRows >= MANY;
  return [...(rebuilt ? ["rebuilds" as const] : []), ...(many ? ["writes-all" as const] : [])];
}

function tried({ algorithm, concurrent, rebuilt, error }: Awaited<ReturnType<typeof accepted>>): readonly Danger[] {
  if (error !== null) return ["fails"];
  if (algorithm === "COPY" || !concurrent) return ["stalls-writes"];
  return rebuilt ? ["rebuilds"] : [];
}

/** InnoDB's number of the table, which a rebuild changes; null when it is gone. */
async function fileOfTickets(connection: Connection): Promise<string | null> {
  const [[about]] = await connection.query<RowDataPacket[]>("SELECT VERSION() AS v, DATABASE() AS db");
  const view = String(about?.v).includes("MariaDB") ? "INNODB_SYS_TABLES" : "INNODB_TABLES";
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT TABLE_ID AS id FROM information_schema.${view} WHERE NAME = ?`,
    [`${about?.db}/tickets`],
  );
  return rows[0] === undefined ? null : String(rows[0].id);
}

async function withConnection<T>(url: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection({ uri: url });
  try {
    return await use(connection);
  } finally {
    connection.destroy();
  }
}
