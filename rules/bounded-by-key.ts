import { findTable } from "../src/engines/engine.js";
import type { Catalog } from "../src/model/catalog.js";
import type { DataChange } from "../src/model/detail/data.js";
import { isBookkeepingChange } from "./bookkeeping.js";

/** So many rows are a batch. */
const BATCH_ROWS = 50_000;

const NUMBER = String.raw`(-?\d{1,15})`;
const CONSTANT = String.raw`(?:-?\d+(?:\.\d+)?|'')`;
/** Where a condition may begin and end, so that it is one of those that AND joins. */
const FROM = String.raw`(?:^|\band\b)[\s(]*(?:[\w$]+\.)?`;
const TO = String.raw`[\s)]*(?:$|\band\b)`;

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

function matches(where: string, column: string, condition: string): RegExpExecArray | null {
  return new RegExp(`${FROM}["\`]?${escaped(column)}["\`]?\\s*${condition}${TO}`, "i").exec(where);
}

const isOne = (where: string, column: string): boolean => matches(where, column, String.raw`=\s*${CONSTANT}`) !== null;

const LIST = String.raw`\s*${CONSTANT}(?:\s*,\s*${CONSTANT})*\s*`;

/** `IN (1, 2)`, `= ANY (ARRAY[1, 2])`. */
const isSome = (where: string, column: string): boolean =>
  matches(where, column, String.raw`(?:in\s*\(${LIST}\)|=\s*any\s*\(\s*array\s*\[${LIST}\]\s*\))`) !== null;

/** `BETWEEN 1 AND 100`, `> 0 AND id <= 100`, as far apart as a batch. */
function isRange(where: string, column: string): boolean {
  const between = matches(where, column, String.raw`between\s+${NUMBER}\s+and\s+${NUMBER}`);
  const [from, to] = between === null ? [] : [between[1], between[2]];
  const low = from ?? matches(where, column, String.raw`>=?\s*${NUMBER}`)?.[1];
  const high = to ?? matches(where, column, String.raw`<=?\s*${NUMBER}`)?.[1];
  return low !== undefined && high !== undefined && Number(high) - Number(low) <= BATCH_ROWS;
}

/** Whether constants bound what a statement writes: by the table's key, as far as that is known; or it is small by itself. */
export function isBoundedByKey(change: DataChange, catalog: Catalog): boolean {
  if (isBookkeepingChange(change)) return true;
  const [relation, another] = change.writes;
  if (relation === undefined || another !== undefined || change.where == null) return false;
  // The bound may be one of another table.
  if (change.reads.length > 0 || change.cte) return false;
  const where = change.where
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/--.*|\/\*[\s\S]*?\*\//g, " ")
    .trim();
  // Beside an OR, or in a NOT, a bound bounds nothing; what a subquery says of a column is about another table.
  if (/\b(?:or|not|select|xor|case)\b|\|\||!/i.test(where)) return false;
  const constraints = findTable(catalog, relation)?.constraints ?? [];
  return constraints
    .filter(({ kind }) => kind === "primary-key")
    .some(({ columns }) => {
      const [only] = columns;
      if (only === undefined) return false;
      if (columns.every((column) => isOne(where, column))) return true;
      return columns.length === 1 && (isSome(where, only) || isRange(where, only));
    });
}
