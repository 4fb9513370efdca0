import { type RelationName, show } from "../../../../model/name.js";
import type { CreateIndex } from "../../../../model/operation.js";
import { findTable, type Phased, Refusal, type StrategyContext } from "../../../engine.js";
import { quoteRelation } from "../../names.js";
import { buildIndex } from "../constraints.js";
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
