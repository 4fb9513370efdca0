import type { Database, Session } from "../engines/engine.js";
import type { ErrorData } from "../errors.js";
import { type Journal, journalOf } from "../journal/journal.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import { rowsText } from "../plural.js";

type Failed = ErrorData<"verify-failed">;

/** A verification counts as not done until it has compared again: the gate `verified` is closed, and says why. */
export const noteDiffering = (journal: Journal, session: Session, failed: Failed): Promise<void> =>
  journal.step(
    session,
    failed.migration,
    failed.step,
    "pending",
    `${rowsText(failed.mismatches, "differ")}. ${failed.examples}`,
  );

/** Once the swap has begun it goes on to its end: what was compared before it counts. */
function isOpen({ plan }: MigrationRecord, steps: readonly StepRecord[], step: string): boolean {
  const contract = new Set(plan.steps.flatMap((s) => (s.phase === "contract" ? [s.id] : [])));
  if (steps.some((s) => contract.has(s.stepId) && s.status !== "pending")) return false;
  return steps.some((s) => s.stepId === step && s.status === "done");
}

/** How long the journal's row may be held by a run, milliseconds. */
const LOCK_MS = 2_000;

/**
 * Closes the gate `verified` of a migration in which a comparison outside any run has found rows that differ, as one
 * within a run does: the next `apply` compares again. Before the verification was done, and once the swap has begun,
 * there is nothing to close.
 *
 * @throws the server's error where the journal cannot be written
 */
export async function closeVerified(database: Database, record: MigrationRecord, failed: Failed): Promise<void> {
  const session = await database.open();
  try {
    const journal = journalOf(database);
    await database.begin(session, { lockMs: LOCK_MS, statementMs: 0 });
    if (isOpen(record, await journal.steps(session, record.id), failed.step))
      await noteDiffering(journal, session, failed);
    await database.commit(session);
  } finally {
    await session.close();
  }
}
