import { hiddenComment } from "../../hidden-comment.js";

/** The pieces of a text that matter here; a string, quoted name, or comment that has no end goes on to the text's. */
const PIECE = new RegExp(
  [
    "(?<comment>--[^\\n\\r]*|\\/\\*)",
    "(?<escaped>[eE]'(?:[^'\\\\]|\\\\[^]|'')*(?:'|$))",
    "(?<plain>(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*(?:'|$))",
    "(?<dollar>(\\$(?:[A-Za-z_\\u0080-\\uffff][\\w\\u0080-\\uffff]*)?\\$)(?:(?!\\5)[^])*(?:\\5|$))",
    '(?<name>"[^"]*(?:"|$)|[A-Za-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*|\\$\\d+)',
    "(?<number>\\.?\\d[\\w.]*)",
  ].join("|"),
  "g",
);

/**
 * A statement with `?` in the place of its constants, and nothing of its comments: what others write is nobody's business here.
 * Behind a backslash in a plain string nothing is shown: what it means is a setting of their session.
 *
 * @param sql may be cut off anywhere
 * @example
 * withoutConstants("UPDATE t SET mail = 'a@b.c' /* bob *\/ WHERE id = 7") // "UPDATE t SET mail = ? /* ... *\/ WHERE id = ?"
 */
export function withoutConstants(sql: string): string {
  const pieces = new RegExp(PIECE);
  let shown = "";
  let at = 0;
  for (let found = pieces.exec(sql); found !== null; found = pieces.exec(sql)) {
    const { comment, plain, name } = found.groups ?? {};
    if (name !== undefined) continue;
    const end = comment === "/*" ? endOfComment(sql, found.index) : pieces.lastIndex;
    shown += sql.slice(at, found.index) + (comment === undefined ? "?" : hiddenComment(sql.slice(found.index, end)));
    if (plain?.includes("\\")) return `${shown} ...`;
    at = end;
    pieces.lastIndex = end;
  }
  return shown + sql.slice(at);
}

/** Comments may stand within one. One that has no end goes on to the text's. */
function endOfComment(sql: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}
