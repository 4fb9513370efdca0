import type { Position, Span } from "./span.js";

/** What was seen when one statement ran on an embedded database. Names are qualified, as the database writes them. */
export interface Traced {
  readonly file: string;
  readonly span: Span;
  readonly start: Position;
  readonly sql: string;
  /** On relations that were there before; those of the catalog left out. */
  readonly locks: readonly { readonly relation: string; readonly mode: string }[];
  /** Tables and indexes that got a new file. */
  readonly rewrites: readonly string[];
  /** Tables that were read from end to end. */
  readonly scans: readonly string[];
  /** Why nothing, or not all, was seen: an error, a statement that refuses a transaction. Null when all was. */
  readonly note: string | null;
}

/** What was seen, and where. */
export interface Trace {
  /** `PostgreSQL 18.6`. */
  readonly server: string;
  readonly statements: readonly Traced[];
}
