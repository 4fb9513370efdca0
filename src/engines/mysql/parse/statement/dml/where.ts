import type { Bound } from "../../../../../model/detail/bound.js";
import type { DataChange } from "../../../../../model/detail/data.js";
import { accept, type Cursor } from "../../cursor.js";
import { readExpression } from "../../expression/expression.js";
import { boundsOf } from "../../query/bounds.js";
import { textFrom } from "../../token-text.js";

/** Words that no column is. */
const CONSTANT: ReadonlySet<string> = new Set("TRUE NULL NOT AND OR XOR IS LIKE IN BETWEEN DIV MOD".split(" "));

/** `WHERE condition`, if it stands there. Without a column it filters nothing: `WHERE 1 = 1`. @throws Unreadable */
export function readWhere(cursor: Cursor): Pick<DataChange, "filtered" | "where" | "bounds"> {
  if (!accept(cursor, "WHERE")) return { filtered: false, where: null, bounds: [] };
  const start = cursor.index;
  readExpression(cursor);
  const tokens = cursor.tokens.slice(start, cursor.index);
  const varies = tokens.some(({ kind, upper }) =>
    kind === "word" ? !CONSTANT.has(upper) : kind === "quoted" || kind === "variable",
  );
  const where = textFrom(cursor, start);
  const bounds = boundsOf(tokens).filter((bound) => !asksForEach(bound));
  return { filtered: varies || /^\(*0\)*$/.test(where), where, bounds };
}

/** MySQL before 8.0.21 and MariaDB before 11.1 meet, and lock, each row of the table to ask `IN (SELECT ...)` about it. */
const asksForEach = (bound: Bound): boolean => bound.kind === "is" && bound.values.some(({ kind }) => kind === "found");
