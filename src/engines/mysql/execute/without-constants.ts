import { hiddenComment } from "../../hidden-comment.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { tokenize } from "../parse/lexer.js";
import type { TokenKind } from "../parse/token.js";

const CONSTANTS: ReadonlySet<TokenKind> = new Set(["string", "number", "broken"]);

/**
 * A statement with `?` in the place of its constants, and nothing of its comments: what others write is nobody's business here.
 * Behind a backslash in a string nothing is shown: what it means is a setting of their session.
 *
 * @param sql may be cut off anywhere
 * @example
 * withoutConstants("UPDATE t SET mail = 'a@b.c' # bob", "mysql") // "UPDATE t SET mail = ? # ..."
 */
export function withoutConstants(sql: string, dialect: MysqlDialect): string {
  const { tokens, comments } = tokenize(sql, dialect);
  const hidden = [
    ...tokens.filter(({ kind }) => CONSTANTS.has(kind)).map(({ span, text }) => ({ span, text, shown: "?" })),
    ...comments.map(({ span }) => ({ span, text: "", shown: hiddenComment(sql.slice(span.start, span.end)) })),
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
