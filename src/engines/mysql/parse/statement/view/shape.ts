import type { ViewPart, ViewShape, ViewWrite } from "../../../../../model/detail/view-shape.js";
import type { MysqlDialect } from "../../dialect.js";
import { isReserved } from "../../reserved.js";
import { conditionsOf } from "./conditions.js";
import { fromOf } from "./from.js";
import { normalText, type Scope } from "./text.js";
import { listed, ownTokens, type Section, sectionsOf, type Tokens, unwrapped, wordAt } from "./tokens.js";

/** What else a statement says of its view. */
export interface ViewOptions {
  readonly dialect: MysqlDialect;
  /** ALGORITHM = TEMPTABLE. */
  readonly copied: boolean;
  readonly check: ViewShape["check"];
}

const SETS: ReadonlySet<string> = new Set(["UNION", "EXCEPT", "INTERSECT", "MINUS"]);
const TAIL: ReadonlySet<string> = new Set(["ORDER", "LIMIT", "OFFSET", "FETCH", "LOCK", "INTO", "PROCEDURE", "FOR"]);
const CLAUSES: ReadonlySet<string> = new Set(["SELECT", "FROM", "WHERE", "GROUP", "HAVING", "QUALIFY"]);

/** What a view's query lets through, by its tokens; null where that is not told: VALUES, INTERSECT, both UNIONs, LIMIT inside. */
export function viewShape(tokens: Tokens, options: ViewOptions): ViewShape | null {
  const query = unwrapped(tokens);
  const isWith = wordAt(query, 0) === "WITH";
  const ctes = new Set(isWith ? namesOfWith(query) : []);
  const start = isWith ? (sectionsOf(query, (word) => word === "SELECT")[0]?.tokens.length ?? 0) : 0;
  const arms = sectionsOf(query.slice(start), (word) => SETS.has(word));
  const last = sectionsOf(arms.at(-1)?.tokens ?? [], (word) => TAIL.has(word));
  const bodies = [...arms.slice(0, -1), ...last.slice(0, 1)].map((arm) => unwrapped(unquantified(arm.tokens)));
  const union = unionOf(arms.slice(1));
  if (union === undefined || bodies.some((body) => wordAt(body, 0) !== "SELECT" || hasTail(body))) return null;
  const parts = bodies.map((body) => partOf(body, ctes));
  const count = countOf(last);
  const [only] = parts;
  const stopped =
    parts.length > 1 || only === undefined || options.copied || count.limit !== null || count.offset !== null;
  const takes = stopped ? [] : takenBy(only, bodies[0] ?? [], options.dialect);
  return Object.freeze({
    parts: Object.freeze(parts),
    union,
    ...count,
    takes: Object.freeze(takes),
    check: options.check,
  });
}

/** `WITH a AS (...), b (x) AS (...)`. */
function namesOfWith(query: Tokens): readonly string[] {
  return query.flatMap(({ value }, at) => {
    const named = wordAt(query, at + 1) === "AS" || wordAt(query, at + 1) === "(";
    const first = /^(?:WITH|RECURSIVE|,)$/.test(wordAt(query, at - 1));
    return named && first ? [value.toLowerCase()] : [];
  });
}

const isQuantity = (tokens: Tokens): boolean => /^(?:ALL|DISTINCT)$/.test(wordAt(tokens, 0));
const unquantified = (tokens: Tokens): Tokens => (isQuantity(tokens) ? tokens.slice(1) : tokens);
const hasTail = (tokens: Tokens): boolean => sectionsOf(tokens, (word) => TAIL.has(word)).length > 1;

/** Null for a single query, undefined where other things stand between several than one kind of UNION. */
function unionOf(arms: readonly Section[]): ViewShape["union"] | undefined {
  const kinds = arms.map(({ head, tokens }) =>
    head !== "UNION" ? undefined : wordAt(tokens, 0) === "ALL" ? ("union all" as const) : ("union" as const),
  );
  const [first = null] = kinds;
  return arms.length > 0 && (kinds[0] === undefined || kinds.some((kind) => kind !== first)) ? undefined : first;
}

/** `LIMIT 5`, `LIMIT 10, 5`, `LIMIT 5 OFFSET 10`, `OFFSET 10 ROWS FETCH FIRST 5 ROWS ONLY`. */
function countOf(tail: readonly Section[]): Pick<ViewShape, "limit" | "offset"> {
  const find = (head: string) => tail.find((section) => section.head === head)?.tokens ?? [];
  const limit = listed(find("LIMIT"));
  const most = limit.at(-1)?.[0]?.text ?? find("FETCH")[1]?.text ?? null;
  return { limit: most, offset: (limit.length > 1 ? limit[0]?.[0]?.text : find("OFFSET")[0]?.text) ?? null };
}

