import { notNullNamed } from "../engines/postgres/not-null-names.js";
import type { Constraint, Index, Table } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { ConstraintDetail, DetailOf } from "../model/operation-detail.js";
import { changeColumn } from "./column-changes.js";
import { noteConstraints } from "./constraint-owners.js";
import { carriers, type Made, namerFor, tableConstraint } from "./definitions.js";
import { appended } from "./growing.js";
import type { Known } from "./known.js";
import { tableIn } from "./known-tables.js";
import { changeNeighbours, dropInbound, dropOutbound } from "./references.js";
import { changeTable, forgetTable, sameTable } from "./tables.js";

/** What a table's constraints are after a change of them. */
export function applyConstraint(known: Known, relation: RelationName, detail: ConstraintDetail): Known {
  switch (detail.kind) {
    case "add-constraint":
      return add(known, relation, detail);
    case "drop-constraint":
      return drop(known, relation, detail);
    case "alter-constraint":
      return detail.enforced === null ? known : revalidate(known, relation, detail.name, detail.enforced);
    case "validate-constraint":
      return revalidate(known, relation, detail.name, true);
    case "rename-constraint":
      return renameConstraint(known, relation, detail.from, detail.to);
  }
}

function add(known: Known, relation: RelationName, detail: DetailOf<"add-constraint">): Known {
  const table = tableIn(known, relation);
  if (table === null) return known;
  const made = tableConstraint(
    detail.constraint,
    table.columns.map((c) => c.name),
    namerFor(relation, table, known.dialect),
  ).map((m) => settled(m, detail, table));
  if (detail.ifNotExists && made.some((m) => has(table, m.constraint.name))) return known;
  const added = changeTable(known, relation, (t) => withConstraints(known, t, made, detail.usingIndex));
  return noteConstraints(added, relation, made);
}

function has(table: Table, constraint: string): boolean {
  return table.constraints.some((c) => c.name === constraint);
}

/** `USING INDEX` takes the columns of an index that is there, and gives it the constraint's name. */
function settled(made: Made, detail: DetailOf<"add-constraint">, table: Table): Made {
  const index = table.indexes.find((i) => i.name === detail.usingIndex);
  const name = detail.constraint.name ?? index?.name ?? made.constraint.name;
  const taken = index === undefined ? {} : { name, index: name, columns: index.columns };
  const validated = detail.validated && detail.enforced;
  return { ...made, constraint: Object.freeze({ ...made.constraint, ...taken, validated }) };
}

function withConstraints(known: Known, table: Table, made: readonly Made[], usingIndex: string | null): Table {
  const constraints = made.map((m) => m.constraint);
  const carried = usingIndex === null ? carriers(constraints) : [];
  const indexes =
    usingIndex === null
      ? table.indexes
      : table.indexes.map((i) => (i.name === usingIndex ? carrying(i, constraints[0]) : i));
  const grown = {
    ...table,
    constraints: appended(known, table.constraints, constraints),
    indexes: carried.length === 0 ? indexes : [...indexes, ...carried],
  };
  return constraints.reduce(notNullBy, grown);
}

function carrying(index: Index, constraint: Constraint | undefined): Index {
  const name = constraint?.name ?? index.name;
  return Object.freeze({ ...index, name, constraint: name });
}

/** A key and a NOT NULL that holds make their columns not null. */
function notNullBy(table: Table, constraint: Constraint): Table {
  if (constraint.kind !== "primary-key" && constraint.kind !== "not-null") return table;
  if (!constraint.validated) return table;
  return constraint.columns.reduce<Table>(
    (t, column) => changeColumn(t, column, (c) => ({ ...c, notNull: true })),
    table,
  );
}

/** A constraint that is not known by this name may be any: the table is not certain any more. */
function drop(known: Known, relation: RelationName, detail: DetailOf<"drop-constraint">): Known {
  const table = tableIn(known, relation);
  const isKey = detail.name !== null && (detail.constraint === null || detail.constraint === "foreign-key");
  if (table === null) return isKey ? dropOutbound(known, relation, new Set([detail.name ?? ""])) : known;
  // MySQL's foreign keys and unique indexes may have one name: a kind that is said tells them apart.
  const isMeant = (c: Constraint) => detail.constraint === null || c.kind === detail.constraint;
  const named = table.constraints.filter((c) => detail.name === null || c.name === detail.name);
  const gone = named.find(isMeant) ?? (detail.name === null ? undefined : named[0]);
  if (gone === undefined) return withoutNotNull(known, table, detail);
  const left = changeTable(known, relation, (t) => withoutConstraint(withKeptIndex(known, t, gone), gone));
  const outbound = dropOutbound(left, relation, new Set(gone.kind === "foreign-key" ? [gone.name] : []));
  return detail.cascade && gone.index !== null ? unpointed(outbound, table, gone) : outbound;
}

