import type { Catalog, Index, Table } from "../model/catalog.js";
import type { DataChange, Lookup, Query } from "../model/detail/data.js";
import type { RelationName } from "../model/name.js";
import { findTable } from "./engine.js";

/** So many rows are a batch. */
const BATCH_ROWS = 50_000;

const NUMBER = String.raw`(-?\d{1,15})`;
/** Where a condition may begin and end, so that it is one of those that AND joins. */
const FROM = String.raw`(?:^|\band\b)[\s(]*`;
const ANY_TABLE = String.raw`(?:["\`]?[\w$]+["\`]?\.)?`;
const TO = String.raw`[\s)]*(?:$|\band\b)`;
/** MySQL finds every text that is no number where one is compared with 0. */
const TEXT = /char|text|enum|set|binary|blob/i;

/** MySQL's `?` of a prepared statement, and a user's variable: one value each. */
const PASSED = String.raw`\?|@[\w$]+`;
/** PostgreSQL's `'a'::uuid`. */
const CAST = String.raw`(?:\s*::\s*[\w.]+)?`;

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** @param table a pattern of what may stand in front of the column's name */
function matches(where: string, column: string, condition: string, table = ANY_TABLE): RegExpExecArray | null {
  return new RegExp(`${FROM}${table}["\`]?${escaped(column)}["\`]?\\s*${condition}${TO}`, "i").exec(where);
}

/** What of a text is compared with may stand: a string, what is passed, or a number where the column is one. */
function constant(table: Table, column: string): string {
  const type = table.columns.find((c) => c.name === column)?.type ?? "";
  return TEXT.test(type) ? `(?:''|${PASSED})${CAST}` : String.raw`(?:-?\d+(?:\.\d+)?|''|${PASSED})${CAST}`;
}

const isOne = (where: string, column: string, value: string, of?: string): boolean =>
  matches(where, column, String.raw`=\s*${value}`, of) !== null;

/** `IN (1, 2)`, `= ANY (ARRAY[1, 2])`, `= ANY ('{1,2}')`. */
function isSome(where: string, column: string, value: string, of?: string): boolean {
  const list = String.raw`\s*${value}(?:\s*,\s*${value})*\s*`;
  const array = String.raw`(?:array\s*\[${list}\]|'')(?:\s*::\s*\w+\s*\[\])?`;
  return matches(where, column, String.raw`(?:in\s*\(${list}\)|=\s*any\s*\(\s*${array}\s*\))`, of) !== null;
}

/** `BETWEEN 1 AND 100`, `> 0 AND id <= 100`, as far apart as a batch. */
function isRange(where: string, column: string): boolean {
  const between = matches(where, column, String.raw`between\s+${NUMBER}\s+and\s+${NUMBER}`);
  const [from, to] = between === null ? [] : [between[1], between[2]];
  const low = from ?? matches(where, column, String.raw`>=?\s*${NUMBER}`)?.[1];
  const high = to ?? matches(where, column, String.raw`<=?\s*${NUMBER}`)?.[1];
  return low !== undefined && high !== undefined && Number(high) - Number(low) <= BATCH_ROWS;
}

/** Strings as each server reads them, and comments. */
const STRINGS = {
  postgres: /\be'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|(\$\w*\$)[\s\S]*?\1/gi,
  mysql: /'(?:[^'\\]|\\[\s\S]|'')*'/g,
} as const;

/**
 * The parts that AND puts together of a condition, with all strings as `''`: without those that bound nothing by themselves, an OR,
 * a NOT. Null where there are none, or where a subquery is among them.
 */
function plain(text: string, catalog: Catalog): string | null {
  const bare = text
    .replace(STRINGS[catalog.dialect === undefined ? "postgres" : "mysql"], "''")
    .replace(/--.*|\/\*[\s\S]*?\*\//g, " ")
    .trim();
  const where = columnByColumn(withoutLookups(bare, catalog));
  if (/\bselect\b/i.test(where)) return null;
  const parts = conjuncts(where).filter((part) => !/\b(?:or|not|xor|case)\b|\|\||!/i.test(part));
  return parts.length === 0 ? null : parts.join(" and ");
}

const WORD = /"(?:[^"]|"")*"|`(?:[^`]|``)*`|[()]|\b(?:and|or|xor|between|case|end)\b|\|\||&&/gi;

