import type { Column, Table } from "../model/catalog.js";
import type { TakenColumn } from "../model/operation.js";
import { isExact } from "./definitions.js";
import { type Known, tableIn } from "./known.js";

/**
 * The columns of a table that is made of a query (PostgreSQL): of each column that it takes the type and the collation, and
 * nothing else. Null where they are not told: for tables that no file made.
 */
export function takenColumns(known: Known, taken: readonly TakenColumn[]): readonly Column[] | null {
  const each = taken.map((column) => columnsOf(known, column));
  const columns = each.flatMap((some) => some ?? []);
  const names = new Set(columns.map(({ name }) => name));
  return each.includes(null) || names.size < columns.length ? null : columns;
}

function columnsOf(known: Known, taken: TakenColumn): readonly Column[] | null {
  if (!("column" in taken)) return [plain(taken.name, taken.type)];
  const tables = taken.of.map((relation) => tableIn(known, relation)).filter((table) => table !== null);
  if (tables.length < taken.of.length) return null;
  if (taken.column === "*")
    return tables.flatMap(({ columns }) => columns.map((column) => copied(column.name, column)));
  const found = tables.flatMap(({ columns }: Table) => columns.filter(({ name }) => name === taken.column));
  const [only, another] = found;
  if (only === undefined || another !== undefined) return null;
  const { name, type } = taken;
  return [type === undefined ? copied(name, only) : Object.freeze({ ...plain(name, type), collation: only.collation })];
}

function copied(name: string, { type, collation, comparable, domain }: Column): Column {
  const own = plain(name, ofSerial(type));
  return Object.freeze({ ...own, collation, comparable, ...(domain === undefined ? {} : { domain }) });
}

/** What a serial column's values are. */
const ofSerial = (type: string): string => {
  const size = /^\s*"?(small|big|)serial([248]?)"?\s*$/i.exec(type);
  if (size === null) return type;
  const [, word = "", bytes = ""] = size;
  if (word.toLowerCase() === "big" || bytes === "8") return "bigint";
  return word.toLowerCase() === "small" || bytes === "2" ? "smallint" : "integer";
};

function plain(name: string, type: string): Column {
  return Object.freeze({
    name,
    type,
    notNull: false,
    default: null,
    defaultVolatile: false,
    collation: null,
    characterSet: null,
    generated: null,
    identity: null,
    autoIncrement: false,
    comment: null,
    onUpdate: null,
    comparable: isExact(type),
    settings: Object.freeze([]),
    grants: Object.freeze([]),
  });
}
