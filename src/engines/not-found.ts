import type { Table } from "../model/catalog.js";
import { type RelationName, show } from "../model/name.js";
import { Refusal, type StrategyContext } from "./engine.js";

/** What is not known may be there: only the database tells. */
const unknown = (what: string): Refusal =>
  new Refusal(
    `${what} is not known from the migration files.`,
    "Give `--database-url`, so that the plan can be made from the real schema.",
  );

/** For a table that the migration files do not make. */
export const unknownTable = (relation: RelationName): Refusal => unknown(`What the table ${show(relation)} looks like`);

/** For a column that a known table does not have. */
export const noColumn = (table: Table, name: string): Refusal =>
  new Refusal(
    `The table ${show(table.relation)} has no column ${name}.`,
    `Its columns are ${table.columns.map((c) => c.name).join(", ")}.`,
  );

/** For a new column whose name is in use. */
export const columnTaken = (table: Table, name: string): Refusal =>
  new Refusal(
    `The table ${show(table.relation)} has a column ${name} already.`,
    "Choose another name, or drop this change if it was made by hand.",
  );

/** For a constraint that a known table is not known to have. */
export function noConstraint(table: Table, name: string, { catalog }: StrategyContext): Refusal {
  const where = show(table.relation);
  if (!catalog.complete) return unknown(`What the constraint ${name} of ${where} is,`);
  return new Refusal(
    `${where} has no constraint ${name}.`,
    `It has ${table.constraints.map((c) => c.name).join(", ") || "none"}.`,
  );
}
