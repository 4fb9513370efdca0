import type { ViewCondition } from "../../../../../model/detail/view-shape.js";
import { amongRows, amongValues, anyOf, compared, isLiteral, plain } from "../../../../view-condition.js";
import { shapeText } from "../../../../view-sets.js";
import { deeper, isQuery, normalText, type Scope } from "./text.js";
import { closing, depthsOf, listed, sectionsOf, type Tokens, unwrapped, wordAt } from "./tokens.js";

/** What a row must meet, each of it by itself: what AND puts together. */
export function conditionsOf(tokens: Tokens, scope: Scope): readonly ViewCondition[] {
  const all = unwrapped(tokens);
  if (all.length === 0 || (all.length === 1 && /^(?:true|1)$/i.test(all[0]?.text ?? ""))) return [];
  // XOR binds closer than OR, and what `||` means depends on the session.
  if (sectionsOf(all, (word) => word === "XOR" || word === "||").length > 1) return [plain(normalText(all, scope))];
  const any = sectionsOf(all, (word) => word === "OR");
  if (any.length > 1) return [anyOf(any.map((arm) => armOf(arm.tokens, scope)))];
  const ends = new Set(betweenEnds(all));
  const each = sectionsOf(all, (word, at) => (word === "AND" && !ends.has(at)) || word === "&&");
  if (each.length > 1) return each.flatMap((one) => conditionsOf(one.tokens, scope));
  const range = betweenOf(all, scope);
  if (range !== null) return range;
  return [amongOf(all, scope) ?? comparisonOf(all, scope) ?? plain(negated(normalText(all, scope)))];
}

/** `a BETWEEN b AND c`, and nothing else. */
function betweenOf(tokens: Tokens, scope: Scope): readonly ViewCondition[] | null {
  const parts = sectionsOf(tokens, (word) => SIGNS.has(word) || OTHERS.has(word));
  const [left, range] = parts;
  if (left === undefined || range?.head !== "BETWEEN" || parts.length !== 2) return null;
  const [from, to, more] = sectionsOf(range.tokens, (word) => word === "AND");
  if (from === undefined || to === undefined || more !== undefined) return null;
  const [value, least, most] = [left, from, to].map((part) => normalText(part.tokens, scope));
  if (value === undefined || least === undefined || most === undefined) return null;
  return [compared(value, ">=", least), compared(value, "<=", most)];
}

/** `NOT a LIKE b`, which SHOW CREATE VIEW writes, is `a NOT LIKE b`. */
const negated = (text: string): string =>
  text.replace(/^not (.*?) (like|in|between|regexp|rlike) (?!.* (?:like|in|between|regexp|rlike) )/, "$1 not $2 ");

function armOf(tokens: Tokens, scope: Scope): ViewCondition {
  const all = conditionsOf(tokens, scope);
  const [only] = all;
  const text = all.map((each) => each.text).sort();
  return only !== undefined && all.length === 1 ? only : plain(text.join(" and "));
}

/** Where the ANDs of BETWEEN ... AND stand. */
function betweenEnds(tokens: Tokens): readonly number[] {
  const depths = depthsOf(tokens);
  let open = 0;
  return tokens.flatMap((_, at) => {
    const word = depths[at] === 0 ? wordAt(tokens, at) : "";
    if (word === "BETWEEN") open++;
    if (word !== "AND" || open === 0) return [];
    open--;
    return [at];
  });
}

const SIGNS: ReadonlySet<string> = new Set(["=", "<>", "!=", "<", "<=", ">", ">="]);
const OTHERS: ReadonlySet<string> = new Set([
  "IN",
  "NOT",
  "IS",
  "LIKE",
  "BETWEEN",
  "REGEXP",
  "RLIKE",
  "EXISTS",
  "<=>",
  "!",
]);

function comparisonOf(tokens: Tokens, scope: Scope): ViewCondition | null {
  const parts = sectionsOf(tokens, (word) => SIGNS.has(word) || OTHERS.has(word));
  const [left, right, last] = parts;
  const text = (run: Tokens) => normalText(run, scope);
  if (left === undefined || right === undefined) return null;
  if (parts.length === 2 && SIGNS.has(right.head)) {
    return compared(text(left.tokens), right.head === "!=" ? "<>" : right.head, text(right.tokens));
  }
  const list = right.head === "IN" ? right : right.head === "NOT" && last?.head === "IN" ? last : null;
  const values = list === null ? [] : listed(unwrapped(list.tokens)).map(text);
  const isList = parts.length === (list === right ? 2 : 3) && values.length > 0 && values.every(isLiteral);
  return isList ? amongValues(text(left.tokens), values, list !== right) : null;
}

/** `EXISTS (SELECT ...)`, `a NOT IN (SELECT ...)`, `a = ANY (SELECT ...)`, and as SHOW CREATE VIEW writes them: `NOT a IN (...)`, `a IN (...) IS FALSE`. */
function amongOf(tokens: Tokens, scope: Scope): ViewCondition | null {
  const inner = /^(?:NOT|!)$/.test(wordAt(tokens, 0)) ? tokens.slice(1) : tokens;
  const isFalse = wordAt(inner, inner.length - 2) === "IS" && wordAt(inner, inner.length - 1) === "FALSE";
  const all = unwrapped(isFalse ? inner.slice(0, -2) : inner);
  const start = all.findIndex((_, at) => isQuery(all, at));
  if (start < 1 || closing(all, start) !== all.length - 1) return null;
  const words = [start - 2, start - 1].map((at) => wordAt(all, at)).join(" ");
  const head = /^(?:NOT IN|= (?:ANY|SOME))$/.exec(words)?.[0] ?? /(?:IN|EXISTS)$/.exec(words)?.[0];
  if (head === undefined || (head === "EXISTS" && start !== 1)) return null;
  const left = head === "EXISTS" ? null : normalText(all.slice(0, start - head.split(" ").length), scope);
  const query = scope.inside(all.slice(start + 1, -1), deeper(scope));
  if (query === null) return null;
  const shape = left === null ? { ...query.shape, limit: query.shape.limit === "0" ? "0" : null } : query.shape;
  const not = [inner !== tokens, isFalse, head === "NOT IN"].filter((each) => each).length % 2 === 1;
  return amongRows(left, shape, `${not ? "not " : ""}${left ?? "exists"} in ${shapeText(shape)}`, not);
}
