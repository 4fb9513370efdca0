import type { Bound } from "../../../../../model/detail/bound.js";
import type { DataChange, Joined, Joins } from "../../../../../model/detail/data.js";
import type { Cursor } from "../../cursor.js";
import { boundsOf } from "../../query/bounds.js";
import type { FromTable, JoinCondition } from "../../query/from.js";
import { isCte } from "../../query/table.js";
import type { NamedTable } from "./walk.js";

/**
 * Which rows UPDATE and DELETE find.
 *
 * @param table the one that is written
 * @param tables all that are joined, that one among them
 * @param where what WHERE bounds its rows by
 */
export function joinsOf(
  cursor: Cursor,
  table: NamedTable | null,
  tables: readonly FromTable[],
  where: readonly Bound[] | undefined,
): Pick<DataChange, "joins"> {
  if (table === null) return {};
  const others = tables.filter(({ alias }) => alias !== table.alias).map((each) => joinedOf(cursor, each));
  const inner = tables.flatMap(({ conditions = [] }) => conditions.flatMap(innerBounds));
  const read = tables.filter(({ relation }) => relation !== null && !isCte(cursor, relation));
  const joins: Joins = {
    alias: table.alias,
    others: Object.freeze(others),
    bounds: Object.freeze([...(where ?? []), ...inner]),
    ...(cursor.read.length > read.length ? { more: true as const } : {}),
  };
  return { joins: Object.freeze(joins) };
}

const innerBounds = ({ join, tokens }: JoinCondition): readonly Bound[] => (join === "inner" ? boundsOf(tokens) : []);

/** The rows of a table at the right of LEFT JOIN are those of its condition; it says nothing of those at the left. */
function joinedOf(cursor: Cursor, { alias, relation, conditions = [] }: FromTable): Joined {
  if (relation === null || isCte(cursor, relation)) return { alias };
  const left = conditions.filter(({ join }) => join === "left").flatMap(({ tokens }) => boundsOf(tokens));
  const bounds = left.flatMap((bound) => of(alias, bound));
  return { alias, relation, ...(bounds.length === 0 ? {} : { bounds }) };
}

/** The bound as one of columns of this table, where it is any. */
function of(alias: string, bound: Bound): readonly Bound[] {
  if (bound.kind !== "is" || bound.column.table === alias) return [bound];
  const [value, another] = bound.values;
  if (value?.kind !== "name" || another !== undefined || value.of.table !== alias) return [];
  return [{ kind: "is", column: value.of, values: [{ kind: "name", of: bound.column }] }];
}
