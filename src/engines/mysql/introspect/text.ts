import type { MysqlDialect } from "../parse/dialect.js";
import { tokenize } from "../parse/lexer.js";

/** MySQL's information_schema escapes quotes and backslashes in expressions: `_utf8mb4\'a\'` is `_utf8mb4'a'`. */
export function expressionOf(text: string, dialect: MysqlDialect): string {
  return dialect === "mysql" ? text.replace(/\\(['\\])/g, "$1") : text;
}

/** Every identifier that a text names, in lower case: names of columns do not tell case apart. */
export function identifiersIn(text: string, dialect: MysqlDialect): ReadonlySet<string> {
  const { tokens } = tokenize(text, dialect);
  return new Set(tokens.filter((t) => t.kind === "word" || t.kind === "quoted").map((t) => t.value.toLowerCase()));
}

/** The identifiers of a view's query, as the server prints it: the names that it gives to its own columns are not among them. */
export function identifiersOfQuery(text: string, dialect: MysqlDialect): ReadonlySet<string> {
  const { tokens } = tokenize(text, dialect);
  const isGiven = (at: number) => tokens[at - 1]?.kind === "word" && tokens[at - 1]?.value.toLowerCase() === "as";
  const named = tokens.filter((t, at) => (t.kind === "word" || t.kind === "quoted") && !isGiven(at));
  return new Set(named.map((t) => t.value.toLowerCase()));
}

/** The columns, out of those that there are, that an expression names. */
export function columnsNamed(text: string, columns: readonly string[], dialect: MysqlDialect): string[] {
  const named = identifiersIn(text, dialect);
  return columns.filter((column) => named.has(column.toLowerCase()));
}

/** Rows by the value of one of their columns, in the order in which they came. */
export function groupBy<R>(rows: readonly R[], key: (row: R) => string): Map<string, R[]> {
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}