/** What AND puts together, without brackets around it; all of a text that an OR is in. */
function conjuncts(text: string): readonly string[] {
  const inner = unbracketed(text.trim());
  const parts: string[] = [];
  let [depth, cases, between, from] = [0, 0, false, 0];
  for (const { 0: found, index } of inner.matchAll(WORD)) {
    const word = found.toLowerCase();
    if (word === "(") depth += 1;
    else if (word === ")") depth -= 1;
    else if (word === "case") cases += 1;
    // MySQL lets a column be called so.
    else if (word === "end") cases = Math.max(0, cases - 1);
    else if (depth + cases > 0 || /^["`]/.test(word)) continue;
    else if (word === "between") between = true;
    else if (word === "and" && between) between = false;
    else if (word === "and" || word === "&&") {
      parts.push(inner.slice(from, index));
      from = index + word.length;
    } else return [inner];
  }
  return parts.length === 0 ? [inner] : [...parts, inner.slice(from)].flatMap(conjuncts);
}

/** Without brackets that are around all of it. */
function unbracketed(text: string): string {
  if (!text.startsWith("(") || !text.endsWith(")")) return text;
  let depth = 0;
  for (const { 0: found, index } of text.matchAll(/"(?:[^"]|"")*"|`(?:[^`]|``)*`|[()]/g)) {
    depth += found === "(" ? 1 : found === ")" ? -1 : 0;
    if (depth === 0) return index === text.length - 1 ? unbracketed(text.slice(1, -1).trim()) : text;
  }
  return text;
}

const NAME = String.raw`["\`]?[\w$]+["\`]?`;
const LOOKUP = new RegExp(
  String.raw`=\s*\(\s*select\s+(?:${NAME}\.)?(${NAME})\s+from\s+(?:(${NAME})\.)?(${NAME})(?:\s+(?:as\s+)?(?!where\b)${NAME})?\s+where\s[^()]*\)`,
  "gi",
);

/** `= (SELECT id FROM orgs WHERE ...)` of a column that the other table has is one value: the server refuses more rows. */
function withoutLookups(where: string, catalog: Catalog): string {
  return where.replace(LOOKUP, (text: string, column: string, schema: string | undefined, name: string) => {
    const of = /\(\s*select\s+(["`]?[\w$]+["`]?)\s*\./i.exec(text)?.[1];
    const alias = /\sfrom\s+\S+\s+(?:as\s+)?(["`]?[\w$]+["`]?)\s+where\s/i.exec(text)?.[1] ?? name;
    const relation = { schema: schema === undefined ? null : unquoted(schema), name: unquoted(name) };
    const isOwn = of === undefined || unquoted(of) === unquoted(alias);
    const has = findTable(catalog, relation)?.columns.some((c) => c.name === unquoted(column)) === true;
    return isOwn && has ? "= ''" : text;
  });
}

const unquoted = (name: string): string => name.replaceAll(/["`]/g, "");

const LIST = String.raw`\(([^()]*)\)`;
const ROWS = new RegExp(
  String.raw`(?<=(?:^|\(|\band\b)\s*)${LIST}\s*(?:(=)\s*${LIST}|in\s*\(\s*(${LIST}(?:\s*,\s*${LIST})*)\s*\))`,
  "gi",
);

/** `(a, b) = (1, 2)` as `a = 1 and b = 2`, and `(a, b) IN ((1, 2), (3, 4))` as what each column may be. */
function columnByColumn(where: string): string {
  return where
    .replace(/\brow\s*\(/gi, "(")
    .replace(ROWS, (text: string, names: string, sign: string | undefined, one = "", more = "") => {
      const columns = names.split(",").map((name) => name.trim());
      const rows = (sign === "=" ? [one] : [...more.matchAll(/\(([^()]*)\)/g)].map(([, row = ""]) => row)).map((row) =>
        row.split(","),
      );
      if (columns.length < 2 || rows.some((row) => row.length !== columns.length)) return text;
      return columns
        .map((column, at) => {
          const values = rows.map((row) => row[at]?.trim());
          return sign === "=" ? `${column} = ${values[0]}` : `${column} in (${values.join(", ")})`;
        })
        .join(" and ");
    });
}

/** A unique index over whole columns and all rows: an expression, a prefix or a predicate has more brackets, or a WHERE. */
function isWhole({ unique, valid, constraint, definition, columns }: Index): boolean {
  if (!unique || !valid || constraint !== null) return false;
  const keys = /\bON\s[^(]*\(([^()]*)\)\s*$/i.exec(definition)?.[1];
  return keys !== undefined && keys.split(",").length === columns.length;
}

/** Whether a key over the same columns stays when a unique index goes: ON CONFLICT and the like go by that. */
export function hasSameKey({ constraints, indexes }: Table, name: string): boolean {
  const gone = indexes.find((index) => index.name === name);
  if (gone === undefined || !isWhole(gone)) return false;
  const isSame = ({ columns }: { readonly columns: readonly string[] }) =>
    [...columns].sort().join("\0") === [...gone.columns].sort().join("\0");
  const keys = constraints.filter(
    ({ kind, definition }) =>
      (kind === "primary-key" || kind === "unique") && !/(?<!NOT\s+)DEFERRABLE/i.test(definition),
  );
  return [...keys, ...indexes.filter((index) => index !== gone && isWhole(index))].some(isSame);
}

/** The columns of each key of which a row is the only one. */
export function keysOf({ constraints, indexes }: Table): readonly (readonly string[])[] {
  const named = constraints.filter(({ kind }) => kind === "primary-key" || kind === "unique");
  return [...named, ...indexes.filter(isWhole)].map(({ columns }) => columns).filter(({ length }) => length > 0);
}

/**
 * Whether a condition names the rows of a table that it finds one by one, by a key that is known.
 *
 * @param alias what the columns must have in front of them, where the statement reads other tables, too
 */
export function namesRows(
  text: string | null,
  relation: RelationName,
  catalog: Catalog,
  alias: string | null = null,
): boolean {
  const of = alias === null ? undefined : `["\`]?${escaped(alias)}["\`]?\\.`;
  const table = findTable(catalog, relation);
  const where = text === null ? null : plain(text, catalog);
  if (table === null || where === null) return false;
  return keysOf(table).some((columns) =>
    columns.every((c) => isOne(where, c, constant(table, c), of) || isSome(where, c, constant(table, c), of)),
  );
}

/** PostgreSQL: the place of a row, in one table and not in its partitions. */
const PLACE = "ctid";

/** Whether no more rows of a table are written than a query gives, which gives no more than a batch. */
export function isBatchOf({ batch }: DataChange, relation: RelationName, catalog: Catalog): boolean {
  if (batch === undefined || batch.rows > BATCH_ROWS) return false;
  const table = findTable(catalog, relation);
  if (batch.columns.includes(PLACE)) return table?.partitioned !== true;
  return table !== null && keysOf(table).some((key) => key.every((column) => batch.columns.includes(column)));
}

/** Whether constants bound the rows that a condition finds to those of a batch, by a key that is known. */
export function findsBatch(text: string | null, relation: RelationName, catalog: Catalog): boolean {
  if (namesRows(text, relation, catalog)) return true;
  const table = findTable(catalog, relation);
  const where = text === null ? null : plain(text, catalog);
  if (table === null || where === null) return false;
  return keysOf(table).some(([only, ...more]) => only !== undefined && more.length === 0 && isRange(where, only));
}

/** `WHERE 1 = 0`, `WHERE a > 3 AND FALSE`: no row is looked at. */
function findsNothing(text: string, catalog: Catalog): boolean {
  const [where, pair] = [plain(text, catalog), String.raw`(-?\d+)\s*=\s*(-?\d+)`];
  if (where === null || /\bbetween\b/i.test(where)) return false;
  const compared = new RegExp(`${FROM}${pair}${TO}`, "i").exec(where);
  return new RegExp(`${FROM}(?:false|0)${TO}`, "i").test(where) || (compared !== null && compared[1] !== compared[2]);
}

/** Whether all that a statement reads are rows that it names, or none. @param found what it reads; absent where not all is so read */
export function readsNamedRows(found: readonly Lookup[] | undefined, catalog: Catalog): boolean {
  return (
    found?.every(({ where, relation }) => findsNothing(where, catalog) || namesRows(where, relation, catalog)) === true
  );
}

/** Whether all that a statement reads are the least and greatest values of columns that a key begins with: one row each. */
export function readsEnds({ ends }: Pick<Query, "ends">, catalog: Catalog): boolean {
  const isKeyed = ({ relation, column }: NonNullable<Query["ends"]>[number]) => {
    const table = findTable(catalog, relation);
    return table !== null && keysOf(table).some(([first]) => first === column);
  };
  return ends?.every(isKeyed) === true;
}

/** Whether UPDATE or DELETE of a table that others are joined to names the rows that it writes, by columns with their table. */
export function namesJoinedRows({ writes, where = null, walk, cte }: DataChange, catalog: Catalog): boolean {
  const [relation, another] = writes;
  if (relation === undefined || another !== undefined || walk === undefined || cte) return false;
  return namesRows(where, relation, catalog, walk.alias);
}

/** Whether the only other table of such a statement is met by its key: `JOIN orgs o ON o.id = u.org_id`. */
export function joinsByKey({ reads, where, walk }: DataChange, catalog: Catalog): boolean {
  const [other, another] = reads;
  const table = other === undefined || another !== undefined ? null : findTable(catalog, other);
  if (table === null || walk === undefined) return false;
  const text = `${walk.head} where ${where ?? ""}`.replaceAll(/["`]/g, "");
  const single = keysOf(table).flatMap(([only, ...more]) => (more.length === 0 ? (only ?? []) : []));
  return [...text.matchAll(/([\w$]+)\.([\w$]+)\s*=\s*([\w$]+)\.([\w$]+)/g)].some(([, a, b, c, d]) => {
    const [mine, column] = a === walk.alias ? [a, d] : [c, b];
    return mine === walk.alias && a !== c && column !== undefined && single.includes(column);
  });
}
