import { hasUnknownLetters } from "../engines/mysql/table-charset.js";
import type { Column, Table } from "../model/catalog.js";
import type { TakenColumn } from "../model/operation.js";
import { isExact } from "./definitions.js";
import type { Known } from "./known.js";
import { tableIn } from "./known-tables.js";

/**
 * The columns of a table that is made of a query. Null where they are not told: for tables that no file made.
 *
 * - PostgreSQL: of each column that it takes the type and the collation, and nothing else
 * - MySQL, MariaDB: also NOT NULL, the default, what it becomes by an UPDATE, and the comment
 */
export function takenColumns(known: Known, taken: readonly TakenColumn[]): readonly Column[] | null {
  const each = taken.map((column) => columnsOf(known, column));
  const columns = each.flatMap((some) => some ?? []);
  const names = new Set(columns.map(({ name }) => name));
  return each.includes(null) || names.size < columns.length ? null : columns;
}

function columnsOf(known: Known, taken: TakenColumn): readonly Column[] | null {
  const { dialect } = known;
  if (!("column" in taken)) return [plain(taken.name, taken.type)];
  const tables = taken.of.map((relation) => tableIn(known, relation)).filter((table) => table !== null);
  if (tables.length < taken.of.length) return null;
  if (taken.column === "*")
    return tables.flatMap((table) =>
      shown(table.columns, dialect).map((c) => copiedBy(known, c.name, c, table, taken)),
    );
  const isTaken = ({ name }: Column) =>
    dialect === undefined ? name === taken.column : name.toLowerCase() === taken.column.toLowerCase();
  const found = tables.flatMap((table) => table.columns.filter(isTaken).map((column) => ({ table, column })));
  const [only, another] = found;
  if (only === undefined || another !== undefined) return null;
  const { name, type } = taken;
  if (type === undefined) return [copiedBy(known, name, only.column, only.table, taken)];
  return [Object.freeze({ ...plain(name, type), collation: only.column.collation })];
}

/** `*` leaves out what is INVISIBLE. */
const shown = (columns: readonly Column[], dialect: Known["dialect"]): readonly Column[] =>
  dialect === undefined ? columns : columns.filter(({ settings }) => !settings.includes("INVISIBLE"));

function copiedBy({ dialect }: Known, name: string, column: Column, table: Table, taken: TakenColumn): Column {
  if (dialect === undefined) return copied(name, column);
  const isOuter = "outer" in taken && taken.outer?.some((one) => one.name === table.relation.name) === true;
  return withAttributes(name, column, table, dialect, isOuter);
}

/** What MySQL 9.7 and MariaDB 10.11 take along: test/history/taken-columns.server.test.ts. */
function withAttributes(
  name: string,
  column: Column,
  { characterSet, collation }: Table,
  dialect: NonNullable<Known["dialect"]>,
  isOuter: boolean,
): Column {
  const { type, comment, onUpdate, autoIncrement, generated, notNull } = column;
  // MariaDB's JSON is a text with a CHECK, which stays behind.
  const isJson = dialect === "mariadb" && /^json$/i.test(type);
  const own = plain(name, isJson ? "longtext" : type);
  // Letters of the table that it comes from, where it says none itself.
  const from = { characterSet: characterSet ?? null, collation: collation ?? null };
  const letters = isJson ? JSON_LETTERS : hasUnknownLetters(column) ? from : column;
  const isExpression = dialect === "mariadb" && column.default?.startsWith("(") === true;
  return Object.freeze({
    ...own,
    characterSet: letters.characterSet,
    collation: letters.collation,
    comment,
    onUpdate,
    notNull: notNull && generated === null && !isOuter,
    default: autoIncrement ? "'0'" : generated !== null || isExpression ? null : column.default,
  });
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

const JSON_LETTERS = Object.freeze({ characterSet: "utf8mb4", collation: "utf8mb4_bin" });
