import type { BackfillWork } from "../../model/step.js";
import { wholeOf } from "../data-change/whole.js";
import type { Script, Timeouts } from "../engine.js";
import { quoteRelation } from "./names.js";
import type { MysqlDialect } from "./parse/dialect.js";
import { markBackfill } from "./triggers/mark.js";

/** Rows of a batch. */
const ROWS = 1_000;
/** The longest that lock_wait_timeout takes, seconds: it has no value that means "without limit". */
const NO_LIMIT = 31_536_000;

/** Bodies of triggers and routines hold semicolons; the client splits at the delimiter without a look at the SQL. */
function delimited(sql: string): string {
  if (!sql.includes(";")) return `${sql};`;
  let delimiter = "$$";
  while (sql.includes(delimiter)) delimiter += "$";
  return `DELIMITER ${delimiter}\n${sql}${delimiter}\nDELIMITER ;`;
}

/**
 * By count, since a script does not know the key. A row that the UPDATE leaves as it is could hold up the batches
 * behind it, so that their number is fixed before, and one UPDATE at the end reaches what they did not.
 */
function batches(work: BackfillWork): readonly string[] {
  const { relation, set, where, statement } = work;
  // It may not be repeatable, and no pass of a script knows which rows it has met: all of them are met at once.
  if (statement !== undefined) return [delimited(wholeOf(statement, work))];
  const update = `UPDATE ${quoteRelation(relation)} SET ${set} WHERE ${where}`;
  const body = [
    "CREATE PROCEDURE zmigrate_batches()",
    "BEGIN",
    `  SELECT COUNT(*) INTO @zmigrate_left FROM ${quoteRelation(relation)} WHERE ${where};`,
    "  WHILE @zmigrate_left > 0 DO",
    `    UPDATE ${quoteRelation(relation)} SET ${set} WHERE (${where}) LIMIT ${ROWS};`,
    `    SET @zmigrate_left = @zmigrate_left - ${ROWS};`,
    "  END WHILE;",
    "END",
  ];
  return [
    `${markBackfill(relation)};`,
    "DROP PROCEDURE IF EXISTS zmigrate_batches;",
    delimited(body.join("\n")),
    "CALL zmigrate_batches();",
    "DROP PROCEDURE zmigrate_batches;",
    delimited(update),
    "SET @zmigrate_backfill = NULL;",
  ];
}

/** Lock timeouts are whole seconds here. Only MariaDB can limit a statement that writes. */
function limits({ lockMs, statementMs }: Timeouts, dialect: MysqlDialect): string {
  const lock = lockMs === 0 ? NO_LIMIT : Math.max(1, Math.ceil(lockMs / 1_000));
  const statement = dialect === "mariadb" ? `, max_statement_time = ${statementMs / 1_000}` : "";
  return `SET SESSION lock_wait_timeout = ${lock}, innodb_lock_wait_timeout = ${lock}${statement};`;
}

/** For the client `mysql`, or `mariadb`: it stops at the first error by itself. */
export const scriptOf = (dialect: MysqlDialect): Script =>
  Object.freeze({
    command: `${dialect} --default-character-set=utf8mb4 DATABASE < FILE`,
    settings: Object.freeze([]),
    transaction: null,
    statement: delimited,
    limits: (timeouts: Timeouts) => limits(timeouts, dialect),
    batches,
  });
