import { quote } from "../../names.js";
import { renameColumnInExpression } from "../../parse/rename-column.js";
import { followGroupTriggers, groupTriggers, type Sides } from "../../triggers/group.js";
import { implicitOf, readStored } from "../rename/lenient.js";
import { holds } from "../type-change/conversion.js";
import { type Group, sourcesOf } from "./group.js";

const inBrackets = (text: string): string => `(${text})`;

/** What the triggers of a group are made from. */
function sidesOf(group: Group): Sides {
  const { added, dropped, table, context, hash } = group;
  const read = (text: string) => readStored(text, table, context.dialect);
  return {
    relation: table.relation,
    hash,
    added: added.map(({ column, up }) => ({ column, value: read(up), otherwise: null, implicit: null })),
    dropped: dropped.map(({ column, down, otherwise }) => ({
      column,
      value: read(down),
      otherwise,
      implicit: implicitOf(column, context.dialect),
    })),
    sources: sourcesOf(group),
  };
}

export const syncOf = (group: Group) => groupTriggers(sidesOf(group));

/** @param parked the name that a dropped column has after the swap */
export function followOf(group: Group, parked: (column: string) => string) {
  const sides = sidesOf(group);
  const dropped = sides.dropped.map((d) => ({ ...d, column: { ...d.column, name: parked(d.column.name) } }));
  return followGroupTriggers({ ...sides, dropped });
}

/** No new column of a row was ever written. */
const unwritten = ({ added }: Group): string => added.map((a) => `${quote(a.column.name)} IS NULL`).join(" AND ");

/** Rows that the backfill has to fill. What a lossy pair has made of a row, or new code has written, is left alone. */
export const unfilled = (group: Group): string =>
  `${unwritten(group)} AND (${group.added.map((a) => `${inBrackets(a.up)} IS NOT NULL`).join(" OR ")})`;

type Naming = (expression: string) => string;

function sideHolds(columns: readonly { name: string; type: string; value: string }[], { context }: Group): string {
  const terms = columns.map(
    ({ name, type, value }) => holds(type, quote(name), inBrackets(value), context.dialect) ?? "FALSE",
  );
  return terms.map(inBrackets).join(" AND ");
}

/**
 * True for a row whose new side says something that its old side does not: neither is computed from the other.
 *
 * @param named how expressions and columns of the old side are called now
 */
export function lost(group: Group, named: { expression: Naming; column: Naming }): string {
  const news = group.added.map(({ column, up }) => ({ ...column, value: named.expression(up) }));
  const olds = group.dropped.map(({ column, down }) => ({ ...column, name: named.column(column.name), value: down }));
  const ends = [sideHolds(news, group), sideHolds(olds, group)].map((side) => `NOT (${side})`);
  return `NOT (${unwritten(group)}) AND ${ends.join(" AND ")}`;
}

/** The same, with the dropped columns under the names that they have after the swap. */
export function lostParked(group: Group, parked: (column: string) => string): string {
  const { dropped, table, context } = group;
  const expression = (text: string) =>
    dropped.reduce(
      (all, { column: { name } }) =>
        renameColumnInExpression(all, name, parked(name), table.relation.name, context.dialect),
      text,
    );
  return lost(group, { expression, column: parked });
}
