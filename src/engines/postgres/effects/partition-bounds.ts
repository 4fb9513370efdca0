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

/**
 * Whether two partitions of a table certainly take the same rows: both are DEFAULT, have a value of their lists in common, ranges
 * over one column of numbers or days that overlap, or remainders that meet. What depends on a collation, or is computed, is not told.
 */
export function overlap(one: PartitionBound, other: PartitionBound, parent: Table): boolean {
  if (one.kind === "default" || other.kind === "default") return one.kind === other.kind;
  const [a, b] = [boundTree(one), boundTree(other)];
  if (a === null || b === null || one.kind !== other.kind) return false;
  if (one.kind === "in") {
    const values = (b.listdatums ?? []).map(constantOf);
    return (a.listdatums ?? []).map(constantOf).some((value) => value !== null && values.includes(value));
  }
  return one.kind === "modulus" ? meet(a, b) : rangesOverlap(rangeOf(a, parent), rangeOf(b, parent));
}

/** Whether a range takes no row: FROM (5) TO (5). */
export function isEmptyRange(bound: PartitionBound, parent: Table): boolean {
  const spec = bound.kind === "from-to" ? boundTree(bound) : null;
  const range = spec === null ? null : rangeOf(spec, parent);
  return range !== null && range[0] >= range[1];
}

/** PostgreSQL has one modulus divide the other. */
function meet(a: PartitionBoundSpec, b: PartitionBoundSpec): boolean {
  const [small, large] = (a.modulus ?? 0) <= (b.modulus ?? 0) ? [a, b] : [b, a];
  const modulus = small.modulus ?? 0;
  return modulus > 0 && (large.remainder ?? 0) % modulus === (small.remainder ?? 0);
}

type Range = readonly [from: number, to: number];

const rangesOverlap = (a: Range | null, b: Range | null): boolean =>
  a !== null && b !== null && Math.max(a[0], b[0]) < Math.min(a[1], b[1]);

/** The ends of a range over one column of whole numbers or of time, the latter as days; null where they are not told. */
function rangeOf({ lowerdatums = [], upperdatums = [] }: PartitionBoundSpec, parent: Table): Range | null {
  const [key, ...more] = parent.partitionKey ?? [];
  const type = parent.columns.find(({ name }) => name === key)?.type ?? "";
  if (more.length > 0 || lowerdatums.length !== 1 || upperdatums.length !== 1) return null;
  const ends = [endOf(lowerdatums[0], type), endOf(upperdatums[0], type)] as const;
  const [from, to] = ends;
  return from === null || to === null ? null : [from, to];
}

function endOf(node: Node | undefined, type: string): number | null {
  const open = columnName(node);
  if (open === "minvalue") return Number.NEGATIVE_INFINITY;
  if (open === "maxvalue") return Number.POSITIVE_INFINITY;
  const value = body(node, "A_Const");
  if (/^(?:small|big)?int(?:eger|[248])?$/i.test(type))
    return value?.ival === undefined ? null : (value.ival.ival ?? 0);
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value?.sval?.sval ?? "");
  return day !== null && /^(?:date|timestamp)/i.test(type) ? Date.parse(day[0]) : null;
}

/** A bound's text as the grammar reads it: `FROM (1) TO (2)`, or what stands in the brackets of IN and WITH. */
function boundTree({ kind, text }: PartitionBound): PartitionBoundSpec | null {
  const words = { in: `IN (${text})`, modulus: `WITH (${text})` };
  const clause = `FOR VALUES ${kind === "in" || kind === "modulus" ? words[kind] : text}`;
  const fragment = readFragment("ALTER TABLE t ATTACH PARTITION c ", clause, "");
  if (typeof fragment === "string") return null;
  const commands = bodies(body(fragment.node, "AlterTableStmt")?.cmds, "AlterTableCmd");
  return body(commands[0]?.def, "PartitionCmd")?.bound ?? null;
}
