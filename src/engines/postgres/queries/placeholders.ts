import type { Token } from "../parse/library.js";

/** Operators that a `?` or `@` may grow together with when no blank stands between: `a>=?`. */
const BEFORE: ReadonlySet<string> = new Set("= < > <= >= <> != + - * / % || ~ ~* !~ !~* ~~ ~~*".split(" "));

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const PARAM = /^\$\d+$/;
const OPERAND = /^(?:[\p{L}_"'\d$(:@]|ARRAY\b)/u;

/** A stretch of the text that becomes something else. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What stands for one parameter: how many tokens, what was in front of it in the first, and its name where it has one. */
interface Found {
  readonly tokens: number;
  readonly kept: string;
  readonly name: string | null;
}

/** The tokens around a place. */
interface Around {
  readonly before: Token | undefined;
  readonly token: Token;
  readonly next: Token | undefined;
}

const touches = (token: Token, next: Token | undefined): next is Token =>
  next !== undefined && token.end === next.start;

/** `a ? 'key'` asks a jsonb value for a key: something must stand on both sides. A keyword in front is one of a clause. */
function isOperator({ before, next }: Around): boolean {
  if (before === undefined || next === undefined || !OPERAND.test(next.text)) return false;
  if (before.keyword !== null) return next.text.startsWith("'");
  return next.keyword === null && /[\p{L}\p{N}_"')\]]$/u.test(before.text);
}

/** `?`, also glued to the operator in front of it. */
function questionMark(around: Around): Found | null {
  const { text } = around.token;
  if (!text.endsWith("?")) return null;
  const kept = text.slice(0, -1);
  if (kept === "" ? isOperator(around) : !BEFORE.has(kept)) return null;
  return { tokens: 1, kept, name: null };
}

/** `:name` and `@name`, without a blank between; in `a[1:n]` the colon has another meaning. */
function named({ before, token, next }: Around): Found | null {
  const sign = token.text.at(-1);
  if ((sign !== ":" && sign !== "@") || !touches(token, next) || !NAME.test(next.text)) return null;
  const kept = token.text.slice(0, -1);
  if (kept !== "" && !BEFORE.has(kept)) return null;
  if (sign === ":" && before !== undefined && touches(before, token) && /[\w"'\])]$/.test(before.text)) return null;
  return { tokens: 2, kept, name: next.text };
}

/** Which number a parameter has: the same name means the same one. */
function numbering(): (name: string | null) => number {
  const names = new Map<string, number>();
  let last = 0;
  return (name) => {
    const known = name === null ? undefined : names.get(name);
    if (known !== undefined) return known;
    last += 1;
    if (name !== null) names.set(name, last);
    return last;
  };
}

function editsOf(tokens: readonly Token[]): Edit[] {
  const number = numbering();
  const edits: Edit[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) break;
    const around = { before: tokens[i - 1], token, next: tokens[i + 1] };
    const found = questionMark(around) ?? named(around);
    if (found === null) continue;
    i += found.tokens - 1;
    edits.push({ start: token.start, end: tokens[i]?.end ?? token.end, text: `${found.kept} $${number(found.name)}` });
  }
  return edits;
}

function edited(text: string, edits: readonly Edit[]): string {
  let [out, from] = ["", 0];
  for (const edit of edits) {
    out += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return out + text.slice(from);
}

const TYPES = /^(?:interval|date|time|timestamp|timestamptz)$/i;

/**
 * Statistics put a parameter in the place of every constant, and some stand where PostgreSQL's grammar takes none:
 * `interval $1`, `extract($1 FROM c)`.
 */
function grammarEdits(tokens: readonly Token[]): Edit[] {
  return tokens.flatMap((token, i): Edit[] => {
    const before = tokens[i - 1];
    if (before === undefined || !PARAM.test(token.text)) return [];
    const { start } = before;
    if (TYPES.test(before.text)) return [{ start, end: token.end, text: `CAST(${token.text} AS ${before.text})` }];
    const [extract, from] = [tokens[i - 2], tokens[i + 1]];
    if (extract?.keyword !== "EXTRACT" || before.text !== "(" || from?.keyword !== "FROM") return [];
    return [{ start: extract.start, end: from.end, text: `pg_catalog.date_part(${token.text},` }];
  });
}

/**
 * A query with PostgreSQL's own parameters in the place of `?`, `:name` and `@name`. One that has `$1` already keeps its
 * other characters as operators.
 *
 * @param text the query
 * @param tokens those of `text`, without comments
 * @example
 * placeholders("SELECT 1 WHERE a = :id", tokens) // "SELECT 1 WHERE a =  $1"
 */
export function placeholders(text: string, tokens: readonly Token[]): string {
  if (tokens.some((t) => PARAM.test(t.text))) return edited(text, grammarEdits(tokens));
  return edited(text, editsOf(tokens));
}
