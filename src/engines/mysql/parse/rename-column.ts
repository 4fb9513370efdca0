import { ZmigrateError } from "../../../errors.js";
import { isColumnPlace } from "./column-mentions.js";
import type { MysqlDialect } from "./dialect.js";
import { tokenize } from "./lexer.js";
import type { Token } from "./token.js";

/**
 * An expression of a CHECK, an index or a generated column with another name for one of its columns. `from` is found
 * in backticks or bare, in any case, alone or behind its table's name; the new name is always in backticks. Strings,
 * comments, calls and keywords that look the same stay as they are.
 *
 * @param table The table's name; without it a name behind a dot is left alone.
 * @throws ZmigrateError internal: the text has no tokens (an open quote), which no parsed expression is.
 * @example
 * renameColumnInExpression("`a` > 0 AND a(t.a) <> 'a'", "a", "b", "t"); // "`b` > 0 AND a(t.`b`) <> 'a'"
 */
export function renameColumnInExpression(
  expression: string,
  from: string,
  to: string,
  table: string | null = null,
  dialect: MysqlDialect = "mysql",
): string {
  const { tokens, problems } = tokenize(expression, dialect);
  const [problem] = problems;
  if (problem !== undefined) {
    throw new ZmigrateError("internal", { reason: `an expression cannot be read: ${problem.message}` });
  }
  const quoted = `\`${to.replaceAll("`", "``")}\``;
  let out = "";
  let copied = 0;
  tokens.forEach((token, at) => {
    if (!sameName(token.value, from) || !isColumnPlace(tokens, at) || !belongs(tokens, at, table)) return;
    out += expression.slice(copied, token.span.start) + quoted;
    copied = token.span.end;
  });
  return out + expression.slice(copied);
}

/** Whether nothing qualifies the name, or its own table does. */
function belongs(tokens: readonly Token[], at: number, table: string | null): boolean {
  if (tokens[at - 1]?.text !== ".") return true;
  const qualifier = tokens[at - 2];
  return table !== null && qualifier !== undefined && sameName(qualifier.value, table);
}

/** Columns do not differ by case on either server. */
function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
