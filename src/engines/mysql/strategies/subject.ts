import type { Column, Table } from "../../../model/catalog.js";
import { type RelationName, show } from "../../../model/name.js";
import { findTable, type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { columnTaken, noColumn, noTable, unknownTable } from "../../not-found.js";
import { isInnodb } from "../innodb.js";

/** Nothing to do, and why. */
export const nothing = (note: string): Phased => ({ steps: [], retires: [], gates: [], notes: [note] });

/**
 * Without transactions no batch and no swap can be taken back, and most changes of such a table copy it while writes
 * wait. No running code knows a table of this release, so there it is as the author wrote it.
 */
function mustBeInnodb(table: Table, context: StrategyContext): void {
  if (context.newTable || isInnodb(table)) return;
  throw new Refusal(
    `${show(table.relation)} is a table of the engine ${table.engine}, which has no transactions or changes no table online; zmigrate changes tables of InnoDB.`,
    "Make the change in a maintenance window, or move the table to InnoDB first (ALTER TABLE ... ENGINE=InnoDB copies it while writes wait).",
  );
}

/** @throws Refusal when the table is not known, or is one that nothing changes without downtime */
export function tableOf(relation: RelationName, context: StrategyContext): Table {
  const table = findTable(context.catalog, relation);
  if (table !== null) {
    mustBeInnodb(table, context);
    return table;
  }
  const { catalog } = context;
  if (catalog.complete)
    throw noTable(
      relation,
      catalog,
      ` in the database ${catalog.defaultSchema ?? ""}`,
      " Tables of other databases are out of zmigrate's reach.",
    );
  throw unknownTable(relation, context.catalog);
}

const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Names of columns do not tell case apart. */
export const findColumn = (table: Table, name: string): Column | undefined =>
  table.columns.find((c) => sameName(c.name, name));

/** @throws Refusal when the table has no such column */
export function columnOf(table: Table, name: string): Column {
  const column = findColumn(table, name);
  if (column !== undefined) return column;
  throw noColumn(table, name);
}

/** @throws Refusal when the table has a column of that name already */
export function mustBeFree(table: Table, name: string): void {
  if (findColumn(table, name) === undefined) return;
  throw columnTaken(table, name);
}

/** @throws Refusal for partitioned tables, where the server changes a column only where no partition depends on it */
export function mustBePlain(table: Table, change: string): void {
  if (!table.partitioned) return;
  throw new Refusal(
    `${show(table.relation)} is partitioned, and ${change} on such a table is not supported yet.`,
    "Make the change in a maintenance window, or wait for a version that supports it.",
  );
}

/** Is it about this column? */
export const names = (column: string) => (c: { readonly columns: readonly string[] }) =>
  c.columns.some((name) => sameName(name, column));
