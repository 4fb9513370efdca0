import type { BackfillWork, Step, VerifyWork } from "../model/step.js";
import { clashOf, verifyFailed } from "./clash.js";
import type { CompareContext, Verification } from "./compare.js";
import type { BackfillContext } from "./context.js";
import { countSparing } from "./elsewhere.js";
import { runBackfill } from "./run.js";
import type { Comparing } from "./teller.js";

/**
 * Passes over the whole table that a verification may take. One is enough for rows whose key moved behind the backfill;
 * the others are for those that move while it runs.
 */
const PASSES = 3;

/** Goes on with a pass that a former run was cut off in. */
async function finishPass(context: BackfillContext, step: Step, repair: BackfillWork): Promise<void> {
  const session = await context.database.open();
  const of = { migrationId: context.migrationId, stepId: step.id };
  const begun = await context.journal.backfill(session, of).finally(() => session.close());
  if (begun !== null && begun.state !== "done") await runBackfill(context, step, repair);
}

/** A comparison of the step, which tells how far it is. */
function comparing(
  { database, signal, targetMs, migrationId: migration, emit }: BackfillContext,
  step: Step,
): CompareContext {
  const tell = (progress: Comparing) => emit({ event: "comparing", migration, step: step.id, ...progress });
  return { database, signal, targetMs, tell };
}

async function counted(context: BackfillContext, step: Step, work: VerifyWork): Promise<Verification> {
  const { migrationId: migration, emit, replicaUrls = [] } = context;
  const waits = (reason: string, forMs: number) =>
    emit({ event: "waiting-for-replica", migration, step: step.id, reason, forMs });
  const { on, ...found } = await countSparing(comparing(context, step), { replicaUrls, waits }, work);
  const { rows, mismatches } = found;
  emit({ event: "verified", migration, step: step.id, rows, mismatches, ...(on === undefined ? {} : { on }) });
  return found;
}

/** How many rows the last pass has passed over. */
async function passedOverBy(
  { database, journal, migrationId }: BackfillContext,
  step: Step,
  { repair }: VerifyWork,
): Promise<number> {
  if (repair === undefined) return 0;
  const session = await database.open();
  return journal.badRows.count(session, { migrationId, stepId: step.id }).finally(() => session.close());
}

/**
 * Compares, and where more rows differ than the run allows goes over the whole table again, as a backfill does, with
 * its throttle and checkpoints, before it compares once more. A pass fills what is not filled; where both sides hold
 * something and differ, nothing tells which is newer: that ends it at once, with both ways out.
 *
 * @throws ZmigrateError verify-failed when rows still differ then, and what `runBackfill` throws
 */
export async function runVerify(context: BackfillContext, step: Step, work: VerifyWork): Promise<Verification> {
  const { migrationId: migration, emit, maxMismatches } = context;
  const { repair } = work;
  if (repair !== undefined) await finishPass(context, step, repair);
  for (let pass = 1; ; pass += 1) {
    const found = await counted(context, step, work);
    const { mismatches, examples } = found;
    if (mismatches <= maxMismatches) return found;
    const clash = await clashOf(comparing(context, step), work);
    if (repair === undefined || pass > PASSES || clash.mismatches > maxMismatches)
      throw verifyFailed(context.database.engine, {
        migration,
        step: step.id,
        work,
        found,
        clash,
        allowed: maxMismatches,
        passedOver: await passedOverBy(context, step, work),
      });
    emit({ event: "another-pass", migration, step: step.id, pass, of: PASSES, mismatches, examples });
    await runBackfill(context, step, repair, true);
  }
}
