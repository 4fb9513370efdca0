import { findTable, type Phased, sameRelation } from "../engines/engine.js";
import type { Catalog, Dependent } from "../model/catalog.js";
import type { Query } from "../model/detail/data.js";
import type { RelationName } from "../model/name.js";
import type { Operation, OtherOperation } from "../model/operation.js";
import type { MadeObject, MigrationPlan } from "../model/plan.js";

/** What no running code knows, since it was made for the release that is being deployed. */
export interface Fresh {
  readonly tables: readonly RelationName[];
  /** Those of the tables that a query fills: how large they are is known when it has run. */
  readonly filled: readonly RelationName[];
  /** What is no table. */
  readonly objects: readonly MadeObject[];
}

export const NOTHING_FRESH: Fresh = Object.freeze({ tables: [], filled: [], objects: [] });

type Made = Pick<MigrationPlan, "creates" | "makes" | "fills">;

/** With what a migration of the same run makes. */
export function freshAfter(fresh: Fresh, { creates, makes = [], fills = [] }: Made): Fresh {
  const renamed = makes.flatMap((m) => (m.object === "table" ? [m.name] : []));
  return {
    tables: [...fresh.tables, ...creates, ...renamed],
    filled: [...fresh.filled, ...fills],
    objects: [...fresh.objects, ...makes.filter((m) => m.object !== "table")],
  };
}

const isIn = (relation: RelationName, list: readonly RelationName[], { defaultSchema }: Catalog): boolean =>
  list.some((r) => sameRelation(r, relation, defaultSchema));

/** New tables that hold at most the rows that are written out in the files. */
export const unfilled = ({ tables, filled }: Fresh, catalog: Catalog): readonly RelationName[] =>
  tables.filter((table) => !isIn(table, filled, catalog));

const CHANGES: ReadonlySet<string> = new Set(["alter-object", "create-object", "drop-object", "rename-object"]);
const HANGING: ReadonlySet<string> = new Set(["policy", "rule", "trigger"]);
const VIEWS: ReadonlySet<string> = new Set(["materialized-view", "view"]);

/** What a statement about something that is no table is about; null for any other, and for what has no name. */
function objectOf(operation: Operation): MadeObject | null {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "query") return sequenceOf(detail);
  if (detail === undefined || !CHANGES.has(detail.kind) || !("object" in detail) || detail.name === null) return null;
  const { object, name } = detail;
  return { object, name, on: HANGING.has(object) ? operation.relation : null };
}

/** The one sequence that a query sets. */
function sequenceOf({ sets = [] }: Query): MadeObject | null {
  const [set] = sets;
  if (set === undefined || sets.length > 1 || !("sequence" in set)) return null;
  return { object: "sequence", name: set.sequence, on: null };
}

/** MySQL and MariaDB name a trigger without its table. */
const isSame = (a: MadeObject, b: MadeObject, { defaultSchema }: Catalog): boolean =>
  a.object === b.object &&
  sameRelation(a.name, b.name, defaultSchema) &&
  (a.on === null || b.on === null || sameRelation(a.on, b.on, defaultSchema));

const storedAs = (object: MadeObject, catalog: Catalog): readonly MadeObject[] =>
  (catalog.objects ?? []).filter((stored) => isSame(stored, object, catalog));

function isFresh(object: MadeObject, { tables, objects }: Fresh, catalog: Catalog): boolean {
  const on = [object, ...storedAs(object, catalog)].flatMap((o) => (o.on === null ? [] : [o.on]));
  return objects.some((o) => isSame(o, object, catalog)) || on.some((table) => isIn(table, tables, catalog));
}

/** Whether an operation is about something other than a table that no running code knows. */
export function isOfFresh(operation: Operation, fresh: Fresh, catalog: Catalog): boolean {
  const object = objectOf(operation);
  return object !== null && isFresh(object, fresh, catalog);
}

