import type { Column } from "../../../model/catalog.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { differing, lettersOf } from "./letters.js";
import type { TableLetters } from "./modify/text-change.js";
import { columnType, type Type } from "./modify/type.js";

/** A column as far as keys between two go. */
export type KeyColumn = Pick<Column, "type" | "characterSet" | "collation"> & Partial<Pick<Column, "settings">>;

/** How two columns differ: in what they store, in their letters, or one is of a type that is in no foreign key. */
export interface Difference {
  readonly what: "type" | "letters" | "unmeasured";
  readonly is: string;
  readonly other: string;
}

/** How many bytes an integer takes. */
const INTEGERS: Readonly<Record<string, number>> = { tinyint: 1, smallint: 2, mediumint: 3, int: 4, bigint: 8 };

const BYTES = /^(?:decimal|bit|datetime|timestamp|time|binary|varbinary|uuid|inet[46])$/;
const UNMEASURED = /^(?:tiny|medium|long)?(?:text|blob)$|^json$/;

/** A SET of 5 to 7 bytes takes 8. */
const setBytes = (values: number): number => (values > 32 ? 8 : Math.ceil(values / 8));

/**
 * What InnoDB compares in a foreign key: integers by their bytes and their sign (an ENUM, a SET, a YEAR and a DATE are such), all that
 * it keeps as bytes alike, floats, and letters. Lengths, digits and NULL do not matter. Null where that is not known. Seen on
 * MySQL 9.7 and MariaDB 10.11, test/rules/mysql-refused-foreign-types.server.test.ts.
 */
function storedAs({ base, unsigned, values }: Type): string | null {
  const integer = (bytes: number, sign: boolean) => `${bytes} bytes${sign ? "" : ", unsigned"}`;
  const bytes = INTEGERS[base];
  if (bytes !== undefined) return integer(bytes, !unsigned);
  if (base === "year") return integer(1, false);
  if (base === "date") return integer(3, true);
  if (base === "enum") return integer(values.length > 255 ? 2 : 1, false);
  if (base === "set") return integer(setBytes(values.length), false);
  if (base === "float" || base === "double") return base;
  if (BYTES.test(base)) return "bytes";
  if (UNMEASURED.test(base)) return "unmeasured";
  return /^(?:n|national )?(?:var)?char/.test(base) ? "letters" : null;
}

/** How two columns differ so that no foreign key between them is taken; null where it is, or where files do not tell. */
export function differenceOf(
  own: KeyColumn,
  ownTable: TableLetters,
  other: KeyColumn,
  otherTable: TableLetters,
  dialect: MysqlDialect,
): Difference | null {
  const types = { is: own.type, other: other.type };
  const kind = (column: KeyColumn, table: TableLetters) => {
    const stored = storedAs(columnType({ type: column.type, settings: column.settings ?? [] }, dialect));
    return stored === "letters" && lettersOf(column, table).set === "binary" ? "bytes" : stored;
  };
  const [here, there] = [kind(own, ownTable), kind(other, otherTable)];
  if (here === "unmeasured") return { what: "unmeasured", ...types };
  if (here === null || there === null) return null;
  if (here !== there) return { what: "type", ...types };
  const letters = here === "letters" ? differing(lettersOf(own, ownTable), lettersOf(other, otherTable)) : null;
  return letters === null ? null : { what: "letters", is: letters[0], other: letters[1] };
}
