import type { BackfillKey, Cursor } from "../engines/engine.js";
import type { MigrationPlan } from "../model/plan.js";
import type { BackfillState, JournalTables, MigrationStatus, Moment, StepStatus } from "./schema.js";
import { damaged, keyIn, type Row, stateIn, statusIn, stepStatusIn, textsIn } from "./shape.js";

/** A migration as the journal remembers it. */
export interface MigrationRecord {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly checksum: string;
  readonly status: MigrationStatus;
  readonly plan: MigrationPlan;
  readonly expandRelease: string | null;
  readonly swapRelease: string | null;
  readonly startedAt: Date | null;
  readonly expandedAt: Date | null;
  readonly backfilledAt: Date | null;
  readonly swappedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly error: string | null;
}

export interface StepRecord {
  readonly stepId: string;
  readonly ordinal: number;
  readonly status: StepStatus;
  readonly attempts: number;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly error: string | null;
}

export interface BackfillRecord {
  readonly migrationId: string;
  readonly stepId: string;
  readonly key: BackfillKey;
  /** The last key that a worker was given a range up to. */
  readonly cursor: Cursor;
  /** The fixed end of the whole backfill; null for an empty table. */
  readonly upper: Cursor;
  readonly rowsDone: number;
  readonly rowsChanged: number;
  readonly rowsTotal: number;
  readonly batches: number;
  readonly batchRows: number;
  /** Rows a second. */
  readonly rate: number;
  readonly state: BackfillState;
  readonly waitingFor: string | null;
  readonly updatedAt: Date | null;
}

/** An entry of the audit. */
export interface AuditRecord {
  readonly at: Date;
  readonly action: string;
  readonly migrationId: string | null;
  readonly stepId: string | null;
  /** The user of the machine, and its name. */
  readonly who: string;
  readonly host: string;
  readonly release: string | null;
  /** Text, or JSON: each action has its own. */
  readonly detail: string | null;
}

/** A part of a backfill that one worker is about: the keys behind `cursor`, up to and with `upper`. */
export interface RangeRecord {
  readonly migrationId: string;
  readonly stepId: string;
  /** Tells it from the other ranges of its backfill that are not done. */
  readonly ordinal: number;
  /** The last key that is done. */
  readonly cursor: Cursor;
  readonly upper: readonly string[];
  readonly rowsDone: number;
  readonly rowsChanged: number;
  readonly batches: number;
  /** Rows a second. */
  readonly rate: number;
  /** Who has leased it. */
  readonly worker: string;
}

/** Drivers give Dates or UTC text without a zone. */
export function momentOf(value: Moment | null): Date | null {
  if (value === null || value instanceof Date) return value;
  return new Date(/[zZ]|[+-]\d\d(:?\d\d)?$/.test(value) ? value : `${value.replace(" ", "T")}Z`);
}

/**
 * The same of a row that anybody can have written: `infinity` is no Date, and no moment that something was done.
 *
 * @throws ZmigrateError journal-damaged
 */
export function momentIn(of: Row, column: string, value: Moment | null): Date | null {
  const moment = typeof value === "number" ? null : momentOf(value);
  if (value === null || (moment !== null && !Number.isNaN(moment.getTime()))) return moment;
  throw damaged(of, `its ${column} is ${String(value)}, which is no moment`);
}

/** What `Journal.attempt` gives for a migration that began then. */
export const attemptOf = (startedAt: Date | null): string | null => startedAt?.toISOString() ?? null;

/** @throws ZmigrateError journal-damaged */
export function migrationRecord(row: Omit<JournalTables["migrations"], "plan">, plan: MigrationPlan): MigrationRecord {
  const of: Row = { table: "migrations", row: row.id };
  return Object.freeze({
    id: row.id,
    name: row.name,
    file: row.file,
    checksum: row.checksum,
    status: statusIn(of, row.status),
    plan,
    expandRelease: row.expand_release,
    swapRelease: row.swap_release,
    startedAt: momentIn(of, "started_at", row.started_at),
    expandedAt: momentIn(of, "expanded_at", row.expanded_at),
    backfilledAt: momentIn(of, "backfilled_at", row.backfilled_at),
    swappedAt: momentIn(of, "swapped_at", row.swapped_at),
    finishedAt: momentIn(of, "finished_at", row.finished_at),
    error: row.error,
  });
}

/** @throws ZmigrateError journal-damaged */
export function auditRecord(row: JournalTables["audit"]): AuditRecord {
  return Object.freeze({
    at: momentIn({ table: "audit", row: String(row.id) }, "at", row.at) ?? new Date(0),
    action: row.action,
    migrationId: row.migration_id,
    stepId: row.step_id,
    who: row.who,
    host: row.host,
    release: row.app_release,
    detail: row.detail,
  });
}

/** @throws ZmigrateError journal-damaged */
export function stepRecord(row: JournalTables["steps"]): StepRecord {
  const of: Row = { table: "steps", row: `${row.migration_id} ${row.step_id}` };
  return Object.freeze({
    stepId: row.step_id,
    ordinal: Number(row.ordinal),
    status: stepStatusIn(of, row.status),
    attempts: Number(row.attempts),
    startedAt: momentIn(of, "started_at", row.started_at),
    finishedAt: momentIn(of, "finished_at", row.finished_at),
    error: row.error,
  });
}

const cursorIn = (of: Row, column: string, text: string | null): Cursor =>
  text === null ? null : textsIn(of, column, text);

/** @throws ZmigrateError journal-damaged */
export function backfillRecord(row: JournalTables["backfills"]): BackfillRecord {
  const of: Row = { table: "backfills", row: `${row.migration_id} ${row.step_id}` };
  return Object.freeze({
    migrationId: row.migration_id,
    stepId: row.step_id,
    key: keyIn(of, row.key_columns),
    cursor: cursorIn(of, "cursor_key", row.cursor_key),
    upper: cursorIn(of, "upper_key", row.upper_key),
    rowsDone: Number(row.rows_done),
    rowsChanged: Number(row.rows_changed),
    rowsTotal: Number(row.rows_total),
    batches: Number(row.batches),
    batchRows: Number(row.batch_rows),
    rate: Number(row.rate),
    state: stateIn(of, row.state),
    waitingFor: row.waiting_for,
    updatedAt: momentIn(of, "updated_at", row.updated_at),
  });
}

/** @throws ZmigrateError journal-damaged */
export function rangeRecord(row: JournalTables["ranges"]): RangeRecord {
  const of: Row = { table: "ranges", row: `${row.migration_id} ${row.step_id} ${row.ordinal}` };
  return Object.freeze({
    migrationId: row.migration_id,
    stepId: row.step_id,
    ordinal: Number(row.ordinal),
    cursor: cursorIn(of, "cursor_key", row.cursor_key),
    upper: textsIn(of, "upper_key", row.upper_key),
    rowsDone: Number(row.rows_done),
    rowsChanged: Number(row.rows_changed),
    batches: Number(row.batches),
    rate: Number(row.rate),
    worker: row.worker,
  });
}
