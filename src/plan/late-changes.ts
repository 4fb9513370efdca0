import { isDeepStrictEqual } from "node:util";
import { findTable, type Phased, sameRelation } from "../engines/engine.js";
import type { Catalog, Column, Table } from "../model/catalog.js";
import type { PhaseName } from "../model/phase.js";
import type { LateChange, LateColumn } from "../model/plan.js";

/** MySQL and MariaDB change a column by its whole definition: whatever another change makes of it until then is lost. */
function definedColumn(before: Column, after: Column): LateColumn[] {
  const { name, notNull, default: given, identity } = after;
  return isDeepStrictEqual(before, after) ? [] : [{ name, notNull, default: given, identity }];
}

function changedColumn(before: Column, after: Column): LateColumn[] {
  const changed: LateColumn = {
    name: after.name,
    ...(before.notNull === after.notNull ? {} : { notNull: after.notNull }),
    ...(before.default === after.default ? {} : { default: after.default }),
    ...(before.identity === after.identity ? {} : { identity: after.identity }),
  };
  return Object.keys(changed).length === 1 ? [] : [changed];
}

function changedTable(
  before: Table,
  after: Table,
  { swapped, early, whole }: { readonly swapped: boolean; readonly early: boolean; readonly whole: boolean },
): LateChange[] {
  const constraints = after.constraints.filter((c) => !before.constraints.some((b) => b.name === c.name));
  const made = after.indexes.filter((i) => !before.indexes.some((b) => b.name === i.name));
  const indexes = early ? made.filter((i) => constraints.some((c) => c.index === i.name)) : made;
  const lost = before.constraints.filter((b) => !after.constraints.some((c) => c.name === b.name));
  const columns = after.columns.flatMap((column) => {
    const former = before.columns.find((c) => c.name === column.name);
    if (former === undefined) return [];
    return whole ? definedColumn(former, column) : changedColumn(former, column);
  });
  if (constraints.length + indexes.length + lost.length + columns.length === 0) return [];
  const replaced = before.indexes.filter((b) => !after.indexes.some((i) => i.name === b.name));
  const renamed = [
    ...constraints.filter((c) => lost.some((l) => l.kind === c.kind && isDeepStrictEqual(l.columns, c.columns))),
    ...indexes.filter((i) => replaced.some((r) => r.unique === i.unique && isDeepStrictEqual(r.columns, i.columns))),
  ].map(({ name }) => name);
  return [{ relation: after.relation, swapped, constraints, indexes, gone: lost.map((c) => c.name), renamed, columns }];
}

/** What an operation changes of tables that were there before it, where its last step is in a phase; else nothing. */
function changesIn(phase: PhaseName, before: Catalog, after: Catalog, { steps }: Phased): readonly LateChange[] {
  if (steps.at(-1)?.phase !== phase) return [];
  const swapped = steps.some((s) => s.stage === "swap");
  const early = steps.some((s) => s.phase === "expand");
  const whole = after.dialect !== undefined;
  const had = new Set(before.tables);
  return after.tables.flatMap((table) => {
    if (had.has(table)) return [];
    const former = findTable(before, table.relation);
    return former === null ? [] : changedTable(former, table, { swapped, early, whole });
  });
}

function changed(table: Table, { constraints, indexes, gone, columns }: LateChange): Table {
  const named = new Set(table.constraints.map((c) => c.name));
  const built = new Set(table.indexes.map((i) => i.name));
  return {
    ...table,
    constraints: [
      ...table.constraints.filter((c) => !gone.includes(c.name)),
      ...constraints.filter((c) => !named.has(c.name)),
    ],
    indexes: [
      ...table.indexes.filter((i) => i.constraint === null || !gone.includes(i.constraint)),
      ...indexes.filter((i) => !built.has(i.name)),
    ],
    columns: table.columns.map((column) => ({ ...column, ...columns.find((c) => c.name === column.name) })),
  };
}

/** What an operation changes only in the contract, of tables that were there before it. */
export const lateChanges = (before: Catalog, after: Catalog, phased: Phased): readonly LateChange[] =>
  changesIn("contract", before, after, phased);

/** What it changes only in the backfill phase, as an index that is built behind the rows of its file. */
export const backfilledChanges = (before: Catalog, after: Catalog, phased: Phased): readonly LateChange[] =>
  changesIn("backfill", before, after, phased);

/** The schema as it is when the contracts of what is under way have made these changes. */
export function whenChanged(catalog: Catalog, others: readonly { readonly changes: readonly LateChange[] }[]): Catalog {
  const changes = others.flatMap((other) => other.changes);
  if (changes.length === 0) return catalog;
  const tables = catalog.tables.map((table) =>
    changes.filter((c) => sameRelation(c.relation, table.relation, catalog.defaultSchema)).reduce(changed, table),
  );
  return { ...catalog, tables };
}
