import type { Column, Constraint, Table } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { ColumnDetail, DetailOf } from "../model/operation-detail.js";
import { inserted, renameColumn } from "./columns.js";
import { noteConstraints } from "./constraint-owners.js";
import { carriers, columnConstraints, columnOf, isExact, namerFor } from "./definitions.js";
import { impliedName } from "./implied-name.js";
import type { Known } from "./known.js";
import { tableIn } from "./known-tables.js";
import { changeTable } from "./tables.js";

/** What a column is after a change of it. */
export function applyColumn(known: Known, relation: RelationName, detail: ColumnDetail): Known {
  switch (detail.kind) {
    case "modify-column":
      return modify(known, relation, detail);
    case "rename-column-if-exists":
      return renameColumn(known, { relation, from: detail.from, to: detail.to });
    default:
      return changeTable(known, relation, (t) =>
        changeColumn(lessStrict(t, detail), detail.column, (c) =>
          after(known.dialect === undefined ? released(t, c, detail) : c, detail),
        ),
      );
  }
}

/** NOT NULL is a constraint of its own since PostgreSQL 18, which goes with it. */
function lessStrict(table: Table, { kind, column }: Change): Table {
  const goes = (c: Constraint) => c.kind === "not-null" && c.columns.includes(column);
  if (kind !== "drop-not-null" || !table.constraints.some(goes)) return table;
  return { ...table, constraints: table.constraints.filter((c) => !goes(c)) };
}

/** A table with one column changed; the same table when it has no such column. */
export function changeColumn(table: Table, name: string, change: (column: Column) => Column): Table {
  if (!table.columns.some((c) => c.name === name)) return table;
  return { ...table, columns: table.columns.map((c) => (c.name === name ? Object.freeze(change(c)) : c)) };
}

/** PostgreSQL's serial is a type with a default, whose sequence is left when that is another. */
function released({ relation, indexes }: Table, column: Column, { kind }: ColumnDetail): Column {
  const type = /^(small|big)?serial([248])?$/i.exec(column.type.trim());
  if ((kind !== "drop-default" && kind !== "set-default") || type === null) return column;
  const size = type[1]?.toLowerCase() ?? { "2": "small", "8": "big" }[type[2] ?? ""] ?? "";
  const taken = new Set(indexes.map(({ name }) => name));
  const leftSequence = impliedName(relation.name, [column.name], "seq", taken);
  return { ...column, type: size === "" ? "integer" : `${size}int`, autoIncrement: false, leftSequence };
}

function unnamed({ notNullName: _, ...column }: Column): Column {
  return { ...column, notNull: false };
}

type Change = Exclude<ColumnDetail, DetailOf<"modify-column"> | DetailOf<"rename-column-if-exists">>;

function after(column: Column, detail: Change): Column {
  switch (detail.kind) {
    case "alter-column-type":
      return { ...column, type: detail.type, collation: detail.collation, comparable: isExact(detail.type) };
    case "set-default":
      return { ...column, default: detail.default, defaultVolatile: null };
    case "drop-default":
      return { ...column, default: null, defaultVolatile: false };
    case "set-not-null":
      return { ...column, notNull: true };
    case "drop-not-null":
      return unnamed(column);
    case "add-identity":
      return { ...column, identity: detail.generated ?? "by default", notNull: true };
    case "set-identity":
      return { ...column, identity: detail.generated ?? column.identity };
    case "drop-identity":
      return { ...column, identity: null };
    case "set-expression":
      return { ...column, generated: { kind: column.generated?.kind ?? "stored", expression: detail.expression } };
    case "drop-expression":
      return { ...column, generated: null };
    case "set-column-option":
      return { ...column, settings: settingsAfter(column.settings, detail) };
    case "set-column-visibility": {
      const others = column.settings.filter((s) => s !== "INVISIBLE");
      return { ...column, settings: detail.visible ? others : [...others, "INVISIBLE"] };
    }
  }
}

function settingsAfter(settings: readonly string[], { option, value }: DetailOf<"set-column-option">): string[] {
  const left = settings.filter((s) => !s.startsWith(`SET ${option} `));
  return value === null ? left : [...left, `SET ${option} ${value}`];
}

/** A column that is defined anew has what the definition says, and stays in the keys that it is in. */
function modify(known: Known, relation: RelationName, detail: DetailOf<"modify-column">): Known {
  const { definition, column, position } = detail;
  if (tableIn(known, relation)?.columns.some((c) => c.name === column) !== true) return known;
  const renamed =
    definition.name === column ? known : renameColumn(known, { relation, from: column, to: definition.name });
  const made = columnConstraints(definition, namerFor(relation, tableIn(renamed, relation), known.dialect));
  const constraints = made.map((m) => m.constraint);
  const changed = changeTable(renamed, relation, (t) => ({
    ...t,
    columns: placed(t, withKey(columnOf(definition, known.dialect), t), position),
    constraints: [...t.constraints, ...constraints],
    indexes: [...t.indexes, ...carriers(constraints)],
  }));
  return noteConstraints(changed, relation, made);
}

function withKey(column: Column, table: Table): Column {
  const key = table.constraints.find((c) => c.kind === "primary-key")?.columns ?? [];
  return key.includes(column.name) ? Object.freeze({ ...column, notNull: true }) : column;
}

function placed(table: Table, column: Column, position: DetailOf<"modify-column">["position"]): readonly Column[] {
  if (position === null) return table.columns.map((c) => (c.name === column.name ? column : c));
  const others = table.columns.filter((c) => c.name !== column.name);
  return inserted(others, column, position);
}
