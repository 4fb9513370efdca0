import type { Breakage, Effect, Lock } from "../../../model/effect.js";
import { type RelationName, show } from "../../../model/name.js";
import type { CreateTable } from "../../../model/operation.js";
import { effect } from "../../effect.js";
import { type EffectContext, findTable } from "../../engine.js";
import { lock } from "./locks.js";
import { defaultPartition, referencedTables, sameRelation, withPartitions } from "./relations.js";
import { columnSettingNull, newKeySettingNull } from "./set-null.js";

/** CREATE TABLE: nothing waits for the new table, but those that it points at or hangs under are locked. */
export function createTableEffect(operation: CreateTable, context: EffectContext): Effect {
  if (operation.ifNotExists && findTable(context.catalog, operation.relation) !== null) return effect({});
  const sources = operation.sources ?? [];
  const reads = operation.form === "as" && operation.withData !== false;
  const searched = sources.some((s) => searches(operation, s, context));
  return effect({
    locks: strongest(context, [...sourceLocks(operation, sources, context), ...parentLocks(operation, context)]),
    scan: reads || searched,
    breaks: settingNull(operation),
    replicaCost: reads && !operation.temporary ? "replay" : "none",
    assumes: operation.form === "partition-of" ? sources.flatMap((s) => partitionUnknowns(s, context)) : [],
  });
}

/** Its own foreign keys, to columns that may not be NULL. */
function settingNull({ relation, columns, constraints }: CreateTable): Breakage[] {
  const keys = constraints.filter(({ kind }) => kind === "primary-key").flatMap((key) => key.columns);
  const isNotNull = (name: string) =>
    keys.includes(name) || columns.some((one) => one.name === name && (one.notNull || one.primaryKey));
  return [
    ...columns.flatMap((column) => columnSettingNull({ ...column, notNull: isNotNull(column.name) }, relation)),
    ...constraints.flatMap((one) => (one.kind === "foreign-key" ? newKeySettingNull(one, relation, isNotNull) : [])),
  ];
}

/** What the form takes of the relations that it names. */
function sourceLocks(operation: CreateTable, sources: readonly RelationName[], context: EffectContext): Lock[] {
  switch (operation.form) {
    // The parent stays locked while its DEFAULT partition is searched for rows that belong here.
    case "partition-of":
      return sources.flatMap((s) => partitionLocks(operation, s, context));
    case "inherits":
      return sources.map((s) => lock(s, "SHARE UPDATE EXCLUSIVE", "brief"));
    case "like":
      return sources.map((s) => lock(s, "ACCESS SHARE", "brief"));
    case "as":
      return sources.map((s) => lock(s, "ACCESS SHARE", operation.withData === false ? "brief" : "scan"));
    default:
      return [];
  }
}

/** Whether a DEFAULT partition is, or may be, searched for rows that belong to the new one. */
function searches({ bound, form }: CreateTable, parent: RelationName, { catalog }: EffectContext): boolean {
  // A table that is partitioned by hash has none.
  if (form !== "partition-of" || bound?.rest === true || bound?.kind === "modulus") return false;
  return defaultPartition(findTable(catalog, parent)) !== null;
}

function partitionLocks(operation: CreateTable, parent: RelationName, context: EffectContext): Lock[] {
  const rest = defaultPartition(findTable(context.catalog, parent));
  const held = searches(operation, parent, context) ? "scan" : "brief";
  const others = rest === null || rest === undefined ? [] : withPartitions(context.catalog, rest);
  return [parent, ...others].map((r) => lock(r, "ACCESS EXCLUSIVE", held));
}

/** Foreign keys put triggers on the tables that they point at; a partition has its parent's. */
function parentLocks(operation: CreateTable, context: EffectContext): Lock[] {
  const written = [...operation.columns, ...operation.constraints].flatMap((d) => d.references?.relation ?? []);
  const tables = (operation.sources ?? []).map((s) => findTable(context.catalog, s));
  const searched = (operation.sources ?? []).some((s) => searches(operation, s, context));
  const copied = operation.form === "partition-of" ? tables.flatMap((t) => (t ? referencedTables(t, null) : [])) : [];
  return [...written, ...copied]
    .flatMap((r) => withPartitions(context.catalog, r))
    .filter((r) => !sameRelation(context.catalog, r, operation.relation))
    .map((r) => lock(r, "SHARE ROW EXCLUSIVE", searched ? "scan" : "brief"));
}

/** One lock for each relation: the first, since what the form takes is named first and is what counts. */
function strongest({ catalog }: EffectContext, locks: readonly Lock[]): Lock[] {
  return locks.filter((l, i) => locks.findIndex((o) => sameRelation(catalog, o.relation, l.relation)) === i);
}

function partitionUnknowns(parent: RelationName, { catalog }: EffectContext): string[] {
  const table = findTable(catalog, parent);
  const scanned = `${show(parent)} may have a DEFAULT partition, which is locked with ACCESS EXCLUSIVE and scanned`;
  if (table !== null) return defaultPartition(table) === undefined ? [scanned] : [];
  return [scanned, `${show(parent)} may have foreign keys, whose tables are locked too: the table is not known`];
}
