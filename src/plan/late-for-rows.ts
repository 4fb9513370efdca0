import { findTable, type Phased, sameRelation } from "../engines/engine.js";
import { tableOfIndex } from "../engines/table-lookup.js";
import type { Catalog } from "../model/catalog.js";
import type { ModifyColumn } from "../model/detail/column.js";
import type { RelationName } from "../model/name.js";
import type { Operation, OtherOperation } from "../model/operation.js";
import type { DetailKind } from "../model/operation-detail.js";
import type { LateForRows, RowsMet } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { changeOfRows, type Place } from "./data-order.js";
import { BRINGS } from "./rows-behind.js";
import { shownSwitch } from "./switch-names.js";

/** What an operation changes for rows of a table, and where in its file that is done. */
export interface LateInFile extends LateForRows {
  readonly place: Place;
}

const NONE: readonly RowsMet[] = Object.freeze([]);

/** The tables have other rows afterwards. */
const ROWS: readonly DetailKind[] = [
  "attach-partition",
  "convert-partition",
  "convert-table",
  "detach-partition",
  "drop-partition",
  "exchange-partition",
  "inherit",
  "truncate",
  "truncate-partition",
];

/** What it forbids is refused before or behind it, but for a statement that leaves such rows out. Who needs it as a key waits for that. */
const RULES: readonly DetailKind[] = ["add-constraint", "set-not-null"];

/** Rows that come in are the same before and behind it. */
const NO_ROWS: readonly DetailKind[] = [
  "comment",
  "drop-table",
  "maintain-partition",
  "maintain-table",
  "no-change",
  "order-rows",
  "privileges",
  "rebuild-table",
  "reindex",
  "rename-column-if-exists",
  "rename-constraint",
  "rename-index",
  "rename-table",
  "secondary-engine",
  "set-column-option",
  "set-index-visibility",
  "set-table-option",
  "validate-constraint",
];

const BY_DETAIL: ReadonlyMap<DetailKind, readonly RowsMet[]> = new Map<DetailKind, readonly RowsMet[]>([
  ...ROWS.map((kind) => [kind, ["all"]] as const),
  ...RULES.map((kind) => [kind, ["ignoring"]] as const),
  ...NO_ROWS.map((kind) => [kind, NONE] as const),
  ["drop-default", ["omitting"]],
  ["set-default", ["omitting"]],
  ["set-column-visibility", ["unlisted"]],
]);

/** An index that turns no row away is none for rows. */
function metByIndex({ detail, relation }: OtherOperation, catalog: Catalog): readonly RowsMet[] {
  if (detail?.kind !== "drop-index") return NONE;
  const table = tableOfIndex(catalog, detail.index) ?? (relation === null ? null : findTable(catalog, relation));
  return table?.indexes.find((i) => i.name === detail.index.name)?.unique === false ? NONE : ["writes"];
}

