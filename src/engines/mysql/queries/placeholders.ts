import type { Token } from "../parse/token.js";

/** Why a digest cannot be made a query again: it is thrown and caught in this folder. */
export class Unknowable extends Error {}

/** `(...)` of a digest, in which the server has put a list together. */
const isList = (tokens: readonly Token[], at: number): boolean =>
  tokens
    .slice(at, at + 5)
    .map((t) => t.text)
    .join("") === "(...)";

/** How many columns an INSERT names in front of its VALUES. */
function namedColumns(tokens: readonly Token[], to: number): number {
  const open = tokens.findIndex((t) => t.text === "(");
  if (open === -1 || open >= to) throw new Unknowable("the digest does not say how many values it has");
  const close = tokens.findIndex((t, i) => i > open && t.text === ")");
  return tokens.slice(open + 1, close).filter((t) => t.text === ",").length + 1;
}

/** The list as it may have been: one value of an IN, a value for each column of an INSERT. */
function listText(tokens: readonly Token[], at: number): string {
  if (tokens[at - 1]?.upper !== "VALUES") return "(?)";
  return `(${Array.from({ length: namedColumns(tokens, at) }, () => "?").join(", ")})`;
}

const isName = (token: Token | undefined): boolean => token?.kind === "word" || token?.kind === "string";

/** The servers take these for functions only where no blank stands behind them, and a digest has one everywhere. */
const TOUCHING: ReadonlySet<string> = new Set(
  "ADDDATE AVG BIT_AND BIT_OR BIT_XOR CAST COUNT CURDATE CURTIME DATE_ADD DATE_SUB EXTRACT GROUP_CONCAT JSON_ARRAYAGG JSON_OBJECTAGG MAX MID MIN NOW POSITION STD STDDEV STDDEV_POP STDDEV_SAMP SUBDATE SUBSTR SUBSTRING SUM SYSDATE TRIM VAR_POP VAR_SAMP VARIANCE".split(
    " ",
  ),
);

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function editsOf(tokens: readonly Token[]): Edit[] {
  return tokens.flatMap((token, i): Edit[] => {
    const { start, end } = token.span;
    if (/^\$\d+$/.test(token.text)) return [{ start, end, text: "?" }];
    const next = tokens[i + 1];
    if (token.text === ":" && isName(next) && next?.span.start === end)
      return [{ start, end: next.span.end, text: "?" }];
    if (TOUCHING.has(token.upper) && next?.text === "(") return [{ start: end, end: next.span.start, text: "" }];
    const last = tokens[i + 4];
    if (last === undefined || !isList(tokens, i)) return [];
    return [{ start, end: last.span.end, text: listText(tokens, i) }];
  });
}

/**
 * A query with `?` in the place of `:name` and `$1`, and with what a digest leaves out. `@name` is the server's own.
 *
 * @param start where the query begins in the text that the tokens are of
 * @throws Unknowable
 */
export function placeholders(text: string, tokens: readonly Token[], start: number): string {
  let [out, from] = ["", 0];
  for (const edit of editsOf(tokens)) {
    out += text.slice(from, edit.start - start) + edit.text;
    from = edit.end - start;
  }
  return out + text.slice(from);
}
