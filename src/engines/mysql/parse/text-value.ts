import type { TextValue } from "../../../model/detail/text-value.js";
import type { Token } from "./token.js";

/** Nobody nests texts deeper. */
const DEEPEST = 20;

/** The text that an expression is, from strings, variables, IF, COALESCE, CONCAT and subqueries that give one of these; null for any other. */
export function textValue(tokens: readonly Token[], depth = 0): TextValue | null {
  const [first, second] = tokens;
  if (first === undefined || depth > DEEPEST) return null;
  if (tokens.every(({ kind }) => kind === "string" || kind === "number"))
    return tokens.length === 1 || first.kind === "string" ? text(tokens.map(({ value }) => value).join("")) : null;
  if (tokens.length === 1) return variable(first);
  if (first.upper === "SELECT") return textValue(selected(tokens), depth + 1);
  const called = second?.text === "(" && first.kind === "word" ? first.upper : first.text === "(" ? "" : null;
  const inside = called === null ? null : argumentsIn(tokens.slice(called === "" ? 0 : 1));
  if (inside === null) return null;
  const values = (called === "IF" ? inside.slice(1) : inside).map((each) => textValue(each, depth + 1));
  const known = values.filter((value) => value !== null);
  if (known.length < values.length) return null;
  if (called === "") return known.length === 1 ? (known[0] ?? null) : null;
  if (called === "CONCAT") return Object.freeze({ kind: "joined", of: Object.freeze(known) });
  return called === "IF" || called === "IFNULL" || called === "COALESCE"
    ? Object.freeze({ kind: "either", of: Object.freeze(known) })
    : null;
}

const text = (value: string): TextValue => Object.freeze({ kind: "text", text: value });

/** `@x`; those with two signs are the server's. */
function variable({ kind, value }: Token): TextValue | null {
  if (kind !== "variable" || value.startsWith("@@")) return null;
  return Object.freeze({ kind: "variable", name: variableName(value) });
}

/** The name of a user's variable, without its sign and quotes. */
export const variableName = (variable: string): string => variable.replace(/^@[`'"]?(.*?)[`'"]?$/, "$1").toLowerCase();

/** What stands between SELECT and FROM. */
function selected(tokens: readonly Token[]): readonly Token[] {
  const from = topLevel(tokens).find((at) => tokens[at]?.upper === "FROM");
  return tokens.slice(1, from);
}

/** What stands between the commas of brackets that hold all of it; null where they do not. */
function argumentsIn(tokens: readonly Token[]): readonly (readonly Token[])[] | null {
  if (tokens[0]?.text !== "(" || tokens.at(-1)?.text !== ")") return null;
  const inside = tokens.slice(1, -1);
  const top = topLevel(inside);
  if (top.length === 0 && inside.length > 0) return null;
  const commas = top.filter((at) => inside[at]?.text === "," && inside[at]?.kind === "operator");
  return [...commas, inside.length].map((end, nth) => inside.slice(nth === 0 ? 0 : (commas[nth - 1] ?? 0) + 1, end));
}

/** The places of tokens that stand in no brackets; none where brackets are closed that were not opened. */
function topLevel(tokens: readonly Token[]): readonly number[] {
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