/** The index that MySQL and MariaDB made for a foreign key, where no other one served, is there without it. */
function withKeptIndex({ dialect }: Known, table: Table, { kind, name, columns }: Constraint): Table {
  const serves = (index: Index) => columns.every((column, at) => index.columns[at] === column);
  const [first] = columns;
  if (dialect === undefined || kind !== "foreign-key" || first === undefined || table.indexes.some(serves))
    return table;
  const own = /_ibfk_\d+$/.test(name) ? first : name;
  const definition = `KEY \`${own}\` (${columns.map((column) => `\`${column}\``).join(", ")})`;
  const index = { name: own, columns, definition, unique: false, valid: true, constraint: null };
  return { ...table, indexes: [...table.indexes, Object.freeze(index)] };
}

/** A NOT NULL has a name since PostgreSQL 18; before, nothing of the kind is there. With IF EXISTS nothing else is. */
function withoutNotNull(known: Known, table: Table, { name, ifExists }: DetailOf<"drop-constraint">): Known {
  const column = notNullNamed(table, table.relation.name, name ?? "")?.column ?? null;
  if (column === null && ifExists && known.dialect === undefined) return known;
  if (column === null || known.dialect !== undefined) return forgetTable(known, table.relation);
  return changeTable(known, table.relation, (t) => changeColumn(t, column, (c) => ({ ...c, notNull: false })));
}

/** CASCADE takes the foreign keys along that need the key. */
function unpointed(known: Known, table: Table, key: Constraint): Known {
  const gone = pointingAt(table, key);
  const left = dropInbound(known, gone);
  return changeTable(left, table.relation, (t) => ({
    ...t,
    referencedBy: t.referencedBy.filter((r) => !gone.includes(r)),
  }));
}

function withoutConstraint(table: Table, gone: Constraint): Table {
  const left = {
    ...table,
    constraints: table.constraints.filter((c) => c !== gone),
    indexes: table.indexes.filter((i) => gone.index === null || i.name !== gone.index),
  };
  if (gone.kind !== "not-null") return left;
  return gone.columns.reduce<Table>((t, column) => changeColumn(t, column, (c) => ({ ...c, notNull: false })), left);
}

function pointingAt(table: Table, key: Constraint): Table["referencedBy"] {
  return table.referencedBy.filter((r) => r.columns.length === 0 || r.columns.every((c) => key.columns.includes(c)));
}

function revalidate(known: Known, relation: RelationName, name: string, validated: boolean): Known {
  return changeTable(known, relation, (t) => {
    if (!has(t, name)) return t;
    const constraints = t.constraints.map((c) => (c.name === name ? Object.freeze({ ...c, validated }) : c));
    const changed = { ...t, constraints };
    return constraints.filter((c) => c.name === name).reduce(notNullBy, changed);
  });
}

/** The index that carries a constraint has its name. */
export function renameConstraint(known: Known, relation: RelationName, from: string, to: string): Known {
  const table = tableIn(known, relation);
  if (table === null) return known;
  if (!has(table, from)) return renameNotNull(known, table, from, to);
  const renamed = changeTable(known, relation, (t) => ({
    ...t,
    constraints: t.constraints.map((c) => (c.name === from ? renamedConstraint(c, to) : c)),
    indexes: t.indexes.map((i) => (i.constraint === from ? Object.freeze({ ...i, name: to, constraint: to }) : i)),
  }));
  return changeNeighbours(renamed, table, (t) => ({
    ...t,
    referencedBy: t.referencedBy.map((r) =>
      r.constraint === from && sameTable(known, r.relation, relation) ? Object.freeze({ ...r, constraint: to }) : r,
    ),
  }));
}

/** A NOT NULL of a column's definition has a name since PostgreSQL 18. What is not known by its name may be any. */
function renameNotNull(known: Known, table: Table, from: string, to: string): Known {
  const column = notNullNamed(table, table.relation.name, from)?.column ?? null;
  if (column === null || known.dialect !== undefined) return forgetTable(known, table.relation);
  return changeTable(known, table.relation, (t) => changeColumn(t, column, (c) => ({ ...c, notNullName: to })));
}

function renamedConstraint(constraint: Constraint, to: string): Constraint {
  return Object.freeze({ ...constraint, name: to, index: constraint.index === null ? null : to });
}
