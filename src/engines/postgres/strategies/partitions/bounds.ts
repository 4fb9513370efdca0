import type { PartitionBound } from "../../../../model/detail/partition.js";
import { boundClause } from "./bound.js";

/** A value that is the same for every session: a number, or a date, a time or a uuid in quotes. */
const NUMBER = /^-?\d+(?:\.\d+)?$/;
const SORTED_TEXT = /^'(\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}:\d{2})?)'$/;

type Value = number | string;

/** Null for MINVALUE, MAXVALUE and whatever else is compared by the server alone. */
function literalValue(text: string): Value | null {
  const plain = text.trim().replace(/::[\w" ]+$/, "");
  if (NUMBER.test(plain)) return Number(plain);
  const quoted = SORTED_TEXT.exec(plain)?.[1]?.replace("T", " ");
  if (quoted !== undefined) return quoted.length === 10 ? `${quoted} 00:00:00` : quoted;
  return null;
}

const RANGE = /^FOR VALUES FROM \(([^,()]+)\) TO \(([^,()]+)\)$/is;
const LIST = /^FOR VALUES IN \((.+)\)$/is;
const HASH = /^FOR VALUES WITH \(modulus (\d+), remainder (\d+)\)$/i;

/** The end of one range is not behind the beginning of the other. Open ends and other values are not compared. */
function before(a: RegExpExecArray, b: RegExpExecArray): boolean {
  const [end, begin] = [literalValue(a[2] ?? ""), literalValue(b[1] ?? "")];
  return end !== null && begin !== null && typeof end === typeof begin && end <= begin;
}

const listed = (text: string): ReadonlySet<string> | null => {
  const values = text.split(",").map((v) => v.trim());
  return values.every((v) => /^(?:'[^']*'|-?\d+)$/.test(v)) ? new Set(values) : null;
};

/** Whether two bounds are certain to have no row in common, as PostgreSQL prints them. Without certainty they may have. */
export function areDisjoint(a: string, b: string): boolean {
  const [rangeA, rangeB] = [RANGE.exec(a), RANGE.exec(b)];
  if (rangeA !== null && rangeB !== null) return before(rangeA, rangeB) || before(rangeB, rangeA);
  const [hashA, hashB] = [HASH.exec(a), HASH.exec(b)];
  if (hashA !== null && hashB !== null) return hashA[1] === hashB[1] && hashA[2] !== hashB[2];
  const [listA, listB] = [listed(LIST.exec(a)?.[1] ?? "x"), listed(LIST.exec(b)?.[1] ?? "x")];
  return listA !== null && listB !== null && [...listA].every((v) => !listB.has(v));
}

/** The bound as the server prints it, as far as blanks and case go. */
export const printed = (bound: PartitionBound): string =>
  boundClause(bound).replaceAll(/\s+/g, " ").replaceAll(/\(\s+/g, "(").replaceAll(/\s+\)/g, ")").trim();
