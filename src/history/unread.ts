import type { OtherOperation } from "../model/operation.js";
import type { Known } from "./known.js";
import { ownerOf, tableIn } from "./known-tables.js";
import { forgetTable, removeTable } from "./tables.js";
import { unknownRan } from "./unread-runs.js";

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
 * A change that was not understood makes its table uncertain, unless its name says that it leaves shapes alone. Without
 * a table, all of them are.
 */
export function applyUnread(known: Known, operation: OtherOperation): Known {
  const { what, relation } = operation;
  if (operation.harmless || SHAPELESS.has(what)) return known;
  if (relation === null)
    return unknownRan(known, `${what.toUpperCase().replaceAll("-", " ")}, which is not understood,`);
  if (what === "drop-table") return removeTable(known, relation);
  if (tableIn(known, relation) !== null) return forgetTable(known, relation);
  // PostgreSQL names an index without its table.
  const owner = what.includes("index") ? ownerOf(known, relation) : null;
  return owner === null ? known : forgetTable(known, owner.relation);
}