/** A default as far as two spellings of it can be told to be one. */
const plainDefault = (text: string | null | undefined): string =>
  (text ?? "null").replaceAll(/['"()\s]/g, "").toLowerCase();

/** MariaDB says how wide numbers are shown. */
const plainType = (text: string): string => text.toLowerCase().replaceAll(/(?<=int)\s*\(\d+\)|\s/g, "");

/**
 * MODIFY defines type and default anew. What takes a column's place under its name is named in `retires` or `sides`: triggers give
 * it what other columns' changes of rows find or write, but where it is computed from those.
 */
function metByModify(
  { column, definition }: ModifyColumn,
  { relation }: OtherOperation,
  { retires, sides = [] }: Phased,
  catalog: Catalog,
): readonly RowsMet[] {
  if (sides.some((side) => side.reads !== undefined)) return ["writes"];
  const table = relation === null ? null : findTable(catalog, relation);
  const former = table?.columns.find((c) => c.name.toLowerCase() === column.toLowerCase());
  if (former === undefined) return ["writes"];
  if (retires.length + sides.length === 0 && plainType(former.type) !== plainType(definition.type)) return ["writes"];
  const found: readonly RowsMet[] = sides.length === 0 ? ["ignoring"] : ["ignoring", "positional"];
  return plainDefault(former.default) === plainDefault(definition.default) ? found : [...found, "omitting"];
}

/** Which statements meet what an operation does to its table. What is not known meets all that write. */
function metBy(operation: Operation, phased: Phased, catalog: Catalog): readonly RowsMet[] {
  switch (operation.kind) {
    case "add-column":
    case "create-table":
    case "drop-column":
    case "rename-column":
      return NONE;
    case "create-index":
      return phased.takesOver === true ? ["writes"] : NONE;
    case "other": {
      const { detail } = operation;
      if (detail?.kind === "data-change") return BRINGS.has(detail.verb) ? ["all", "pointing"] : ["all"];
      if (detail?.kind === "drop-index") return metByIndex(operation, catalog);
      if (detail?.kind === "modify-column") return metByModify(detail, operation, phased, catalog);
      if (detail?.kind === "alter-column-type") return phased.retires.length > 0 ? NONE : ["writes"];
      return (detail === undefined ? undefined : BY_DETAIL.get(detail.kind)) ?? ["writes"];
    }
  }
}

/** The table of what may be named without it: an index (PostgreSQL), a trigger (MySQL, MariaDB). */
function tableOfNamed(operation: Operation, catalog: Catalog): readonly RelationName[] {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  const indexed = detail?.kind === "drop-index" ? tableOfIndex(catalog, detail.index) : null;
  if (indexed !== null) return [indexed.relation];
  if (operation.relation !== null) return [operation.relation];
  if ((detail?.kind !== "drop-object" && detail?.kind !== "create-object") || detail.name === null) return [];
  const { object, name } = detail;
  return (catalog.objects ?? []).flatMap((o) =>
    o.object === object && o.name.name === name.name && o.on !== null ? [o.on] : [],
  );
}

const lockedBy = (steps: readonly Step[]): readonly RelationName[] =>
  steps.flatMap((step) => step.locks.map((lock) => lock.relation));

/** The tables that it is about, and those that it holds besides, as the other side of a foreign key. */
function tablesOf(operation: Operation, contract: readonly Step[], catalog: Catalog) {
  const own = changeOfRows(operation)?.writes ?? tableOfNamed(operation, catalog);
  const isIn = (r: RelationName, all: readonly RelationName[]) =>
    all.some((o) => sameRelation(o, r, catalog.defaultSchema));
  const locked = lockedBy(contract).filter((r, i, all) => !isIn(r, [...own, ...all.slice(0, i)]));
  return { own, beside: changeOfRows(operation) === null ? locked : [] };
}

function columnOf(operation: Operation): string | null {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  return detail !== undefined && "column" in detail && typeof detail.column === "string" ? detail.column : null;
}

/** For people: behind "this file" or "that migration". */
function shownOf(operation: Operation, { claims = [] }: Phased, { name }: RelationName): string {
  const stated = claims.find((c) => c.lends !== true)?.change;
  if (stated !== undefined) return stated;
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "truncate") return `empties ${name}`;
  if (detail?.kind === "drop-object" && detail.name !== null) return `drops the ${detail.object} ${detail.name.name}`;
  if (detail?.kind === "switch") return `${detail.enabled ? "enables" : "disables"} ${shownSwitch(detail)} of ${name}`;
  if (detail?.kind === "set-default" || detail?.kind === "drop-default")
    return `changes the default of ${detail.column}`;
  const what = operation.kind === "other" ? operation.what : operation.kind;
  return `has a ${what.replaceAll("-", " ")} of ${name}`;
}

/** The last step by which an operation takes effect: its own, or those of the change of the column that it goes with. */
function lastOf(operation: Operation, { steps }: Phased, before: readonly Phased[], catalog: Catalog) {
  if (steps.length > 0) return steps.at(-1);
  const { relation } = operation;
  const column = columnOf(operation);
  const carrier = before.find(({ retires }) =>
    retires.some(
      (r) => relation !== null && r.column === column && sameRelation(r.relation, relation, catalog.defaultSchema),
    ),
  );
  return carrier?.steps.at(-1);
}

/**
 * What an operation changes in the contract only, so that a statement about rows behind it would come before it.
 *
 * @param before what the operations in front of it become
 * @param catalog the one before it
 */
export function lateForRows(
  operation: Operation,
  phased: Phased,
  before: readonly Phased[],
  catalog: Catalog,
): readonly LateInFile[] {
  const last = lastOf(operation, phased, before, catalog);
  if (last?.phase !== "contract") return [];
  const place: Place = { phase: last.phase, stage: last.stage };
  const contract = phased.steps.filter((s) => s.phase === "contract");
  const { own, beside } = tablesOf(operation, contract, catalog);
  const column = columnOf(operation);
  const of = (relation: RelationName, met: RowsMet): LateInFile => {
    const change = shownOf(operation, phased, relation);
    return { relation, met, column, change, swapped: place.stage === "swap", place };
  };
  const met = metBy(operation, phased, catalog);
  const gone = phased.retires.filter((r) => r.replacement === null || r.retypes === true);
  return [
    ...own.flatMap((relation) => met.map((each) => of(relation, each))),
    ...beside.map((relation) => of(relation, met.includes("all") ? "all" : "keys")),
    ...gone.map((r) => of(r.relation, "unlisted")),
  ];
}
