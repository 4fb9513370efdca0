/** What CREATE and ALTER PUBLICATION (PostgreSQL) say besides the tables that they name one by one. */
export interface PublicationShape {
  /** FOR ALL TABLES. */
  readonly everyTable: boolean;
  /** FOR TABLES IN SCHEMA; null for the default one. */
  readonly schemas: readonly (string | null)[];
  /** Which changes of rows it takes, in lower case: `insert`, `update`; null where that is not said. */
  readonly publish: readonly string[] | null;
}
