import type { Index, Table } from "../../../../model/catalog.js";
import type { DropIndex, Reindex, RenameIndex } from "../../../../model/detail/index-change.js";
import type { Breakage, Effect, Lock } from "../../../../model/effect.js";
import { type RelationName, show } from "../../../../model/name.js";
import { effect, refusedFor } from "../../../effect.js";
import { type EffectContext, findTable } from "../../../engine.js";
import { hasSameKey } from "../../../found-by-key.js";
import type { KnownView } from "../../../known-view.js";
import { knownViews, tableOfIndex } from "../../../table-lookup.js";
import { arbitersLost } from "../arbiters.js";
import { lock, type Mode } from "../locks.js";
import { partitionNote } from "../notes.js";
import { withPartitions } from "../relations.js";
import { identityLost } from "../replica-identity.js";
import { broken, ownChange, type Subject } from "../subject.js";
import { conflictName } from "./constraint-state.js";

/** An index with the table that it is on; both null when they are not known. */
interface Found {
  readonly table: Table | null;
  readonly index: Index | null;
}

function find(name: RelationName, { catalog }: EffectContext): Found {
  const table = tableOfIndex(catalog, name);
  return { table, index: table?.indexes.find((i) => i.name === name.name) ?? null };
}

/** DROP INDEX: everything on the table waits; with CONCURRENTLY only other DDL does. */
export function dropIndexEffect(detail: DropIndex, subject: Subject): Effect {
  const { context } = subject;
  const { table, index } = find(detail.index, context);
  if (table === null && detail.ifExists && context.catalog.complete) return effect({ transaction: alone(detail) });
  const mode = detail.concurrently ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE";
  const view = table === null ? viewOf(detail.index, context) : null;
  if (view !== null)
    return effect({
      locks: [lock(view.name, mode, "brief")],
      breaks: view.keys.length > 1 ? [] : [refreshFails(view)],
      transaction: alone(detail),
    });
  return effect({
    locks: indexLocks(detail.index, table, mode, "brief", context),
    breaks: [...missedBy(index, table, context), ...identityLost(table, { name: detail.index.name }, context.catalog)],
    ...dropFailure(detail, table, index),
    transaction: alone(detail),
    assumes: [...partitionNote(table), ...(table === null ? unknownTable(detail.index) : [])],
  });
}

/** The materialized view that has a unique index of a name. */
function viewOf({ schema, name }: RelationName, { catalog }: EffectContext): KnownView | null {
  const home = (own: string | null) => own ?? catalog.defaultSchema;
  const isIn = (view: KnownView) => view.keys.includes(name) && home(view.name.schema) === home(schema);
  return knownViews(catalog).find(isIn) ?? null;
}

const refreshFails = ({ name }: KnownView): Breakage =>
  broken("both", `REFRESH MATERIALIZED VIEW CONCURRENTLY ${show(name)} fails without a unique index (55000)`);

const alone = ({ concurrently }: DropIndex): Effect["transaction"] => (concurrently ? "never" : "any");

function missedBy(index: Index | null, table: Table | null, { catalog }: EffectContext): Breakage[] {
  if (index?.unique !== true || table === null) return index?.unique === true ? [conflictTarget(index)] : [];
  return hasSameKey(table, index.name) ? [] : [conflictTarget(index), ...arbitersLost(table, index.name, catalog)];
}

function conflictTarget({ name, columns }: Index): Breakage {
  return broken("writes", `INSERT ... ON CONFLICT (${columns.join(", ")}) fails without ${name} (42P10)`);
}

function dropFailure(detail: DropIndex, table: Table | null, index: Index | null): Pick<Effect, "fails" | "needed"> {
  if (index !== null && index.constraint !== null)
    return refusedFor({ code: "2BP01", why: `constraint ${index.constraint} needs it` });
  const partitioned = detail.concurrently && (table?.partitions?.length ?? 0) > 0;
  return { fails: partitioned ? "an index of a partitioned table takes no CONCURRENTLY (0A000)" : null };
}

/** The lock on the index's table and its partitions; on the index where its table is not known. */
function indexLocks(
  name: RelationName,
  table: Table | null,
  mode: Mode,
  held: Lock["held"],
  { catalog }: EffectContext,
): Lock[] {
  if (table === null) return [lock(name, mode, held)];
  return withPartitions(catalog, table.relation).map((r) => lock(r, mode, held));
}

function unknownTable(index: RelationName): string[] {
  return [`the table of ${show(index)} is locked in the same way, and may need it for ON CONFLICT: it is not known`];
}

/** ALTER INDEX ... RENAME: reads and writes go on. A constraint that it carries is renamed with it. */
export function renameIndexEffect({ from }: RenameIndex, subject: Subject): Effect {
  const { schema } = subject.relation;
  const constraint = find({ schema, name: from }, subject.context).index?.constraint ?? null;
  const breaks = constraint === null ? [] : [conflictName(constraint)];
  return ownChange(subject, "SHARE UPDATE EXCLUSIVE", { breaks });
}

/** REINDEX: writes wait for the build, and so does every query that would plan with the index. */
export function reindexEffect(detail: Reindex, subject: Subject): Effect {
  const { relation, table, context } = subject;
  const own = detail.what === "table" ? { table, index: null } : find(relation, context);
  const whole = detail.what !== "table" && detail.what !== "index";
  const never = detail.concurrently || whole || isParent(own.table);
  return effect({
    locks: whole ? [] : reindexLocks(detail, subject, own),
    scan: true,
    indexesRebuilt: true,
    transaction: never ? "never" : "any",
    replicaCost: "replay",
    assumes: reindexUnknowns(detail, subject, own.table),
  });
}

/** A table whose partitions are not known may have some. */
function isParent(table: Table | null): boolean {
  return table?.partitioned === true && (table.partitions === undefined || table.partitions.length > 0);
}

function reindexLocks(detail: Reindex, { relation, context }: Subject, { table, index }: Found): Lock[] {
  const [onTable, onIndex]: Mode[] = detail.concurrently
    ? ["SHARE UPDATE EXCLUSIVE", "SHARE UPDATE EXCLUSIVE"]
    : ["SHARE", "ACCESS EXCLUSIVE"];
  const own = detail.what === "index" ? [{ schema: relation.schema, name: index?.name ?? relation.name }] : [];
  const tables =
    table === null ? (detail.what === "table" ? [relation] : []) : withPartitions(context.catalog, table.relation);
  const all = detail.what === "table" ? indexNames(tables, context) : own;
  return [
    ...tables.map((t) => lock(t, onTable ?? "SHARE", "build")),
    ...all.map((i) => lock(i, onIndex ?? "ACCESS EXCLUSIVE", "build")),
  ];
}

function indexNames(tables: readonly RelationName[], { catalog }: EffectContext): RelationName[] {
  const known = tables.flatMap((r) => findTable(catalog, r) ?? []);
  return known.flatMap((t) => t.indexes.map((i) => ({ schema: t.relation.schema, name: i.name })));
}

function reindexUnknowns({ what, concurrently }: Reindex, { relation }: Subject, table: Table | null): string[] {
  if (what === "table" || what === "index") {
    if (table !== null) return partitionNote(table);
    const indexes = concurrently
      ? []
      : [`the indexes of ${show(relation)} are locked, and with them every query: they are not known`];
    return what === "table" ? indexes : [`the table of ${show(relation)} is locked against writes: it is not known`];
  }
  return [
    `every table of the ${what}: ${concurrently ? "other DDL waits" : "writes, and queries that plan with an index, wait"}`,
  ];
}
