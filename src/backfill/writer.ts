import type { Batch, BatchResult, Database, Session } from "../engines/engine.js";

/**
 * Writes a batch that was prepared, in the transaction of the caller, which has locked its range. It may end before all of
 * its rows are written: the next one begins behind the last.
 */
export type WriteBatch = (session: Session) => Promise<BatchResult>;

/** How the batches of a worker are written: all else is the same for every backfill. */
export interface BatchWriter {
  /** What needs no transaction, and may take long. @throws MapFailed */
  prepare(session: Session, batch: Batch): Promise<WriteBatch>;
  close(): Promise<void>;
}

/** One statement of SQL over the range. */
export const sqlWriter = (database: Database): BatchWriter => ({
  prepare: async (_, batch) => (session) => database.backfillBatch(session, batch),
  close: async () => undefined,
});
