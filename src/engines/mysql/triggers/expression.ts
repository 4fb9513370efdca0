import type { Table } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { quote } from "../names.js";
import { isColumnPlace } from "../parse/column-mentions.js";
import { expectEnd, newCursor, Unreadable } from "../parse/cursor.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { readExpression } from "../parse/expression/expression.js";
import { tokenize } from "../parse/lexer.js";
import type { Token } from "../parse/token.js";

/** Why a text is no expression over one row; null where it is one. A trigger may not read its own table (error 1442). */
export function expressionProblem(text: string, dialect: MysqlDialect): string | null {
  const { tokens, problems } = tokenize(text, dialect);
  const [problem] = problems;
  if (problem !== undefined) return problem.message;
  if (tokens.some((t) => t.text === ";")) return "there is a semicolon in it";
  if (tokens.some((t) => t.upper === "SELECT" && t.kind === "word")) return "there is a SELECT in it";
  if (tokens.some((t) => t.kind === "word" && /^(?:OVER|GROUP_CONCAT|COUNT|SUM|AVG|MIN|MAX)$/.test(t.upper)))
    return "it is about several rows";
  try {
    const cursor = newCursor(text, dialect, tokens);
    readExpression(cursor);
    expectEnd(cursor);
    return null;
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
}

/** A name at the place of a column, and where it begins: at its table's name, where that stands in front. */
interface Mention {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

function mentionAt(tokens: readonly Token[], at: number, table: string): Mention | null {
  const token = tokens[at];
  if (token === undefined || !isColumnPlace(tokens, at)) return null;
  const { start, end } = token.span;
  if (tokens[at - 1]?.text !== ".") return { name: token.value, from: start, to: end };
  const qualifier = tokens[at - 2];
  if (qualifier === undefined || qualifier.value.toLowerCase() !== table.toLowerCase()) return null;
  return { name: token.value, from: qualifier.span.start, to: end };
}

function mentionsIn(expression: string, relation: RelationName, dialect: MysqlDialect): Mention[] {
  const { tokens } = tokenize(expression, dialect);
  return tokens.flatMap((_, at) => mentionAt(tokens, at, relation.name) ?? []);
}

/** The names that an expression uses as columns, as they are written, each once. */
export const namedIn = (expression: string, relation: RelationName, dialect: MysqlDialect): string[] => [
  ...new Set(mentionsIn(expression, relation, dialect).map((m) => m.name)),
];

/**
 * An expression over a table's columns, in brackets, with a source of its own for each of them.
 *
 * @example
 * withSources("lower(t.a)", t, "mysql", (column) => `x.${quote(column)}`) // "(lower(x.`a`))"
 */
export function withSources(
  expression: string,
  table: Pick<Table, "relation" | "columns">,
  dialect: MysqlDialect,
  sourceOf: (column: string) => string,
): string {
  const known = new Map(table.columns.map((c) => [c.name.toLowerCase(), c.name]));
  let out = "";
  let copied = 0;
  for (const { name, from, to } of mentionsIn(expression, table.relation, dialect)) {
    const column = known.get(name.toLowerCase());
    if (column === undefined) continue;
    out += `${expression.slice(copied, from)}${sourceOf(column)}`;
    copied = to;
  }
  return `(${out}${expression.slice(copied)})`;
}

/**
 * An expression over a table's columns as a trigger reads it from the row that it fires for, in brackets.
 *
 * @example
 * readFrom("NEW", "lower(t.a) + `b`", t, "mysql") // "(lower(NEW.`a`) + NEW.`b`)"
 */
export const readFrom = (
  row: "NEW" | "OLD",
  expression: string,
  table: Pick<Table, "relation" | "columns">,
  dialect: MysqlDialect,
): string => withSources(expression, table, dialect, (column) => `${row}.${quote(column)}`);
