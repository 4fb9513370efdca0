import { findTable, type Phased, Refusal, sameRelation } from "../engines/engine.js";
import { BACKFILL, DROP, SWAP } from "../engines/place.js";
import type { Catalog, Table } from "../model/catalog.js";
import { type RelationName, show } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { LateChange, LateColumn } from "../model/plan.js";
import { strictFor } from "./behind-not-null.js";
import { targetsOf } from "./builds-on.js";
import { nameOf, rank } from "./data-order.js";

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** What a change has yet to do that is needed, and until when that is waited for, behind "that one". */
interface Needed {
  readonly does: string;
  readonly until: string;
}

const needed = ({ swapped }: LateChange, does: string): Needed => ({
  does: `${does} in ${nameOf(swapped ? SWAP : DROP)}, which this needs`,
  until: swapped ? "is swapped" : "has contracted",
});

/** By what rows are told apart; not by an index that tells only some of them apart. */
function keysOf({ constraints, indexes }: Pick<Table, "constraints" | "indexes">) {
  const keys = constraints.filter((c) => c.kind === "primary-key" || c.kind === "unique");
  const others = indexes.filter(
    (i) => i.unique && i.valid && i.constraint === null && !/\bWHERE\b/i.test(i.definition),
  );
  return [
    ...keys.map(({ name, columns, kind }) => ({ name, columns, primary: kind === "primary-key" })),
    ...others.map(({ name, columns }) => ({ name, columns, primary: false })),
  ];
}

const covers = (has: readonly string[], wanted: readonly string[]): boolean =>
  wanted.every((column) => has.some((c) => sameName(c, column)));

/** The key that something needs and a change has yet to make; null where it needs none, or there is another one. */
function keyNeeded(change: LateChange, columns: readonly string[] | null, catalog: Catalog): string | null {
  const table = findTable(catalog, change.relation);
  const made = keysOf(change).filter((key) => !change.renamed.includes(key.name));
  const late = made.find(
    (key) => columns === null || (columns.length === 0 ? key.primary : covers(key.columns, columns)),
  );
  if (late === undefined) return null;
  const there = table === null ? [] : keysOf(table).filter((key) => !made.some((m) => m.name === key.name));
  const other =
    columns !== null &&
    columns.length > 0 &&
    there.some((k) => covers(k.columns, columns) && covers(columns, k.columns));
  return other ? null : `makes the ${late.primary ? "primary key" : `key ${late.name}`} of ${show(change.relation)}`;
}

/** The columns of a key that rows are brought in by: null for any key, undefined where none matters. */
function conflictOf(
  operation: Operation,
  relation: RelationName,
  catalog: Catalog,
): readonly string[] | null | undefined {
  if (operation.kind !== "other" || operation.detail?.kind !== "data-change") return undefined;
  const { verb, conflict, writes, conflictOn } = operation.detail;
  if (conflict === null || verb === "update" || verb === "delete") return undefined;
  return writes.some((w) => sameRelation(w, relation, catalog.defaultSchema)) ? (conflictOn ?? null) : undefined;
}

function keyOf(change: LateChange, operation: Operation, catalog: Catalog): string | null {
  const conflict = conflictOf(operation, change.relation, catalog);
  const wanted = [
    ...targetsOf(operation)
      .filter((t) => sameRelation(t.relation, change.relation, catalog.defaultSchema))
      .map((t) => t.columns),
    ...(conflict === undefined ? [] : [conflict]),
  ];
  return wanted.map((columns) => keyNeeded(change, columns, catalog)).find((key) => key !== null) ?? null;
}

/** The names of constraints, or of their indexes, that an operation finds or gives. */
function constraintsNamed(operation: Operation): readonly string[] {
  if (operation.kind !== "other") return [];
  const { detail } = operation;
  switch (detail?.kind) {
    case "validate-constraint":
    case "alter-constraint":
      return [detail.name];
    case "drop-constraint":
      return detail.name === null ? [] : [detail.name];
    case "add-constraint":
      return detail.constraint.name === null ? [] : [detail.constraint.name];
    case "rename-constraint":
    case "rename-index":
      return [detail.from, detail.to];
    case "drop-index":
      return [detail.index.name];
    case "set-index-visibility":
      return [detail.index];
    default:
      return [];
  }
}

