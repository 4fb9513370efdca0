import type { TextValue } from "../../../model/detail/text-value.js";
import type { Token } from "./token.js";

/** Nobody nests texts deeper. */
const DEEPEST = 20;

/** The text that an expression is, from strings, variables, IF, CASE, COALESCE, CONCAT and subqueries that give one of these; null for any other. */
export function textValue(tokens: readonly Token[], depth = 0): TextValue | null {
  const [first, second] = tokens;
  if (first === undefined || depth > DEEPEST) return null;
  if (tokens.every(({ kind }) => kind === "string" || kind === "number"))
    return tokens.length === 1 || first.kind === "string" ? text(tokens.map(({ value }) => value).join("")) : null;
  if (tokens.length === 1) return variable(first);
  if (first.upper === "SELECT" && first.kind === "word") return textValue(selected(tokens), depth + 1);
  if (first.upper === "CASE" && first.kind === "word") return either(branches(tokens), depth);
  const called = second?.text === "(" && first.kind === "word" ? first.upper : first.text === "(" ? "" : null;
  const inside = called === null ? null : argumentsIn(tokens.slice(called === "" ? 0 : 1));
  if (inside === null) return null;
  if (called === "IF") return either(inside.slice(1), depth);
  if (called === "IFNULL" || called === "COALESCE") return either(inside, depth);
  const known = textValues(inside, depth);
  if (called === "") return known?.length === 1 ? (known[0] ?? null) : null;
  return called !== "CONCAT" || known === null ? null : Object.freeze({ kind: "joined", of: known });
}

/** Null where one of them is not told. */
function textValues(each: readonly (readonly Token[])[], depth: number): readonly TextValue[] | null {
  const values = each.map((tokens) => textValue(tokens, depth + 1));
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : Object.freeze(known);
}

function either(each: readonly (readonly Token[])[], depth: number): TextValue | null {
  const of = textValues(each, depth);
  return of === null || of.length === 0 ? null : Object.freeze({ kind: "either", of });
}

/** What stands behind each THEN, and behind ELSE, of the CASE that tokens are; nothing where they are more than that. */
function branches(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const found: (readonly Token[])[] = [];
  let [open, begun] = [0, -1];
  for (const at of topLevel(tokens)) {
    const word = tokens[at]?.kind === "word" ? tokens[at]?.upper : "";
    if (begun >= 0 && open === 1 && (word === "WHEN" || word === "ELSE" || word === "END")) {
      found.push(tokens.slice(begun, at));
      begun = -1;
    }
    if (word === "CASE") open += 1;
    if (word === "END") open -= 1;
    if (open === 0) return at === tokens.length - 1 ? found : [];
    if (open === 1 && (word === "THEN" || word === "ELSE")) begun = at + 1;
  }
  return [];
}

const text = (value: string): TextValue => Object.freeze({ kind: "text", text: value });

/** `@x`; those with two signs are the server's. */
function variable({ kind, value }: Token): TextValue | null {
  if (kind !== "variable" || value.startsWith("@@")) return null;
  return Object.freeze({ kind: "variable", name: variableName(value) });
}

