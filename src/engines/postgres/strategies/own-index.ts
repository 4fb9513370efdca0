import type { Index, Table } from "../../../model/catalog.js";
import { type RelationName, show } from "../../../model/name.js";
import { Refusal, type StrategyContext } from "../../engine.js";
import { tableOfIndex } from "../../table-lookup.js";

/** An index with the table that it is on. */
export interface OwnIndex {
  readonly table: Table;
  readonly index: Index;
}

/** The index of this name, or null where the whole schema is known and there is none. @throws Refusal where it is not known */
export function indexOf(name: RelationName, { catalog }: StrategyContext): OwnIndex | null {
  const table = tableOfIndex(catalog, name);
  const index = table?.indexes.find((i) => i.name === name.name);
  if (table !== null && index !== undefined) return { table, index };
  if (catalog.complete) return null;
  throw new Refusal(
    `What the index ${show(name)} looks like is not known from the migration files.`,
    "Give `--database-url`, so that the plan can be made from the real schema.",
  );
}

/** @throws Refusal when there is no such index */
export function mustHaveIndex(name: RelationName, context: StrategyContext): OwnIndex {
  const found = indexOf(name, context);
  if (found !== null) return found;
  throw new Refusal(`There is no index ${show(name)}.`, "Correct the name, or leave the statement out.");
}
