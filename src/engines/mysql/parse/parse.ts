import type { Operation } from "../../../model/operation.js";
import type { ParsedSql, Statement, SyntaxProblem } from "../../../model/statement.js";
import { type Cursor, expectEnd, newCursor, Unreadable } from "./cursor.js";
import type { MysqlDialect } from "./dialect.js";
import { withExecution } from "./execution.js";
import { tokenize } from "./lexer.js";
import { type Group, splitStatements } from "./split/split.js";
import { readStatement } from "./statement/statement.js";

/**
 * Reads a file of SQL for MySQL or MariaDB, in the default sql_mode, as the mysql client would send it: DELIMITER and
 * bodies with semicolons are understood, and executable comments are code. Never throws; what cannot be read is in
 * `problems`, in the order of the text, and its statement is left out. Time is linear in the text.
 *
 * @example
 * parseMysql("ALTER TABLE t ADD a INT, DROP b", "mysql").statements[0]?.operations.map((o) => o.kind);
 * // ["add-column", "drop-column"]
 */
export function parseMysql(text: string, dialect: MysqlDialect): ParsedSql {
  const lexed = tokenize(text, dialect);
  const { groups, problems: unsplit } = splitStatements(text, dialect, lexed);
  const problems: SyntaxProblem[] = [...lexed.problems, ...unsplit];
  const statements = groups.flatMap((group) => readGroup(text, dialect, group, problems));
  problems.sort((a, b) => a.span.start - b.span.start);
  return Object.freeze({
    statements: Object.freeze(statements),
    comments: Object.freeze(lexed.comments),
    problems: Object.freeze(problems),
  });
}

function readGroup(text: string, dialect: MysqlDialect, group: Group, problems: SyntaxProblem[]): Statement[] {
  const { span, tokens } = group;
  try {
    const cursor = newCursor(text, dialect, tokens);
    const read = readStatement(cursor, span);
    expectEnd(cursor);
    const operations = Object.freeze(withExecution(read, cursor.execution).map((each) => withMisread(each, cursor)));
    const statement = { span, sql: text.slice(span.start, span.end), operations };
    const names = cursor.reservedNames;
    return [Object.freeze(names.size === 0 ? statement : { ...statement, reservedNames: [...names.values()] })];
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    problems.push({ message: error.message, span: error.span });
    return [];
  }
}

/** Where a statement that is only known by its first words stopped being understood. */
function withMisread(operation: Operation, { misread }: Cursor): Operation {
  if (misread === null || operation.kind !== "other" || operation.detail !== undefined) return operation;
  return Object.freeze({ ...operation, misread });
}
