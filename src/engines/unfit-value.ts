import type { Catalog, Column, Table } from "../model/catalog.js";
import type { DataChange, Extremes } from "../model/detail/data.js";
import { lengthOf } from "./given-values.js";
import { columnsGiven, mayBeFilled } from "./unfilled-column.js";

/** A constant that a column does not take. */
export interface Unfit {
  readonly column: Column;
  readonly value: string | number;
  readonly why: "too long" | "out of range";
}

/** Bytes of whole numbers. */
const WIDTHS: Readonly<Record<string, number>> = Object.freeze({
  tinyint: 1,
  smallint: 2,
  int2: 2,
  mediumint: 3,
  int: 4,
  integer: 4,
  int4: 4,
  bigint: 8,
  int8: 8,
});

/**
 * The first text or number, written out in a row, that is too long or too large for its column, in a strict SQL mode; null
 * where there is none for certain. PostgreSQL refuses an UPDATE so whatever rows it finds, the others where it finds any.
 */
export function unfitValue(change: DataChange, table: Table, { dialect }: Catalog): Unfit | null {
  const own = dialect === undefined;
  const isCertain = own || (change.verb !== "update" && change.conflict !== "ignore" && !mayBeFilled(table, "insert"));
  const given = isCertain && change.extremes !== undefined ? columnsGiven(table, change, own) : null;
  for (const extremes of change.extremes ?? []) {
    const column = given?.[extremes.at];
    const unfit = column === undefined ? null : unfitIn(column, extremes);
    if (unfit !== null) return unfit;
  }
  return null;
}

const TEXT = /^(?:character varying|varchar|character|char|bpchar)\s*\(\s*(\d+)\s*\)/;
const WHOLE = /^(\w+)\s*(?:\(\s*\d+\s*\))?\s*(unsigned)?/;
const DECIMAL = /^(?:numeric|decimal|dec)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/;

function unfitIn(column: Column, { longest, least, greatest }: Extremes): Unfit | null {
  const type = column.type.toLowerCase().trim();
  // An array takes texts of its own.
  if (type.includes("[")) return null;
  const length = TEXT.exec(type)?.[1];
  if (length !== undefined && longest !== undefined && lengthOf(longest) > Number(length))
    return { column, value: longest, why: "too long" };
  const beyond = [least, greatest].find((value) => value !== undefined && isBeyond(value, type));
  return beyond === undefined ? null : { column, value: beyond, why: "out of range" };
}

function isBeyond(value: number, type: string): boolean {
  const [, name = "", unsigned] = WHOLE.exec(type) ?? [];
  const bytes = WIDTHS[name];
  if (bytes !== undefined) {
    const rounded = Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
    const values = 2 ** (8 * bytes);
    const [from, to] = unsigned === undefined ? [-values / 2, values / 2] : [0, values];
    // Of eight bytes the ends themselves cannot be told from their neighbours.
    return rounded < from || (bytes === 8 ? rounded > to : rounded >= to);
  }
  const [, precision, scale = "0"] = DECIMAL.exec(type) ?? [];
  // What is rounded up to it is too large, too.
  return (
    precision !== undefined && Math.abs(value) >= 10 ** (Number(precision) - Number(scale)) - 0.4 * 10 ** -Number(scale)
  );
}
