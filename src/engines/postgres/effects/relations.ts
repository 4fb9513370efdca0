import type { Catalog, Constraint, PartitionOfTable, Table } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { findTable, sameRelation as same } from "../../engine.js";
import { relationOf } from "../parse/ast.js";
import { constraintTree } from "./trees.js";

/** Whether two names mean the same relation. */
export function sameRelation(catalog: Catalog, a: RelationName, b: RelationName): boolean {
  return same(a, b, catalog.defaultSchema);
}

/** The tables that a table's foreign keys point at; only the keys over `column` when one is given. */
export function referencedTables(table: Table, column: string | null): RelationName[] {
  return table.constraints
    .filter((c) => c.kind === "foreign-key" && (column === null || c.columns.includes(column)))
    .flatMap((c) => targetOf(c) ?? []);
}

/** What a foreign key points at; null when its definition cannot be read. */
export function targetOf(constraint: Constraint): RelationName | null {
  const target = constraintTree(constraint.definition)?.pktable;
  return target === undefined ? null : relationOf(target);
}

/** A table and everything below it that the catalog knows of, itself first. */
export function withPartitions(catalog: Catalog, relation: RelationName): RelationName[] {
  const below = findTable(catalog, relation)?.partitions ?? [];
  return [relation, ...below.flatMap((p) => withPartitions(catalog, p.relation))];
}

/** The table that one is a partition of, as either of them says; null for none, or where it is not known. */
export function parentOf(catalog: Catalog, relation: RelationName): RelationName | null {
  const known = findTable(catalog, relation);
  if (known?.partitionOf !== undefined) return known.partitionOf;
  const isIt = (partition: PartitionOfTable) => sameRelation(catalog, partition.relation, relation);
  const parent = catalog.tables.find(
    (t) => (t.partitionKey ?? t.partitionExpression ?? null) !== null && t.partitions?.some(isIt),
  );
  return parent?.relation ?? null;
}

/** The DEFAULT partition of a table: null when it has none, undefined when that is not known. */
export function defaultPartition(table: Table | null): RelationName | null | undefined {
  if (table?.partitions === undefined) return undefined;
  return firstDefault(table.partitions);
}

interface Searched {
  readonly upTo: number;
  readonly found: RelationName | null;
}

const searched = new WeakMap<readonly PartitionOfTable[], Searched>();

/** Of a list that grows only what is new is looked at. */
function firstDefault(partitions: readonly PartitionOfTable[]): RelationName | null {
  let { upTo, found } = searched.get(partitions) ?? { upTo: 0, found: null };
  for (; found === null && upTo < partitions.length; upTo++) {
    const partition = partitions[upTo];
    if (partition?.default === true) found = partition.relation;
  }
  searched.set(partitions, { upTo, found });
  return found;
}