/** A view as a table's dependents are called, which may be with its schema and with quotes. */
function isView({ kind, name }: Dependent, { object, name: view }: MadeObject, { defaultSchema }: Catalog): boolean {
  const bare = name.replaceAll(/["`]/g, "");
  return kind === object && (bare === view.name || bare === `${view.schema ?? defaultSchema}.${view.name}`);
}

/**
 * Whether a table is known to no running code. One that such code reads through a view which was there before is not: the
 * view goes in phases, and what it reads with it.
 *
 * @param catalog the one before the file
 */
export function isFreshTable(relation: RelationName, fresh: Fresh, catalog: Catalog): boolean {
  if (!isIn(relation, fresh.tables, catalog)) return false;
  const views = (findTable(catalog, relation)?.dependents ?? []).filter((d) => VIEWS.has(d.kind));
  return catalog.objects === undefined || views.every((d) => fresh.objects.some((o) => isView(d, o, catalog)));
}

/** Whether a view reads new tables, and views over such, and nothing else. */
function readsOnly(
  view: MadeObject,
  tables: readonly RelationName[],
  made: readonly MadeObject[],
  catalog: Catalog,
): boolean {
  const stored = (catalog.objects ?? []).find((o) => isSame(o, view, catalog));
  const named = catalog.tables.filter((t) => t.dependents.some((d) => isView(d, view, catalog)));
  const reads = stored?.reads ?? named.map((t) => t.relation);
  const isNew = (relation: RelationName): boolean => {
    const base = made.find((m) => VIEWS.has(m.object) && sameRelation(m.name, relation, catalog.defaultSchema));
    return base === undefined ? isIn(relation, tables, catalog) : readsOnly(base, tables, made, catalog);
  };
  return reads.length > 0 && reads.every(isNew);
}

/** Of what was made for a release what hangs on its new tables and on nothing else, as far as that is known. */
export function onlyOn(
  tables: readonly RelationName[],
  made: readonly MadeObject[],
  catalog: Catalog,
): readonly MadeObject[] {
  return made.filter((object) => {
    if (object.on !== null) return isIn(object.on, tables, catalog);
    return VIEWS.has(object.object) && readsOnly(object, tables, made, catalog);
  });
}

/** The new name of something new. */
function renamedBy(operation: OtherOperation, fresh: Fresh, catalog: Catalog): MadeObject | null {
  const { detail, relation } = operation;
  if (detail?.kind === "rename-table" && relation !== null) {
    if (!isIn(relation, fresh.tables, catalog)) return null;
    return { object: "table", name: { ...detail.to, schema: detail.to.schema ?? relation.schema }, on: null };
  }
  const object = detail?.kind === "rename-object" ? objectOf(operation) : null;
  if (detail?.kind !== "rename-object" || object === null || !isFresh(object, fresh, catalog)) return null;
  return { ...object, name: { schema: object.name.schema, name: detail.to } };
}

/** Something that was not there before, as far as the database or the statement itself tells. */
function createdBy(operation: Operation, before: readonly Operation[], catalog: Catalog): MadeObject | null {
  const object = objectOf(operation);
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (object === null || detail?.kind !== "create-object") return null;
  const dropped = before.some((o) => {
    const other = objectOf(o);
    return other !== null && isSame(other, object, catalog);
  });
  const lenient = detail.orReplace || detail.ifNotExists;
  // What OR REPLACE finds is told by a database alone, which lists views and triggers, but no types.
  const told = !lenient || (catalog.objects !== undefined && (VIEWS.has(object.object) || object.on !== null));
  return dropped || !told || storedAs(object, catalog).length > 0 ? null : object;
}

/** What an operation makes at once that is no table, and the new names of what is new. */
export function madeBy(
  operation: Operation,
  { steps, takesOver }: Phased,
  before: readonly Operation[],
  fresh: Fresh,
  catalog: Catalog,
): readonly MadeObject[] {
  if (operation.kind !== "other" || takesOver === true || steps.some((s) => s.phase !== "expand")) return [];
  const made = renamedBy(operation, fresh, catalog) ?? createdBy(operation, before, catalog);
  return made === null ? [] : [made];
}

/** The new tables that an operation fills with more than what is written out. */
export function filledBy(operation: Operation, fresh: Fresh, catalog: Catalog): readonly RelationName[] {
  const change = operation.kind === "other" && operation.detail?.kind === "data-change" ? operation.detail : null;
  if (change?.source !== "query") return [];
  const small = unfilled(fresh, catalog);
  const few = change.reads.length > 0 && change.reads.every((r) => isIn(r, small, catalog));
  return few ? [] : change.writes.filter((w) => isIn(w, fresh.tables, catalog));
}
