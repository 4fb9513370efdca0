import type { Cursor, Database, Session, VerifyBatch, VerifyResult } from "../engines/engine.js";
import type { VerifyWork } from "../model/step.js";
import { openForBatches } from "./context.js";
import { stopIfAsked } from "./interrupted.js";
import { LARGEST_BATCH, nextSize } from "./sizer.js";
import { type Comparing, teller } from "./teller.js";

/** What a verification found. */
export interface Verification {
  readonly rows: number;
  readonly mismatches: number;
  /** Keys of some mismatching rows. */
  readonly examples: readonly string[];
}

/** What a comparison runs with. */
export interface CompareContext {
  readonly database: Database;
  readonly signal: AbortSignal;
  /** What a read should take, milliseconds. */
  readonly targetMs: number;
  /** Told about once a second how far it is; never by a comparison that is over sooner. */
  readonly tell?: (comparing: Comparing) => void;
}

/** More rows than any table has, as a number that SQL takes. */
const WHOLE = Number.MAX_SAFE_INTEGER;

/** Counts mismatching rows in chunks, each a short read. @throws ZmigrateError no-key */
export async function countMismatches(context: CompareContext, work: VerifyWork): Promise<Verification> {
  const session = await openForBatches(context.database);
  try {
    return await countIn(context, work, session);
  } finally {
    await session.close();
  }
}

/**
 * A value that cannot be converted cannot be compared: its row differs.
 *
 * @returns null where that is one of several rows
 */
async function compared(database: Database, session: Session, batch: VerifyBatch): Promise<VerifyResult | null> {
  try {
    return await database.verifyBatch(session, batch);
  } catch (error) {
    if (database.classify(error) !== "data") throw error;
    if (batch.rows > 1) return null;
    return database.verifyBatch(session, { ...batch, work: { ...batch.work, mismatch: "1 = 1" } });
  }
}

/** The same on a session of the caller's: of the primary, or of a replica. @throws ZmigrateError no-key */
export async function countIn(context: CompareContext, work: VerifyWork, session: Session): Promise<Verification> {
  const { database } = context;
  const key = await database.keyOf(session, { relation: work.relation, key: null });
  const tell = teller(context.tell, () => database.estimateRows(session, work.relation));
  let after: Cursor = null;
  let size = work.whole === true ? WHOLE : 5_000;
  let [rows, mismatches] = [0, 0];
  const examples: string[] = [];
  for (;;) {
    stopIfAsked(context.signal);
    const began = performance.now();
    const found = await compared(database, session, { work, key, after, rows: size });
    if (found === null) {
      size = Math.max(1, Math.floor(Math.min(size, LARGEST_BATCH) / 4));
      continue;
    }
    rows += found.scanned;
    mismatches += found.mismatches;
    examples.push(...found.examples.slice(0, 5 - examples.length));
    if (found.last === null) return { rows, mismatches, examples };
    after = found.last;
    size = nextSize(size, performance.now() - began, context.targetMs);
    await tell(rows);
  }
}
