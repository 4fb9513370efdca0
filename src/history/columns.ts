import type { Column, Constraint, Index, Table } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { AddColumn, DropColumn, RenameColumn } from "../model/operation.js";
import { noteConstraints } from "./constraint-owners.js";
import { carriers, columnConstraints, columnOf, namerFor } from "./definitions.js";
import { appended } from "./growing.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { tableIn } from "./known-tables.js";
import { get } from "./persistent-map.js";
import { withColumnPublished } from "./publications.js";
import { dropInbound, dropOutbound } from "./references.js";
import { changeTable, forgetTable } from "./tables.js";
import { mayCall, renamed, type TextDialect } from "./text.js";
import { dropReaders, renameViewColumn, withoutShapes } from "./views.js";

/** No server takes more: PostgreSQL 1,600, MySQL and MariaDB 4,096. */
const MOST = 4096;

/** The table has the column, with the constraints that are written at it. */
export function addColumn(known: Known, operation: AddColumn): Known {
  const { relation, column } = operation;
  const there = tableIn(known, relation)?.columns ?? [];
  if (there.length >= MOST || there.some((c) => c.name === column.name)) return known;
  const made = columnConstraints(column, namerFor(relation, tableIn(known, relation), known.dialect));
  const constraints = made.map((m) => m.constraint);
  const changed = changeTable(known, relation, (t) => ({
    ...t,
    columns:
      operation.position === null
        ? appended(known, t.columns, [columnOf(column, known.dialect)])
        : inserted(t.columns, columnOf(column, known.dialect), operation.position),
    constraints: appended(known, t.constraints, constraints),
    indexes: constraints.length === 0 ? t.indexes : [...t.indexes, ...carriers(constraints)],
  }));
  return noteConstraints(changed, relation, made);
}

/** The columns with one more at its place. */
export function inserted(columns: readonly Column[], column: Column, position: AddColumn["position"]): Column[] {
  if (position === "first") return [column, ...columns];
  const before = position === null ? -1 : columns.findIndex((c) => c.name === position.after);
  const at = before < 0 ? columns.length : before + 1;
  return [...columns.slice(0, at), column, ...columns.slice(at)];
}

/** A column's name as its table spells it: MySQL's and MariaDB's do not tell case apart. */
function spelled(known: Known, relation: RelationName, column: string): string {
  if (known.dialect === undefined) return column;
  const same = (c: Column) => c.name.toLowerCase() === column.toLowerCase();
  return tableIn(known, relation)?.columns.find(same)?.name ?? column;
}

/** Everything of the table that names the column names it anew. */
export function renameColumn(before: Known, operation: Pick<RenameColumn, "relation" | "from" | "to">): Known {
  const known = renameViewColumn(withoutShapes(before, operation.relation), operation.relation);
  const { to } = operation;
  const from = spelled(known, operation.relation, operation.from);
  const change: Change = { from, to, dialect: known.dialect };
  const all = (names: readonly string[]) => names.map((n) => (n === from ? to : n));
  const published = withColumnPublished(known, operation.relation, from, to);
  return changeTable(published, operation.relation, (t) => ({
    ...t,
    columns: t.columns.map((c) => renamedColumn(c, change)),
    constraints: t.constraints.map((c) => renamedConstraint(c, change, all)),
    indexes: t.indexes.map((i) => renamedIndex(i, change, all)),
    referencedBy: t.referencedBy.map((r) => ({ ...r, columns: all(r.columns) })),
    dependents: t.dependents.map((d) => ({ ...d, columns: all(d.columns) })),
  }));
}

/** Which name becomes which, in texts of which servers. */
interface Change {
  readonly from: string;
  readonly to: string;
  readonly dialect: TextDialect;
}

function renamedColumn(column: Column, { from, to, dialect }: Change): Column {
  const generated =
    column.generated === null
      ? null
      : { ...column.generated, expression: renamed(column.generated.expression, from, to, dialect) };
  if (generated === null && column.name !== from) return column;
  return Object.freeze({ ...column, name: column.name === from ? to : column.name, generated });
}

type Names = (names: readonly string[]) => string[];

/** What stands behind REFERENCES are columns of the other table. */
function renamedConstraint(constraint: Constraint, { from, to, dialect }: Change, all: Names): Constraint {
  if (!constraint.columns.includes(from)) return constraint;
  const end = constraint.definition.search(/\bREFERENCES\b/i);
  const at = constraint.kind === "foreign-key" && end >= 0 ? end : constraint.definition.length;
  const definition = renamed(constraint.definition.slice(0, at), from, to, dialect) + constraint.definition.slice(at);
  return Object.freeze({ ...constraint, columns: all(constraint.columns), definition });
}

/** What stands up to the table's name are names of other things. */
function renamedIndex(index: Index, { from, to, dialect }: Change, all: Names): Index {
  if (!index.columns.includes(from)) return index;
  const at = Math.max(0, index.definition.indexOf("("));
  const definition = index.definition.slice(0, at) + renamed(index.definition.slice(at), from, to, dialect);
  return Object.freeze({ ...index, columns: all(index.columns), definition });
}

/**
 * PostgreSQL drops every index that uses the column anywhere, MySQL makes it narrower. An expression may have only called
 * a function of the column's name.
 */
function surelyDropped(known: Known, index: Index, column: string): boolean {
  if (index.columns.length === 1) return true;
  return known.dialect === undefined && !mayCall(index.definition, column);
}

/** The column is gone, with what was over it: on MySQL over it alone. */
export function dropColumn(before: Known, operation: Pick<DropColumn, "relation" | "column" | "cascade">): Known {
  const { relation } = operation;
  const known = operation.cascade ? dropReaders(before, relation) : before;
  const column = spelled(known, relation, operation.column);
  const table = tableIn(known, relation);
  if (table === null) return dropOutbound(known, relation, keysOver(known, relation, column));
  if (!table.columns.some((c) => c.name === column)) return known;
  if (table.indexes.some((i) => i.columns.includes(column) && !surelyDropped(known, i, column)))
    return forgetTable(known, relation);
  const inbound = table.referencedBy.filter((r) => r.columns.includes(column));
  const own = new Set(table.constraints.filter((c) => c.columns.includes(column)).map((c) => c.name));
  const alone = changeTable(known, relation, (t) => without(t, column));
  return dropOutbound(dropInbound(alone, inbound), relation, own);
}

/** The foreign keys of a table that is not known, as far as files tell, that have a column. */
function keysOver(known: Known, relation: RelationName, column: string): ReadonlySet<string> {
  const keys = (get(known.unseen, keyOf(known, relation)) ?? []).filter(({ kind }) => kind === "foreign-key");
  return new Set(keys.filter(({ columns }) => columns.includes(column)).map(({ name }) => name));
}

function without(table: Table, column: string): Table {
  const other = (thing: { readonly columns: readonly string[] }) => !thing.columns.includes(column);
  return {
    ...table,
    columns: table.columns.filter((c) => c.name !== column),
    constraints: table.constraints.filter(other),
    indexes: table.indexes.filter(other),
    referencedBy: table.referencedBy.filter(other),
    dependents: table.dependents.filter(other),
  };
}
