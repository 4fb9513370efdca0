import type { Bound, Constant, NamedInCondition } from "../../../../model/detail/bound.js";
import { eitherBound } from "../../../either-bound.js";
import type { Token } from "../token.js";

type Tokens = readonly Token[];

const isSign = (token: Token | undefined, text: string): boolean => token?.kind === "operator" && token.text === text;
const isWord = (token: Token | undefined, upper: string): boolean => token?.kind === "word" && token.upper === upper;

/** Words that begin or go on with an expression: no column is called so without backticks. */
const NO_COLUMN: ReadonlySet<string> = new Set("NOT CASE EXISTS SELECT INTERVAL BINARY TRUE FALSE NULL".split(" "));

/** Where each bracket of a condition ends, and what joins its parts outside of brackets and CASE. */
function parts(tokens: Tokens, separates: (token: Token) => boolean): readonly Tokens[] | null {
  const found: Tokens[] = [];
  let [depth, cases, between, from] = [0, 0, false, 0];
  for (const [at, token] of tokens.entries()) {
    if (isSign(token, "(")) depth += 1;
    else if (isSign(token, ")")) depth -= 1;
    else if (isWord(token, "CASE")) cases += 1;
    // A column may be called so.
    else if (isWord(token, "END")) cases = Math.max(0, cases - 1);
    if (depth > 0 || cases > 0) continue;
    if (isWord(token, "BETWEEN")) between = true;
    else if (between && (isWord(token, "AND") || isSign(token, "&&"))) between = false;
    else if (separates(token)) {
      found.push(tokens.slice(from, at));
      from = at + 1;
    } else if (["OR", "XOR"].some((word) => isWord(token, word)) || isSign(token, "||")) return null;
  }
  return [...found, tokens.slice(from)];
}

/** The index of the bracket that ends the one at `at`; -1 where there is none. */
function closing(tokens: Tokens, at: number): number {
  let depth = 0;
  for (let i = at; i < tokens.length; i += 1) {
    if (isSign(tokens[i], "(")) depth += 1;
    else if (isSign(tokens[i], ")")) depth -= 1;
    if (depth === 0) return i;
  }
  return -1;
}

/** Without brackets that are around all of it. */
const unbracketed = (tokens: Tokens): Tokens =>
  isSign(tokens[0], "(") && closing(tokens, 0) === tokens.length - 1 ? unbracketed(tokens.slice(1, -1)) : tokens;

/** What a condition, from behind WHERE, bounds rows by. */
export function boundsOf(condition: Tokens): readonly Bound[] {
  const inner = unbracketed(condition);
  const either = parts(inner, (token) => isWord(token, "OR"));
  if (either !== null && either.length > 1) return Object.freeze(eitherBound(either.map(boundsOf)));
  const joined = parts(inner, (token) => isWord(token, "AND") || isSign(token, "&&"));
  if (joined === null) return [];
  return Object.freeze(joined.length === 1 ? boundsIn(inner) : joined.flatMap(boundsOf));
}

function boundsIn(tokens: Tokens): readonly Bound[] {
  const [only, more] = tokens;
  if (only !== undefined && more === undefined)
    return isWord(only, "FALSE") || (only.kind === "number" && numberIn([only]) === 0) ? [{ kind: "never" }] : [];
  const rows = rowsIn(tokens);
  if (rows !== null) return rows;
  const column = columnAt(tokens);
  if (column !== null) return behindColumn(column.named, tokens.slice(column.length));
  const sign = tokens.findIndex((token) => token.kind === "operator" && token.text in MIRRORED);
  if (sign === -1) return [];
  const [left, right] = [tokens.slice(0, sign), tokens.slice(sign + 1)];
  const mirrored = columnAt(right);
  const operator = tokens[sign]?.text ?? "";
  if (mirrored !== null && mirrored.length === right.length)
    return compared(mirrored.named, MIRRORED[operator] ?? operator, left);
  const [one, other] = [numberIn(left), numberIn(right)];
  return operator === "=" && one !== null && other !== null && one !== other ? [{ kind: "never" }] : [];
}

