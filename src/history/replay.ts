import type { Catalog } from "../model/catalog.js";
import type { Operation } from "../model/operation.js";
import { addColumn, dropColumn, renameColumn } from "./columns.js";
import { createIndex } from "./create-index.js";
import { createTable } from "./create-table.js";
import { applyOther } from "./other.js";

/**
 * A catalog with nothing in it. From files alone there may be tables that no file made; from a database or a shadow
 * there are none.
 *
 * @param defaultSchema the schema that an unqualified name means; null when it is not known
 */
export function emptyCatalog(source: Catalog["source"], defaultSchema: string | null): Catalog {
  return Object.freeze({ source, complete: source !== "files", defaultSchema, tables: Object.freeze([]) });
}

/**
 * The catalog after an operation, as far as its text tells. A table whose shape is no longer certain is left out, and
 * the catalog is then incomplete: what is not listed is unknown, never wrong. Names that the server would choose
 * (`users_email_key`) are PostgreSQL's, a guess elsewhere. The catalog that is passed stays as it is.
 *
 * @example
 * const after = operations.reduce(applyOperation, emptyCatalog("files", "public"));
 */
export function applyOperation(catalog: Catalog, operation: Operation): Catalog {
  switch (operation.kind) {
    case "create-table":
      return createTable(catalog, operation);
    case "add-column":
      return addColumn(catalog, operation);
    case "rename-column":
      return renameColumn(catalog, operation);
    case "drop-column":
      return dropColumn(catalog, operation);
    case "create-index":
      return createIndex(catalog, operation);
    case "other":
      return applyOther(catalog, operation);
  }
}
