import { findTable } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import type { OtherOperation } from "../model/operation.js";
import { forgetAll, forgetTable, removeTable, withTables } from "./tables.js";

/** Changes that leave every table's shape as it is: of data, of rights, of things that are no tables. */
const SHAPELESS: ReadonlySet<string> = new Set(
  `insert insert-select replace update delete merge truncate copy load-data load-index select values explain show help
  begin start commit rollback savepoint release release-savepoint lock lock-tables lock-instance unlock-tables
  set set-global set-password use comment table-comment grant revoke grant-role listen notify flush kill purge signal
  analyze vacuum reindex cluster optimize check checksum repair rebuild-table enable-keys disable-keys
  create-view drop-view rename-view create-materialized-view drop-materialized-view refresh-materialized-view
  create-function alter-function drop-function create-procedure alter-procedure drop-procedure
  create-trigger drop-trigger create-event alter-event drop-event create-rule create-policy alter-policy drop-policy
  create-type alter-type-add-value alter-type-rename-value create-domain create-sequence alter-sequence
  create-schema create-database create-extension create-collation create-aggregate create-statistics drop-statistics
  create-role alter-role drop-role create-user alter-user drop-user change-owner validate-constraint`.split(/\s+/),
);

/**
 * What is not modelled makes its table uncertain, unless it is known to leave shapes alone. Code that may do anything
 * makes all of them uncertain.
 */
export function applyOther(catalog: Catalog, operation: OtherOperation): Catalog {
  const { what, relation } = operation;
  if (operation.harmless || SHAPELESS.has(what)) return catalog;
  if (relation === null) return forgetAll(catalog);
  if (what === "drop-table") return removeTable(catalog, relation);
  if (findTable(catalog, relation) !== null) return forgetTable(catalog, relation);
  return changeIndex(catalog, operation, relation.name);
}

/** PostgreSQL names an index without its table: DROP INDEX takes it away, anything else makes its table uncertain. */
function changeIndex(catalog: Catalog, operation: OtherOperation, index: string): Catalog {
  const owner = catalog.tables.find((t) => t.indexes.some((i) => i.name === index));
  if (owner === undefined || !operation.what.includes("index")) return catalog;
  if (operation.what !== "drop-index") return forgetTable(catalog, owner.relation);
  const indexes = owner.indexes.filter((i) => i.name !== index);
  return withTables(
    catalog,
    catalog.tables.map((t) => (t === owner ? Object.freeze({ ...t, indexes }) : t)),
  );
}
