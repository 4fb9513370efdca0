import type { RelationName } from "../model/name.js";
import type { BackfillWork, VerifyWork } from "../model/step.js";

/** A key that orders a table and finds any row: its columns in order. */
export interface BackfillKey {
  readonly columns: readonly string[];
  /** Engine types of the columns, for casts. */
  readonly types: readonly string[];
}

/** A place in a key's order: one text per key column. Null is before the first row. */
export type Cursor = readonly string[] | null;

/** The half-open range (after, upTo] of a table in key order. */
export interface Batch {
  readonly work: BackfillWork;
  readonly key: BackfillKey;
  readonly after: Cursor;
  /** The fixed end of the whole backfill. */
  readonly upTo: readonly string[];
  readonly rows: number;
}

export interface BatchResult {
  /** The last key of the batch, the end of the whole where no row is behind it; null when no row was left. */
  readonly last: Cursor;
  readonly scanned: number;
  readonly changed: number;
}

/** How the values of a column arrive in code, and what code writes: a text stands for all that JavaScript has no type for. */
export type ValueForm = "number" | "bigint" | "boolean" | "bytes" | "text";

/** A column that code reads or writes. */
export interface RowColumn {
  readonly name: string;
  /** The engine's type, for casts. */
  readonly type: string;
  readonly form: ValueForm;
}

/** A row as exact texts, bytes as hexadecimal digits; null for NULL. */
export interface RowTexts {
  readonly key: readonly string[];
  readonly values: readonly (string | null)[];
}

/** What is written of a row, by column, as such texts. */
export interface RowWrite {
  readonly key: readonly string[];
  readonly set: ReadonlyMap<string, string | null>;
}

export interface VerifyBatch {
  readonly work: VerifyWork;
  /** The table that is read where it is not the one that the work names, but one below it. */
  readonly part?: RelationName;
  readonly key: BackfillKey;
  readonly after: Cursor;
  readonly rows: number;
}

export interface VerifyResult {
  /** The last key that was looked at; null where the table has ended. */
  readonly last: Cursor;
  readonly scanned: number;
  readonly mismatches: number;
  /** Keys of some mismatching rows. */
  readonly examples: readonly string[];
}
