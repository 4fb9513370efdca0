import type { Catalog, InboundReference } from "../../../../model/catalog.js";
import type { DropTable, Truncate } from "../../../../model/detail/table.js";
import type { Effect, Lock, Need } from "../../../../model/effect.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import { effect, refusedFor } from "../../../effect.js";
import { findTable } from "../../../engine.js";
import { leftBehind } from "../left-behind.js";
import { lock, merged } from "../locks.js";
import { routinesOf } from "../needed-by.js";
import { partitionNote } from "../notes.js";
import { defaultPartition, parentOf, referencedTables, sameRelation, withPartitions } from "../relations.js";
import { broken, locksBelow, type Subject, same } from "../subject.js";
import { isAtLeast } from "../versions.js";

/** DROP TABLE: the tables that its foreign keys point at are locked, and the one that it is a partition of. */
export function dropTableEffect(detail: DropTable, subject: Subject): Effect {
  const { table, relation, context } = subject;
  if (table === null && detail.ifExists && context.catalog.complete) return effect({});
  const inbound = pointingFromElsewhere(subject, "drop-table");
  const others = [
    ...outbound(subject),
    ...lockedAbove(subject),
    ...(detail.cascade ? inbound.map((r) => r.relation) : []),
  ];
  const all = others
    .flatMap((o) => withPartitions(context.catalog, o))
    .map((o) => lock(o, "ACCESS EXCLUSIVE", "brief"));
  return effect({
    locks: merged([...locksBelow(subject, "ACCESS EXCLUSIVE", "brief"), ...all], same(context)),
    breaks: [
      broken("both", `statements that name ${show(relation)} fail (42P01)`),
      ...leftBehind({ kind: "relation", relation }, context.catalog),
    ],
    ...refusedFor(detail.cascade ? null : heldBy(inbound, subject)),
    destroys: true,
    assumes: [...partitionNote(table), ...unknowns(subject, detail.cascade)],
  });
}

/** A partition's foreign keys are its parent's: PostgreSQL 18 does not ask the other table for a lock. */
function outbound({ table, context }: Subject): RelationName[] {
  if (table === null || (table.partitionOf && isAtLeast(context, 18))) return [];
  return withPartitions(context.catalog, table.relation).flatMap((r) => {
    const found = findTable(context.catalog, r);
    return found === null ? [] : referencedTables(found, null);
  });
}

/** A partition's parent, and the DEFAULT partition, whose rows are bounded anew. */
function lockedAbove({ relation, context }: Subject): RelationName[] {
  const parent = parentOf(context.catalog, relation);
  if (parent === null) return [];
  const found = findTable(context.catalog, parent);
  const rest = defaultPartition(found) ?? null;
  return rest === null || sameRelation(context.catalog, rest, relation) ? [parent] : [parent, rest];
}

/** Foreign keys of tables that the same statement leaves as they are. */
function pointingFromElsewhere(
  { table, context, relation }: Subject,
  kind: "drop-table" | "truncate",
): InboundReference[] {
  // Mostly none, and then the other tables of a long list are not gone through for each of them.
  if ((table?.referencedBy ?? []).length === 0) return [];
  const beside = (context.siblings ?? []).filter((o) => isKind(o, kind)).flatMap((o) => o.relation ?? []);
  const gone = [relation, ...beside].flatMap((r) => withPartitions(context.catalog, r));
  return (table?.referencedBy ?? []).filter((r) => !gone.some((b) => sameRelation(context.catalog, b, r.relation)));
}

function isKind(operation: Operation, kind: "drop-table" | "truncate"): boolean {
  return operation.kind === "other" && operation.detail?.kind === kind;
}

function heldBy(inbound: readonly InboundReference[], { table, context, operation }: Subject): Need | null {
  const views = (table?.dependents ?? []).filter((d) => ["view", "materialized-view"].includes(d.kind));
  const all = [
    ...inbound.map((r) => `foreign key ${r.constraint} of ${show(r.relation)}`),
    ...views.map((d) => `${d.kind} ${d.name}`),
    ...(table === null || operation.relation === null ? [] : routinesOf(operation.relation, context.catalog)),
  ];
  return all.length === 0 ? null : { code: "2BP01", why: `${all.join(", ")} needs it` };
}

function unknowns({ table, relation, context }: Subject, cascade: boolean): string[] {
  const name = show(relation);
  const cascading = cascade ? [`CASCADE takes with it whatever needs ${name}`] : [];
  if (table === null)
    return [`the tables that ${name} points at, or is a partition of, are locked too: it is not known`, ...cascading];
  const files = context.catalog.source === "files" ? [`views may need ${name}: files do not tell`] : [];
  const partition =
    table.partitioned && table.partitionOf === undefined
      ? [`${name} may be a partition, whose parent is locked too`]
      : [];
  return [...cascading, ...files, ...partition];
}

/** TRUNCATE: the rows are gone at once. A foreign key from a table that is not named refuses it, or CASCADE empties that too. */
export function truncateEffect(detail: Truncate, subject: Subject): Effect {
  const { table, context, relation } = subject;
  const inbound = pointingFromElsewhere(subject, "truncate");
  const emptied = detail.cascade ? cascaded(relation, context.catalog) : [];
  const others: Lock[] = emptied.map((r) => lock(r, "ACCESS EXCLUSIVE", "brief"));
  const keys = inbound.map((r) => `foreign key ${r.constraint} of ${show(r.relation)}`).join(", ");
  return effect({
    locks: merged([...locksBelow(subject, "ACCESS EXCLUSIVE", "brief"), ...others], same(context)),
    ...refusedFor(detail.cascade || inbound.length === 0 ? null : { code: "0A000", why: `${keys} points at it` }),
    destroys: true,
    assumes: [
      ...partitionNote(table),
      ...pointingUnknown(subject),
      ...(detail.cascade ? [`every table that points at ${show(relation)} is emptied too`] : []),
    ],
  });
}

/** From files, a table that was forgotten may point here without being listed. */
function pointingUnknown({ table, relation, context }: Subject): string[] {
  return table === null || !context.catalog.complete
    ? [`no foreign key is taken to point at ${show(relation)}: it is not known`]
    : [];
}

/** Every table that points at one that is emptied, and those below it. */
function cascaded(from: RelationName, catalog: Catalog): RelationName[] {
  const found: RelationName[] = [from];
  for (const relation of found) {
    const inbound = findTable(catalog, relation)?.referencedBy.map((r) => r.relation) ?? [];
    const below = inbound.flatMap((r) => withPartitions(catalog, r));
    found.push(...below.filter((r) => !found.some((f) => sameRelation(catalog, f, r))));
  }
  return found.slice(1);
}