function partOf(body: Tokens, ctes: ReadonlySet<string>): ViewPart {
  const clauses = sectionsOf(body, (word) => CLAUSES.has(word));
  const find = (head: string) => clauses.find((section) => section.head === head)?.tokens ?? [];
  const from = fromOf(find("FROM"), ctes);
  const { scope } = from;
  const items = itemsOf(find("SELECT"));
  const conditions = ["WHERE", "HAVING", "QUALIFY"].flatMap((head) => conditionsOf(find(head), scope));
  return Object.freeze({
    shown: Object.freeze(items.map((item) => shownText(item, scope))),
    tables: from.tables,
    others: from.others,
    outer: from.outer,
    conditions: Object.freeze([...from.on, ...conditions]),
    distinct: /^DISTINCT/.test(wordAt(find("SELECT"), 0)) ? "all" : null,
    grouped: groupedOf(find("GROUP"), items, scope) ?? (aggregates(find("SELECT")) ? Object.freeze([]) : null),
  });
}

const OPTIONS = /^(?:ALL|DISTINCT|DISTINCTROW|HIGH_PRIORITY|STRAIGHT_JOIN|SQL_\w+)$/;

interface Item {
  readonly tokens: Tokens;
  readonly alias: string | null;
}

function itemsOf(select: Tokens): readonly Item[] {
  const start = select.findIndex((_, at) => !OPTIONS.test(wordAt(select, at)));
  return listed(select.slice(Math.max(0, start))).map(itemOf);
}

/** `a AS b`, `a b`, `a 'b'`. */
function itemOf(tokens: Tokens): Item {
  const last = tokens.at(-1);
  const before = tokens.at(-2);
  const alone = { tokens, alias: null };
  if (last === undefined || before === undefined || last.kind === "operator" || last.kind === "number") return alone;
  const alias = last.value.toLowerCase();
  if (before.upper === "AS") return { tokens: tokens.slice(0, -2), alias };
  const ends = before.kind === "operator" ? before.text === ")" : before.kind !== "word" || !isReserved(before.upper);
  const names = last.kind === "quoted" || last.kind === "string" || (last.kind === "word" && !isReserved(last.upper));
  return ends && names && last.upper !== "END" ? { tokens: tokens.slice(0, -1), alias } : alone;
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

/** What MySQL 9.7 and MariaDB 10.11 and 11 write through a view of one query: test/rules/narrowing-view.server.test.ts. */
function takenBy(part: ViewPart, body: Tokens, dialect: MysqlDialect): ViewWrite[] {
  const { tables, others, outer, distinct, grouped, shown } = part;
  const clauses = sectionsOf(body, (word) => CLAUSES.has(word));
  const find = (head: string) => clauses.find((section) => section.head === head)?.tokens ?? [];
  const own = ownTokens(find("SELECT"));
  const whole = tables.length > 0 && others.length === 0 && distinct === null && grouped === null;
  if (!whole || find("HAVING").length > 0 || own.some((_, at) => wordAt(own, at) === "OVER")) return [];
  if (readsItself(find("WHERE"), part)) return [];
  if (outer.length > 0) return dialect === "mysql" ? [] : ["update"];
  const all: ViewWrite[] = tables.length > 1 ? ["insert", "update"] : ["insert", "update", "delete"];
  if (dialect === "mariadb") return all;
  if (dependsOnRow(find("SELECT"), fromOf(find("FROM"), new Set()).scope)) return [];
  const plain = shown.every((text) => /^\S*→[^\s()]+$/.test(text)) && new Set(shown).size === shown.length;
  return plain ? all : all.filter((write) => write !== "insert");
}

/** A query in its list of columns names, with its table, a column of the row that is read. */
function dependsOnRow(select: Tokens, { tables }: Scope): boolean {
  const outside = new Set(ownTokens(select));
  return select.some(
    (token, at) => !outside.has(token) && wordAt(select, at + 1) === "." && tables.has(token.value.toLowerCase()),
  );
}

/** A query in its WHERE reads a table of its FROM. */
function readsItself(where: Tokens, { tables }: ViewPart): boolean {
  const names = new Set(tables.map(({ name }) => name));
  return where.some(
    ({ value }, at) => names.has(value) && /^(?:FROM|JOIN|,)$/.test(wordAt(where, at - 1)) && own(where, at),
  );
}

const own = (where: Tokens, at: number): boolean => where.slice(0, at).some((_, n) => wordAt(where, n) === "SELECT");
