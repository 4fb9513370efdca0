import type { RelationName } from "../name.js";

/** A table of which a publication (PostgreSQL) takes some rows or columns. */
export interface PublishedPart {
  readonly relation: RelationName;
  /** The columns that its WHERE names; null without one. */
  readonly filter: readonly string[] | null;
  /** The columns that it takes; null for all. */
  readonly columns: readonly string[] | null;
}

/** What a publication takes, as files tell. */
export interface Publication {
  /** Which changes of rows: `insert`, `update`. */
  readonly publish: readonly string[];
  readonly everyTable: boolean;
  readonly schemas: readonly string[];
  /** The tables that it names. */
  readonly tables: readonly PublishedPart[];
}

/** What CREATE and ALTER PUBLICATION (PostgreSQL) say besides the tables that they name one by one. */
export interface PublicationShape {
  /** FOR ALL TABLES. */
  readonly everyTable: boolean;
  /** FOR TABLES IN SCHEMA; null for the default one. */
  readonly schemas: readonly (string | null)[];
  /** The tables of which it takes a part; absent where it takes all of those that it names. */
  readonly parts?: readonly PublishedPart[];
  /** Which changes of rows it takes, in lower case: `insert`, `update`; null where that is not said. */
  readonly publish: readonly string[] | null;
}
