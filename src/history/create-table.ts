import { hasUnknownLetters, lettersOf } from "../engines/mysql/table-charset.js";
import { engineOf } from "../engines/mysql/table-engine.js";
import { partitionColumns } from "../engines/partition-columns.js";
import type { Column, Index, PartitionOfTable, Table } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { CreateTable, TableConstraint } from "../model/operation.js";
import { noteConstraints } from "./constraint-owners.js";
import { carriers, columnConstraints, columnOf, type Made, tableConstraint } from "./definitions.js";
import { appended } from "./growing.js";
import { namerOf } from "./implied-check.js";
import type { Known } from "./known.js";
import { noteTarget, putTable, tableIn } from "./known-tables.js";
import { likeTable } from "./like-table.js";
import { definedPartitions } from "./partition-definitions.js";
import { get, set } from "./persistent-map.js";
import { qualified } from "./session.js";
import { changeTable, forgetTable, incomplete, removeTable } from "./tables.js";
import { takenColumns } from "./taken-columns.js";

/** A table whose columns are in its text is known from now on; one that takes them from elsewhere is not. */
export function createTable(known: Known, operation: CreateTable): Known {
  const { relation } = operation;
  if (operation.temporary) return hiddenBy(known, relation);
  if (operation.ifNotExists && tableIn(known, relation) !== null) return known;
  // The name means the temporary table, so that what is said of it later is not said of this one.
  if (relation.schema === null && get(known.temporary, relation.name) === true) return incomplete(known);
  const source = operation.copiesAll === true ? tableIn(known, operation.sources?.[0] ?? relation) : null;
  if (source !== null) return putTable(removeTable(known, relation), likeTable(known, operation, source));
  const columns = operation.taken === undefined ? null : takenColumns(known, operation.taken);
  if (columns !== null && !hasOtherLetters(operation, columns)) return ofQuery(known, operation, columns);
  if (operation.form !== "plain") return unknownTable(known, operation);
  const made = constraintsOf(operation, known);
  const added = putTable(removeTable(known, relation), tableOf(operation, made, known));
  return noteConstraints(added, relation, made);
}

/** Columns keep the letters of their database where the table says others (MySQL): which these are is not known. */
const hasOtherLetters = ({ options = [] }: CreateTable, taken: readonly Column[]): boolean =>
  Object.keys(lettersOf(options)).length > 0 && taken.some(hasUnknownLetters);

/**
 * A table that is made of a query. MySQL and MariaDB add columns of its own in front of those that it takes, and keys; a column of
 * both is as it is written, under the name and at the place of the other.
 */
function ofQuery(known: Known, operation: CreateTable, taken: readonly Column[]): Known {
  const { relation } = operation;
  const made = constraintsOf(operation, known);
  const table = tableOf(operation, made, known);
  const isSame = (a: Column, b: Column) => a.name.toLowerCase() === b.name.toLowerCase();
  const own = table.columns.filter((column) => !taken.some((one) => isSame(one, column)));
  const both = taken.map((one) => ({
    ...(table.columns.find((column) => isSame(one, column)) ?? one),
    name: one.name,
  }));
  const key = keyColumns(table.constraints);
  const columns = [...own, ...both].map((column) => withKey(column, key));
  return noteConstraints(putTable(removeTable(known, relation), { ...table, columns }), relation, made);
}

/** A temporary table hides another one of its name; what becomes of either is not followed. */
function hiddenBy(known: Known, relation: RelationName): Known {
  const { name } = relation;
  const hidden = forgetTable(known, { schema: null, name });
  return { ...hidden, temporary: set(hidden.temporary, name, true) };
}

/** A partition is noted at its parent, though its own shape is not in the text. */
function unknownTable(known: Known, operation: CreateTable): Known {
  const forgotten = incomplete(forgetTable(known, operation.relation));
  const [parent] = operation.sources ?? [];
  if (operation.form === "inherits") return withChild(forgotten, operation);
  if (operation.form !== "partition-of" || parent === undefined) return forgotten;
  const { bound, ifNotExists } = operation;
  const written = bound === undefined || ifNotExists ? {} : { written: bound };
  const relation = qualified(known, operation.relation);
  const partition = { relation, default: bound?.kind === "default", ...written };
  return withPartition(forgotten, parent, Object.freeze(partition));
}

