import type { Node, ResTarget, SelectStmt } from "libpg-query";
import type { ViewQuery } from "../../../../../model/detail/view-shape.js";
import type { RelationName } from "../../../../../model/name.js";
import { outputsTold } from "../../../../view-flat.js";
import { bodies, body, strings } from "../../ast.js";
import { givenParts } from "../data/given-parts.js";

/**
 * The names of a view's columns, as the server would give them; null for one that an expression names, `*` for all of
 * the only table that is read. Null as a whole where `*` may mean columns of several.
 */
export function viewOutputs(
  query: Node | undefined,
  read: Omit<ViewQuery, "name"> | null,
  aliases: readonly Node[] | undefined,
): readonly (string | null)[] | null {
  const select = firstSelect(body(query, "SelectStmt"));
  if (select === null || select.valuesLists !== undefined) return null;
  const targets = bodies(select.targetList, "ResTarget").map(outputOf);
  const names = targets.includes("*") ? read && outputsTold(read) : targets;
  const given = strings(aliases);
  if (names === null || (names.includes("*") && given.length > 0)) return null;
  return Object.freeze(names.map((name, at) => given[at] ?? name));
}

/** UNION has the names of its first query. */
function firstSelect(select: SelectStmt | null): SelectStmt | null {
  return select?.larg === undefined ? select : firstSelect(select.larg);
}

/** What the column is called that is shown so: `*` for all, null where an expression names it. */
export function outputOf({ name, val }: ResTarget): string | null {
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

/** The names of a view's columns, with the tables whose columns are all shown; null where that is not told, or there are none. */
export function starredOutputs(
  query: Node | undefined,
  aliases: readonly Node[] | undefined,
): readonly (string | null | RelationName)[] | null {
  const select = firstSelect(body(query, "SelectStmt"));
  if (select === null || select.valuesLists !== undefined || (aliases ?? []).length > 0) return null;
  const targets = bodies(select.targetList, "ResTarget");
  const each = targets.map((target): readonly (string | null | RelationName)[] | null => {
    const name = outputOf(target);
    if (name !== "*") return [name];
    const parts = givenParts({ SelectStmt: { ...select, targetList: [{ ResTarget: target }] } });
    return parts?.flatMap((part) => (typeof part === "object" && "name" in part ? [part] : [null])) ?? null;
  });
  const isTold = each.some((parts) => parts?.some((part) => part !== null && typeof part === "object"));
  if (!isTold || each.includes(null)) return null;
  return Object.freeze(each.flatMap((parts) => parts ?? []));
}
