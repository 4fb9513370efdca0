import { type KnownView, outputsOf, outputTypesOf } from "../engines/known-view.js";
import type { Dependent, Table } from "../model/catalog.js";
import type { AlterObject, CreateObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import { defaultRights } from "./default-rights.js";
import { type Known, keyOf, tableIn, tablesAt } from "./known.js";
import { get, set, without } from "./persistent-map.js";
import { changeTable, withDependent } from "./tables.js";

export const VIEWS: ReadonlySet<string> = new Set(["view", "materialized-view"]);

/** A view depends on the columns that its query names; where that is not read, on all of them. */
export function createView(known: Known, name: RelationName, detail: CreateObject): Known {
  const kind = detail.object === "view" ? ("view" as const) : ("materialized-view" as const);
  const before = get(known.views, keyOf(known, name));
  if (detail.ifNotExists && before !== undefined) return known;
  const cleared = dropView(known, name);
  const noted = detail.reads.reduce(
    (k, relation) => changeTable(k, relation, (t) => withDependent(k, t, viewOf(kind, name, detail, t))),
    cleared,
  );
  const view: KnownView = {
    name,
    reads: detail.reads.map((r) => keyOf(known, r)),
    materialized: kind === "materialized-view",
    columns: outputsOf(detail, (relation) => tableIn(known, relation)),
    types: outputTypesOf(detail, (relation) => tableIn(known, relation)),
    keyed: false,
    options: detail.options ?? [],
    rights: before !== undefined && detail.orReplace ? before.rights : defaultRights(known, name),
  };
  return { ...noted, views: set(noted.views, keyOf(known, name), Object.freeze(view)) };
}

function viewOf(kind: "view" | "materialized-view", view: RelationName, detail: CreateObject, table: Table): Dependent {
  const all = table.columns.map((c) => c.name);
  const named = detail.columns ?? ["*"];
  const columns = named.includes("*") ? all : all.filter((c) => named.includes(c));
  return { kind, name: shown(view), columns: Object.freeze(columns) };
}

function shown({ schema, name }: RelationName): string {
  return schema === null ? name : `${schema}.${name}`;
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
export function alterView(known: Known, view: RelationName, detail: AlterObject): Known {
  const { options } = detail;
  if (options !== undefined)
    return changeView(known, view, (v) => ({ ...v, options: optionsAfter(v.options, options) }));
  const columns = outputsOf(detail, (relation) => tableIn(known, relation));
  return changeView(known, view, (v) => ({ ...v, columns, types: null }));
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

export function renameView(known: Known, from: RelationName, to: RelationName): Known {
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
