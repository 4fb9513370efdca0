import type { Cursor } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { Step, VerifyWork } from "../model/step.js";
import { type BackfillContext, openForBatches } from "./context.js";
import { stopIfAsked } from "./interrupted.js";
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

/** @throws ZmigrateError verify-failed when more rows differ than the run allows */
export async function runVerify(context: BackfillContext, step: Step, work: VerifyWork): Promise<Verification> {
  const found = await countMismatches(context, work);
  context.emit({
    event: "verified",
    migration: context.migrationId,
    step: step.id,
    rows: found.rows,
    mismatches: found.mismatches,
  });
  if (found.mismatches <= context.maxMismatches) return found;
  const examples = `Keys of some: ${found.examples.join(" | ")}.`;
  throw new ZmigrateError("verify-failed", {
    migration: context.migrationId,
    step: step.id,
    mismatches: found.mismatches,
    examples,
  });
}
