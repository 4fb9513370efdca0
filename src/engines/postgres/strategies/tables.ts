import type { Constraint, Table } from "../../../model/catalog.js";
import { type RelationName, show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { Refusal, type StrategyContext } from "../../engine.js";
import { tableOf } from "./subject.js";

/** A table with partitions or children; one whose partitions are not known may have some. */
export const hasChildren = (table: Table): boolean =>
  table.partitioned && (table.partitions === undefined || table.partitions.length > 0);

/** Divided by PARTITION BY: it holds no rows itself. A parent by INHERITS does, and is none. */
export const isDivided = ({ partitions = [], partitionKey }: Table): boolean =>
  (partitionKey ?? null) !== null || partitions.some((p) => (p.bound ?? null) !== null);

/** What holds rows, and has nothing below it: a partition at the end of its tree, or a parent or child by INHERITS. */
export const holdsRows = (table: Table): boolean =>
  !table.partitioned ||
  (table.partitions !== undefined && !isDivided(table) && (table.partitions.length > 0 || isPartition(table)));

const isPartition = ({ partitionOf }: Table): boolean => (partitionOf ?? null) !== null;

/**
 * The table that a change is about, without ONLY: what holds for a table and not for those below it is another change.
 *
 * @throws Refusal when it is not known, or ONLY leaves partitions or children out
 */
export function wholeTable(operation: OtherOperation, relation: RelationName, context: StrategyContext): Table {
  const table = tableOf(relation, context);
  if (operation.only !== true || !hasChildren(table)) return table;
  throw new Refusal(
    `ONLY leaves the partitions or children of ${show(table.relation)} out, and no plan is made for a part of them.`,
    "Leave ONLY out, or make the change by hand.",
  );
}

/** The same context with a table as a step before left it, for what the effects of the next one ask. */
export function withTable(context: StrategyContext, table: Table): StrategyContext {
  const { catalog } = context;
  const { schema, name } = table.relation;
  const tables = catalog.tables.map((t) => (t.relation.schema === schema && t.relation.name === name ? table : t));
  return { ...context, catalog: { ...catalog, tables } };
}

/** The table with one more constraint. */
export const withConstraint = (table: Table, constraint: Constraint): Table => ({
  ...table,
  constraints: [...table.constraints, constraint],
});
