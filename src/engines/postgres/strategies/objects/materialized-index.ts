import type { Index } from "../../../../model/catalog.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { CreateIndex } from "../../../../model/operation.js";
import { findTable, type Phased, Refusal, type StrategyContext } from "../../../engine.js";
import { SWAP } from "../../../place.js";
import { step } from "../../../step.js";
import * as locks from "../../effects/helper-statements.js";
import { quoteRelation } from "../../names.js";
import { buildIndex } from "../constraints.js";
import { clearing, goneProbe, restoringIndex } from "../index-again.js";
import { beside, isAbout } from "./in-file.js";
import { type Named, storedOf } from "./known.js";

/** The name, with its schema, of a materialized view that is there or that an earlier statement of the file makes; null for none. */
export function materializedView(operation: CreateIndex, context: StrategyContext): RelationName | null {
  const { relation } = operation;
  if (findTable(context.catalog, relation) !== null) return null;
  const name = { schema: relation.schema ?? context.catalog.defaultSchema, name: relation.name };
  const named: Named = { object: "materialized-view", name, on: null };
  const isMade = () => beside(operation, context, "before").some(isAbout(named, "create-object", context));
  return storedOf(named, context) !== null || isMade() ? name : null;
}

/** Built CONCURRENTLY, as of a table: who reads the view goes on. @throws Refusal */
export function indexMaterialized(operation: CreateIndex, view: RelationName, context: StrategyContext): Phased {
  const { name, unique, definition } = operation;
  if (name === null || operation.ifNotExists)
    throw new Refusal(
      `The indexes that the materialized view ${show(view)} has are not read.`,
      "Give the index a name that is free, and leave IF NOT EXISTS out.",
    );
  const built = buildIndex({
    id: `${context.ordinal}-create-index`,
    phase: "expand",
    relation: view,
    name,
    unique,
    undo: true,
    on: `${quoteRelation(view)} ${definition}`,
    reason: `Built while ${show(view)} is read. A build that fails leaves an invalid index, which the next run drops first.`,
  });
  return { steps: [built], retires: [], gates: [], notes: [] };
}

/** An index of a materialized view that is there, with that; null where there is none of the name. */
export function indexOfMaterialized(
  { schema, name }: RelationName,
  { catalog }: StrategyContext,
): { readonly view: RelationName; readonly index: Index } | null {
  const inSchema = schema ?? catalog.defaultSchema;
  for (const view of catalog.objects ?? []) {
    const index = view.gone === true ? undefined : view.indexes?.find((i) => i.name === name);
    if (index !== undefined && view.name.schema === inSchema) return { view: view.name, index };
  }
  return null;
}

/** As of a table: CONCURRENTLY, in the swap, and built again by a rollback. */
export function dropMaterializedIndex(view: RelationName, index: Index, context: StrategyContext): Phased {
  const on = { relation: view };
  const dropped = step({
    id: `${context.ordinal}-drop-index`,
    kind: "ddl",
    ...SWAP,
    sql: [clearing(on, index)],
    undo: restoringIndex(on, index),
    undoTransaction: false,
    transaction: false,
    unlimited: true,
    locks: [locks.dropConcurrently(view)],
    ...(index.unique ? { undoNeeds: { verify: null, cleanup: [clearing(on, index)] } } : {}),
    probe: goneProbe(view.schema, index.name),
    reason: "Old code's queries may be slow without it: it goes when that code is gone.",
  });
  const note = `REFRESH MATERIALIZED VIEW CONCURRENTLY of ${show(view)} needs a unique index over all of its rows: it fails where ${index.name} is the last one.`;
  return { steps: [dropped], retires: [], gates: [], notes: index.unique ? [note] : [] };
}
