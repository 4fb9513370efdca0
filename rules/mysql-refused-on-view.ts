import { findTable } from "../src/engines/engine.js";
import { knownView } from "../src/engines/table-lookup.js";
import type { Operation } from "../src/model/operation.js";
import type { DetailKind } from "../src/model/operation-detail.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine">;

/** Changes that only a table takes. */
const OF_TABLE: ReadonlySet<DetailKind> = new Set<DetailKind>([
  "add-constraint",
  "drop-constraint",
  "modify-column",
  "set-default",
  "drop-default",
  "drop-index",
  "rename-index",
  "set-table-option",
  "convert-charset",
]);

/** What MySQL and MariaDB answer to a statement about a view that is for tables only; null where they take it. */
function codeOf(operation: Operation, own: boolean): number | null {
  if (operation.kind === "create-table") return null;
  if (operation.kind !== "other") return 1347;
  const kind = operation.detail?.kind ?? "opaque";
  if (kind === "truncate") return 1146;
  if (kind === "drop-table") return detailOf(operation, "drop-table")?.ifExists === true ? null : own ? 1051 : 1965;
  if (detailOf(operation, "create-object")?.object === "trigger") return 1347;
  return OF_TABLE.has(kind) ? 1347 : null;
}

/** A change of a table that names a view (MySQL, MariaDB); null where the name is none for certain. */
export function refusedOnView({ operation, catalog, engine }: Asked): Missing | null {
  const { relation } = operation;
  if (engine.name === "postgres" || relation === null || operation.ifTableExists === true) return null;
  const code = codeOf(operation, engine.name === "mysql");
  if (code === null || findTable(catalog, relation) !== null || knownView(catalog, relation) === null) return null;
  return {
    what: `${engine.quoteRelation(relation)} is a view, and this is for tables only (${code})`,
    help: "Name the table that the view reads; a view is changed by CREATE OR REPLACE VIEW and dropped by DROP VIEW.",
  };
}
