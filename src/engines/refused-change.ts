import type { Catalog, Column, Table } from "../model/catalog.js";
import type { DataChange } from "../model/detail/data.js";
import { show } from "../model/name.js";
import { findTable } from "./engine.js";
import { enumValues } from "./enum-values.js";
import { valuesGiven } from "./given-by-query.js";
import { mayHaveKey } from "./key-for.js";
import { comparedTexts } from "./postgres/compared-texts.js";
import { columnsGiven } from "./unfilled-column.js";

const WRITES: ReadonlySet<string> = new Set(["insert", "replace", "update"]);

/** How many columns a row is written for, and how many values it has, where those are not as many as the server takes; else null. */
export function miscounted(
  change: DataChange,
  table: Table,
  catalog: Catalog,
): { readonly columns: number; readonly values: number; readonly named?: true } | null {
  const { uneven, columns, given } = change;
  if (uneven !== undefined) return { ...uneven, named: true };
  const queried = valuesGiven(change, catalog)?.length;
  if (columns.length > 0)
    return queried === undefined || queried === columns.length
      ? null
      : { columns: columns.length, values: queried, named: true };
  const width = queried ?? given?.width ?? 0;
  const { dialect } = catalog;
  const isFitting = dialect === undefined ? width <= table.columns.length : width === table.columns.length;
  // Which columns are left out then is not told.
  const hides = table.columns.some(({ settings }) => settings.includes("INVISIBLE"));
  return width === 0 || isFitting || hides ? null : { columns: table.columns.length, values: width };
}

/** A text that is no value of a column's enum (PostgreSQL): in a row, or in a condition; null where there is none. */
export function unknownLabel(
  change: DataChange,
  table: Table,
  catalog: Catalog,
): { readonly column: Column; readonly text: string } | null {
  const given = WRITES.has(change.verb) ? columnsGiven(table, change, true) : null;
  const written = (change.texts ?? []).flatMap(({ at, values }) => values.map((text) => [given?.[at], text] as const));
  // A subquery may have columns of the same names.
  const compared = change.reads.length > 0 ? [] : comparedTexts(change.where ?? "");
  const asked = compared.map(
    ({ column: name, text }) => [table.columns.find((column) => column.name === name), text] as const,
  );
  for (const [column, text] of [...written, ...asked]) {
    const labels = column === undefined ? null : enumValues(column.type, catalog);
    if (column !== undefined && labels !== null && !labels.includes(text)) return { column, text };
  }
  return null;
}

/** Whether ON CONFLICT (a) finds no key over these columns and no others (PostgreSQL). */
export const lacksArbiter = ({ conflictOn }: DataChange, table: Table): boolean =>
  conflictOn !== undefined && !mayHaveKey(table, conflictOn);

const givesWhy = ({ relation }: Table, { columns, values }: { readonly columns: number; readonly values: number }) =>
  `gives ${show(relation)} ${values} values for ${columns} columns`;

/** The first of some changes that writes more or fewer values than a known table takes, in words; null where there is none. */
export function miscountedWhy(changes: readonly DataChange[], catalog: Catalog): string | null {
  for (const change of changes) {
    const [relation, another] = change.writes;
    const table = relation === undefined || another !== undefined ? null : findTable(catalog, relation);
    if (table === null || table.columns.length === 0 || !WRITES.has(change.verb)) continue;
    const counts = miscounted(change, table, catalog);
    if (counts !== null) return givesWhy(table, counts);
  }
  return null;
}

/** What changes do that PostgreSQL refuses whatever the rows are, in words, with its code; null where there is no such. */
export function refusedChange(
  changes: readonly DataChange[],
  catalog: Catalog,
): { readonly why: string; readonly code: string } | null {
  for (const change of changes) {
    const [relation, another] = change.writes;
    const table = relation === undefined || another !== undefined ? null : findTable(catalog, relation);
    if (table === null || table.columns.length === 0) continue;
    const name = show(table.relation);
    const counts = WRITES.has(change.verb) ? miscounted(change, table, catalog) : null;
    if (counts !== null) return { why: givesWhy(table, counts), code: "42601" };
    const label = unknownLabel(change, table, catalog);
    if (label !== null) {
      const { column, text } = label;
      return {
        why: `names '${text}' for column ${column.name} of ${name}, which is no value of ${column.type}`,
        code: "22P02",
      };
    }
    if (lacksArbiter(change, table)) {
      const columns = change.conflictOn?.join(", ") ?? "";
      return { why: `writes ${name} ON CONFLICT (${columns}), over which it has no unique index`, code: "42P10" };
    }
  }
  return null;
}
