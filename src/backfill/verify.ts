import type { Cursor } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { BackfillWork, Step, VerifyWork } from "../model/step.js";
import { type BackfillContext, openForBatches } from "./context.js";
import { stopIfAsked } from "./interrupted.js";
import { runBackfill } from "./run.js";
import { nextSize } from "./sizer.js";

/** What a verification found. */
export interface Verification {
  readonly rows: number;
  readonly mismatches: number;
  /** Keys of some mismatching rows. */
  readonly examples: readonly string[];
}

type VerifyContext = Pick<BackfillContext, "database" | "signal" | "targetMs">;

/** Counts mismatching rows in chunks, each a short read. */
export async function countMismatches(context: VerifyContext, work: VerifyWork): Promise<Verification> {
  const { database } = context;
  const session = await openForBatches(database);
  try {
    const key = await database.keyOf(session, { relation: work.relation, key: null });
    let after: Cursor = null;
    let size = 5_000;
    let [rows, mismatches] = [0, 0];
    const examples: string[] = [];
    for (;;) {
      stopIfAsked(context.signal);
      const began = performance.now();
      const found = await database.verifyBatch(session, { work, key, after, rows: size });
      rows += found.scanned;
      mismatches += found.mismatches;
      examples.push(...found.examples.slice(0, 5 - examples.length));
      if (found.last === null || found.scanned < size) return { rows, mismatches, examples };
      after = found.last;
      size = nextSize(size, performance.now() - began, context.targetMs);
    }
  } finally {
    await session.close();
  }
}

/**
 * Passes over the whole table that a verification may take. One is enough for rows whose key moved behind the backfill;
 * the others are for those that move while it runs.
 */
const PASSES = 3;

/** Goes on with a pass that a former run was cut off in. */
async function finishPass(context: BackfillContext, step: Step, repair: BackfillWork): Promise<void> {
  const session = await context.database.open();
  const begun = await context.journal.backfill(session, context.migrationId, step.id).finally(() => session.close());
  if (begun !== null && begun.state !== "done") await runBackfill(context, step, repair);
}

async function counted(context: BackfillContext, step: Step, work: VerifyWork): Promise<Verification> {
  const found = await countMismatches(context, work);
  const { rows, mismatches } = found;
  context.emit({ event: "verified", migration: context.migrationId, step: step.id, rows, mismatches });
  return found;
}

/**
 * Compares, and where more rows differ than the run allows goes over the whole table again, as a backfill does, with
 * its throttle and checkpoints, before it compares once more.
 *
 * @throws ZmigrateError verify-failed when rows still differ then, and what `runBackfill` throws
 */
export async function runVerify(context: BackfillContext, step: Step, work: VerifyWork): Promise<Verification> {
  const { migrationId: migration, emit } = context;
  const { repair } = work;
  if (repair !== undefined) await finishPass(context, step, repair);
  for (let pass = 1; ; pass += 1) {
    const found = await counted(context, step, work);
    const { mismatches, examples } = found;
    if (mismatches <= context.maxMismatches) return found;
    if (repair === undefined || pass > PASSES)
      throw new ZmigrateError("verify-failed", {
        migration,
        step: step.id,
        mismatches,
        examples: `Keys of some: ${examples.join(" | ")}.`,
      });
    emit({ event: "another-pass", migration, step: step.id, pass, of: PASSES, mismatches, examples });
    await runBackfill(context, step, repair, true);
  }
}
