/** The pieces of a text that matter here; a string, quoted name, or comment that has no end goes on to the text's. */
const PIECE = new RegExp(
  [
    "(?<comment>--[^\\n\\r]*|\\/\\*[^]*?(?:\\*\\/|$))",
    "(?<escaped>[eE]'(?:[^'\\\\]|\\\\[^]|'')*(?:'|$))",
    "(?<plain>(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*(?:'|$))",
    "(?<dollar>(\\$(?:[A-Za-z_\\u0080-\\uffff][\\w\\u0080-\\uffff]*)?\\$)(?:(?!\\5)[^])*(?:\\5|$))",
    '(?<name>"[^"]*(?:"|$)|[A-Za-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*|\\$\\d+)',
    "(?<number>\\.?\\d[\\w.]*)",
  ].join("|"),
  "g",
);

/**
 * A statement with `?` in the place of its constants, also in comments: what others write is nobody's business here. Behind a
 * backslash in a plain string nothing is shown: what it means is a setting of their session.
 *
 * @param sql may be cut off anywhere
 * @example
 * withoutConstants("UPDATE t SET mail = 'a@b.c' WHERE id = 7") // "UPDATE t SET mail = ? WHERE id = ?"
 */
export const withoutConstants = (sql: string): string => shownAt(sql, 0);

/** Comments within so many others are not shown: a text of nothing but their marks must come to an end. */
const DEEPEST = 3;

function shownAt(sql: string, depth: number): string {
  let shown = "";
  let at = 0;
  for (const found of sql.matchAll(PIECE)) {
    const { comment, plain, name } = found.groups ?? {};
    if (name !== undefined) continue;
    shown += sql.slice(at, found.index) + (comment === undefined ? "?" : inComment(comment, depth + 1));
    if (plain?.includes("\\")) return `${shown} ...`;
    at = found.index + found[0].length;
  }
  return shown + sql.slice(at);
}

const inComment = (comment: string, depth: number): string =>
  comment.slice(0, 2) + (depth > DEEPEST ? " ..." : shownAt(comment.slice(2), depth));
