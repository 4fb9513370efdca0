import type { Operation } from "../src/model/operation.js";
import { detailOf } from "./understood.js";

/** A column whose type a statement says. */
export interface WrittenColumn {
  readonly name: string;
  /** As written. */
  readonly type: string;
  readonly primaryKey: boolean;
}

/** The columns that an operation defines or gives another type. */
export function writtenColumns(operation: Operation): readonly WrittenColumn[] {
  if (operation.kind === "create-table") return operation.columns;
  if (operation.kind === "add-column") return [operation.column];
  const retyped = detailOf(operation, "alter-column-type");
  if (retyped !== null) return [{ name: retyped.column, type: retyped.type, primaryKey: false }];
  const modified = detailOf(operation, "modify-column");
  return modified === null ? [] : [modified.definition];
}

/** A type's name alone, in lower case: `varchar` for `VARCHAR (10)`, `timestamp` for `timestamp(3)[]`. */
export function typeName(type: string): string {
  return type
    .toLowerCase()
    .replace(/^"?pg_catalog"?\s*\.\s*/, "")
    .replace(/\([^)]*\)|\[[^\]]*\]|"/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** The columns whose type's name is one of these. */
export const columnsOfType = (operation: Operation, names: ReadonlySet<string>): readonly WrittenColumn[] =>
  writtenColumns(operation).filter(({ type }) => names.has(typeName(type)));
