import type { Node, PartitionBoundSpec } from "libpg-query";
import type { Table } from "../../../model/catalog.js";
import type { PartitionBound } from "../../../model/detail/partition.js";
import { bodies, body } from "../parse/ast.js";
import { readFragment } from "../parse/fragment.js";
import { type Comparison, columnName, comparisonsIn, constantOf, keeps } from "./comparisons.js";
import { provesNotNull } from "./not-null.js";
import { constraintTree } from "./trees.js";

/**
 * Whether validated checks of a table prove that all of its rows are within a partition's bound. Only what is certain:
 * a range over one column whose limits are checked for, a list whose values are all among the bound's, and the column
 * NOT NULL or checked to be so.
 *
 * @param parent whose partition key it is; where that is not known, nothing is proved
 */
export function provesBound(child: Table, bound: PartitionBound, parent: Table | null): boolean {
  const [column, ...more] = parent?.partitionKey ?? [];
  if (column === undefined || more.length > 0) return false;
  const spec = boundTree(bound);
  if (spec === null) return false;
  const facts = comparisonsOf(child).filter((c) => c.column === column);
  if (bound.kind === "in") return inList(child, column, spec.listdatums ?? [], facts);
  return bound.kind === "from-to" && isNotNull(child, column) && inRange(spec, facts);
}

function comparisonsOf(table: Table): Comparison[] {
  const checks = table.constraints.filter((c) => c.kind === "check" && c.validated);
  return checks.flatMap((c) => {
    const tree = constraintTree(c.definition)?.raw_expr;
    return tree === undefined ? [] : comparisonsIn(tree);
  });
}

function isNotNull(table: Table, column: string): boolean {
  return table.columns.some((c) => c.name === column && c.notNull) || provesNotNull(table, column, []);
}

/** `FROM (a) TO (b)` of one value each. MINVALUE and MAXVALUE ask for nothing. */
function inRange(spec: PartitionBoundSpec, facts: readonly Comparison[]): boolean {
  const [lower, upper] = [spec.lowerdatums ?? [], spec.upperdatums ?? []];
  if (lower.length !== 1 || upper.length !== 1) return false;
  return isKept(lower[0], "from", facts) && isKept(upper[0], "to", facts);
}

function isKept(limit: Node | undefined, side: "from" | "to", facts: readonly Comparison[]): boolean {
  if (columnName(limit) === (side === "from" ? "minvalue" : "maxvalue")) return true;
  const value = constantOf(limit);
  return value !== null && facts.some((f) => keeps(f, side, value));
}

function inList(child: Table, column: string, datums: readonly Node[], facts: readonly Comparison[]): boolean {
  const allowed = datums.map(constantOf);
  const takesNull = datums.some((d) => body(d, "A_Const")?.isnull === true);
  if (allowed.includes(null) && !takesNull) return false;
  if (!takesNull && !isNotNull(child, column)) return false;
  return facts.some((f) => f.operator === "=" && f.values.every((v) => allowed.includes(v)));
}

/** A bound's text as the grammar reads it: `FROM (1) TO (2)`, or what stands in the brackets of IN. */
function boundTree({ kind, text }: PartitionBound): PartitionBoundSpec | null {
  const clause = kind === "in" ? `FOR VALUES IN (${text})` : `FOR VALUES ${text}`;
  const fragment = readFragment("ALTER TABLE t ATTACH PARTITION c ", clause, "");
  if (typeof fragment === "string") return null;
  const commands = bodies(body(fragment.node, "AlterTableStmt")?.cmds, "AlterTableCmd");
  return body(commands[0]?.def, "PartitionCmd")?.bound ?? null;
}
