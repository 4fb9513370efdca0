import type { Table } from "../../model/catalog.js";

const OF_SEQUENCE = /\b(?:nextval|lastval|setval)\s*\(|\b(?:next|previous)\s+value\s+for\b/i;

const LITERAL = /'(?:[^'\\]|\\.|'')*'/gs;

const asksSequence = (value: string | null): boolean => value !== null && OF_SEQUENCE.test(value.replace(LITERAL, ""));

/**
 * The first column whose default asks a sequence; null where none does. Measured on MariaDB 10.11: no ALTER goes through on
 * such a table under LOCK TABLES (error 1100); where two defaults ask one sequence, not even with that locked, too.
 */
export const sequenceDefault = (table: Table | null): string | null =>
  table?.columns.find((c) => asksSequence(c.default))?.name ?? null;