const dropsPrimaryKey = (operation: Operation): boolean =>
  operation.kind === "other" && operation.detail?.kind === "drop-constraint" && operation.detail.name === null;

function constraintOf({ relation, constraints, indexes, gone }: LateChange, operation: Operation): string | null {
  const names = constraintsNamed(operation);
  const made = constraints.find(
    (c) => names.some((n) => sameName(n, c.name)) || (c.kind === "primary-key" && dropsPrimaryKey(operation)),
  );
  if (made?.kind === "primary-key") return `makes the primary key of ${show(relation)}`;
  if (made !== undefined) return `makes the constraint ${made.name} of ${show(relation)}`;
  const built = indexes.find((i) => names.some((n) => sameName(n, i.name)));
  if (built !== undefined) return `makes the index ${built.name} of ${show(relation)}`;
  const lost = gone.find((name) => names.some((n) => sameName(n, name)));
  return lost === undefined ? null : `takes the constraint ${lost} of ${show(relation)} away`;
}

/** What of a column each change of it finds, or has the last word on. */
const FINDS: Readonly<Record<string, readonly (keyof LateColumn)[]>> = {
  "add-identity": ["notNull", "default", "identity"],
  "drop-default": ["default", "identity"],
  "drop-identity": ["identity"],
  "drop-not-null": ["notNull", "identity"],
  "set-default": ["default", "identity"],
  "set-identity": ["identity"],
  "set-not-null": ["notNull"],
};

const CALLED: Readonly<Record<keyof LateColumn, string>> = {
  name: "the name",
  notNull: "NOT NULL",
  default: "the default",
  identity: "the identity",
};

function columnOf({ relation, columns }: LateChange, operation: Operation): string | null {
  if (operation.kind !== "other" || operation.detail === undefined || !("column" in operation.detail)) return null;
  const { kind, column } = operation.detail;
  const late = columns.find((c) => sameName(c.name, column));
  const found = late === undefined ? undefined : FINDS[kind]?.find((what) => what in late);
  return found === undefined ? null : `changes ${CALLED[found]} of ${show(relation)}.${column}`;
}

/** NOT NULL of the columns of an index. */
function strictOf(change: LateChange, operation: Operation, catalog: Catalog): string | null {
  const index = strictFor(change, operation, catalog);
  return index === null ? null : `makes columns of the index ${index} NOT NULL`;
}

/**
 * What an operation finds only behind the contract of a change that stands in front of it: a key that a foreign key or ON
 * CONFLICT needs, a constraint that it names, what a column asks, NOT NULL of an index's columns. Null where it finds all that it needs.
 *
 * @param catalog the one before the operation, with those changes or without them
 */
export function lateNeeded(changes: readonly LateChange[], operation: Operation, catalog: Catalog): Needed | null {
  for (const change of changes) {
    const key = keyOf(change, operation, catalog);
    if (key !== null) return needed(change, key);
    if (operation.relation === null || !sameRelation(operation.relation, change.relation, catalog.defaultSchema))
      continue;
    const own = constraintOf(change, operation) ?? columnOf(change, operation) ?? strictOf(change, operation, catalog);
    if (own !== null) return needed(change, own);
  }
  return null;
}

/**
 * What needs a key that the file makes in its contract, or behind its rows, cannot run in front of that.
 *
 * @param changes what the file changes in its contract, and what it does in its backfill phase
 * @throws Refusal
 */
export function refuseNeededEarly(
  { late, backfilled }: { readonly late: readonly LateChange[]; readonly backfilled: readonly LateChange[] },
  operation: Operation,
  { steps }: Phased,
  catalog: Catalog,
): void {
  const first = steps.find((s) => s.sql.length > 0);
  if (first === undefined) return;
  const all = [
    ...late.map((change) => ({ change, place: change.swapped ? SWAP : DROP, until: needed(change, "").until })),
    ...backfilled.map((change) => ({ change, place: BACKFILL, until: "has filled its rows" })),
  ];
  for (const { change, place, until } of all) {
    const key = rank(first) >= rank(place) ? null : keyOf(change, operation, catalog);
    if (key === null) continue;
    throw new Refusal(
      `This file ${key} in ${nameOf(place)}, which this needs: it would run in ${nameOf(first)} already.`,
      `Put this statement into a later migration: it begins when this one ${until}.`,
    );
  }
}