const MIRRORED: Readonly<Record<string, string>> = { "=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

function behindColumn(column: NamedInCondition, tokens: Tokens): readonly Bound[] {
  const [first] = tokens;
  if (isWord(first, "IN")) {
    const asked = askedFor(unbracketed(tokens.slice(1)));
    return asked === null ? isOneOf(column, listIn(tokens.slice(1)) ?? []) : [{ kind: "is", column, values: [asked] }];
  }
  if (isWord(first, "BETWEEN")) {
    const and = tokens.findIndex((token) => isWord(token, "AND") || isSign(token, "&&"));
    const [least, most] = [numberIn(tokens.slice(1, and)), numberIn(tokens.slice(and + 1))];
    if (and === -1 || least === null || most === null) return [];
    return [
      { kind: "least", column, value: least },
      { kind: "most", column, value: most },
    ];
  }
  return first?.kind === "operator" ? compared(column, first.text, tokens.slice(1)) : [];
}

function compared(column: NamedInCondition, sign: string, to: Tokens): readonly Bound[] {
  if (sign === "=") return isOneOf(column, [to]);
  const value = numberIn(to);
  if (value === null) return [];
  if (sign === ">" || sign === ">=") return [{ kind: "least", column, value }];
  return sign === "<" || sign === "<=" ? [{ kind: "most", column, value }] : [];
}

function isOneOf(column: NamedInCondition, texts: readonly Tokens[]): readonly Bound[] {
  const values = texts.map(constantIn);
  return values.length === 0 || values.includes(null)
    ? []
    : [{ kind: "is", column, values: values.filter((value) => value !== null) }];
}

const isQuery = (token: Token | undefined): boolean =>
  token?.kind === "word" && ["SELECT", "WITH", "VALUES", "TABLE"].includes(token.upper);

/** The items of `(1, 2)`; null for anything else, a query among it. */
function listIn(tokens: Tokens): readonly Tokens[] | null {
  if (!isSign(tokens[0], "(") || closing(tokens, 0) !== tokens.length - 1 || isQuery(tokens[1])) return null;
  return parts(tokens.slice(1, -1), (token) => isSign(token, ","));
}

/** `(a, b) = (1, 2)`, and `(a, b) IN ((1, 2), (3, 4))` as what each column may be; null where no rows are compared. */
function rowsIn(tokens: Tokens): readonly Bound[] | null {
  const from = isWord(tokens[0], "ROW") ? 1 : 0;
  const end = isSign(tokens[from], "(") ? closing(tokens, from) : -1;
  const columns = end === -1 ? null : listIn(tokens.slice(from, end + 1));
  if (columns === null || columns.length < 2) return null;
  const [sign, behind] = [tokens[end + 1], tokens.slice(end + 2)];
  const rows = isSign(sign, "=") ? [behind] : isWord(sign, "IN") ? (listIn(behind) ?? []) : [];
  const values = rows.map((row) => listIn(isWord(row[0], "ROW") ? row.slice(1) : row) ?? []);
  if (values.some(({ length }) => length !== columns.length)) return [];
  return columns.flatMap((each, at) => {
    const column = columnAt(each);
    if (column === null || column.length !== each.length) return [];
    return isOneOf(
      column.named,
      values.map((row) => row[at] ?? []),
    );
  });
}

/** `a`, `t.a`, `s.t.a` at the beginning, with brackets or without; null for anything else. */
function columnAt(tokens: Tokens): { readonly named: NamedInCondition; readonly length: number } | null {
  const end = isSign(tokens[0], "(") ? closing(tokens, 0) : -1;
  if (end !== -1) {
    const inner = columnAt(tokens.slice(1, end));
    return inner?.length === end - 1 ? { named: inner.named, length: end + 1 } : null;
  }
  const names: Token[] = [];
  for (let at = 0; names.length < 3; at += 2) {
    const token = tokens[at];
    if (token?.kind !== "quoted" && token?.kind !== "word") return null;
    names.push(token);
    if (!isSign(tokens[at + 1], ".")) break;
  }
  const length = 2 * names.length - 1;
  const [first] = names;
  if (isSign(tokens[length], "(") || (first?.kind === "word" && NO_COLUMN.has(first.upper))) return null;
  const [name, table] = names.toReversed();
  return name === undefined ? null : { named: { table: table?.value ?? null, name: name.value }, length };
}

/** A number with its sign. */
function numberIn(tokens: Tokens): number | null {
  const inner = unbracketed(tokens);
  const minus = isSign(inner[0], "-");
  const [number, more] = minus ? inner.slice(1) : inner;
  if (number?.kind !== "number" || more !== undefined) return null;
  const value = Number(number.text);
  return Number.isNaN(value) ? null : minus ? -value : value;
}

function constantIn(tokens: Tokens): Constant | null {
  const inner = unbracketed(tokens);
  const [only, more] = inner;
  if (more === undefined && only?.kind === "string") return { kind: "text" };
  if (more === undefined && (only?.kind === "variable" || isSign(only, "?"))) return { kind: "passed" };
  if (numberIn(inner) !== null) return { kind: "number" };
  if (isWord(only, "SELECT")) return lookedUp(inner);
  const named = columnAt(inner);
  return named?.length === inner.length ? { kind: "name", of: named.named } : null;
}

/** `SELECT o.id FROM orgs o WHERE ...`, as it stands behind IN. */
export function askedFor(tokens: Tokens): Extract<Constant, { readonly kind: "found" }> | null {
  const where = tokens.findIndex((token) => isWord(token, "WHERE"));
  const found = isWord(tokens[0], "SELECT") ? lookedUp(tokens) : null;
  const goesOn = tokens.slice(where).some(({ kind, upper }) => kind === "word" && GOES_ON.has(upper));
  return found === null || goesOn ? null : { ...found, kind: "found", bounds: boundsOf(tokens.slice(where + 1)) };
}

/** Words that end a condition. */
const GOES_ON: ReadonlySet<string> = new Set(
  "EXCEPT FOR GROUP HAVING INTERSECT INTO LIMIT LOCK MINUS ORDER PROCEDURE QUALIFY UNION WINDOW".split(" "),
);

/** `SELECT o.id FROM orgs o WHERE ...`, where nothing in it says that it is another table's. */
function lookedUp(tokens: Tokens): Extract<Constant, { readonly kind: "looked-up" }> | null {
  const column = columnAt(tokens.slice(1));
  if (column === null || !isWord(tokens[1 + column.length], "FROM")) return null;
  const from = 2 + column.length;
  const table = columnAt(tokens.slice(from));
  if (table === null) return null;
  let at = from + table.length;
  if (isWord(tokens[at], "AS")) at += 1;
  const renamed = tokens[at]?.kind === "quoted" || (tokens[at]?.kind === "word" && !isWord(tokens[at], "WHERE"));
  const alias = renamed ? (tokens[at]?.value ?? "") : table.named.name;
  if (renamed) at += 1;
  if (!isWord(tokens[at], "WHERE")) return null;
  const isOther = (token: Token, i: number) =>
    isSign(tokens[i + 1], ".") && !isSign(tokens[i - 1], ".") && token.value.toLowerCase() !== alias.toLowerCase();
  const others = tokens.slice(at).some((token, i) => isOther(token, at + i));
  if (others || (column.named.table !== null && column.named.table.toLowerCase() !== alias.toLowerCase())) return null;
  const relation = { schema: table.named.table, name: table.named.name };
  return { kind: "looked-up", relation, column: column.named.name };
}
