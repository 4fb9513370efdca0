import type { Table } from "../../../../model/catalog.js";
import type { AttachPartition, DetachPartition, Inherit } from "../../../../model/detail/partition.js";
import type { Effect, Lock } from "../../../../model/effect.js";
import { type RelationName, show } from "../../../../model/name.js";
import { effect } from "../../../effect.js";
import { findTable } from "../../../engine.js";
import { lock, merged } from "../locks.js";
import { provesBound } from "../partition-bounds.js";
import { defaultPartition, referencedTables, sameRelation, withPartitions } from "../relations.js";
import { broken, type Subject, same } from "../subject.js";

/** ATTACH PARTITION: the parent goes on; the table is read under its own lock unless a check proves the bound. */
export function attachPartitionEffect(detail: AttachPartition, subject: Subject): Effect {
  const { context, relation, table } = subject;
  const child = findTable(context.catalog, detail.partition);
  const proved = child !== null && provesBound(child, detail.bound, table);
  const builds = child === null || missesIndex(child, table);
  const held = builds ? "build" : proved ? "brief" : "scan";
  const rest = defaultPartition(table);
  const searched = detail.bound.rest ? null : rest;
  return effect({
    locks: merged(
      [
        ...parentLocks(relation, table, subject),
        ...below(detail.partition, held, subject),
        ...restLock(searched, subject),
      ],
      same(context),
    ),
    scan: !proved || builds || (searched !== null && searched !== undefined),
    fails: proved ? null : "it fails where a row is outside the bound (23514)",
    replicaCost: builds ? "replay" : "none",
    assumes: [...unknownDefault(searched, relation), ...unknownTables(table, child, subject, detail.partition)],
  });
}

/** What the parent's foreign keys point at gets triggers for the partition. */
function parentLocks(relation: RelationName, table: Table | null, _: Subject): Lock[] {
  const targets = table === null ? [] : referencedTables(table, null);
  return [
    lock(relation, "SHARE UPDATE EXCLUSIVE", "brief"),
    ...targets.map((t) => lock(t, "SHARE ROW EXCLUSIVE", "scan")),
  ];
}

function below(partition: RelationName, held: Lock["held"], { context }: Subject): Lock[] {
  return withPartitions(context.catalog, partition).map((r) => lock(r, "ACCESS EXCLUSIVE", held));
}

function restLock(rest: RelationName | null | undefined, { context }: Subject): Lock[] {
  if (rest === null || rest === undefined) return [];
  return withPartitions(context.catalog, rest).map((r) => lock(r, "ACCESS EXCLUSIVE", "scan"));
}

function unknownDefault(rest: RelationName | null | undefined, relation: RelationName): string[] {
  if (rest !== undefined) return [];
  return [`${show(relation)} may have a DEFAULT partition, which is locked with ACCESS EXCLUSIVE and scanned`];
}

function unknownTables(parent: Table | null, child: Table | null, _: Subject, partition: RelationName): string[] {
  const unknown = parent === null ? ["indexes and foreign keys of the parent: it is not known"] : [];
  return child === null
    ? [...unknown, `no check of ${show(partition)} proves the bound: the table is not known`]
    : unknown;
}

/** Every index of the parent is looked for in the partition, and built where there is none over the same columns. */
function missesIndex(child: Table, parent: Table | null): boolean {
  if (parent === null) return false;
  const have = child.indexes.map((i) => `${i.unique} ${i.columns.join("\0")}`);
  return parent.indexes.some((i) => !have.includes(`${i.unique} ${i.columns.join("\0")}`));
}

/** DETACH PARTITION: the whole tree waits; CONCURRENTLY waits for others instead, in two transactions of its own. */
export function detachPartitionEffect(detail: DetachPartition, subject: Subject): Effect {
  const { context, relation, table } = subject;
  const rest = defaultPartition(table);
  const gone = broken("reads", `rows of ${show(detail.partition)} are no longer seen through ${show(relation)}`);
  if (detail.mode === "plain") {
    const others = [relation, detail.partition, ...(rest ? [rest] : [])];
    const all = others.map((r) => lock(r, "ACCESS EXCLUSIVE", "brief"));
    return effect({ locks: merged(all, same(context)), breaks: [gone], assumes: restNote(rest, relation) });
  }
  return effect({
    locks: [lock(relation, "SHARE UPDATE EXCLUSIVE", "brief"), lock(detail.partition, "ACCESS EXCLUSIVE", "brief")],
    breaks: [gone],
    transaction: detail.mode === "concurrently" ? "never" : "any",
    fails:
      detail.mode === "concurrently" && rest ? "beside a DEFAULT partition there is no CONCURRENTLY (55000)" : null,
    assumes: detail.mode === "concurrently" ? restNote(rest, relation) : [],
  });
}

function restNote(rest: RelationName | null | undefined, relation: RelationName): string[] {
  return rest === undefined
    ? [`${show(relation)} is taken to have no DEFAULT partition, which would be locked too`]
    : [];
}

/** INHERIT marks the parent as having children; NO INHERIT only looks at it. */
export function inheritEffect({ parent, enabled }: Inherit, subject: Subject): Effect {
  const { relation, context } = subject;
  const onParent = lock(parent, enabled ? "SHARE UPDATE EXCLUSIVE" : "ACCESS SHARE", "brief");
  const own = lock(relation, "ACCESS EXCLUSIVE", "brief");
  return effect({
    locks: sameRelation(context.catalog, parent, relation) ? [own] : [own, onParent],
    breaks: [
      broken("reads", `rows of ${show(relation)} are ${enabled ? "" : "no longer "}seen through ${show(parent)}`),
    ],
  });
}
