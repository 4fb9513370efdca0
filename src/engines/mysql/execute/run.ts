import type { Session, Timeouts } from "../../engine.js";
import { withoutNeighbour } from "../neighbours.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { isNoSuchNeighbour, numberOf } from "./errors.js";
import { resetStatement } from "./settings.js";

/** The longest that lock_wait_timeout takes: a year. It has no value that means "without limit". */
const NO_LIMIT_SECONDS = 31_536_000;

/** Lock timeouts are whole seconds here, and 0 is an error on MariaDB's InnoDB: the next longer second. */
const seconds = (ms: number): number => (ms <= 0 ? NO_LIMIT_SECONDS : Math.max(1, Math.ceil(ms / 1000)));

/** MySQL limits reads only (max_execution_time, ms); MariaDB limits every statement (max_statement_time, s). */
function limits(timeouts: Timeouts, dialect: MysqlDialect): string {
  const lock = seconds(timeouts.lockMs);
  const statement =
    dialect === "mysql"
      ? `max_execution_time = ${Math.round(timeouts.statementMs)}`
      : `max_statement_time = ${timeouts.statementMs / 1000}`;
  return `SET SESSION lock_wait_timeout = ${lock}, innodb_lock_wait_timeout = ${lock}, ${statement}`;
}

/** Makes a session one that only reads. */
export const readOnly = (statementMs: number, dialect: MysqlDialect): string =>
  `${limits({ lockMs: statementMs, statementMs }, dialect)}; SET SESSION TRANSACTION READ ONLY`;

/** Begins a transaction under timeouts. They stay the session's until the next `begin`, `run` or `reset`. */
export async function begin(session: Session, timeouts: Timeouts, dialect: MysqlDialect): Promise<void> {
  await session.query(`${limits(timeouts, dialect)}; START TRANSACTION`);
}

export async function commit(session: Session): Promise<void> {
  await session.query("COMMIT");
}

/** Also right when there is no transaction, or the connection is gone. */
export async function rollback(session: Session): Promise<void> {
  await session.query("ROLLBACK").catch(() => undefined);
}

/** The server has no INSTANT way and has changed nothing. 4092: MySQL's limit of INSTANT changes. */
const NOT_INSTANT: ReadonlySet<number> = new Set([1845, 1846, 4092]);

const INSTANTLY = /^ALTER TABLE .*\b(?:ADD|DROP) COLUMN .*, ALGORITHM=INSTANT$/s;

/** The statement that is behind a failed one: what EXECUTE was given by `guarded` is in a variable. */
async function textOf(session: Session, statement: string): Promise<string> {
  if (!statement.startsWith("EXECUTE ")) return statement;
  const [row] = await session.query<{ text: string | null }>("SELECT @zmigrate_sql AS text");
  return row?.text ?? statement;
}

/**
 * Runs a statement. A column is added or dropped INSTANT where the server can, else by a rebuild beside readers and writers,
 * for which it is given the time that it takes: only the table tells, and since the plan it may have changed
 * (ROW_FORMAT=COMPRESSED, a FULLTEXT index that was there, MySQL's limit of INSTANT changes).
 */
export async function runOne(
  session: Session,
  statement: string,
  timeouts: Timeouts,
  dialect: MysqlDialect,
): Promise<void> {
  try {
    await session.query(statement);
  } catch (error) {
    if (!NOT_INSTANT.has(numberOf(error))) throw error;
    const text = await textOf(session, statement);
    if (!INSTANTLY.test(text)) throw error;
    await session.query(limits({ ...timeouts, statementMs: 0 }, dialect));
    await session.query(text.replace(/ALGORITHM=INSTANT$/, "ALGORITHM=INPLACE, LOCK=NONE"));
    await session.query(limits(timeouts, dialect));
  }
}

/**
 * Runs statements in order under these timeouts. DDL commits by itself here; an atomic packet goes to the server as
 * one, so that it is carried out between LOCK TABLES and UNLOCK TABLES without asking the client again.
 */
export async function run(
  session: Session,
  statements: readonly string[],
  timeouts: Timeouts,
  atomicPacket: boolean,
  dialect: MysqlDialect,
): Promise<void> {
  if (statements.length === 0) return;
  await session.query(limits(timeouts, dialect));
  try {
    if (atomicPacket) await session.query(statements.join(";\n"));
    else for (const statement of statements) await runOne(session, statement, timeouts, dialect);
  } catch (error) {
    const next = isNoSuchNeighbour(error) ? withoutNeighbour(statements) : null;
    if (next === null) throw error;
    await reset(session, dialect);
    return run(session, next, timeouts, atomicPacket, dialect);
  }
  await reset(session, dialect);
}

/** Gives back locks and transactions, and the settings that statements of ours change. */
export async function reset(session: Session, dialect: MysqlDialect): Promise<void> {
  const statements = ["ROLLBACK", "UNLOCK TABLES", resetStatement(dialect)];
  await session.query(statements.join("; ")).catch(() => undefined);
}
