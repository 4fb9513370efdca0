import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { sql } from "kysely";
import type { BackfillRecord, RangeRecord } from "./records.js";
import type { Moment } from "./schema.js";

/** What was done, for who asks afterwards; the row says besides who did it, where and when. */
export interface AuditEntry {
  readonly action: string;
  readonly migrationId: string | null;
  readonly stepId: string | null;
  readonly release: string | null;
  readonly detail: string | null;
}

/** The database's clock, to the millisecond. */
export const now = sql<Moment>`current_timestamp(3)`;

const keyText = (cursor: readonly string[] | null): string | null => (cursor === null ? null : JSON.stringify(cursor));

/** A range as the journal's table has it, besides its lease. */
export function rangeRow(range: RangeRecord) {
  return {
    migration_id: range.migrationId,
    step_id: range.stepId,
    ordinal: range.ordinal,
    cursor_key: keyText(range.cursor),
    upper_key: JSON.stringify(range.upper),
    rows_done: range.rowsDone,
    rows_changed: range.rowsChanged,
    batches: range.batches,
    rate: range.rate,
    worker: range.worker,
  };
}

/** A backfill as the journal's table has it. */
export function backfillRow(record: BackfillRecord) {
  return {
    migration_id: record.migrationId,
    step_id: record.stepId,
    key_columns: JSON.stringify(record.key),
    cursor_key: keyText(record.cursor),
    upper_key: keyText(record.upper),
    rows_done: record.rowsDone,
    rows_changed: record.rowsChanged,
    rows_total: record.rowsTotal,
    batches: record.batches,
    batch_rows: record.batchRows,
    rate: record.rate,
    state: record.state,
    waiting_for: record.waitingFor,
    updated_at: now,
  };
}

function whoAmI(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}

const cut = (text: string | null) => (text === null ? null : text.slice(0, 255));

/** Who runs this, and where. */
export const whereabouts = () => ({ who: whoAmI().slice(0, 255), host: hostname().slice(0, 255) });

let entries = 0;

/** Unique; of one process the later is the greater: the database's clock knows milliseconds, and more may happen in one. */
function entryId(): string {
  entries += 1;
  return `${String(entries).padStart(8, "0")}-${randomUUID().slice(9)}`;
}

/** An entry with who, where and when. */
export function auditRow(entry: AuditEntry) {
  return {
    id: entryId(),
    at: now,
    action: entry.action,
    migration_id: entry.migrationId,
    step_id: entry.stepId,
    ...whereabouts(),
    app_release: cut(entry.release),
    detail: entry.detail,
  };
}
