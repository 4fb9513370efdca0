import { ZmigrateError } from "../errors.js";
import { beginsAnew, type Drift, driftOf } from "../journal/drift.js";
import type { MigrationRecord } from "../journal/records.js";
import type { MigrationStatus } from "../journal/schema.js";
import { withoutFile } from "../journal/without-file.js";
import type { ApplyOptions } from "./options.js";
import { asRunner, noted, type Run, recordsOf } from "./run.js";

/** What a repair is told besides what every run is. */
export interface RepairOptions extends ApplyOptions {
  /** The migration's 14 digits. */
  readonly id: string;
  /** Why its file is another one, or gone: the audit keeps it. */
  readonly reason: string;
}

/** What a repair recorded. */
export interface Repaired {
  readonly id: string;
  /** How the migration stands, which a repair does not change. */
  readonly status: MigrationStatus;
  readonly was: "edited" | "missing";
  /** Where the file is, or where it was. */
  readonly file: string;
  /** Its rollback was begun and not finished. */
  readonly halfBack: boolean;
}

/** The action of an audit entry: a migration's file is taken as it is; its detail says what it was, and why. */
const REPAIRED = "repaired";

/** @throws ZmigrateError cannot-repair: what computes the values of its backfill stands nowhere else */
function refuseCode(drift: Drift, { id, plan, backfilledAt }: MigrationRecord): void {
  if (drift.code !== "missing-migration" || backfilledAt !== null) return;
  if (!plan.steps.some((step) => step.backfill?.code !== undefined)) return;
  throw new ZmigrateError("cannot-repair", { id, file: drift.data.file });
}

async function recordOf(run: Run, id: string): Promise<MigrationRecord> {
  const record = (await recordsOf(run)).find((r) => r.id === id);
  if (record === undefined) throw new ZmigrateError("unknown-migration", { id });
  return record;
}

/**
 * Takes the file of a migration that was begun as it is now, edited or gone, so that `apply` goes on. Nothing is run: what
 * is left of the migration are the steps that were planned when it began.
 *
 * @returns what was recorded; null where `apply` goes on without it
 * @throws ZmigrateError unknown-migration, cannot-repair, and what every run throws
 * @example
 * await repair({ ...options, id: "20260101000000", reason: "a comment was mended" });
 */
export async function repair(options: RepairOptions): Promise<Repaired | null> {
  const { migrations, id, reason, release, database } = options;
  return asRunner({ ...options, replicaUrls: [] }, async (run) => {
    const record = await recordOf(run, id);
    const migration = migrations.find((m) => m.id === id);
    const drift = driftOf(record, migration);
    const asking = { database, session: run.main };
    const steps = await run.journal.steps(run.main, id);
    if (drift === null || (await beginsAnew(asking, record, migration, steps))) return null;
    refuseCode(drift, record);
    const was = migration === undefined ? "missing" : "edited";
    const { file } = drift.data;
    const now = { file: migration?.file ?? record.file, checksum: migration?.checksum ?? withoutFile(record.checksum) };
    const detail = JSON.stringify({ was, ...now, before: record.checksum, reason });
    await noted(run, async () => {
      await run.journal.takeFile(run.main, id, now);
      await run.journal.audit(run.main, { action: REPAIRED, migrationId: id, stepId: null, release, detail });
    });
    const halfBack = record.status !== "rolled-back" && steps.some((s) => s.status === "undone");
    return { id, status: record.status, was, file, halfBack };
  });
}
