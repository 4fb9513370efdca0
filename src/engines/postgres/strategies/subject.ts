import type { Column, Table } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { findTable, Refusal, type StrategyContext } from "../../engine.js";

/** `public.users`, for people. */
export const show = (relation: RelationName): string =>
  relation.schema === null ? relation.name : `${relation.schema}.${relation.name}`;

/** The table that an operation is about. @throws Refusal when it is not known */
export function tableOf(relation: RelationName, context: StrategyContext): Table {
  const table = findTable(context.catalog, relation);
  if (table !== null) return table;
  if (context.catalog.complete)
    throw new Refusal(
      `The table ${show(relation)} does not exist.`,
      "Correct the name, or create the table in an earlier migration.",
    );
  throw new Refusal(
    `What the table ${show(relation)} looks like is not known from the migration files.`,
    "Give `--database-url`, so that the plan can be made from the real schema.",
  );
}

/** @throws Refusal when the table has no such column */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((c) => c.name === name);
  if (column !== undefined) return column;
  throw new Refusal(
    `The table ${show(table.relation)} has no column ${name}.`,
    `Its columns are ${table.columns.map((c) => c.name).join(", ")}.`,
  );
}

/** @throws Refusal when the table has a column of that name already */
export function mustBeFree(table: Table, name: string): void {
  if (!table.columns.some((c) => c.name === name)) return;
  throw new Refusal(
    `The table ${show(table.relation)} has a column ${name} already.`,
    "Choose another name, or drop this change if it was made by hand.",
  );
}

/** @throws Refusal for partitioned tables and inheritance trees */
export function mustBePlain(table: Table, change: string): void {
  if (!table.partitioned) return;
  throw new Refusal(
    `${show(table.relation)} is partitioned or part of an inheritance tree, and ${change} on such a table is not supported yet.`,
    "Make the change by hand, partition by partition, or wait for a version that supports it.",
  );
}
