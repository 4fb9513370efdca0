import type { Node, ResTarget, SelectStmt } from "libpg-query";
import type { CreateObject } from "../../../../../model/detail/object.js";
import { bodies, body, strings } from "../../ast.js";
import { typeText } from "../type-text.js";

type Types = NonNullable<CreateObject["outputTypes"]>;

/** The types of a view's columns where it reads one table by itself: of its columns, and of casts; else null. */
export function outputTypes(query: Node | undefined): Types | null {
  const select = body(query, "SelectStmt");
  if (select === null || !isPlain(select)) return null;
  return Object.freeze(bodies(select.targetList, "ResTarget").map(typeOf));
}

function isPlain({ op = "SETOP_NONE", withClause, fromClause = [], valuesLists }: SelectStmt): boolean {
  const one = fromClause.length === 1 && body(fromClause[0], "RangeVar") !== null;
  return op === "SETOP_NONE" && withClause === undefined && valuesLists === undefined && one;
}

function typeOf({ val }: ResTarget): Types[number] {
  const cast = body(val, "TypeCast");
  if (cast !== null) return cast.typeName === undefined ? null : typeText(cast.typeName);
  const fields = body(val, "ColumnRef")?.fields ?? [];
  const column = strings(fields).at(-1);
  return column === undefined || strings(fields).length !== fields.length ? null : Object.freeze({ column });
}
