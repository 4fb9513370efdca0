import type { Database, Session } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { Migration } from "../model/migration.js";
import type { Step } from "../model/step.js";
import { type Journal, journalOf } from "./journal.js";
import type { MigrationRecord, StepRecord } from "./records.js";
import type { MigrationStatus } from "./schema.js";
import { goesOnWithout, isRecorded } from "./without-file.js";

/** A migration's file is not what was begun. */
export type Drift = ZmigrateError<"edited-migration"> | ZmigrateError<"missing-migration">;

/**
 * What is wrong with the file of a migration that was begun: it was edited since, or is not in the folder any more. Null
 * when nothing is; a migration that was rolled back may change or go, and a finished one may go, or one that `repair` lets go on.
 *
 * @param migration what the folder has under the record's digits
 * @example
 * driftOf(record, migrations.find((m) => m.id === record.id))?.message
 */
export function driftOf(record: MigrationRecord, migration: Migration | undefined): Drift | null {
  const { id, name, file, status, checksum, startedAt, plan } = record;
  if (status === "rolled-back") return null;
  if (migration === undefined)
    return status === "contracted" || goesOnWithout(checksum)
      ? null
      : new ZmigrateError("missing-migration", { id, name, file });
  if (isRecorded(migration.checksum, checksum)) return null;
  const appliedAt = startedAt?.toISOString() ?? "?";
  return new ZmigrateError("edited-migration", {
    file: migration.file,
    id,
    appliedAt,
    finished: status === "contracted" && plan.steps.some((step) => step.final),
  });
}

/**
 * What was begun must still be what the files say.
 *
 * @throws ZmigrateError edited-migration, missing-migration: for the first that is not
 */
export function refuseDrift(migrations: readonly Migration[], records: readonly MigrationRecord[]): void {
  const byId = new Map(migrations.map((m) => [m.id, m]));
  for (const record of records) {
    const drift = driftOf(record, byId.get(record.id));
    if (drift !== null) throw drift;
  }
}

/** The migrations that were rolled back and have no file in the folder any more, by id; empty where there is none. */
export function goneWithFile(folder: readonly Migration[], records: readonly MigrationRecord[]): string[] {
  const there = new Set(folder.map((m) => m.id));
  return records.filter((r) => r.status === "rolled-back" && !there.has(r.id)).map((r) => r.id);
}

/** The folder has another text under its digits than what was begun. */
const isEdited = ({ checksum }: MigrationRecord, migration: Migration | undefined): boolean =>
  migration !== undefined && !isRecorded(migration.checksum, checksum);

/** What a failed migration was asked with: the session reads only. */
interface Asking {
  readonly database: Database;
  readonly session: Session;
}

/**
 * A transactional step that was cut off left nothing; of any other that ran, the catalog tells. The batches of a backfill
 * commit one by one, and the journal counts what they changed.
 */
async function mayHaveRun(
  { database, session }: Asking,
  { id: migrationId }: MigrationRecord,
  step: Step,
  record: StepRecord | undefined,
): Promise<boolean> {
  if (record?.status === "done") return true;
  if (record?.status === "running" && step.backfill !== null) {
    const backfill = await journalOf(database).backfill(session, { migrationId, stepId: step.id });
    return backfill !== null && backfill.rowsChanged > 0;
  }
  if (record?.status !== "running" || (step.transaction && database.journal.transactionalDdl)) return false;
  if (step.probe === null) return true;
  const [row] = await session.query<{ state: string }>(step.probe.sql);
  return (row?.state ?? "absent") !== "absent";
}

/** Of these the journal tells whether anything was done: a step failed, or a backfill stopped (cancelled, interrupted, throttled). */
const MAY_BE_UNDONE: ReadonlySet<MigrationStatus> = new Set(["failed", "backfilling"]);

/**
 * Whether a migration's file may be edited after it was begun: its first step failed, or its backfill was stopped, and left
 * nothing, so that `apply` begins it anew from its file.
 *
 * @param steps how its steps stand
 */
export async function beginsAnew(
  asking: Asking,
  record: MigrationRecord,
  migration: Migration | undefined,
  steps: readonly StepRecord[],
): Promise<boolean> {
  if (!isEdited(record, migration) || !MAY_BE_UNDONE.has(record.status)) return false;
  const recordOf = new Map(steps.map((s) => [s.stepId, s]));
  for (const step of record.plan.steps) if (await mayHaveRun(asking, record, step, recordOf.get(step.id))) return false;
  return true;
}

/**
 * What the journal knows, for a command that only reads: those that `apply` begins anew from a file that was edited
 * count as rolled back.
 */
export async function knownRecords(
  asking: Asking,
  journal: Journal,
  folder: readonly Migration[],
): Promise<readonly MigrationRecord[]> {
  const { session } = asking;
  const records: MigrationRecord[] = [];
  for (const record of (await journal.exists(session)) ? await journal.migrations(session) : []) {
    const migration = folder.find((m) => m.id === record.id);
    const steps = isEdited(record, migration) ? await journal.steps(session, record.id) : [];
    const anew = await beginsAnew(asking, record, migration, steps);
    records.push(anew ? { ...record, status: "rolled-back" } : record);
  }
  return records;
}
