import type { MysqlDialect } from "../parse/dialect.js";
import { tokenize } from "../parse/lexer.js";
import type { TokenKind } from "../parse/token.js";

const CONSTANTS: ReadonlySet<TokenKind> = new Set(["string", "number", "broken"]);

/**
 * A statement with `?` in the place of its constants, also in comments: what others write is nobody's business here. Behind a
 * backslash in a string nothing is shown: what it means is a setting of their session.
 *
 * @param sql may be cut off anywhere
 * @example
 * withoutConstants("UPDATE t SET mail = 'a@b.c' WHERE id = 7", "mysql") // "UPDATE t SET mail = ? WHERE id = ?"
 */
export const withoutConstants = (sql: string, dialect: MysqlDialect): string => shownAt(sql, dialect, 0);

/** Comments within so many others are not shown: a text of nothing but their marks must come to an end. */
const DEEPEST = 3;

function shownAt(sql: string, dialect: MysqlDialect, depth: number): string {
  const { tokens, comments } = tokenize(sql, dialect);
  const hidden = [
    ...tokens.filter(({ kind }) => CONSTANTS.has(kind)).map(({ span, text }) => ({ span, text, shown: "?" })),
    ...comments.map(({ span }) => ({
      span,
      text: "",
      shown: inComment(sql.slice(span.start, span.end), dialect, depth + 1),
    })),
  ].toSorted((a, b) => a.span.start - b.span.start);
  let shown = "";
  let at = 0;
  for (const one of hidden) {
    shown += sql.slice(at, one.span.start) + one.shown;
    if (one.text.includes("\\")) return `${shown} ...`;
    at = one.span.end;
  }
  return shown + sql.slice(at);
}

/** One begins with one character of its own, or two. */
function inComment(comment: string, dialect: MysqlDialect, depth: number): string {
  const mark = comment.startsWith("#") ? 1 : 2;
  return comment.slice(0, mark) + (depth > DEEPEST ? " ..." : shownAt(comment.slice(mark), dialect, depth));
}
