import type { Node, ResTarget, SelectStmt } from "libpg-query";
import { bodies, body, strings } from "../../ast.js";

/**
 * The names of a view's columns, as the server would give them; null for one that an expression names, `*` for all of
 * the only table that is read. Null as a whole where `*` may mean columns of several.
 */
export function viewOutputs(
  query: Node | undefined,
  aliases: readonly Node[] | undefined,
): readonly (string | null)[] | null {
  const select = firstSelect(body(query, "SelectStmt"));
  if (select === null || select.valuesLists !== undefined) return null;
  const targets = bodies(select.targetList, "ResTarget").map(outputOf);
  const given = strings(aliases);
  const star = targets.includes("*");
  if (star && (given.length > 0 || !readsOneTable(select))) return null;
  return Object.freeze(targets.map((name, at) => given[at] ?? name));
}

/** UNION has the names of its first query. */
function firstSelect(select: SelectStmt | null): SelectStmt | null {
  return select?.larg === undefined ? select : firstSelect(select.larg);
}

function readsOneTable({ fromClause = [] }: SelectStmt): boolean {
  return fromClause.length === 1 && body(fromClause[0], "RangeVar") !== null;
}

function outputOf({ name, val }: ResTarget): string | null {
  return name ?? nameOf(val);
}

function nameOf(value: Node | undefined): string | null {
  const fields = body(value, "ColumnRef")?.fields;
  if (fields !== undefined) return fields.some((f) => "A_Star" in f) ? "*" : (strings(fields).at(-1) ?? null);
  const called = body(value, "FuncCall")?.funcname;
  if (called !== undefined) return strings(called).at(-1) ?? null;
  const cast = body(value, "TypeCast");
  return cast === null ? null : nameOf(cast.arg);
}
