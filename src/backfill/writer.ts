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
  /** Locks what `prepare` has read last, in a transaction. @throws ChangedMeanwhile where it is not as it was read */
  lockAsRead(session: Session): Promise<void>;
  /** What the last `prepare` took for code, milliseconds, and how much of that fewer rows would have spared. */
  computed(targetMs: number): Computing;
  close(): Promise<void>;
}

/** Time for code, which holds nothing up. */
export interface Computing {
  readonly ms: number;
  readonly ownMs: number;
}

/** One statement of SQL over the range. */
export const sqlWriter = (database: Database): BatchWriter => ({
  prepare: async (_, batch) => (session) => database.backfillBatch(session, batch),
  // The server judges its rows where it writes them.
  lockAsRead: async () => undefined,
  computed: () => ({ ms: 0, ownMs: 0 }),
  close: async () => undefined,
});
