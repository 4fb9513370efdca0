/** The journal's version that this program writes. A newer one is refused, an older one is upgraded. */
export const JOURNAL_VERSION = 3;

export type MigrationStatus =
  | "pending"
  | "expanding"
  | "expanded"
  | "backfilling"
  | "backfilled"
  | "contracting"
  | "contracted"
  | "rolled-back"
  | "failed";

export type StepStatus = "pending" | "running" | "done" | "undone";

/** What a person asks of a backfill. */
export type Wish = "run" | "pause" | "cancel";

export type BackfillState = "running" | "paused" | "done";

/** A moment as a driver hands it over: PostgreSQL a Date, MySQL a Date or UTC text. PostgreSQL's `infinity` is a number: see `momentIn`. */
export type Moment = Date | string;

/**
 * The journal's tables. PostgreSQL: schema `zmigrate`; MySQL and MariaDB: prefix `zmigrate_`.
 * Texts are `text`/`longtext` unless a width is given; moments are `timestamptz(3)`/`datetime(3)` in UTC;
 * counts are bigint and arrive as strings.
 */
export interface JournalTables {
  /** Primary key `name` varchar(64). Rows: `version`, and on PostgreSQL `schema`, the one that names without a schema mean. */
  meta: { name: string; value: string };
  /** Primary key `id` varchar(14). */
  migrations: {
    id: string;
    name: string;
    file: string;
    /** varchar(64) */
    checksum: string;
    /** varchar(20) */
    status: MigrationStatus;
    /** JSON of a MigrationPlan: what was begun is what is resumed. */
    plan: string;
    /** varchar(255): the release that expanded, and the one that swapped. */
    expand_release: string | null;
    swap_release: string | null;
    started_at: Moment | null;
    expanded_at: Moment | null;
    backfilled_at: Moment | null;
    swapped_at: Moment | null;
    finished_at: Moment | null;
    error: string | null;
  };
  /** Primary key (`migration_id` varchar(14), `step_id` varchar(120)). */
  steps: {
    migration_id: string;
    step_id: string;
    ordinal: number;
    /** varchar(20) */
    status: StepStatus;
    attempts: number;
    started_at: Moment | null;
    finished_at: Moment | null;
    error: string | null;
  };
  /** Primary key (`migration_id` varchar(14), `step_id` varchar(120)). */
  backfills: {
    migration_id: string;
    step_id: string;
    /** JSON of BackfillKey. */
    key_columns: string;
    /** JSON of the last key that a worker was given a range up to, null before the first. */
    cursor_key: string | null;
    /** JSON of the fixed end, null for an empty table. */
    upper_key: string | null;
    /** Of the ranges that are done; those under way have their own. */
    rows_done: number | string;
    rows_changed: number | string;
    rows_total: number | string;
    batches: number | string;
    /** int */
    batch_rows: number;
    /** double: rows a second, smoothed. */
    rate: number;
    /** varchar(20) */
    state: BackfillState;
    waiting_for: string | null;
    updated_at: Moment;
  };
  /**
   * The ranges of backfills that workers are about: each is one worker's until its lease is over. Primary key
   * (`migration_id` varchar(14), `step_id` varchar(120), `ordinal` bigint).
   */
  ranges: {
    migration_id: string;
    step_id: string;
    /** Unique among those of its backfill that are there; a range that is done gives it free. */
    ordinal: number | string;
    /** JSON of the last key done; null at the very beginning of the table. */
    cursor_key: string | null;
    /** JSON of the range's last key. */
    upper_key: string;
    rows_done: number | string;
    rows_changed: number | string;
    batches: number | string;
    /** double: rows a second, smoothed. */
    rate: number;
    /** varchar(64) */
    worker: string;
    leased_until: Moment;
  };
  /** What people ask of migrations' backfills from another terminal. Primary key `migration_id` varchar(14). */
  controls: {
    migration_id: string;
    /** varchar(20) */
    wish: Wish;
    max_lag_ms: number | string | null;
    batch_target_ms: number | string | null;
    reason: string | null;
    /** varchar(255) each */
    who: string;
    host: string;
    at: Moment;
  };
  /** The rows that backfills have passed over. Primary key (`migration_id` varchar(14), `step_id` varchar(120), `ordinal` bigint). */
  bad_rows: {
    migration_id: string;
    step_id: string;
    /** From 1, without gaps. */
    ordinal: number | string;
    /** For people. */
    row_key: string;
    reason: string;
    at: Moment;
  };
  /** Primary key `id` varchar(36); append only. */
  audit: {
    id: string;
    at: Moment;
    /** varchar(60) */
    action: string;
    /** varchar(14) */
    migration_id: string | null;
    /** varchar(120) */
    step_id: string | null;
    /** varchar(255) each */
    who: string;
    host: string;
    app_release: string | null;
    detail: string | null;
  };
}

export const JOURNAL_TABLES = Object.freeze([
  "meta",
  "migrations",
  "steps",
  "backfills",
  "ranges",
  "controls",
  "bad_rows",
  "audit",
] as const);
