import {
  checkedBy,
  type KnownRelations,
  type KnownView,
  outputsOf,
  outputTypesOf,
  shapeOf,
  starredOf,
} from "../engines/known-view.js";
import type { Dependent, Table } from "../model/catalog.js";
import type { AlterObject, ColumnUse, CreateObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import { defaultRights } from "./default-rights.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { tableIn, tablesAt } from "./known-tables.js";
import { get, set, valuesOf, without } from "./persistent-map.js";
import { changeTable, withDependent } from "./tables.js";
import { withoutTriggersOn } from "./triggers-elsewhere.js";

export const VIEWS: ReadonlySet<string> = new Set(["view", "materialized-view"]);

/** A view depends on the columns that its query names; where that is not read, on all of them. */
export function createView(known: Known, name: RelationName, detail: CreateObject): Known {
  const kind = detail.object === "view" ? ("view" as const) : ("materialized-view" as const);
  const before = get(known.views, keyOf(known, name));
  // It hides others of the name, and ends with the session.
  if (detail.temporary === true) return known;
  if (detail.ifNotExists && before !== undefined) return known;
  const cleared = dropView(known, name);
  const noted = detail.reads.reduce(
    (k, relation) => changeTable(k, relation, (t) => withDependent(k, t, viewOf(k, kind, name, detail, t))),
    cleared,
  );
  const view: KnownView = {
    name,
    reads: detail.reads.map((r) => keyOf(known, r)),
    materialized: kind === "materialized-view",
    columns: outputsOf(detail, (relation) => tableIn(known, relation)),
    starred: starredOf(detail, (relation) => tableIn(known, relation)),
    types: outputTypesOf(detail, (relation) => tableIn(known, relation)),
    keys: [],
    calls: detail.calls ?? [],
    options: detail.options ?? [],
    shape: shapeOf(detail, relationsOf(known)),
    insteadOf: before !== undefined && detail.orReplace && before.insteadOf,
    rights: before !== undefined && detail.orReplace ? before.rights : defaultRights(known, name),
  };
  return { ...noted, views: set(noted.views, keyOf(known, name), Object.freeze(view)) };
}

const relationsOf = (known: Known): KnownRelations => ({
  defaultSchema: known.defaultSchema,
  table: (relation) => tableIn(known, relation),
  view: (relation) => get(known.views, keyOf(known, relation)) ?? null,
});

/** A table, or a view, has another name, or a column of another name: what reads it is written otherwise from here on. */
export function withoutShapes(known: Known, relation: RelationName): Known {
  const table = tableIn(known, relation);
  if (table !== null && !table.dependents.some(({ kind }) => VIEWS.has(kind))) return known;
  const key = keyOf(known, relation);
  const reading = valuesOf(known.views).filter(({ reads, shape }) => shape !== null && reads.includes(key));
  return reading.reduce((k, { name }) => changeView(k, name, (view) => ({ ...view, shape: null })), known);
}

function viewOf(
  known: Known,
  kind: "view" | "materialized-view",
  view: RelationName,
  detail: CreateObject,
  table: Table,
): Dependent {
  const all = table.columns.map((c) => c.name);
  const plain = (name: string) => (known.dialect === undefined ? name : name.toLowerCase());
  const named = new Set((usedOf(known, table, detail.uses) ?? detail.columns ?? ["*"]).map(plain));
  const columns = named.has("*") ? all : all.filter((c) => named.has(plain(c)));
  return { kind, name: shown(view), columns: Object.freeze(columns) };
}

/** The names of columns that a query's uses may mean of a table; undefined where they are not told. */
const usedOf = (known: Known, table: Table, uses: CreateObject["uses"]): readonly string[] | undefined =>
  uses?.filter((use) => mayMean(known, table, use)).map(({ column }) => column);

/** A relation of an inner query that has the column hides those of the queries around it. */
function mayMean(known: Known, { relation, columns }: Table, { column, of }: ColumnUse): boolean {
  const own = keyOf(known, relation);
  const has = (names: Table["columns"] | undefined) => names?.some(({ name }) => name === column) === true;
  for (const relations of of) {
    if (relations.some((one) => keyOf(known, one) === own) && (column === "*" || has(columns))) return true;
    if (relations.some((one) => has(tableIn(known, one)?.columns))) return false;
  }
  return false;
}

function shown({ schema, name }: RelationName): string {
  return schema === null ? name : `${schema}.${name}`;
}

/** CASCADE takes the views along that read something, and those that read them (PostgreSQL). */
export function dropReaders(known: Known, relation: RelationName): Known {
  if (known.dialect !== undefined) return known;
  const key = keyOf(known, relation);
  const reading = valuesOf(known.views).filter(({ reads }) => reads.includes(key));
  return reading.reduce((k, { name }) => dropReaders(withoutTriggersOn(dropView(k, name), name), name), known);
}

/** The views of a schema that goes, or has another name. */
export function dropViewsIn(known: Known, schema: string): Known {
  const inside = valuesOf(known.views).filter(({ name }) => (name.schema ?? known.defaultSchema) === schema);
  return inside.reduce((k, { name }) => dropView(k, name), known);
}

export function dropView(known: Known, view: RelationName): Known {
  const key = keyOf(known, view);
  const tables = tablesAt(known, get(known.views, key)?.reads ?? []);
  const isView = (d: Dependent) => VIEWS.has(d.kind) && (d.name === shown(view) || d.name === view.name);
  const left = tables.reduce(
    (k, { relation }) =>
      changeTable(k, relation, (t) => ({ ...t, dependents: t.dependents.filter((d) => !isView(d)) })),
    known,
  );
  return { ...left, views: without(left.views, key) };
}

/** Its columns may have other names: those that MySQL's and MariaDB's AS gives, where it is read. An option changes none. */
export function alterView(before: Known, view: RelationName, detail: AlterObject): Known {
  const { options, body } = detail;
  const known = options === undefined ? before : changeView(before, view, (v) => withOptions(v, options));
  if (options !== undefined && body === null) return known;
  if (known.dialect === undefined && !detail.changes[0]?.startsWith("RENAME")) return known;
  const columns = outputsOf(detail, (relation) => tableIn(known, relation));
  const shape = shapeOf(detail, relationsOf(known));
  return changeView(known, view, (v) => ({ ...v, columns, types: null, shape }));
}

function withOptions(view: KnownView, set: NonNullable<AlterObject["options"]>): KnownView {
  const check = view.shape === null ? undefined : set.find(({ name }) => name === "check_option");
  const shape = view.shape === null || check === undefined ? view.shape : checkedBy(view.shape, check.on);
  return { ...view, shape, options: optionsAfter(view.options, set) };
}

function optionsAfter(before: readonly string[], set: NonNullable<AlterObject["options"]>): readonly string[] {
  const named = new Set(set.map(({ name }) => name));
  return [...before.filter((name) => !named.has(name)), ...set.filter(({ on }) => on).map(({ name }) => name)];
}

/** With what is known of one view changed; as it was where nothing is. */
export function changeView(known: Known, view: RelationName, change: (view: KnownView) => KnownView): Known {
  const key = keyOf(known, view);
  const before = get(known.views, key);
  return before === undefined ? known : { ...known, views: set(known.views, key, Object.freeze(change(before))) };
}

/** A column of a view has another name, where it is a view (PostgreSQL). */
export function renameViewColumn(known: Known, view: RelationName): Known {
  return changeView(known, view, (v) => ({ ...v, columns: null, starred: null, types: null, shape: null }));
}

export function renameView(before: Known, from: RelationName, to: RelationName): Known {
  const known = withoutShapes(before, from);
  const view = get(known.views, keyOf(known, from));
  const renamed = (d: Dependent) => (VIEWS.has(d.kind) && d.name === shown(from) ? { ...d, name: shown(to) } : d);
  const moved = tablesAt(known, view?.reads ?? []).reduce(
    (k, { relation }) => changeTable(k, relation, (t) => ({ ...t, dependents: t.dependents.map(renamed) })),
    known,
  );
  const left = without(without(moved.views, keyOf(known, from)), keyOf(known, to));
  return {
    ...moved,
    views: view === undefined ? left : set(left, keyOf(known, to), Object.freeze({ ...view, name: to })),
  };
}
