import type { Node, TypeCast } from "libpg-query";
import { body, strings } from "../parse/ast.js";

/** A comparison of a column with constants: `k >= 300`, `k IN (1, 2)`. */
export interface Comparison {
  readonly column: string;
  readonly operator: "<" | "<=" | "=" | ">=" | ">";
  /** One; of IN all. */
  readonly values: readonly Value[];
}

/** A constant: a number that can be ordered, or a text that is only the same as itself. */
export type Value = number | string;

const FLIPPED = { "<": ">", "<=": ">=", "=": "=", ">=": "<=", ">": "<" } as const;
const NEGATED: Readonly<Record<string, string>> = { "<": ">=", "<=": ">", ">=": "<", ">": "<=" };

/** What a condition says of columns, each part of it by itself; parts that say nothing of the kind are left out. */
export function comparisonsIn(tree: Node, holds = true): Comparison[] {
  const bool = body(tree, "BoolExpr");
  if (bool === null) return holds ? (compared(tree) ?? []) : negated(tree);
  const parts = bool.args ?? [];
  if (bool.boolop === "NOT_EXPR") return parts.flatMap((p) => comparisonsIn(p, !holds));
  // Of alternatives none need hold.
  return (bool.boolop === "AND_EXPR") === holds ? parts.flatMap((p) => comparisonsIn(p, holds)) : [];
}

function negated(tree: Node): Comparison[] {
  return (compared(tree) ?? []).flatMap((c) => {
    const operator = NEGATED[c.operator] as Comparison["operator"] | undefined;
    return operator === undefined || body(tree, "A_Expr")?.kind !== "AEXPR_OP" ? [] : [{ ...c, operator }];
  });
}

function compared(tree: Node): Comparison[] | null {
  const expr = body(tree, "A_Expr");
  if (expr === null) return null;
  const column = columnName(expr.lexpr);
  if (expr.kind === "AEXPR_IN") return listed(column, strings(expr.name)[0], items(expr.rexpr));
  if (expr.kind === "AEXPR_OP_ANY") return listed(column, strings(expr.name)[0], elements(expr.rexpr));
  if (expr.kind === "AEXPR_BETWEEN") return between(column, items(expr.rexpr));
  return expr.kind === "AEXPR_OP" ? single(strings(expr.name).at(-1) ?? "", expr.lexpr, expr.rexpr) : null;
}

function items(node: Node | undefined): readonly Node[] {
  return body(node, "List")?.items ?? [];
}

function elements(node: Node | undefined): readonly Node[] {
  const cast = body(node, "TypeCast");
  return body(cast?.arg ?? node, "A_ArrayExpr")?.elements ?? [];
}

function listed(column: string | null, operator: string | undefined, nodes: readonly Node[]): Comparison[] | null {
  const values = nodes.map(constantOf);
  if (column === null || operator !== "=" || values.length === 0 || values.includes(null)) return null;
  return [{ column, operator: "=", values: values.filter((v) => v !== null) }];
}

function between(column: string | null, [from, to]: readonly Node[]): Comparison[] | null {
  const [low, high] = [constantOf(from), constantOf(to)];
  if (column === null || low === null || high === null) return null;
  return [
    { column, operator: ">=", values: [low] },
    { column, operator: "<=", values: [high] },
  ];
}

function single(operator: string, left: Node | undefined, right: Node | undefined): Comparison[] | null {
  if (!(operator in FLIPPED)) return null;
  const own = operator as Comparison["operator"];
  const [column, value] = [columnName(left), constantOf(right)];
  if (column !== null && value !== null) return [{ column, operator: own, values: [value] }];
  const [other, constant] = [columnName(right), constantOf(left)];
  return other === null || constant === null ? null : [{ column: other, operator: FLIPPED[own], values: [constant] }];
}

/**
 * The column that a node is; null for anything else. The server prints a varchar column as cast to text, which is the
 * same value; any other cast is another one, of which PostgreSQL proves nothing.
 */
export function columnName(node: Node | undefined): string | null {
  const cast = body(node, "TypeCast");
  if (cast === null) return strings(body(node, "ColumnRef")?.fields).at(-1) ?? null;
  return castName(cast) === "text" ? columnName(cast.arg) : null;
}

/** A constant's value; null for NULL, for anything that is computed, and for numbers that are no integers. */
export function constantOf(node: Node | undefined): Value | null {
  const cast = body(node, "TypeCast");
  if (cast !== null) return INEXACT.has(castName(cast)) ? null : constantOf(cast.arg);
  const value = body(node, "A_Const");
  if (value === null || value.isnull === true) return null;
  if (value.ival !== undefined) return value.ival.ival ?? 0;
  // An integer column is compared with 1e3 or 1.5 as a numeric: PostgreSQL proves nothing of that.
  if (value.fval !== undefined && !/^-?\d+$/.test(value.fval.fval ?? "")) return null;
  const { location: _, ...own } = value;
  return JSON.stringify(own);
}

const INEXACT: ReadonlySet<string> = new Set(["numeric", "float4", "float8", "money"]);

function castName(cast: TypeCast): string {
  return strings(cast.typeName?.names).at(-1) ?? "";
}

/** Whether a comparison keeps its column at or above a limit, or below it. */
export function keeps({ operator, values }: Comparison, side: "from" | "to", limit: Value): boolean {
  return values.every((value) => {
    const order = compareValues(value, limit);
    if (order === null) return false;
    if (side === "from") return [">=", ">", "="].includes(operator) && order >= 0;
    return operator === "<" ? order <= 0 : (operator === "<=" || operator === "=") && order < 0;
  });
}

/** Texts are ordered by collations that are not known here: they are equal, or nothing is. */
function compareValues(a: Value, b: Value): number | null {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return a === b ? 0 : null;
}
