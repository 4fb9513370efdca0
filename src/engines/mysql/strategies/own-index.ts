import type { Index, Table } from "../../../model/catalog.js";
import { type RelationName, show } from "../../../model/name.js";
import type { CreateIndex, Operation } from "../../../model/operation.js";
import type { Claim } from "../../../model/plan.js";
import { Refusal, sameRelation } from "../../engine.js";
import { generatedName, shortHash } from "../names.js";
import type { MysqlContext } from "./algorithms.js";
import { keepsColumn } from "./column-claims.js";
import { beside } from "./in-file.js";
import { tableOf } from "./subject.js";

/** Names of indexes do not tell case apart. */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * A table, and its index of this name: null where there is none.
 *
 * @throws Refusal where one is not known
 */
export function indexOf(relation: RelationName, name: string, context: MysqlContext) {
  const table = tableOf(relation, context);
  const index = table.indexes.find((i) => sameName(i.name, name)) ?? null;
  if (index === null && !context.catalog.complete)
    throw new Refusal(
      `What the index ${name} of ${show(table.relation)} looks like is not known from the migration files.`,
      "Give `--database-url`, so that the plan can be made from the real schema.",
    );
  return { table, index };
}

/** @throws Refusal */
export function noSuchIndex(table: Table, name: string): never {
  throw new Refusal(
    `The table ${show(table.relation)} has no index ${name}.`,
    `Its indexes are ${table.indexes.map((i) => i.name).join(", ")}.`,
  );
}

/** What else may not happen to the columns of an index while it is made, dropped or named anew. */
export const claimsOn = (table: Table, columns: readonly string[], change: string): readonly Claim[] =>
  [...new Set(columns)].flatMap((column) => keepsColumn(table.relation, column, change));

/** The name that the server would give: the first column's, with a number where it is taken. A resumed run must find it. */
export function nameOf(operation: Pick<CreateIndex, "name" | "keys">, taken: readonly Index[]): string {
  if (operation.name !== null) return operation.name;
  const base = operation.keys[0]?.column ?? "functional_index";
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}_${n}`;
    if (!taken.some((i) => sameName(i.name, name)) && !sameName(name, "primary")) return name;
  }
}

const hashOf = (relation: RelationName, name: string, { migrationId }: MysqlContext) =>
  shortHash(migrationId, relation.schema ?? "", relation.name, name.toLowerCase(), "index");

/** What an index is called until it takes the name of one that the same file drops. */
export const heirName = ({ relation }: Table, name: string, context: MysqlContext): string =>
  generatedName("zmigrate_new", name, hashOf(relation, name, context));

/** What that one is called from then on. */
export const parkedName = ({ relation }: Table, name: string, context: MysqlContext): string =>
  generatedName("zmigrate_dropped", name, hashOf(relation, name, context));

/** It is about this table. */
export const isOn =
  ({ relation }: Table, { catalog }: MysqlContext) =>
  (operation: Operation): boolean =>
    operation.relation !== null && sameRelation(operation.relation, relation, catalog.defaultSchema);

/** The file drops an index of this name before: what comes in its place has another name until then. */
export function takesOver(table: Table, name: string, operation: Operation, context: MysqlContext): boolean {
  if (context.newTable) return false;
  return beside(operation, context, "before")
    .filter(isOn(table, context))
    .some((o) => o.kind === "other" && o.detail?.kind === "drop-index" && sameName(o.detail.index.name, name));
}

/**
 * One change of an index at a time: which of several takes whose name would be a guess.
 *
 * @throws Refusal where the file drops or replaces an index of this name before
 */
export function refuseTwice(table: Table, name: string, operation: Operation, context: MysqlContext): void {
  const replaces = (o: Operation) =>
    o.kind === "other" && o.detail?.kind === "replace-index" && sameName(o.detail.index.name ?? "", name);
  const before = context.newTable ? [] : beside(operation, context, "before").filter(isOn(table, context));
  if (!takesOver(table, name, operation, context) && !before.some(replaces)) return;
  throw new Refusal(
    `This file drops an index ${name} of ${show(table.relation)} before.`,
    "Leave out what is dropped again, or put the second change into a later migration.",
  );
}

/** The indexes that the file makes on a table behind an operation, as a catalog has them. */
export function madeBehind(table: Table, operation: Operation, context: MysqlContext): readonly CreateIndex[] {
  const behind = beside(operation, context, "behind").filter(isOn(table, context));
  return behind.filter((o): o is CreateIndex => o.kind === "create-index");
}

/** The foreign keys of a table that the file drops, wherever it does. */
export function keysDropped(relation: RelationName, { file, catalog }: MysqlContext): readonly string[] {
  return file.flatMap(({ operation: o }) =>
    o.kind === "other" &&
    o.detail?.kind === "drop-constraint" &&
    o.detail.name !== null &&
    o.relation !== null &&
    sameRelation(o.relation, relation, catalog.defaultSchema)
      ? [o.detail.name.toLowerCase()]
      : [],
  );
}

/** What takes the name of an index that goes. */
export interface Heir {
  /** What it is called until then. */
  readonly called: string;
  /** The name as it is written: its letters may differ in case. */
  readonly name: string;
}

/** The index that takes the name of a dropped one; null where none does. */
export function heirOf(table: Table, gone: string, operation: Operation, context: MysqlContext): Heir | null {
  if (context.newTable) return null;
  const rest = table.indexes.filter((i) => !sameName(i.name, gone));
  const made = madeBehind(table, operation, context).map((o) => nameOf(o, rest));
  const name = made.find((n) => sameName(n, gone));
  if (name !== undefined) return { called: heirName(table, gone, context), name };
  for (const o of beside(operation, context, "behind").filter(isOn(table, context)))
    if (o.kind === "other" && o.detail?.kind === "rename-index" && sameName(o.detail.to, gone))
      return { called: o.detail.from, name: o.detail.to };
  return null;
}

/**
 * A change that begins in expand and ends in contract cannot stand in one phase.
 *
 * @throws Refusal where its author has put it there
 */
export function refuseSplit(context: MysqlContext, name: string): void {
  if (context.phase == null) return;
  throw new Refusal(
    `The index that takes the name of ${name} is built in expand and named in contract, and this stands in the ${context.phase} phase.`,
    "Leave the phase directives out and let zmigrate split it, or give the new index another name.",
  );
}
