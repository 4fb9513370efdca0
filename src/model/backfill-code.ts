import type { Kysely } from "kysely";
import type { RelationName } from "./name.js";

/**
 * A value of a column as a backfill in TypeScript gets it: integers of up to four bytes and floating point as numbers,
 * bigint as a bigint, boolean (PostgreSQL) as a boolean, binary types as bytes, and everything else (numeric, dates and
 * times, json, uuid, enums, arrays, ...) as the text that the server prints.
 */
export type RowValue = string | number | bigint | boolean | Uint8Array | null;

/** The texts of a row's key, in the order of its columns: it is handed back as it came. */
export type RowKey = readonly string[];

/** A row that a backfill is to compute something for. */
export interface BackfillRow<Row> {
  readonly key: RowKey;
  /** The columns of `select`. */
  readonly values: Readonly<Row>;
}

/** What is written of a row. */
export interface RowUpdate<Update> {
  /** That of the row, as it came. */
  readonly key: RowKey;
  /** Columns of `update`, at least one. */
  readonly set: Readonly<Partial<Update>>;
}

/** What `map` has besides its rows. */
export interface MapContext<Tables> {
  /** Queries of the same database, which can only read. 64-bit integers and decimals are texts in what they return. */
  readonly db: Kysely<Tables>;
  /** Aborted when the run is to stop: pass it on to `fetch`. */
  readonly signal: AbortSignal;
}

/** Updates of rows, at most one for each; a row without one is left as it is. */
export type RowUpdates<Update> = readonly RowUpdate<Update>[];

/** A backfill in TypeScript, as its file says it. */
export interface BackfillDefinition<Row, Update, Tables> {
  /** Whose rows are met: `users`, or `app.users`. */
  readonly table: string;
  /** The columns that `map` gets. */
  readonly select: readonly (keyof Row & string)[];
  /** The columns that it may write. */
  readonly update: readonly (keyof Update & string)[];
  /** Which rows it is about, in SQL: `slug IS NULL`. Default: all that are there when it begins. */
  readonly where?: string | undefined;
  /** The unique column that the table is walked by. Default: the primary key, or another unique key over NOT NULL columns. */
  readonly key?: string | undefined;
  /** Rows of the first batch, and what one should take, its rows' part of the calls of `map` among it: `{ rows: 200, target: "2s" }`. */
  readonly batch?: { readonly rows?: number | undefined; readonly target?: string | undefined } | undefined;
  /** So many calls of `map` run beside each other, each with its part of a batch. Default 1. */
  readonly concurrency?: number | undefined;
  /** Computes what is written. It is called outside of any transaction, and again for a row that has changed meanwhile. */
  map(rows: readonly BackfillRow<Row>[], context: MapContext<Tables>): RowUpdates<Update> | Promise<RowUpdates<Update>>;
}

/** A definition that was loaded and checked. */
export interface BackfillCode {
  readonly relation: RelationName;
  readonly select: readonly string[];
  readonly update: readonly string[];
  /** SQL; null for all rows. */
  readonly where: string | null;
  readonly key: string | null;
  readonly rows: number | null;
  readonly targetMs: number | null;
  readonly concurrency: number;
  /** What it returns is checked where it is called. */
  map(rows: readonly BackfillRow<Readonly<Record<string, RowValue>>>[], context: MapContext<unknown>): unknown;
}

/** The code of a migration, loaded when it is first needed: what one that is finished imports may be gone. */
export interface MigrationCode {
  /** Loads it, once. @throws ZmigrateError bad-backfill */
  load(): Promise<BackfillCode>;
  /** How loading ended: with the code, or with why there is none. Null before. */
  readonly loaded: () => { readonly code: BackfillCode } | { readonly reason: string } | null;
}
