import type { Span } from "../model/span.js";

/** Strings, names and quoted names of SQL, as far as both families of servers agree on them. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|[\p{L}_][\p{L}\p{N}_$]*/gu;

const QUOTED = /^(["`])(.*)\1$/su;

/** A dotted name as it is written, at the beginning of a text. */
const NAME =
  /^\s*((?:"(?:[^"]|"")*"|`(?:[^`]|``)*`|[\p{L}_][\p{L}\p{N}_$]*)(?:\s*\.\s*(?:"(?:[^"]|"")*"|`(?:[^`]|``)*`|[\p{L}_][\p{L}\p{N}_$]*))*)/u;

/** MySQL's and MariaDB's names of columns do not tell case apart, and their `"` may be a string's. */
export type TextDialect = "mysql" | "mariadb" | undefined;

/** Whether a token names a column: exactly when it is quoted, else whatever its case. */
function names(token: string, column: string, dialect?: TextDialect): boolean {
  const quoted = QUOTED.exec(token);
  if (quoted !== null && dialect !== undefined)
    return quoted[1] === "`" && (quoted[2] ?? "").replaceAll("``", "`").toLowerCase() === column.toLowerCase();
  if (quoted === null) return token.toLowerCase() === column.toLowerCase();
  const quote = quoted[1] ?? "";
  return (quoted[2] ?? "").replaceAll(quote + quote, quote) === column;
}

/**
 * The columns of these that a text mentions. A function or a type of the same name counts too: more is safer than less.
 */
export function mentioned(text: string, columns: readonly string[]): string[] {
  const tokens = text.match(TOKEN) ?? [];
  return columns.filter((column) => tokens.some((token) => !token.startsWith("'") && names(token, column)));
}

/** Where a text may name a column or a table: the places of its tokens of that name. */
export function placesOf(text: string, name: string, dialect?: TextDialect): readonly Span[] {
  return [...text.matchAll(TOKEN)].flatMap(({ 0: token, index }) =>
    !token.startsWith("'") && names(token, name, dialect) ? [{ start: index, end: index + token.length }] : [],
  );
}

const OF_A_WORD = /[\p{L}\p{N}_$]/u;

/** A body may begin and end with a name, between dollar quotes (PostgreSQL). */
const QUOTES_BEFORE = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$$/u;
const QUOTES_BEHIND = /^\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/u;
const LONGEST_QUOTES = 65;

const beginsAt = (text: string, at: number): boolean =>
  !OF_A_WORD.test(text[at - 1] ?? "") ||
  (text[at - 1] === "$" && QUOTES_BEFORE.test(text.slice(Math.max(0, at - LONGEST_QUOTES), at)));

const endsAt = (text: string, end: number): boolean =>
  !OF_A_WORD.test(text[end] ?? "") || (text[end] === "$" && QUOTES_BEHIND.test(text.slice(end, end + LONGEST_QUOTES)));

/** A name as it stands between quotes, where those of its own are doubled. */
const spelled = (name: string): ReadonlySet<string> =>
  new Set([name, ...['"', "`", "'"].map((quote) => name.replaceAll(quote, quote + quote))]);

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
    if (beginsAt(text, at) && endsAt(text, at + word.length)) return true;
  return false;
}

/**
 * Whether a text has a name in it, as a word and whatever its case. It looks into strings, comments and bodies too, as
 * what stands there may be run: more is safer than less.
 *
 * @example
 * mayName("EXECUTE 'DROP TABLE Users'", "users") // true
 * mayName("SELECT users_id FROM t", "users") // false
 */
export function mayName(text: string, name: string): boolean {
  const lower = text.toLowerCase();
  return [...spelled(name.toLowerCase())].some((word) => hasWord(lower, word));
}

/** Whether what an index's definition says behind the table's name may call a function, or cast to a type, of this name. */
export function mayCall(definition: string, name: string): boolean {
  const keys = definition.slice(Math.max(0, definition.indexOf("(")));
  return [...keys.matchAll(TOKEN)].some(({ 0: token, index }) => {
    if (token.startsWith("'") || !names(token, name)) return false;
    return /^\s*\(/.test(keys.slice(index + token.length)) || /(::|\bAS\b)\s*$/i.test(keys.slice(0, index));
  });
}

/**
 * Whether two texts say the same, the one of one column, the other of another one.
 *
 * @param columns those that are renamed in other changes too, and may stand for each other
 */
export function sameBut(
  text: string,
  column: string,
  other: string,
  otherColumn: string,
  columns: readonly string[] = [],
): boolean {
  const [tokens, others] = [text.match(TOKEN) ?? [], other.match(TOKEN) ?? []];
  const rest = (whole: string) => whole.replace(TOKEN, " ");
  if (tokens.length !== others.length || rest(text) !== rest(other)) return false;
  const isOf = (token: string, name: string) => !token.startsWith("'") && names(token, name);
  return tokens.every((token, i) => {
    const there = others[i] ?? "";
    if (token === there || (isOf(token, column) && isOf(there, otherColumn))) return true;
    if (isOf(token, column) || isOf(there, otherColumn)) return false;
    return columns.some((c) => isOf(token, c)) && columns.some((c) => isOf(there, c));
  });
}

/** A text with a column's name replaced outside strings, quoted as its neighbours are. */
export function renamed(text: string, from: string, to: string, dialect?: TextDialect): string {
  const name = dialect === undefined ? quotedLike(text, to) : `\`${to.replaceAll("`", "``")}\``;
  return text.replace(TOKEN, (token) => (token.startsWith("'") || !names(token, from, dialect) ? token : name));
}

/** A name as it may stand in a text: bare where that is certain to be right, else in the text's own quotes. */
export function quotedLike(text: string, name: string): string {
  const quote = text.includes("`") ? "`" : '"';
  return /^[a-z_][a-z0-9_]*$/.test(name) && !text.includes(quote)
    ? name
    : quote + name.replaceAll(quote, quote + quote) + quote;
}

/** The (dotted) name at the beginning of a text, as written; empty when there is none. */
export function leadingName(text: string): string {
  return NAME.exec(text)?.[1] ?? "";
}
