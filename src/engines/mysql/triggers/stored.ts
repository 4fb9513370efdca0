import type { Column } from "../../../model/catalog.js";
import { newOf } from "./sync.js";

/** A NOT NULL column that may be NULL to a BEFORE trigger, and what the server stores then for a writer that is not strict. */
export interface Stored {
  readonly column: Column;
  readonly instead: string;
}

/** What is computed from a new row. */
export interface Computation {
  /** An expression over the row as the trigger sees it. */
  readonly value: string;
  /** Columns of the expression that may be NULL only to the trigger. */
  readonly stored: readonly Stored[];
  /** The same expression with `storedName` in their places. */
  readonly again: string;
}

/** The variable that holds the nth of `stored`. */
export const storedName = (n: number): string => `zmigrate_stored_${n + 1}`;

/** Of the column's own type: a number that is padded, or a FLOAT, makes another text than the literal. */
function declared({ column, instead }: Stored, n: number): string {
  const { type, characterSet, collation } = column;
  const set = characterSet === null ? "" : ` CHARACTER SET ${characterSet}`;
  return `DECLARE ${storedName(n)} ${type}${set}${collation === null ? "" : ` COLLATE ${collation}`} DEFAULT ${instead};`;
}

const filled = ({ column }: Stored, n: number): string =>
  `IF ${newOf(column.name)} IS NOT NULL THEN SET ${storedName(n)} = ${newOf(column.name)}; END IF;`;

/**
 * A statement of a trigger over what is computed. Where a column is NULL that the server will not store so, it is
 * computed from what it will store: measured on MySQL 9.7 and MariaDB 10.11, a writer that is not strict, and INSERT IGNORE,
 * may leave such a column out, or make it NULL.
 */
export function computed({ value, stored, again }: Computation, statement: (value: string) => string): string {
  if (stored.length === 0) return statement(value);
  const missing = stored.map((s) => `${newOf(s.column.name)} IS NULL`).join(" OR ");
  const fill = stored.length === 1 ? [] : stored.map(filled);
  const block = ["BEGIN", ...stored.map(declared), ...fill, statement(again), "END;"].join(" ");
  return `IF ${missing} THEN ${block} ELSE ${statement(value)} END IF;`;
}
