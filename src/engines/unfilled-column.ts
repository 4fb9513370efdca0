import type { Catalog, Column, Table } from "../model/catalog.js";
import type { DataChange } from "../model/detail/data.js";
import { type RelationName, show } from "../model/name.js";
import { findTable } from "./engine.js";
import { valuesGiven } from "./given-by-query.js";

/** A column that must have a value, and that a change of data gives none. */
export interface Unfilled {
  readonly relation: RelationName;
  readonly column: string;
  /** It is given NULL, or a column of a trigger's row that is not there; or it is left out, or given DEFAULT, and has none. */
  readonly how: "null" | "new" | "old" | "left-out";
}

/** What code does that leaves a column unfilled, in words. */
export function unfilledWhy({ relation, column, how }: Unfilled): string {
  const where = `column ${column} of ${show(relation)}, which is NOT NULL`;
  if (how === "left-out") return `leaves out ${where} and has no default`;
  if (how === "null") return `writes NULL to ${where}`;
  return `writes a column of ${how.toUpperCase()}, which is NULL there, to ${where}`;
}

/** A column that must have a value, and gets one by nothing but the statement. */
const needsValue = (column: Column, own: boolean): boolean =>
  column.notNull &&
  column.default === null &&
  column.generated === null &&
  column.identity === null &&
  !column.autoIncrement &&
  column.onUpdate === null &&
  (own || !/^\s*(enum|set|timestamp)\b/i.test(column.type)) &&
  !/serial/i.test(column.type);

/** MySQL and MariaDB take a NULL for the next number, and for the time where that is what the server is set to. */
const refusesNull = ({ notNull, autoIncrement, generated, type }: Column, own: boolean): boolean =>
  notNull && generated === null && (own || (!autoIncrement && !/^\s*(timestamp|serial)\b/i.test(type)));

/** A rule, or a trigger in front of it, may write anything. */
export const mayBeFilled = ({ dependents }: Table, event: "insert" | "update"): boolean =>
  dependents.some(
    ({ kind, trigger }) =>
      kind === "rule" ||
      (kind === "trigger" &&
        (trigger === undefined || (trigger.timing === "before" && trigger.events.includes(event)))),
  );

/** A type of the application's own may be a domain with a default. */
export const mayBeDomain = ({ type }: Column, { types = [] }: Catalog): boolean =>
  types.some((one) => one.kind === "domain" && one.default !== null && type.includes(one.relation.name));

/**
 * The first column that the server refuses a row for, in a strict SQL mode: one that is NOT NULL, as files have made it, and
 * left out of an INSERT without a default, or given NULL. Null where there is none for certain.
 *
 * @param absent the row of a trigger that is not there, whose columns are NULL (PostgreSQL)
 */
export function unfilledColumn(change: DataChange, catalog: Catalog, absent?: "new" | "old"): Unfilled | null {
  const [relation, another] = change.writes;
  const table = relation === undefined || another !== undefined ? null : findTable(catalog, relation);
  const event = change.verb === "replace" ? "insert" : change.verb;
  if (table === null || table.columns.length === 0 || (event !== "insert" && event !== "update")) return null;
  const own = catalog.dialect === undefined;
  if (mayBeFilled(table, event) || (!own && change.conflict === "ignore")) return null;
  const queried = valuesGiven(change, catalog);
  const given = columnsGiven(table, change, own, queried?.length);
  const those = (places: readonly number[] = []): readonly (Column | undefined)[] => places.map((at) => given?.[at]);
  const isRefused = (column: Column | undefined) => column !== undefined && refusesNull(column, own);
  const nulls = queried?.flatMap((value, at) => (value === "null" ? [at] : [])) ?? change.given?.nulls;
  const nulled = those(nulls).find(isRefused);
  if (nulled !== undefined) return { relation: table.relation, column: nulled.name, how: "null" };
  const { fromNew, fromOld } = change.given ?? {};
  const gone = those(absent === "new" ? fromNew : absent === "old" ? fromOld : []).find(isRefused);
  if (absent !== undefined && gone !== undefined) return { relation: table.relation, column: gone.name, how: absent };
  // MariaDB asks for what is left out only where there is no such row yet.
  const asks = event === "insert" && !(catalog.dialect === "mariadb" && change.conflict === "update");
  if (given === null || !asks) return null;
  const defaults = those(change.given?.defaults);
  const isEmpty = (column: Column) => !given.includes(column) || defaults.includes(column);
  const empty = table.columns.find((c) => needsValue(c, own) && isEmpty(c) && !mayBeDomain(c, catalog));
  return empty === undefined ? null : { relation: table.relation, column: empty.name, how: "left-out" };
}

/** The columns that values are written for, in their order; null where that is not told. @param queried how many values a query gives */
export function columnsGiven(
  table: Table,
  change: DataChange,
  own: boolean,
  queried?: number,
): readonly (Column | undefined)[] | null {
  // MySQL's and MariaDB's columns are not told apart by case.
  const plain = (text: string) => (own ? text : text.toLowerCase());
  if (change.columns.length > 0)
    return change.columns.map((name) => table.columns.find((column) => plain(column.name) === plain(name)));
  const width = queried ?? (change.source === "rows" ? change.given?.width : undefined);
  if (width === undefined || width > table.columns.length) return null;
  // MySQL and MariaDB take all columns or none; invisible ones are not among them.
  return own || width === 0 || width === table.columns.length ? table.columns.slice(0, width) : null;
}
