import type { KnownView } from "../engines/known-view.js";
import type { Table } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { DetailOf, IndexDetail } from "../model/operation-detail.js";
import { renameConstraint } from "./constraint-changes.js";
import { createIndex, sameName } from "./create-index.js";
import type { Known } from "./known.js";
import { ownerOf, tableIn } from "./known-tables.js";
import { valuesOf } from "./persistent-map.js";
import { changeTable, forgetTable } from "./tables.js";
import { changeView } from "./views.js";

/**
 * What indexes there are after a change of them. `relation` is the table on MySQL, and the index itself on PostgreSQL,
 * which names it without its table.
 */
export function applyIndex(known: Known, relation: RelationName | null, detail: IndexDetail): Known {
  switch (detail.kind) {
    case "drop-index":
      return drop(known, relation, detail);
    case "rename-index":
      return rename(known, relation, detail);
    case "replace-index":
      return replace(known, detail);
    case "set-index-visibility":
      return show(known, relation, detail);
    default:
      return known;
  }
}

/** The table that has the index: the one that is named, else (PostgreSQL) the one that the index is known to be of. */
function tableOf(known: Known, relation: RelationName | null, index: RelationName): Table | null {
  const named = relation === null ? null : tableIn(known, relation);
  return named?.indexes.some((i) => sameName(known, i.name, index.name)) === true ? named : ownerOf(known, index);
}

function drop(known: Known, relation: RelationName | null, { index, ifExists }: DetailOf<"drop-index">): Known {
  const table = tableOf(known, relation, index);
  if (table === null) {
    const left = renameViewKey(known, index, null);
    if (left !== known || (ifExists && (known.complete || lacksIndex(known, relation, index)))) return left;
  }
  if (table === null) return uncertain(known, relation, index);
  return changeTable(known, table.relation, (t) => ({
    ...t,
    indexes: t.indexes.filter((i) => !sameName(known, i.name, index.name)),
    // PostgreSQL refuses this for the index of a constraint; on MySQL they are one thing.
    constraints: t.constraints.filter((c) => c.index === null || !sameName(known, c.index, index.name)),
  }));
}

/** Whether a table is known, and has no index of a name (MySQL, MariaDB). */
export function lacksIndex(known: Known, relation: RelationName | null, { name }: RelationName): boolean {
  const table = known.dialect === undefined || relation === null ? null : tableIn(known, relation);
  return table !== null && !table.indexes.some((i) => sameName(known, i.name, name));
}

/** On MySQL the table is named: it has an index that is not known. */
function uncertain(known: Known, relation: RelationName | null, index: RelationName): Known {
  return relation === null || relation.name === index.name ? known : forgetTable(known, relation);
}

/** A materialized view's unique index is called otherwise, or with null is gone. */
function renameViewKey(known: Known, { schema, name }: RelationName, to: string | null): Known {
  const isIn = (view: KnownView) =>
    view.keys.includes(name) && (schema ?? known.defaultSchema) === (view.name.schema ?? known.defaultSchema);
  const view = valuesOf(known.views).find(isIn);
  if (view === undefined) return known;
  const keys = view.keys.filter((key) => key !== name);
  return changeView(known, view.name, (v) => ({ ...v, keys: to === null ? keys : [...keys, to] }));
}

function rename(known: Known, relation: RelationName | null, { from, to }: DetailOf<"rename-index">): Known {
  const index = { schema: relation?.schema ?? null, name: from };
  const table = tableOf(known, relation, index);
  if (table === null) return renameViewKey(uncertain(known, relation, index), index, to);
  const constraint = table.indexes.find((i) => sameName(known, i.name, from))?.constraint ?? null;
  if (constraint !== null) return renameConstraint(known, table.relation, constraint, to);
  return changeTable(known, table.relation, (t) => ({
    ...t,
    indexes: t.indexes.map((i) => (sameName(known, i.name, from) ? Object.freeze({ ...i, name: to }) : i)),
  }));
}

function replace(known: Known, { index }: DetailOf<"replace-index">): Known {
  const cleared = changeTable(known, index.relation, (t) => ({
    ...t,
    indexes: t.indexes.filter((i) => index.name === null || !sameName(known, i.name, index.name)),
  }));
  return createIndex(cleared, index);
}

const WORDS = { mysql: ["INVISIBLE", "VISIBLE"], mariadb: ["IGNORED", "NOT IGNORED"] } as const;

/** The last word of its definition says whether queries use it. */
function show(known: Known, relation: RelationName | null, detail: DetailOf<"set-index-visibility">): Known {
  const { index, visible } = detail;
  const table = tableOf(known, relation, { schema: null, name: index });
  if (table === null) return known;
  const word = WORDS[known.dialect ?? "mysql"][visible ? 1 : 0];
  const bare = (text: string) => text.replace(/\s+(?:VISIBLE|INVISIBLE|(?:NOT\s+)?IGNORED)\s*$/i, "");
  return changeTable(known, table.relation, (t) => ({
    ...t,
    indexes: t.indexes.map((i) =>
      sameName(known, i.name, index) ? Object.freeze({ ...i, definition: `${bare(i.definition)} ${word}` }) : i,
    ),
  }));
}
