import type { Catalog } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import { findTable, sameRelation } from "./engine.js";
import { isSameName } from "./stored-code.js";

/** The names of a table's columns that `*` shows, in their order. */
export type Columns = readonly string[];

interface Shown {
  readonly name: string;
  /** INVISIBLE (MySQL, MariaDB): neither `*` nor an INSERT that names no columns sees it. */
  readonly hidden: boolean;
}

/** The columns of a table; null where no file tells. */
export const columnsOf = (relation: RelationName, catalog: Catalog): Columns | null =>
  shownIn(allOf(relation, catalog));

/** The columns of a table behind some operations; null where no file tells. */
export function columnsAfter(
  operations: readonly Operation[],
  relation: RelationName,
  catalog: Catalog,
): Columns | null {
  const all = allOf(relation, catalog);
  return shownIn(all && changed(all, operations, relation, catalog));
}

/** By how many columns operations make a table wider, as far as is told: less than 0 where they make it narrower. */
export function grownBy(operations: readonly Operation[], relation: RelationName, catalog: Catalog): number {
  const all = allOf(relation, catalog);
  if (all !== null) return visible(changed(all, operations, relation, catalog)) - visible(all);
  const own = operations.filter((operation) => isOn(operation, relation, catalog));
  const sizes = own.map((operation) => {
    if (operation.kind === "add-column") return isHidden(operation.column.attributes) ? 0 : 1;
    const shown = visibilityOf(operation);
    return operation.kind === "drop-column" ? -1 : shown === null ? 0 : shown.visible ? 1 : -1;
  });
  return sizes.reduce((sum: number, size) => sum + size, 0);
}

const visible = (all: readonly Shown[]): number => all.filter(({ hidden }) => !hidden).length;

const shownIn = (all: readonly Shown[] | null): Columns | null =>
  all?.filter(({ hidden }) => !hidden).map(({ name }) => name) ?? null;

function allOf(relation: RelationName, catalog: Catalog): readonly Shown[] | null {
  const columns = findTable(catalog, relation)?.columns ?? [];
  if (columns.length === 0) return null;
  return columns.map(({ name, settings }) => ({ name, hidden: settings.includes("INVISIBLE") }));
}

const isOn = (operation: Operation, relation: RelationName, { defaultSchema }: Catalog): boolean =>
  operation.relation !== null && sameRelation(operation.relation, relation, defaultSchema);

const isHidden = (attributes: readonly { readonly name: string }[] = []): boolean =>
  attributes.some(({ name }) => name === "INVISIBLE");

function visibilityOf(operation: Operation) {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  return detail?.kind === "set-column-visibility" ? detail : null;
}

function changed(
  all: readonly Shown[],
  operations: readonly Operation[],
  relation: RelationName,
  catalog: Catalog,
): readonly Shown[] {
  const own = operations.filter((operation) => isOn(operation, relation, catalog));
  return own.reduce((columns, operation) => changedBy(columns, operation, catalog), all);
}

function changedBy(all: readonly Shown[], operation: Operation, catalog: Catalog): readonly Shown[] {
  const isIt = (name: string) => (column: Shown) => isSameName(column.name, name, catalog);
  if (operation.kind === "drop-column") return all.filter((column) => !isIt(operation.column)(column));
  const shown = visibilityOf(operation);
  if (shown !== null) return all.map((c) => (isIt(shown.column)(c) ? { ...c, hidden: !shown.visible } : c));
  if (operation.kind !== "add-column" || all.some(isIt(operation.column.name))) return all;
  const added = { name: operation.column.name, hidden: isHidden(operation.column.attributes) };
  if (operation.position === "first") return [added, ...all];
  const before = operation.position === null ? -1 : all.findIndex(isIt(operation.position.after));
  return before < 0 ? [...all, added] : [...all.slice(0, before + 1), added, ...all.slice(before + 1)];
}
