import type { ViewQuery, ViewShape, ViewWrite } from "../../../../../model/detail/view-shape.js";
import type { WrittenPart } from "../../../../view-flat.js";
import type { MysqlDialect } from "../../dialect.js";
import { fromOf } from "./from.js";
import { clauseOf, partOf, queryOf, withQueries } from "./query.js";
import type { Scope } from "./text.js";
import { ownTokens, sectionsOf, type Tokens, unwrapped, wordAt } from "./tokens.js";

/** What else a statement says of its view. */
export interface ViewOptions {
  readonly dialect: MysqlDialect;
  /** ALGORITHM = TEMPTABLE. */
  readonly copied: boolean;
  readonly check: ViewShape["check"];
}

/** What a view's query lets through, by its tokens, and the names of its columns; null where that is not told: what is nested deeper than a person writes. */
export function viewShape(tokens: Tokens, { dialect, copied, check }: ViewOptions): Omit<ViewQuery, "name"> | null {
  const query = queryOf(tokens, NOWHERE);
  if (query === null) return null;
  const { shape } = query;
  const body = copied || shape.limit !== null || shape.offset !== null ? null : onlySelect(tokens);
  const takes = body === null ? [] : takenBy(partOf(body.select, body.scope), body.select, dialect);
  return { columns: query.columns, shape: Object.freeze({ ...shape, takes: Object.freeze(takes), check }) };
}

/** Nothing is around a query. */
export const NOWHERE: Scope = Object.freeze({
  tables: new Map(),
  only: null,
  queries: new Map(),
  depth: 0,
  inside: queryOf,
});

/** The only SELECT of a query that puts no several together. */
function onlySelect(tokens: Tokens): { readonly select: Tokens; readonly scope: Scope } | null {
  const { query, queries } = withQueries(unwrapped(tokens), NOWHERE);
  const isSet = sectionsOf(query, (word) => /^(?:UNION|EXCEPT|INTERSECT|MINUS)$/.test(word)).length > 1;
  const [select = []] = sectionsOf(query, (word) => word === "ORDER").map((section) => section.tokens);
  return isSet || wordAt(select, 0) !== "SELECT" ? null : { select, scope: { ...NOWHERE, queries } };
}

/** What MySQL 9.7 and MariaDB 10.11 and 11 write through a view of one query: test/rules/narrowing-view.server.test.ts. */
function takenBy(part: WrittenPart, body: Tokens, dialect: MysqlDialect): ViewWrite[] {
  const { tables, others, queries, outer, distinct, grouped, shown } = part;
  const find = (head: string) => clauseOf(body, head);
  const own = ownTokens(find("SELECT"));
  const whole = tables.length > 0 && others.length + queries.length === 0 && distinct === null && grouped === null;
  if (!whole || find("HAVING").length > 0 || own.some((_, at) => wordAt(own, at) === "OVER")) return [];
  if (readsItself(find("WHERE"), part)) return [];
  if (outer.length > 0) return dialect === "mysql" ? [] : ["update"];
  const all: ViewWrite[] = tables.length > 1 ? ["insert", "update"] : ["insert", "update", "delete"];
  if (dialect === "mariadb") return all;
  if (dependsOnRow(find("SELECT"), fromOf(find("FROM"), NOWHERE).scope)) return [];
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
function readsItself(where: Tokens, { tables }: Pick<WrittenPart, "tables">): boolean {
  const names = new Set(tables.map(({ name }) => name));
  return where.some(
    ({ value }, at) => names.has(value) && /^(?:FROM|JOIN|,)$/.test(wordAt(where, at - 1)) && own(where, at),
  );
}

const own = (where: Tokens, at: number): boolean => where.slice(0, at).some((_, n) => wordAt(where, n) === "SELECT");
