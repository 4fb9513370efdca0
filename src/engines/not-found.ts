import type { Catalog, Table } from "../model/catalog.js";
import { type RelationName, show } from "../model/name.js";
import { Refusal, type StrategyContext, sameRelation } from "./engine.js";

/** What is not known may be there: only the database tells. */
const unknown = (what: string): Refusal =>
  new Refusal(
    `${what} is not known from the migration files.`,
    "Give `--database-url`, so that the plan can be made from the real schema.",
  );

/** For a table that the migration files do not make, or whose shape only the server tells once they have run. */
export function unknownTable(relation: RelationName, { source }: Catalog): Refusal {
  if (source === "files") return unknown(`What the table ${show(relation)} looks like`);
  return new Refusal(
    `What the table ${show(relation)} looks like behind the statements in front of this one, only the server tells.`,
    "Put this into a later migration, and let what stands in front of it run by itself first: `zmigrate apply --to ID`.",
  );
}

/** For a table that is not there, where all that are there are known. */
export function noTable(
  relation: RelationName,
  { objects = [], defaultSchema }: Catalog,
  where = "",
  beside = "",
): Refusal {
  const view = objects.find((o) => o.object.endsWith("view") && sameRelation(o.name, relation, defaultSchema));
  if (view !== undefined)
    return new Refusal(
      `${show(relation)} is a view, and this is done with the rows of a table.`,
      "Write the statement for the tables that the view reads.",
    );
  return new Refusal(
    `The table ${show(relation)} does not exist${where}.`,
    `Correct the name, or create the table in an earlier migration.${beside}`,
  );
}

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
