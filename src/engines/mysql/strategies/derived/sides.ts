import { quote } from "../../names.js";
import { withSources } from "../../triggers/expression.js";
import { followGroupTriggers, groupTriggers, type Sides } from "../../triggers/group.js";
import { implicitOf, readStored } from "../rename/lenient.js";
import { holds } from "../type-change/conversion.js";
import { type Added, type Group, sourcesOf } from "./group.js";

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

/**
 * True for a row whose new column says something that is not computed from the old side, which is all that a rollback leaves.
 * What is NULL says nothing. A type that no value can be converted to for comparison is compared as it is.
 */
export function ownValue({ column, up }: Added, { table, context: { dialect } }: Group): string {
  const name = quote(column.name);
  // Quoted, so that the name of a column that is parked by then can be put in its place.
  const value = withSources(up, table, dialect, quote);
  const same = holds(column.type, name, value, dialect) ?? `${name} <=> ${value}`;
  return `${name} IS NOT NULL AND (${same}) IS NOT TRUE`;
}
