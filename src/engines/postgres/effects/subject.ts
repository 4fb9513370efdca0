import type { Column, Constraint, Index, Table } from "../../../model/catalog.js";
import type { Breakage, Effect, Lock } from "../../../model/effect.js";
import type { RelationName } from "../../../model/name.js";
import type { Operation, OtherOperation } from "../../../model/operation.js";
import { effect } from "../../effect.js";
import { type EffectContext, findTable } from "../../engine.js";
import { lock, type Mode } from "./locks.js";
import { partitionNote } from "./notes.js";
import { sameRelation, withPartitions } from "./relations.js";

/** What an operation is about, looked up once. */
export interface Subject {
  readonly operation: OtherOperation;
  /** The operation's own, or a nameless one where the statement names none. */
  readonly relation: RelationName;
  /** Null when it is not known. */
  readonly table: Table | null;
  readonly context: EffectContext;
}

/** The subject of an operation. */
export function subjectOf(operation: OtherOperation, context: EffectContext): Subject {
  const relation = operation.relation ?? Object.freeze({ schema: null, name: "" });
  const table = operation.relation === null ? null : findTable(context.catalog, operation.relation);
  return { operation, relation, table, context };
}

export function columnOf({ table }: Subject, name: string): Column | null {
  return table?.columns.find((c) => c.name === name) ?? null;
}

export function constraintOf({ table }: Subject, name: string): Constraint | null {
  return table?.constraints.find((c) => c.name === name) ?? null;
}

export function indexOf({ table }: Subject, name: string): Index | null {
  return table?.indexes.find((i) => i.name === name) ?? null;
}

/** The lock on the table and on all of its partitions; with ONLY on the table alone. */
export function locksBelow(subject: Subject, mode: Mode, held: Lock["held"]): Lock[] {
  const { relation, operation, context } = subject;
  const all = operation.only === true ? [relation] : withPartitions(context.catalog, relation);
  return all.map((r) => lock(r, mode, held));
}

/** An effect that is a change of the catalog under a lock on the table and its partitions. */
export function catalogChange(subject: Subject, mode: Mode, more: Partial<Effect> = {}): Effect {
  return effect({ locks: locksBelow(subject, mode, "brief"), ...more, assumes: assumed(subject, more.assumes) });
}

/** The same where the partitions are left alone. */
export function ownChange({ relation }: Subject, mode: Mode, more: Partial<Effect> = {}): Effect {
  return effect({ locks: [lock(relation, mode, "brief")], ...more });
}

/** An effect that reads every row under a lock on the table and its partitions. */
export function scanUnder(subject: Subject, mode: Mode, more: Partial<Effect> = {}): Effect {
  const locks = locksBelow(subject, mode, "scan");
  return effect({ locks, scan: true, ...more, assumes: assumed(subject, more.assumes) });
}

function assumed(subject: Subject, more: readonly string[] = []): string[] {
  return [...(subject.operation.only === true ? [] : partitionNote(subject.table)), ...more];
}

/** What running code loses for certain. */
export function broken(what: Breakage["what"], why: string, who: Breakage["who"] = "N-1"): Breakage {
  return Object.freeze({ what, who, why });
}

/** What fails whatever code runs: for the one before the deploy, and for the one that comes with it. */
export function brokenForAll(what: Breakage["what"], why: string): Breakage[] {
  return [broken(what, why), broken(what, why, "N")];
}

/** Numbers are given out from another point on: where that is below what was given, they are taken. */
export function restarted(what: string): Breakage {
  return broken("writes", `${what} gives out numbers that rows may have already: INSERTs fail (23505)`);
}

/** The other operations of the statement on the same table. */
export function siblingsOf({ operation, context }: Subject): Operation[] {
  return (context.siblings ?? []).filter((o) => o !== operation && onSameTable(operation, o, context));
}

export function onSameTable(a: Operation, b: Operation, { catalog }: EffectContext): boolean {
  return a.relation !== null && b.relation !== null && sameRelation(catalog, a.relation, b.relation);
}

/** Two relations of one context. */
export function same(context: EffectContext): (a: RelationName, b: RelationName) => boolean {
  return (a, b) => sameRelation(context.catalog, a, b);
}
