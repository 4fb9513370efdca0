import { type DatabaseConnection, type Driver, Kysely } from "kysely";
import type { Database } from "../../engines/engine.js";
import { type Kept, kept } from "../../engines/kept.js";

/** How long a query of code may take, milliseconds. */
const STATEMENT_MS = 60_000;

const onlyReads = (): never => {
  throw new Error("`db` is for queries that read; rows are written by what `map` returns");
};

/** Queries run one after the other on one session, which can only read. */
function driverOn(reader: Kept): Driver {
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: { readonly sql: string; readonly parameters: readonly unknown[] }) {
      const session = await reader.session();
      return { rows: (await session.query(sql, parameters)) as R[] };
    },
    streamQuery: onlyReads,
  };
  const nothing = async () => undefined;
  return {
    init: nothing,
    acquireConnection: async () => connection,
    beginTransaction: async () => onlyReads(),
    commitTransaction: nothing,
    rollbackTransaction: nothing,
    releaseConnection: nothing,
    destroy: nothing,
  };
}

/** Queries for the code of a backfill, on a session of their own that is opened by the first of them. */
export interface ReadHandle {
  readonly db: Kysely<unknown>;
  close(): Promise<void>;
}

export function readHandle(database: Database): ReadHandle {
  const reader = kept(() => database.openReader({ replicaUrl: null, statementMs: STATEMENT_MS }));
  const db = new Kysely<unknown>({ dialect: { ...database.journal.dialect, createDriver: () => driverOn(reader) } });
  return { db, close: reader.close };
}
