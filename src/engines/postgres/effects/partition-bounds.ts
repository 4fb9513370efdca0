import type { Node, PartitionBoundSpec } from "libpg-query";
import type { Table } from "../../../model/catalog.js";
import type { PartitionBound } from "../../../model/detail/partition.js";
import { bodies, body, strings } from "../parse/ast.js";
import { readFragment } from "../parse/fragment.js";
import { constraintTree } from "./trees.js";

/** A comparison of a column with a constant: `k >= 300`. */
interface Comparison {
  readonly column: string;
  readonly operator: string;
  readonly value: string;
}

/**
 * Whether validated checks of a table prove that all of its rows are within a partition's bound. Only what is certain:
 * a range over one column whose two limits are checked for exactly, a list whose values are all among the bound's, and
 * the column NOT NULL or checked to be so.
 *
 * @param parent whose partition key it is; where that is not known, nothing is proved
 */
export function provesBound(child: Table, bound: PartitionBound, parent: Table | null): boolean {
  const facts = child.constraints
    .filter((c) => c.kind === "check" && c.validated)
    .flatMap((c) => conditions(c.definition));
  const [column, ...more] = parent?.partitionKey ?? [];
  if (column === undefined || more.length > 0) return false;
  return isNotNull(child, column, facts) && within(column, bound, facts);
}

function conditions(definition: string): Node[] {
  const tree = constraintTree(definition)?.raw_expr;
  return tree === undefined ? [] : conjuncts(tree);
}

function conjuncts(tree: Node): Node[] {
  const bool = body(tree, "BoolExpr");
  return bool?.boolop === "AND_EXPR" ? (bool.args ?? []).flatMap(conjuncts) : [tree];
}

function isNotNull(table: Table, column: string, facts: readonly Node[]): boolean {
  if (table.columns.some((c) => c.name === column && c.notNull)) return true;
  return facts.some((f) => {
    const test = body(f, "NullTest");
    return test?.nulltesttype === "IS_NOT_NULL" && columnName(test.arg) === column;
  });
}

function within(column: string, bound: PartitionBound, facts: readonly Node[]): boolean {
  if (bound.kind === "from-to") return inRange(column, bound, facts);
  return bound.kind === "in" && inList(column, bound, facts);
}

/** `FROM (a) TO (b)`: `>= a` and `< b` of one value each. MINVALUE and MAXVALUE ask for nothing. */
function inRange(column: string, bound: PartitionBound, facts: readonly Node[]): boolean {
  const spec = boundTree(bound);
  const [lower, upper] = [spec?.lowerdatums ?? [], spec?.upperdatums ?? []];
  if (lower.length !== 1 || upper.length !== 1) return false;
  const checks = facts.flatMap((f) => comparison(f) ?? []).filter((c) => c.column === column);
  const has = (operator: string, limit: Node | undefined, open: string) =>
    columnName(limit) === open || checks.some((c) => c.operator === operator && c.value === constant(limit));
  return has(">=", lower[0], "minvalue") && has("<", upper[0], "maxvalue");
}

function inList(column: string, bound: PartitionBound, facts: readonly Node[]): boolean {
  const allowed = (boundTree(bound)?.listdatums ?? []).map(constant);
  if (allowed.includes(null)) return false;
  return facts.some((f) => {
    const values = valuesOf(f, column);
    return values?.every((v) => v !== null && allowed.includes(v)) === true;
  });
}

/** `k IN ('a', 'b')`, also as the server prints it: `k = ANY (ARRAY['a'::text, ...])`; and `k = 'a'`. */
function valuesOf(tree: Node, column: string): (string | null)[] | null {
  const expr = body(tree, "A_Expr");
  if (expr === null || columnName(expr.lexpr) !== column || strings(expr.name)[0] !== "=") return null;
  if (expr.kind === "AEXPR_IN") return (body(expr.rexpr, "List")?.items ?? []).map(constant);
  if (expr.kind === "AEXPR_OP_ANY") return (body(uncast(expr.rexpr), "A_ArrayExpr")?.elements ?? []).map(constant);
  return expr.kind === "AEXPR_OP" ? [constant(expr.rexpr)] : null;
}

function comparison(tree: Node): Comparison | null {
  const expr = body(tree, "A_Expr");
  const [column, value] = [columnName(expr?.lexpr), constant(expr?.rexpr)];
  if (expr?.kind !== "AEXPR_OP" || column === null || value === null) return null;
  return { column, operator: strings(expr.name).at(-1) ?? "", value };
}

function columnName(node: Node | undefined): string | null {
  return strings(body(uncast(node), "ColumnRef")?.fields).at(-1) ?? null;
}

function uncast(node: Node | undefined): Node | undefined {
  const cast = body(node, "TypeCast");
  return cast === null ? node : uncast(cast.arg);
}

/** A constant as text that tells it from every other one; null for anything that is computed. */
function constant(node: Node | undefined): string | null {
  const value = body(uncast(node), "A_Const");
  if (value === null || value.isnull === true) return null;
  const { location: _, ...own } = value;
  return JSON.stringify(own);
}

/** A bound's text as the grammar reads it: `FROM (1) TO (2)`, or what stands in the brackets of IN. */
function boundTree({ kind, text }: PartitionBound): PartitionBoundSpec | null {
  const clause = kind === "in" ? `FOR VALUES IN (${text})` : `FOR VALUES ${text}`;
  const fragment = readFragment("ALTER TABLE t ATTACH PARTITION c ", clause, "");
  if (typeof fragment === "string") return null;
  const commands = bodies(body(fragment.node, "AlterTableStmt")?.cmds, "AlterTableCmd");
  return body(commands[0]?.def, "PartitionCmd")?.bound ?? null;
}
