import type { MysqlDialect } from "../../parse/dialect.js";
import { sameType, type Type, typeOf } from "./type.js";

/**
 * What of a type nothing that is stored depends on: `same`; `width`, which no reader is shown; `display`, which changes what
 * readers get (the zeros of ZEROFILL, the digits of a DOUBLE, a BOOL that drivers take for one) or what writers may give.
 */
export type Display = "same" | "width" | "display";

/** The width of an integer that says none, with its sign and without. */
const WIDTHS: Readonly<Record<string, readonly [signed: number, unsigned: number]>> = Object.freeze({
  tinyint: [4, 3],
  smallint: [6, 5],
  mediumint: [9, 8],
  int: [11, 10],
  bigint: [20, 20],
  year: [4, 4],
});

/** MySQL 8.0.19 and later keep the width of what shows it, and of TINYINT(1). */
const keepsWidth = ({ base, unsigned, zerofill, written }: Type): boolean =>
  zerofill || (base === "tinyint" && !unsigned && written[0] === 1);

/** @param hidden the server keeps no width that shows nowhere */
function widthOf(type: Type, hidden: boolean): number | null {
  const usual = WIDTHS[type.base];
  if (usual === undefined || (hidden && type.base !== "year" && !keepsWidth(type))) return null;
  return type.written[0] || usual[type.unsigned ? 1 : 0];
}

/** A DOUBLE of M digits, D of them behind the point; one that says nothing takes them all. */
function digitsOf({ written: [all, fraction = 0] }: Type): readonly [whole: number, fraction: number] {
  return all === undefined ? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] : [all - fraction, fraction];
}

function doubles(from: Type, to: Type): Display {
  const [a, b] = [digitsOf(from), digitsOf(to)];
  if (a[0] === b[0] && a[1] === b[1]) return "same";
  return b[0] >= a[0] && b[1] >= a[1] ? "width" : "display";
}

function integers(from: Type, to: Type, dialect: MysqlDialect): Display {
  const hidden = dialect === "mysql" && from.written.length === 0;
  const [a, b] = [widthOf(from, hidden), widthOf(to, hidden)];
  if (a === b) return "same";
  const shown = to.zerofill || to.base === "year" || (to.base === "tinyint" && (a === 1 || b === 1));
  return shown ? "display" : "width";
}

/**
 * How a column's type is shown otherwise, where it stays the one that is stored. Both servers change it in the catalog alone,
 * and touch no row (measured).
 *
 * @param old the type as the server prints it
 * @example
 * displayChange("int unsigned", "INT(8) UNSIGNED ZEROFILL", "mysql") // "display"
 */
export function displayChange(old: string, type: string, dialect: MysqlDialect): Display {
  const [from, to] = [typeOf(old, dialect), typeOf(type, dialect)];
  if (!sameType(from, to)) return "same";
  if (from.zerofill !== to.zerofill) return "display";
  return from.base === "double" ? doubles(from, to) : integers(from, to, dialect);
}
