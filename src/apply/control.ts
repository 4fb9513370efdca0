import type { Database, Session } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { type Asked, byWhom, type Control } from "../journal/controls.js";
import { type Journal, journalOf } from "../journal/journal.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Wish } from "../journal/schema.js";
import { isUnfinished } from "../plan/waits.js";

/** What is to be asked of a migration's backfill. */
export interface ControlRequest {
  readonly id: string;
  readonly wish: Wish;
  /** Milliseconds; absent leaves what was asked before. */
  readonly maxLagMs?: number;
  readonly batchTargetMs?: number;
  /** Why, for who reads the status; null for nothing. */
  readonly reason: string | null;
  /** The release, for the audit; null where none is named. */
  readonly release: string | null;
}

/** What was asked, and whether a backfill of the migration is under way. */
export interface ControlResult {
  readonly record: MigrationRecord;
  readonly control: Asked;
  readonly running: boolean;
}

/** How long another who asks the same, or a run that begins the migration, is waited for, milliseconds. */
const LOCK_MS = 5_000;

const ACTIONS: Readonly<Record<Wish, string>> = Object.freeze({ run: "resume", pause: "pause", cancel: "cancel" });

async function unfinished(journal: Journal, session: Session, id: string, wish: Wish): Promise<MigrationRecord> {
  const records = (await journal.exists(session)) ? await journal.migrations(session) : [];
  const record = records.find((r) => r.id === id);
  if (record === undefined)
    throw new ZmigrateError("usage", {
      reason: `There is no migration ${id} that has begun on this database.`,
      help: "`zmigrate status` lists the migrations. One that is pending is asked when `zmigrate apply` has begun it.",
    });
  // To go on harms nothing; a pause of what is over would hold up the comparison before contract.
  if (isUnfinished(record) && (record.backfilledAt === null || wish === "run")) return record;
  throw new ZmigrateError("usage", {
    reason: `Migration ${id} has no backfill ahead of it: it is ${record.status}.`,
    help: "`zmigrate status` says what it waits for.",
  });
}

const limitsOf = ({ maxLagMs, batchTargetMs }: ControlRequest, before: Control | null) => ({
  maxLagMs: maxLagMs ?? before?.maxLagMs ?? null,
  batchTargetMs: batchTargetMs ?? before?.batchTargetMs ?? null,
});

async function isRunning(journal: Journal, session: Session, { id, plan }: MigrationRecord): Promise<boolean> {
  for (const step of plan.steps) {
    const record = await journal.backfill(session, { migrationId: id, stepId: step.id });
    if (record?.state === "running") return true;
  }
  return false;
}

/** A run that is to end with 4 would wait instead, and who cancelled it would not learn of that. @throws ZmigrateError usage */
function refuseCancelled(id: string, before: Control | null): void {
  if (before?.wish !== "cancel") return;
  throw new ZmigrateError("usage", {
    reason: `The backfill of ${id} is cancelled ${byWhom(before)}, and a pause would undo that.`,
    help: `\`zmigrate resume ${id}\` takes the cancel back; it can be paused then.`,
  });
}

/**
 * Asks a migration's backfill to pause, go on or stop, in this process or another one: what runs hears it within a batch,
 * and what does not run yet when it begins.
 *
 * @throws ZmigrateError usage (it has no backfill ahead of it, has not begun, or a pause of one that is cancelled), journal-locked
 */
export async function askBackfill(database: Database, request: ControlRequest): Promise<ControlResult> {
  const journal = journalOf(database);
  const session = await database.open();
  try {
    const { id, wish, reason, release } = request;
    const record = await unfinished(journal, session, id, wish);
    await journal.upgrade(session);
    await database.begin(session, { lockMs: LOCK_MS, statementMs: 0 });
    await journal.controls.hold(session, id);
    const before = await journal.controls.read(session, id);
    if (wish === "pause") refuseCancelled(id, before);
    const control: Asked = { migrationId: id, wish, reason, ...limitsOf(request, before) };
    await journal.controls.write(session, control);
    const detail = JSON.stringify({ ...limitsOf(request, before), reason });
    await journal.audit(session, { action: ACTIONS[wish], migrationId: id, stepId: null, release, detail });
    await database.commit(session);
    return { record, control, running: await isRunning(journal, session, record) };
  } catch (error) {
    if (error instanceof ZmigrateError || database.classify(error) !== "lock-timeout") throw error;
    throw new ZmigrateError("journal-locked", { reason: database.describe(error) }, { cause: error });
  } finally {
    await session.close();
  }
}
