import { findTable } from "../src/engines/engine.js";
import { isGoneTable } from "../src/engines/table-lookup.js";
import type { RelationName } from "../src/model/name.js";
import type { Operation } from "../src/model/operation.js";
import type { DetailKind } from "../src/model/operation-detail.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/** Changes of the table that a statement names. */
const OF_TABLE: ReadonlySet<DetailKind> = new Set<DetailKind>([
  "add-constraint",
  "drop-constraint",
  "validate-constraint",
  "modify-column",
  "alter-column-type",
  "set-default",
  "drop-default",
  "set-not-null",
  "drop-not-null",
  "drop-table",
  "rename-table",
  "truncate",
]);

/** The tables that must be there. */
function neededBy(operation: Operation): readonly RelationName[] {
  if (operation.ifTableExists === true || operation.kind === "create-table") return [];
  const change = detailOf(operation, "data-change");
  if (change !== null) return [...change.writes, ...change.reads];
  if (operation.relation === null || detailOf(operation, "drop-table")?.ifExists === true) return [];
  const isOfTable = operation.kind !== "other" || OF_TABLE.has(operation.detail?.kind ?? "opaque");
  return isOfTable ? [operation.relation] : [];
}

/** A statement on a table that files have dropped, or given another name. */
export function goneTable({ operation, catalog, engine }: RuleContext): Missing | null {
  const gone = neededBy(operation).find((name) => findTable(catalog, name) === null && isGoneTable(catalog, name));
  if (gone === undefined) return null;
  const code = engine.name === "postgres" ? "42P01" : "1146";
  return {
    what: `${engine.quoteRelation(gone)} is not there any more, as an earlier statement has dropped it or given it another name (${code})`,
    help: "Name the table as it is called by now, or leave the statement out.",
  };
}
