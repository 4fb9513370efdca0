import type { Table } from "../../../model/catalog.js";
import type { GivenReader } from "../../fill-from-update.js";
import { changesEachTime } from "../effects/default-value.js";
import { accept, type Cursor, expect, newCursor, Unreadable } from "../parse/cursor.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { readExpression } from "../parse/expression/expression.js";
import { tokenize } from "../parse/lexer.js";
import { readTables } from "../parse/query/from.js";
import { readAssignments } from "../parse/statement/dml/assignments.js";
import { textBetween } from "../parse/token-text.js";
import { expressionProblem, namedIn } from "../triggers/expression.js";
import { leftOut } from "./place.js";

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const cursorOf = (text: string, dialect: MysqlDialect): Cursor =>
  newCursor(text, dialect, tokenize(text, dialect).tokens);

/** `UPDATE t SET a = 1, b = LOWER(c)`: the text behind the `=` of a column. */
function given(head: string, column: string, dialect: MysqlDialect): string | null {
  const cursor = cursorOf(head, dialect);
  try {
    expect(cursor, "UPDATE");
    accept(cursor, "LOW_PRIORITY");
    readTables(cursor);
    expect(cursor, "SET");
    const found = readAssignments(cursor).filter((a) => sameName(a.column, column));
    const [only, another] = found;
    return only === undefined || another !== undefined ? null : textBetween(cursor, only.from, only.to);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

/** `s IS NULL`, `(w.s IS NULL)`: a column, and the words behind it. */
function isTest(where: string, column: string, words: readonly string[], dialect: MysqlDialect): boolean {
  const { tokens } = tokenize(where, dialect);
  let [from, to] = [0, tokens.length];
  while (tokens[from]?.text === "(" && tokens[to - 1]?.text === ")") [from, to] = [from + 1, to - 1];
  const [name, ...behind] = tokens.slice(tokens[from + 1]?.text === "." ? from + 2 : from, to);
  const isSaid = behind.length === words.length && behind.every((token, at) => token.upper === words[at]);
  return isSaid && name !== undefined && sameName(name.value, column);
}

/**
 * @param own whether each row shall have a value of its own, as in a key: `UUID()` is one
 */
function unsteady(expression: string, dialect: MysqlDialect, own: boolean): string | null {
  const problem = expressionProblem(expression, dialect);
  if (problem !== null) return `is none of one row (${problem})`;
  const cursor = cursorOf(expression, dialect);
  readExpression(cursor);
  const { tokens } = cursor;
  if (tokens.some((t, at) => t.text === "." && tokens[at + 2]?.text === "."))
    return "names a column in a way that no trigger has";
  if (tokens.some((t) => t.kind === "variable")) return "reads a variable";
  const [called] = cursor.calls;
  if (called !== undefined) return `calls ${called.name}, which may give another one each time`;
  const changing = own ? undefined : tokens.find((t) => t.kind === "word" && changesEachTime(t.upper));
  return changing === undefined ? null : `calls ${changing.upper}(), which gives another one each time`;
}

/** What an UPDATE of MySQL or MariaDB gives a column: see `ownFill`. */
export const givenReader = (dialect: MysqlDialect, own = false): GivenReader => ({
  leftOut,
  given: (head, column) => given(head, column, dialect),
  isNull: (where, column) => isTest(where, column, ["IS", "NULL"], dialect),
  refusesNull: (condition, column) => isTest(condition, column, ["IS", "NOT", "NULL"], dialect),
  named: (expression, table: Table) => namedIn(expression, table.relation, dialect),
  unsteady: (expression) => unsteady(expression, dialect, own),
});
