import { findTable } from "../src/engines/engine.js";
import { tableOfTrigger } from "../src/engines/stored-code.js";
import { isGoneTable, tableOfIndex } from "../src/engines/table-lookup.js";
import type { Catalog } from "../src/model/catalog.js";
import type { ObjectType } from "../src/model/detail/object.js";
import { type RelationName, show } from "../src/model/name.js";
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
  "comment",
  "switch",
  "set-table-option",
]);

/** What hangs on a table: PostgreSQL finds it by that, and MySQL finds the table of what is made. */
const HANGING: ReadonlySet<ObjectType> = new Set<ObjectType>(["trigger", "policy", "rule"]);

/** The tables that must be there. */
function neededBy(operation: Operation): readonly RelationName[] {
  if (operation.ifTableExists === true || operation.kind === "create-table") return [];
  const change = detailOf(operation, "data-change");
  if (change !== null) return [...change.writes, ...change.reads];
  const rights = detailOf(operation, "privileges")?.targets;
  if (rights !== undefined) return rights.flatMap(({ object, name }) => (object === "table" ? [name] : []));
  if (operation.relation === null || detailOf(operation, "drop-table")?.ifExists === true) return [];
  const index = detailOf(operation, "drop-index");
  if (index !== null) return index.ifExists ? [] : [operation.relation];
  const dropped = detailOf(operation, "drop-object");
  const hung = dropped ?? detailOf(operation, "create-object");
  if (hung !== null) return HANGING.has(hung.object) && dropped?.ifExists !== true ? [operation.relation] : [];
  const isOfTable = operation.kind !== "other" || OF_TABLE.has(operation.detail?.kind ?? "opaque");
  return isOfTable ? [operation.relation] : [];
}

/** What went with its table, and is named without it: an index (PostgreSQL), a trigger (MySQL, MariaDB). */
function goneWithTable(operation: Operation, catalog: Catalog): Missing | null {
  const dropped = detailOf(operation, catalog.dialect === undefined ? "drop-index" : "drop-object");
  if (dropped === null || dropped.ifExists) return null;
  const [what, name, code] =
    dropped.kind === "drop-index"
      ? (["index", dropped.index, 42704] as const)
      : (["trigger", dropped.name, 1360] as const);
  if (name === null || (dropped.kind === "drop-object" && dropped.object !== "trigger")) return null;
  const owner = what === "index" ? indexOf(name, catalog) : tableOfTrigger(name, catalog);
  if (owner === null || findTable(catalog, owner) !== null || !isGoneTable(catalog, owner)) return null;
  return {
    what: `${what} ${show(name)} is not there any more, as an earlier statement has dropped ${what === "index" ? "it, or what it was over" : "its table"} (${code})`,
    help: "Leave the statement out.",
  };
}

/** An index that no known table has: it has its name among those of tables. */
const indexOf = (index: RelationName, catalog: Catalog): RelationName | null =>
  tableOfIndex(catalog, index) === null ? index : null;

/** A statement on a table that files have dropped, or given another name, or on what went with one. */
export function goneTable({ operation, catalog, engine }: RuleContext): Missing | null {
  const within = goneWithTable(operation, catalog);
  if (within !== null) return within;
  const gone = neededBy(operation).find((name) => findTable(catalog, name) === null && isGoneTable(catalog, name));
  if (gone === undefined) return null;
  const code = engine.name === "postgres" ? "42P01" : "1146";
  return {
    what: `${engine.quoteRelation(gone)} is not there any more, as an earlier statement has dropped it or given it another name (${code})`,
    help: "Name the table as it is called by now, or leave the statement out.",
  };
}
