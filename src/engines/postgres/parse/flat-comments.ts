/**
 * Characters of operators in a row: PostgreSQL's scanner reads all that follow a comment's beginning, and gives them back,
 * for each beginning among them.
 */
const LONG_RUN = /[~!@#^&|`?+\-*/%<>=]{500}/;

/** What hides the beginning of a comment, or is one. A string or a quoted name that has no end goes on to the text's. */
const PIECE = new RegExp(
  [
    "--[^\\n\\r]*",
    "(?<![\\w$\\u0080-\\uffff])[eE]'(?:[^'\\\\]|\\\\[^]|'')*(?:'|$)",
    "'[^']*(?:'|$)",
    '"[^"]*(?:"|$)',
    "(?<![\\w$\\u0080-\\uffff])(\\$(?:[A-Za-z_\\u0080-\\uffff][\\w\\u0080-\\uffff]*)?\\$)(?:(?!\\1)[^])*(?:\\1|$)",
    "(\\/\\*)",
  ].join("|"),
  "g",
);

/**
 * The text with blanks for what begins and ends comments inside comments, so that nothing moves: 20,000 of them in a row
 * take PostgreSQL's scanner seconds. A text without a long row of such characters stays as it is.
 */
export function flatComments(text: string): string {
  if (!LONG_RUN.test(text)) return text;
  const parts: string[] = [];
  let done = 0;
  PIECE.lastIndex = 0;
  for (let found = PIECE.exec(text); found !== null; found = PIECE.exec(text)) {
    if (found[2] === undefined) continue;
    const start = found.index + 2;
    const end = endOfComment(text, start);
    parts.push(text.slice(done, start), text.slice(start, end).replace(/[*/]/g, " "));
    done = end;
    PIECE.lastIndex = end + 2;
  }
  return parts.join("") + text.slice(done);
}

/** Where the end of the comment stands whose beginning is behind; the text's end when it has none. */
function endOfComment(text: string, from: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = from;
  let depth = 1;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return found.index;
  }
  return text.length;
}
