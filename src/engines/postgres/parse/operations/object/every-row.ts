import type { ResTarget, SelectStmt, ViewStmt } from "libpg-query";
import { bodies, body, strings } from "../../ast.js";

/** What a query has that leaves no row out and brings none in; libpg-query writes the last two into every one. */
const HARMLESS: ReadonlySet<string> = new Set(["targetList", "fromClause", "limitOption", "op"]);

/**
 * Whether a view shows each row of the one table that it reads, once: `SELECT * FROM t`, or `SELECT a, b FROM t` with the
 * columns under their own names. Behind `*` there may be more columns, and constants.
 */
export function showsEveryRow({ query, aliases }: ViewStmt): boolean {
  const select = body(query, "SelectStmt");
  if (select === null || aliases !== undefined || (select.op ?? "SETOP_NONE") !== "SETOP_NONE") return false;
  return Object.keys(select).every((part) => HARMLESS.has(part)) && readsWhole(select) && showsOwn(select);
}

/** ONLY leaves out what stands in partitions and children. */
function readsWhole({ fromClause = [] }: SelectStmt): boolean {
  const [table] = bodies(fromClause, "RangeVar");
  return fromClause.length === 1 && table?.inh === true && table.alias?.colnames === undefined;
}

function showsOwn({ targetList }: SelectStmt): boolean {
  const targets = bodies(targetList, "ResTarget");
  const [first] = targets;
  if (first !== undefined && nameOf(first) === "*")
    return targets.slice(1).every((t) => nameOf(t) !== null || isConstant(t));
  return targets.every((t) => nameOf(t) !== null && (t.name === undefined || t.name === nameOf(t)));
}

/** The column that is shown, `*` for all; null for anything but a column. */
function nameOf({ val }: ResTarget): string | null {
  const fields = body(val, "ColumnRef")?.fields;
  if (fields === undefined) return null;
  return fields.some((f) => "A_Star" in f) ? "*" : (strings(fields).at(-1) ?? null);
}

const isConstant = ({ val }: ResTarget): boolean =>
  body(val, "A_Const") !== null || body(body(val, "TypeCast")?.arg, "A_Const") !== null;
