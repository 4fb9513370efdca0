import type { Column, Table } from "../../../model/catalog.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { columnIn } from "./facts.js";
import { canonical, charsetOf, widthsOf } from "./modify/charset.js";
import { type Type, typeOf } from "./modify/type.js";

/** A column of a key, and how many letters or bytes of it are in the key where that is not the whole. */
export interface KeyColumn {
  readonly name: string;
  readonly prefix: number | null;
}

/** A column as far as its bytes go. */
type Measured = Pick<Column, "name" | "type" | "characterSet" | "collation">;
/** What columns have that say nothing of their letters. */
type Letters = Pick<Table, "characterSet" | "collation">;

/** The most bytes of a key: MySQL refuses a longer one, and of a UNIQUE one MariaDB keeps hashes (measured on 9.7 and 10.11). */
export const MOST_BYTES = 3072;

const FIXED: Readonly<Record<string, number>> = Object.freeze({
  tinyint: 1,
  year: 1,
  smallint: 2,
  mediumint: 3,
  date: 3,
  int: 4,
  float: 4,
  inet4: 4,
  bigint: 8,
  double: 8,
  uuid: 16,
  inet6: 16,
});

/** Without the digits behind the second, of which two take a byte. */
const MOMENTS: Readonly<Record<string, number>> = Object.freeze({ time: 3, timestamp: 4, datetime: 5 });

/** Nine digits take four bytes, fewer of them less. */
function digits(count: number): number {
  return Math.floor(count / 9) * 4 + Math.ceil((count % 9) / 2);
}

function setOf(column: Measured, { characterSet = null, collation = null }: Letters): string | null {
  const own = canonical(column.characterSet) ?? charsetOf(column.collation);
  return own ?? canonical(characterSet) ?? charsetOf(collation);
}

/** The most bytes of a letter. What no file says is taken for the widest. */
const widthOf = (column: Measured, letters: Letters): number => Math.max(...widthsOf(setOf(column, letters)));

/** Whether how wide its letters are is taken for the widest, as no file says it. */
export const hasUnsaidLetters = (column: Measured, letters: Letters): boolean =>
  /char|text/i.test(column.type) && !/^n/i.test(column.type) && setOf(column, letters) === null;

function countOf({ base, numbers, values }: Type): number {
  const [first = 0, second = 0] = numbers;
  const moment = MOMENTS[base];
  if (moment !== undefined) return moment + Math.ceil(first / 2);
  if (base === "decimal") return digits(first - second) + digits(second);
  if (base === "bit") return Math.ceil(first / 8);
  if (base === "enum") return values.length > 255 ? 2 : 1;
  if (base === "set") return Math.min(8, Math.ceil(values.length / 8));
  return FIXED[base] ?? 0;
}

/** The most bytes that a column, or so much of its beginning, takes in a key. */
export function bytesOf(column: Measured, prefix: number | null, table: Letters): number {
  const type = typeOf(column.type, "mariadb");
  const [length = 0] = type.numbers;
  if (/binary$|blob$/.test(type.base))
    return prefix ?? (type.base.endsWith("blob") ? Number.POSITIVE_INFINITY : length);
  if (/text$/.test(type.base)) return (prefix ?? Number.POSITIVE_INFINITY) * widthOf(column, table);
  if (/^n/.test(type.base)) return (prefix ?? length) * 3;
  if (/char$/.test(type.base)) return (prefix ?? length) * widthOf(column, table);
  return prefix ?? countOf(type);
}

/** How much of a column is in a key, by what stands behind its name. @returns null for all of it */
export function prefixIn(rest: string): number | null {
  const found = /^\s*\(\s*(\d+)\s*\)/.exec(rest)?.[1];
  return found === undefined ? null : Number(found);
}

/**
 * The whole of a UNIQUE key is too long for an index: MariaDB makes one of hashes of it, in a hidden virtual column, where
 * MySQL refuses it.
 */
export function isTooLong(key: readonly KeyColumn[], table: Table | null, dialect: MysqlDialect): boolean {
  if (table === null || dialect !== "mariadb") return false;
  const bytes = key.map(({ name, prefix }) => {
    const column = columnIn(table, name);
    return column === null ? 0 : bytesOf(column, prefix, table);
  });
  return bytes.reduce((sum, n) => sum + n, 0) > MOST_BYTES;
}