/** A child by INHERITS is noted at each of its parents. */
function withChild(known: Known, { relation, inherits = [] }: CreateTable): Known {
  const child = Object.freeze({ relation: qualified(known, relation), default: false });
  return inherits.reduce(
    (k, parent) => changeTable(withPartition(k, parent, child), parent, (t) => ({ ...t, partitioned: true })),
    known,
  );
}

/** A table has one partition more. */
export function withPartition(known: Known, parent: RelationName, partition: PartitionOfTable): Known {
  const grown = changeTable(known, parent, (t) =>
    t.partitions === undefined ? t : { ...t, partitions: appended(known, t.partitions, [partition]) },
  );
  return noteTarget(grown, partition.relation, parent);
}

/** In the order of the text, as far as names go by it. */
function constraintsOf(operation: CreateTable, { dialect }: Known): Made[] {
  const { columns, constraints } = operation;
  const names = columns.map((c) => c.name);
  const namer = namerOf(operation.relation, () => new Set(givenNames(operation)), null, dialect);
  const ofTable = (behind: number) =>
    constraints.filter((c) => (c.behind ?? columns.length) === behind).flatMap((c) => tableConstraint(c, names, namer));
  return [
    ...columns.flatMap((column, before) => [...ofTable(before), ...columnConstraints(column, namer)]),
    ...ofTable(columns.length),
  ];
}

/** Names that are written are nobody else's, wherever they stand. */
function givenNames({ columns, constraints }: CreateTable): string[] {
  const inline = columns.flatMap((c) => [
    ...c.checks.map((k) => k.name),
    c.references?.constraint ?? null,
    c.keyNames?.primaryKey ?? null,
    c.keyNames?.unique ?? null,
  ]);
  return [...inline, ...constraints.map((c) => c.name)].filter((n) => n !== null);
}

function tableOf(operation: CreateTable, made: readonly Made[], { dialect }: Known): Table {
  const constraints = made.map((m) => m.constraint);
  const key = keyColumns(constraints);
  const written = operation.constraints.filter((c) => c.kind === "index");
  return {
    relation: operation.relation,
    columns: operation.columns.map((c) => withKey(columnOf(c, dialect), key)),
    constraints,
    indexes: [...carriers(constraints), ...written.map((w) => indexOf(operation.relation.name, w))],
    referencedBy: [],
    dependents: [],
    partitioned: operation.partitioned,
    partitions: Object.freeze([]),
    partitionOf: null,
    partitionKey: partitionKey(operation, dialect),
    ...partitionExpression(operation, dialect),
    ...definedPartitions(operation.partitioning?.partitions ?? []),
    rows: null,
    bytes: null,
    ...lettersOf(operation.options ?? []),
    ...engineOf(operation.options ?? []),
    ...(operation.options?.some(({ option }) => option === "UNLOGGED") === true ? { unlogged: true } : {}),
  };
}

function partitionKey({ partitioning, columns }: CreateTable, dialect: Known["dialect"]): readonly string[] | null {
  if (dialect !== undefined && partitioning !== undefined) {
    return partitionColumns(
      partitioning,
      columns.map((c) => c.name),
    );
  }
  return partitioning === undefined || partitioning.expression !== null ? null : partitioning.columns;
}

const partitionExpression = (
  { partitioning }: CreateTable,
  dialect: Known["dialect"],
): Pick<Table, "partitionExpression"> =>
  dialect !== undefined || !partitioning?.expression ? {} : { partitionExpression: partitioning.expression };

const keyColumns = (constraints: Table["constraints"]): readonly string[] =>
  constraints.filter((c) => c.kind === "primary-key" || c.kind === "not-null").flatMap((c) => c.columns);

function withKey(column: Column, key: readonly string[]): Column {
  return key.includes(column.name) ? Object.freeze({ ...column, notNull: true }) : column;
}

/** MySQL's `KEY k (a)` among the columns. */
function indexOf(table: string, written: TableConstraint): Index {
  const name = written.name ?? [table, ...written.columns, "idx"].join("_");
  return Object.freeze({
    name,
    columns: written.columns,
    definition: written.text,
    unique: false,
    valid: true,
    constraint: null,
  });
}
