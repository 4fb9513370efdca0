import type { BackfillKey, Cursor, Database, Session, VerifyBatch, VerifyResult } from "../engines/engine.js";
import { type RelationName, show } from "../model/name.js";
import type { VerifyWork } from "../model/step.js";
import { openForBatches } from "./context.js";
import { stopIfAsked } from "./interrupted.js";
import { ownTime } from "./own-time.js";
import { FIRST_BATCH, growthOf, LARGEST_BATCH, nextSize } from "./sizer.js";
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

/** What a read may take at least, milliseconds: beyond it fewer rows are read. One row is given its time. */
const [LEAST_MS, LEAST_OF_ONE_MS] = [1_500, 60_000];

/** A read's limit; 0, which is none, for one of the whole table. */
function limitOf({ rows, work }: VerifyBatch, targetMs: number): number {
  if (work.whole === true) return 0;
  return rows === 1 ? LEAST_OF_ONE_MS : Math.max(LEAST_MS, targetMs * 4);
}

/** What a read found, how many ways to the server and back it took, and how long one was, milliseconds. */
interface Read extends VerifyResult {
  readonly trips: number;
  readonly tripMs: number;
}

/** One read in a transaction, which holds it to its time. */
async function read(database: Database, session: Session, batch: VerifyBatch, targetMs: number): Promise<Read> {
  const [began, sent] = [performance.now(), session.sent()];
  await database.begin(session, { lockMs: 0, statementMs: limitOf(batch, targetMs) });
  const tripMs = performance.now() - began;
  const found = await database.verifyBatch(session, batch);
  await database.commit(session);
  return { ...found, trips: session.sent() - sent, tripMs };
}

/**
 * A value that cannot be converted cannot be compared: its row differs.
 *
 * @returns null where that is one of several rows, or they are too many to be read in time
 */
async function compared(
  database: Database,
  session: Session,
  batch: VerifyBatch,
  targetMs: number,
): Promise<Read | null> {
  try {
    return await read(database, session, batch, targetMs);
  } catch (error) {
    await database.rollback(session);
    const kind = database.classify(error);
    if (batch.rows > 1 && (kind === "data" || kind === "statement-timeout")) return null;
    if (kind !== "data") throw error;
    return read(database, session, { ...batch, work: { ...batch.work, mismatch: "1 = 1" } }, targetMs);
  }
}

/** What is read, in which order, and what is told of it. */
interface Walk {
  readonly work: VerifyWork;
  readonly key: BackfillKey;
  /** The table below that of the work that is read; absent for that one itself. */
  readonly part?: RelationName;
  readonly tell: (rows: number) => Promise<void>;
}

async function walked(context: CompareContext, session: Session, { tell, ...of }: Walk): Promise<Verification> {
  const { database } = context;
  let after: Cursor = null;
  let size = of.work.whole === true ? WHOLE : FIRST_BATCH;
  const own = ownTime();
  let [rows, mismatches] = [0, 0];
  const examples: string[] = [];
  for (;;) {
    stopIfAsked(context.signal);
    const began = performance.now();
    const found = await compared(database, session, { ...of, after, rows: size }, context.targetMs);
    if (found === null) {
      size = Math.max(1, Math.floor(Math.min(size, LARGEST_BATCH) / 10));
      continue;
    }
    rows += found.scanned;
    mismatches += found.mismatches;
    examples.push(...found.examples.slice(0, 5 - examples.length));
    if (found.last === null) return { rows, mismatches, examples };
    after = found.last;
    const ms = own.of({ ms: performance.now() - began, trips: found.trips, tripMs: found.tripMs, commitMs: 0 });
    size = nextSize(size, ms, context.targetMs, undefined, growthOf(size));
    await tell(rows);
  }
}

/** The tables that are read for a comparison, one after the other. Partitions that came since the plan are among them. */
async function partsOf({ database }: CompareContext, { relation, below }: VerifyWork, session: Session) {
  if (below !== true || database.rowHolders === undefined) return [relation];
  return database.rowHolders(session, relation);
}

/** The same on a session of the caller's: of the primary, or of a replica. @throws ZmigrateError no-key */
export async function countIn(context: CompareContext, work: VerifyWork, session: Session): Promise<Verification> {
  const { database } = context;
  const tell = teller(context.tell, () => database.estimateRows(session, work.relation));
  let all: Verification = { rows: 0, mismatches: 0, examples: [] };
  for (const part of await partsOf(context, work, session)) {
    const { rows, mismatches, examples } = all;
    const key = await database.keyOf(session, { relation: part, key: null });
    const walk = { work, key, ...(part === work.relation ? {} : { part }), tell: (more: number) => tell(rows + more) };
    const found = await walked(context, session, walk);
    const own = work.below === true ? found.examples.map((e) => `${e} in ${show(part)}`) : found.examples;
    const some = [...examples, ...own].slice(0, 5);
    all = { rows: rows + found.rows, mismatches: mismatches + found.mismatches, examples: some };
  }
  return all;
}
