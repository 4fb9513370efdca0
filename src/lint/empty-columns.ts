import type { ColumnName } from "../../rules/rule.js";
import { findTable, sameRelation } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import type { AddColumn, Operation } from "../model/operation.js";

/**
 * The columns that a file has added, and that are NULL in every row still, behind an operation (MySQL, MariaDB): running code
 * does not know them, and the file has not written to their tables, nor run what cannot be seen.
 *
 * @param known the schema before the operation
 */
export function emptyAfter(empty: readonly ColumnName[], operation: Operation, known: Catalog): readonly ColumnName[] {
  if (operation.kind === "add-column") return isEmpty(operation, known) ? [...empty, nameOf(operation)] : empty;
  if (operation.kind !== "other" || empty.length === 0) return empty;
  const { detail } = operation;
  if (detail === undefined || detail.kind === "opaque") return [];
  if (detail.kind === "query" && detail.calls !== undefined && detail.calls.length > 0) return [];
  if (detail.kind !== "data-change") return empty;
  const isWritten = ({ relation }: ColumnName) =>
    detail.writes.some((one) => sameRelation(one, relation, known.defaultSchema));
  return empty.filter((column) => !isWritten(column));
}

const nameOf = ({ relation, column }: AddColumn): ColumnName => ({ relation, column: column.name });

/** Where IF NOT EXISTS adds none, what is there has values. */
function isEmpty({ relation, column, ifNotExists }: AddColumn, known: Catalog): boolean {
  const { notNull, generated, autoIncrement } = column;
  const isNull = column.default === null || /^\(*null\)*$/i.test(column.default);
  const isAdded =
    !ifNotExists || findTable(known, relation)?.columns.every(({ name }) => name !== column.name) === true;
  return known.dialect !== undefined && isAdded && isNull && !notNull && generated === null && !autoIncrement;
}
