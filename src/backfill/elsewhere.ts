import type { Session } from "../engines/engine.js";
import type { VerifyWork } from "../model/step.js";
import { type CompareContext, countIn, countMismatches, type Verification } from "./compare.js";
import { Interrupted } from "./interrupted.js";

/** How long a replica may take to replay what the primary has written until now, milliseconds. */
const PATIENCE_MS = 10_000;

/** After so much of it, it is said that the replica is waited for, milliseconds. */
const SILENT_MS = 1_000;

/** A read of a comparison is to take the aim of a batch: this is far beyond. */
const STATEMENT_MS = 60_000;

/** What was found, and on which replica; without that, on the primary. */
export interface Found extends Verification {
  readonly on?: string;
}

/** Where to compare. */
export interface Where {
  /** The replicas that were named: the first is asked in the primary's place. */
  readonly replicaUrls: readonly string[];
  /** Told that it is waited for, so long at most. */
  readonly waits: (reason: string, forMs: number) => void;
}

/** It has replayed what the primary has written until now, and is a replica still. */
async function isCaughtUp(
  { database, signal }: CompareContext,
  { waits }: Where,
  primary: Session,
  url: string,
): Promise<boolean> {
  const { caughtUp, reason } = await database.replicas(primary, [url], { ms: SILENT_MS, signal });
  if (caughtUp) return true;
  const ms = PATIENCE_MS - SILENT_MS;
  waits(reason, ms);
  return (await database.replicas(primary, [url], { ms, signal })).caughtUp;
}

/**
 * Compares on the first replica that was named, so that the primary is spared the reading. It must have replayed all that
 * was written when it is asked: then rows that are equal there were equal here.
 *
 * @returns null where there is none to ask, it is behind, or it cannot be read: then the primary is asked
 * @throws Interrupted when asked to stop
 */
async function countElsewhere(context: CompareContext, where: Where, work: VerifyWork): Promise<Found | null> {
  const [url] = where.replicaUrls;
  const { database } = context;
  if (url === undefined || !database.engine.replicasAreWhole) return null;
  const primary = await database.open();
  let session: Session | null = null;
  try {
    if (!(await isCaughtUp(context, where, primary, url))) return null;
    session = await database.openReader({ replicaUrl: url, statementMs: STATEMENT_MS, sameDatabase: true });
    await database.prepareBackfill(session);
    const found = await countIn(context, work, session);
    // One that was promoted meanwhile has gone its own way.
    if (!(await isCaughtUp(context, where, primary, url))) return null;
    return { ...found, on: URL.canParse(url) ? `replica ${new URL(url).host}` : "the replica" };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    // A replica cancels reads that replay must not wait for, and may go away at any moment.
    return null;
  } finally {
    await Promise.all([session?.close(), primary.close()]);
  }
}

/** Counts mismatching rows on a replica, and on the primary where that cannot be, or some are found: those are a matter for the primary. */
export async function countSparing(context: CompareContext, where: Where, work: VerifyWork): Promise<Found> {
  const elsewhere = await countElsewhere(context, where, work);
  return elsewhere?.mismatches === 0 ? elsewhere : countMismatches(context, work);
}
