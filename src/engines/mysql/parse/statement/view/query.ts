import type { ViewQuery } from "../../../../../model/detail/view-shape.js";
import { flattened, type WrittenPart } from "../../../../view-flat.js";
import { limited, renamed, restricted, united, valuesOf } from "../../../../view-sets.js";
import { conditionsOf } from "./conditions.js";
import { fromOf } from "./from.js";
import { columnName, type Item, itemsOf } from "./items.js";
import { normalText, type Queries, type Scope } from "./text.js";
import { closing, listed, ownTokens, type Section, sectionsOf, type Tokens, unwrapped, wordAt } from "./tokens.js";

const TAIL: ReadonlySet<string> = new Set(["ORDER", "LIMIT", "OFFSET", "FETCH", "LOCK", "INTO", "PROCEDURE"]);
const CLAUSES: ReadonlySet<string> = new Set(["SELECT", "FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "QUALIFY"]);

/** What is nested deeper than a person writes is not looked into. */
const DEEPEST = 8;

/** What a query lets through, with the names of its columns; null where that is not told. */
export function queryOf(tokens: Tokens, around: Scope): ViewQuery | null {
  if (around.depth > DEEPEST) return null;
  const { query, queries } = withQueries(unwrapped(tokens), around);
  const scope = { ...around, queries };
  const [rows, ...tail] = sectionsOf(query, (word, at) => isTail(query, word, at));
  const all = rows === undefined ? null : unionOf(rows.tokens, scope);
  const { limit, offset } = countOf(tail);
  return all === null ? null : limited(all, limit, offset);
}

/** FOR begins the locking at an end, and else an index hint, or a time. */
const isTail = (tokens: Tokens, word: string, at: number): boolean =>
  TAIL.has(word) || (word === "FOR" && /^(?:UPDATE|SHARE)$/.test(wordAt(tokens, at + 1)));

/** `WITH [RECURSIVE] a AS (...), b (x) AS (...) query`: each may read those in front of it, a recursive one itself. */
export function withQueries(tokens: Tokens, around: Scope): { readonly query: Tokens; readonly queries: Queries } {
  if (wordAt(tokens, 0) !== "WITH") return { query: tokens, queries: around.queries };
  const queries = new Map(around.queries);
  let at = wordAt(tokens, 1) === "RECURSIVE" ? 2 : 1;
  const depth = around.depth + 1;
  for (;;) {
    const name = tokens[at]?.value.toLowerCase() ?? "";
    const named = wordAt(tokens, at + 1) === "(" ? closing(tokens, at + 1) : at;
    const names = listed(tokens.slice(at + 2, named)).flatMap(([first]) => first?.value.toLowerCase() ?? []);
    const end = closing(tokens, named + 2);
    if (wordAt(tokens, 1) === "RECURSIVE") queries.set(name, null);
    const query = queryOf(tokens.slice(named + 3, end), { ...around, queries, depth });
    queries.set(name, query === null ? null : renamed(query, name, names));
    at =
      wordAt(tokens, end + 1) === "CYCLE" ? tokens.findIndex(({ upper }, n) => n > end && upper === "RESTRICT") : end;
    if (wordAt(tokens, at + 1) !== ",") return { query: unwrapped(tokens.slice(at + 1)), queries };
    at += 2;
  }
}

const isQuantity = (tokens: Tokens): boolean => /^(?:ALL|DISTINCT)$/.test(wordAt(tokens, 0));

/** `a UNION b EXCEPT ALL c`, from the left. */
function unionOf(tokens: Tokens, scope: Scope): ViewQuery | null {
  const [first, ...others] = sectionsOf(tokens, (word) => /^(?:UNION|EXCEPT|MINUS)$/.test(word));
  const left = first === undefined ? null : intersectionOf(first.tokens, scope);
  return others.reduce((query: ViewQuery | null, section) => {
    const { all, rows } = quantified(section);
    const right = intersectionOf(rows, scope);
    if (query === null || right === null) return null;
    return section.head === "UNION" ? united(query, right, all) : restricted(query, right, "except", all);
  }, left);
}

/** INTERSECT binds closer. */
function intersectionOf(tokens: Tokens, scope: Scope): ViewQuery | null {
  const [first, ...others] = sectionsOf(tokens, (word) => word === "INTERSECT");
  const left = first === undefined ? null : termOf(first.tokens, scope);
  return others.reduce((query: ViewQuery | null, section) => {
    const { all, rows } = quantified(section);
    const right = termOf(rows, scope);
    return query === null || right === null ? null : restricted(query, right, "intersect", all);
  }, left);
}

const quantified = ({ tokens }: Section): { readonly all: boolean; readonly rows: Tokens } => ({
  all: wordAt(tokens, 0) === "ALL",
  rows: isQuantity(tokens) ? tokens.slice(1) : tokens,
});

function termOf(tokens: Tokens, scope: Scope): ViewQuery | null {
  const word = wordAt(tokens, 0);
  if (word === "(") return queryOf(tokens, { ...scope, depth: scope.depth + 1 });
  if (word === "VALUES") return valuesOf(listed(tokens.slice(1)).map((row) => normalText(unrowed(row), scope)));
  if (word === "TABLE") return wholeTable(tokens.slice(1), scope);
  if (word !== "SELECT") return null;
  return flattened(partOf(tokens, scope));
}

/** `ROW(1, 2)`. */
const unrowed = (row: Tokens): Tokens => (wordAt(row, 0) === "ROW" ? row.slice(1) : row);

function wholeTable(table: Tokens, around: Scope): ViewQuery {
  const { scope, on: conditions, ...from } = fromOf(table, around);
  const shown = [`${scope.only ?? "?"}→*`];
  return flattened({ ...from, columns: ["*"], shown, conditions, distinct: null, grouped: null });
}

/** What stands behind a word of a SELECT; nothing where it is not there. */
export function clauseOf(select: Tokens, head: string): Tokens {
  return sectionsOf(select, (word) => CLAUSES.has(word)).find((section) => section.head === head)?.tokens ?? [];
}

/** One SELECT. */
export function partOf(select: Tokens, around: Scope): WrittenPart {
  const { scope, on, ...from } = fromOf(clauseOf(select, "FROM"), around);
  const shown = clauseOf(select, "SELECT");
  const items = itemsOf(shown);
  const conditions = ["WHERE", "HAVING", "QUALIFY"].flatMap((head) => conditionsOf(clauseOf(select, head), scope));
  return {
    ...from,
    columns: Object.freeze(items.map(columnName)),
    shown: Object.freeze(items.map((item) => shownText(item, scope))),
    conditions: Object.freeze([...on, ...conditions]),
    distinct: /^DISTINCT/.test(wordAt(shown, 0)) ? "all" : null,
    grouped: groupedOf(clauseOf(select, "GROUP"), items, scope) ?? (aggregates(shown) ? Object.freeze([]) : null),
  };
}

const shownText = ({ tokens }: Item, scope: Scope): string =>
  tokens.length === 1 && tokens[0]?.text === "*" ? `${scope.only ?? "?"}→*` : normalText(tokens, scope);

function groupedOf(group: Tokens, items: readonly Item[], scope: Scope): readonly string[] | null {
  if (group.length === 0) return null;
  const [by = []] = sectionsOf(group.slice(1), (word) => word === "WITH").map((section) => section.tokens);
  return listed(by).map((key) => {
    const [first, second] = key;
    if (first === undefined || second !== undefined) return normalText(key, scope);
    const item =
      first.kind === "number"
        ? items[Number(first.text) - 1]
        : items.find(({ alias }) => alias === first.value.toLowerCase());
    return normalText(item?.tokens ?? key, scope);
  });
}

const AGGREGATE =
  /^(?:AVG|BIT_AND|BIT_OR|BIT_XOR|COUNT|GROUP_CONCAT|JSON_ARRAYAGG|JSON_OBJECTAGG|MAX|MIN|STD|STDDEV\w*|SUM|VAR_\w+|VARIANCE)$/;

function aggregates(select: Tokens): boolean {
  const own = ownTokens(select);
  const isWindow = own.some((_, at) => wordAt(own, at) === "OVER");
  return !isWindow && own.some((_, at) => AGGREGATE.test(wordAt(own, at)) && wordAt(own, at + 1) === "(");
}

/** `LIMIT 5`, `LIMIT 10, 5`, `LIMIT 5 OFFSET 10`, `OFFSET 10 ROWS FETCH FIRST 5 ROWS ONLY`. */
function countOf(tail: readonly Section[]): { readonly limit: string | null; readonly offset: string | null } {
  const find = (head: string) => tail.find((section) => section.head === head)?.tokens ?? [];
  const limit = listed(find("LIMIT"));
  const most = limit.at(-1)?.[0]?.text ?? find("FETCH")[1]?.text ?? null;
  return { limit: most, offset: (limit.length > 1 ? limit[0]?.[0]?.text : find("OFFSET")[0]?.text) ?? null };
}
