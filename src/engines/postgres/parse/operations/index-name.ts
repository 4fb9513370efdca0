import type { A_Indirection, IndexStmt, Node, TypeCast } from "libpg-query";
import { bodies, body, strings } from "../ast.js";

/**
 * The words of which PostgreSQL makes the name of an index without one: a column's name, what a query would call an
 * expression, else `expr` (`ChooseIndexColumnNames`, `FigureIndexColname` in its source). One that is there already gets
 * a number.
 */
export function namePartsOf(stmt: IndexStmt): string[] {
  const elements = [...(stmt.indexParams ?? []), ...(stmt.indexIncludingParams ?? [])];
  const parts: string[] = [];
  for (const element of bodies(elements, "IndexElem")) {
    const word = element.name ?? figure(element.expr)?.word ?? "expr";
    let part = word;
    for (let n = 1; parts.includes(part); n++) part = `${word}${n}`;
    parts.push(part);
  }
  return parts;
}

/** What an expression is called; a weak name gives way to that of what is around it. */
interface Figured {
  readonly word: string;
  readonly weak: boolean;
}

function figure(node: Node | undefined): Figured | null {
  const name = strings(body(node, "ColumnRef")?.fields).at(-1) ?? strings(body(node, "FuncCall")?.funcname).at(-1);
  if (name !== undefined) return { word: name, weak: false };
  const part = body(node, "A_Indirection");
  if (part !== null) return figurePart(part);
  const cast = body(node, "TypeCast");
  if (cast !== null) return figureCast(cast);
  const collated = body(node, "CollateClause");
  if (collated !== null) return figure(collated.arg);
  const chosen = body(node, "CaseExpr");
  if (chosen !== null) return strong(figure(chosen.defresult)) ?? { word: "case", weak: true };
  const word = construct(node);
  return word === null ? null : { word, weak: false };
}

function strong(figured: Figured | null): Figured | null {
  return figured?.weak === false ? figured : null;
}

/** `(r).field` is called by its field, `a[1]` as what it is a part of. */
function figurePart({ arg, indirection }: A_Indirection): Figured | null {
  const field = strings(indirection).at(-1);
  return field === undefined ? figure(arg) : { word: field, weak: false };
}

function figureCast(cast: TypeCast): Figured | null {
  const type = strings(cast.typeName?.names).at(-1);
  return strong(figure(cast.arg)) ?? (type === undefined ? null : { word: type, weak: true });
}

function construct(node: Node | undefined): string | null {
  if (body(node, "CoalesceExpr") !== null) return "coalesce";
  if (body(node, "A_ArrayExpr") !== null) return "array";
  if (body(node, "RowExpr") !== null) return "row";
  if (body(node, "A_Expr")?.kind === "AEXPR_NULLIF") return "nullif";
  // JSON_VALUE_OP is called json_value.
  const json = body(node, "JsonFuncExpr")?.op;
  if (json !== undefined) return json.replace(/_OP$/, "").toLowerCase();
  const extreme = body(node, "MinMaxExpr")?.op;
  if (extreme === undefined) return null;
  return extreme === "IS_GREATEST" ? "greatest" : "least";
}
