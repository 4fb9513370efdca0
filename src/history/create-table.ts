import { findTable } from "../engines/engine.js";
import type { Catalog, Column, Index, Table } from "../model/catalog.js";
import type { CreateTable, TableConstraint } from "../model/operation.js";
import { carriers, columnConstraints, columnOf, type Made, tableConstraint } from "./definitions.js";
import { noteReferences } from "./references.js";
import { forgetTable, removeTable, withTables } from "./tables.js";

/** A table whose columns are in its text is known from now on; one that takes them from elsewhere is not. */
export function createTable(catalog: Catalog, operation: CreateTable): Catalog {
  if (operation.ifNotExists && findTable(catalog, operation.relation) !== null) return catalog;
  if (operation.temporary) return catalog;
  if (operation.form !== "plain") return unknownTable(catalog, operation);
  const made = constraintsOf(operation);
  const cleared = removeTable(catalog, operation.relation);
  const added = withTables(cleared, [...cleared.tables, tableOf(operation, made)]);
  return noteReferences(added, operation.relation, made);
}

function unknownTable(catalog: Catalog, operation: CreateTable): Catalog {
  return Object.freeze({ ...forgetTable(catalog, operation.relation), complete: false });
}

function constraintsOf(operation: CreateTable): Made[] {
  const names = operation.columns.map((c) => c.name);
  return [
    ...operation.columns.flatMap((c) => columnConstraints(operation.relation, c)),
    ...operation.constraints.flatMap((c) => tableConstraint(operation.relation, c, names)),
  ];
}

function tableOf(operation: CreateTable, made: readonly Made[]): Table {
  const constraints = made.map((m) => m.constraint);
  const key = constraints.filter((c) => c.kind === "primary-key" || c.kind === "not-null").flatMap((c) => c.columns);
  const written = operation.constraints.filter((c) => c.kind === "index");
  return Object.freeze({
    relation: operation.relation,
    columns: operation.columns.map((c) => withKey(columnOf(c), key)),
    constraints,
    indexes: [...carriers(constraints), ...written.map((w) => indexOf(operation.relation.name, w))],
    referencedBy: [],
    dependents: [],
    partitioned: operation.partitioned,
    rows: null,
    bytes: null,
  });
}

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