/** The name of a user's variable, without its sign and quotes. */
export const variableName = (variable: string): string => variable.replace(/^@[`'"]?(.*?)[`'"]?$/, "$1").toLowerCase();

/** What a users' variable gets. */
export interface Given {
  /** In lower case, without `@`. */
  readonly name: string;
  /** Absent where that is not told. */
  readonly text?: TextValue;
  /** Present, and true, where there is a row for certain: a SELECT of nothing but functions of all rows, or of no table. */
  readonly always?: true;
}

/**
 * What `SELECT a, b INTO @x, @y FROM ...` gives each variable where it finds a row; null where the statement is more than one SELECT, or not
 * of this form.
 */
export function givenBySelect(tokens: readonly Token[]): readonly Given[] | null {
  const top = topLevel(tokens);
  const isWord = (word: string) => (at: number) => tokens[at]?.kind === "word" && tokens[at]?.upper === word;
  const into = top.filter(isWord("INTO"));
  if (!isWord("SELECT")(0) || into.length !== 1 || top.some((at) => JOINING.has(tokens[at]?.upper ?? ""))) return null;
  const end = Math.min(...into, ...top.filter(isWord("FROM")));
  const values = between(tokens.slice(1, end)).map((item) => textValue(withoutAlias(item)));
  const names = namesBehind(tokens.slice((into[0] ?? 0) + 1));
  if (names.length !== values.length) return null;
  const isPlain = !top.some((at) => FILTERING.has(tokens[at]?.upper ?? ""));
  const isOne = (!top.some(isWord("FROM")) && !top.some(isWord("WHERE"))) || countsAll(tokens.slice(1, end));
  const always = isPlain && isOne;
  return names.map((name, at) =>
    Object.freeze({ name, ...(values[at] == null ? {} : { text: values[at] }), ...(always ? { always } : {}) }),
  );
}

/** Not where a query or a window stands in it: it may be theirs. */
const countsAll = (items: readonly Token[]): boolean =>
  items.some(({ upper, kind }) => kind === "word" && OF_ALL_ROWS.has(upper)) &&
  !items.some(({ upper }) => upper === "SELECT" || upper === "OVER");

/** What may leave a SELECT without a row that would have one. */
const FILTERING: ReadonlySet<string> = new Set(["GROUP", "HAVING", "LIMIT", "OFFSET", "QUALIFY"]);
const OF_ALL_ROWS: ReadonlySet<string> = new Set(["COUNT", "MAX", "MIN", "SUM", "GROUP_CONCAT"]);

const JOINING: ReadonlySet<string> = new Set(["UNION", "EXCEPT", "INTERSECT", "MINUS"]);

const withoutAlias = (item: readonly Token[]): readonly Token[] =>
  item.at(-2)?.upper === "AS" ? item.slice(0, -2) : item;

/** Users' variables with commas between them. */
function namesBehind(tokens: readonly Token[]): readonly string[] {
  const names: string[] = [];
  for (let at = 0; tokens[at]?.kind === "variable"; at += 2) {
    names.push(variableName(tokens[at]?.value ?? ""));
    if (tokens[at + 1]?.text !== ",") break;
  }
  return names;
}

/** What stands between SELECT and FROM. */
function selected(tokens: readonly Token[]): readonly Token[] {
  const from = topLevel(tokens).find((at) => tokens[at]?.upper === "FROM");
  return tokens.slice(1, from);
}

/** What stands between the commas of brackets that hold all of it; null where they do not. */
function argumentsIn(tokens: readonly Token[]): readonly (readonly Token[])[] | null {
  if (tokens[0]?.text !== "(" || tokens.at(-1)?.text !== ")") return null;
  const inside = tokens.slice(1, -1);
  return topLevel(inside).length === 0 && inside.length > 0 ? null : between(inside);
}

/** What stands between the commas that stand in no brackets. */
function between(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const commas = topLevel(tokens).filter((at) => tokens[at]?.text === "," && tokens[at]?.kind === "operator");
  return [...commas, tokens.length].map((end, nth) => tokens.slice(nth === 0 ? 0 : (commas[nth - 1] ?? 0) + 1, end));
}

/** The places of tokens that stand in no brackets; none where brackets are closed that were not opened. */
export function topLevel(tokens: readonly Token[]): readonly number[] {
  const places: number[] = [];
  let depth = 0;
  for (const [at, { kind, text: word }] of tokens.entries()) {
    const bracket = kind === "operator" ? word : "";
    if (bracket === ")") depth -= 1;
    if (depth < 0) return [];
    if (depth === 0) places.push(at);
    if (bracket === "(") depth += 1;
  }
  return places;
}
