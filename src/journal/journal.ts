import { type Compilable, Kysely, sql, type UpdateObject } from "kysely";
import type { Database, Session } from "../engines/engine.js";
import type { MigrationPlan } from "../model/plan.js";
import { allowed, isThere } from "./access.js";
import { type BadRows, badRowsOf } from "./bad-rows.js";
import { type Controls, controlsOf } from "./controls.js";
import { metaOf } from "./meta.js";
import { migrationsOf } from "./migrations.js";
import { journalNames } from "./names.js";
import { type OfBackfill, type Ranges, type Read, rangesOf, type Write } from "./ranges.js";
import {
  type AuditRecord,
  attemptOf,
  auditRecord,
  type BackfillRecord,
  backfillRecord,
  type MigrationRecord,
  momentIn,
  momentOf,
  type RangeRecord,
  type StepRecord,
  stepRecord,
} from "./records.js";
import { type Releases, releasesIn } from "./releases.js";
import { type AuditEntry, auditRow, backfillRow, now } from "./rows.js";
import { JOURNAL_VERSION, type JournalTables, type MigrationStatus, type StepStatus } from "./schema.js";

/** The moments of a migration that are kept. */
export type Milestone = "expanded_at" | "backfilled_at" | "swapped_at" | "finished_at";

/**
 * What was planned and done, kept in the database itself. Every function runs on the session it is given, so that a
 * caller decides what commits together.
 */
export interface Journal {
  /**
   * False on a database that zmigrate never wrote to. Asked before anything is read: what another program, or a job on
   * another schema, has noted is not to be believed.
   *
   * @throws ZmigrateError journal-newer, journal-elsewhere, journal-damaged
   */
  exists(session: Session): Promise<boolean>;
  /**
   * That names without a schema mean here what they meant when the journal was made: a migration of this run's may have made a
   * schema that comes first.
   *
   * @throws ZmigrateError journal-newer, journal-elsewhere, journal-damaged
   */
  mustBeOurs(session: Session): Promise<void>;
  /** True where it is there as this program writes it. */
  isCurrent(session: Session): Promise<boolean>;
  /** Makes the journal, or brings it up to date. @throws ZmigrateError journal-newer, journal-elsewhere, journal-damaged */
  upgrade(session: Session): Promise<void>;
  migrations(session: Session): Promise<MigrationRecord[]>;
  /** Null for one that was never begun. */
  migration(session: Session, id: string): Promise<MigrationRecord | null>;
  steps(session: Session, migrationId: string): Promise<StepRecord[]>;
  /** What is done of a backfill, in ranges that are under way too. */
  backfill(session: Session, of: OfBackfill): Promise<BackfillRecord | null>;
  /** Tells this beginning of a migration from another one; null where it is not begun, or rolled back. */
  attempt(session: Session, migrationId: string): Promise<string | null>;
  /** Its row, without the ranges under way, kept from others until the transaction ends; what another one commits is waited for. */
  lockBackfill(session: Session, of: OfBackfill): Promise<BackfillRecord | null>;
  /** The database's clock. */
  now(session: Session): Promise<Date>;
  /** Records a plan as begun; what was recorded for a rolled-back run of the same migration is replaced. */
  begin(session: Session, plan: MigrationPlan, checksum: string): Promise<void>;
  /** Nothing is known of a migration any more, but what the audit keeps. */
  forget(session: Session, id: string): Promise<void>;
  /** Records another file as that of a migration. */
  takeFile(session: Session, id: string, is: { readonly file: string; readonly checksum: string }): Promise<void>;
  status(session: Session, id: string, status: MigrationStatus, error?: string | null): Promise<void>;
  /** Sets a moment to now, with the release where the moment has one. */
  milestone(session: Session, id: string, milestone: Milestone, release: string | null): Promise<void>;
  /** Makes a release the one that expanded a migration, or swapped it. */
  adopt(session: Session, id: string, release: string, did: { expanded: boolean; swapped: boolean }): Promise<void>;
  /** What is known of releases: which have been named, and when their runs have ended. */
  releases(session: Session): Promise<Releases>;
  /** Sets a step's status. A step that is done stays done when it is said to be running. */
  step(session: Session, migrationId: string, stepId: string, status: StepStatus, error?: string | null): Promise<void>;
  startBackfill(session: Session, record: BackfillRecord): Promise<void>;
  /** Begins one anew that was there before. */
  restartBackfill(session: Session, record: BackfillRecord): Promise<void>;
  /** Ranges have been given up to this key. */
  extendBackfill(session: Session, of: OfBackfill, cursor: readonly string[]): Promise<void>;
  /** What it waits for; null for nothing. */
  holdBackfill(session: Session, of: OfBackfill, waitingFor: string | null): Promise<void>;
  finishBackfill(session: Session, of: OfBackfill): Promise<void>;
  /** Nobody is given a range of the migration's backfills any more. */
  closeBackfills(session: Session, migrationId: string): Promise<void>;
  /** Takes all ranges from their workers, and waits for the batches that are under way. Behind `closeBackfills`. */
  endWorkers(session: Session, migrationId: string): Promise<void>;
  readonly ranges: Ranges;
  readonly controls: Controls;
  readonly badRows: BadRows;
  audit(session: Session, entry: AuditEntry): Promise<void>;
  /** The last entries of the audit, newest first: of one migration, or of all. What gates remember (`SEEN`) is none. */
  entries(
    session: Session,
    of: { readonly migrationId: string | null; readonly limit: number },
  ): Promise<AuditRecord[]>;
  /** What was last kept by an audit entry of `SEEN` of a migration on a server, since it began; null for nothing. */
  seenOn(session: Session, migrationId: string, on: string): Promise<string | null>;
  /** What was last kept of a step by an audit entry of `REBUILD`, since its migration began; null for nothing. */
  rebuild(session: Session, migrationId: string, stepId: string): Promise<string | null>;
}

/** The action of an audit entry: another program is about to be started; its detail is what the table must become. */
export const REBUILD = "rebuild";

/** The action of an audit entry: what a gate has seen on a server, whose name stands in the place of a step. */
export const SEEN = "gate-has-seen";

/** The journal of a database. Nothing is read or written until one of its functions is called. */
export function journalOf(database: Database): Journal {
  const db = new Kysely<JournalTables>({
    dialect: database.journal.dialect,
    plugins: [journalNames(database.journal.table)],
  });
  const rows: Read = <R extends object>(session: Session, query: Compilable<R>): Promise<R[]> => {
    const { sql: text, parameters } = query.compile();
    return allowed(database, "read", () => session.query<R>(text, parameters));
  };
  const run: Write = async (session, query) => {
    const { sql: text, parameters } = query.compile();
    await allowed(database, "write", () => session.query(text, parameters));
  };
  const ranges = rangesOf(db, run, rows);
  const badRows = badRowsOf(db, run, rows);
  const migrations = migrationsOf(db, rows);
  const audit: Journal["audit"] = (session, entry) => run(session, db.insertInto("audit").values(auditRow(entry)));
  /** What was last noted of a step by this action since its migration began; null for nothing. */
  const noted = async (session: Session, action: string, migrationId: string, stepId: string) => {
    const [entry] = await rows(
      session,
      db
        .selectFrom("audit")
        .select(["at", "detail"])
        .where("migration_id", "=", migrationId)
        .where("step_id", "=", stepId)
        .where("action", "=", action)
        .orderBy("at", "desc")
        .orderBy("id", "desc")
        .limit(1),
    );
    const begun = await rows(session, db.selectFrom("migrations").select("started_at").where("id", "=", migrationId));
    const since = momentIn({ table: "migrations", row: migrationId }, "started_at", begun[0]?.started_at ?? null);
    if (
      entry === undefined ||
      since === null ||
      (momentIn({ table: "audit", row: `of ${migrationId} ${stepId}` }, "at", entry.at) ?? since) < since
    )
      return null;
    return entry.detail;
  };
  const meta = metaOf(database, db, run, rows);
  /** Sessions that have been told once that it is theirs: what is begun goes on, though a migration makes a schema that names mean from then on. */
  const ours = new WeakSet<Session>();
  const forget: Journal["forget"] = async (session, id) => {
    for (const table of ["steps", "backfills", "ranges", "controls", "bad_rows"] as const)
      await run(session, db.deleteFrom(table).where("migration_id", "=", id));
    await run(session, db.deleteFrom("migrations").where("id", "=", id));
  };
  const setBackfill = (session: Session, { migrationId, stepId }: OfBackfill, changes: Changes) =>
    run(
      session,
      db
        .updateTable("backfills")
        .set({ ...changes, updated_at: now })
        .where("migration_id", "=", migrationId)
        .where("step_id", "=", stepId),
    );
  return {
    async exists(session) {
      if (ours.has(session)) return true;
      if (!(await isThere(database, session))) return false;
      await meta.mustBeOurs(session);
      ours.add(session);
      return true;
    },
    mustBeOurs: (session) => meta.mustBeOurs(session),
    isCurrent: async (session) =>
      (await isThere(database, session)) && (await meta.version(session)) === JOURNAL_VERSION,
    async upgrade(session) {
      if (await isThere(database, session)) {
        const version = await meta.version(session);
        // A newer program may have come first while this run waited for the lock.
        if (!ours.has(session) || version > JOURNAL_VERSION) await meta.mustBeOurs(session);
        if (version !== JOURNAL_VERSION) await create(session, database);
      } else await create(session, database);
      await meta.keep(session);
      ours.add(session);
    },
    migrations: migrations.all,
    migration: migrations.one,
    steps: async (session, id) =>
      (await rows(session, db.selectFrom("steps").selectAll().where("migration_id", "=", id).orderBy("ordinal"))).map(
        stepRecord,
      ),
    async attempt(session, id) {
      const query = db.selectFrom("migrations").select(["started_at", "status"]).where("id", "=", id);
      const [row] = await rows(session, query);
      return row === undefined || row.status === "rolled-back"
        ? null
        : attemptOf(momentIn({ table: "migrations", row: id }, "started_at", row.started_at));
    },
    closeBackfills: (session, id) => run(session, db.deleteFrom("backfills").where("migration_id", "=", id)),
    endWorkers: (session, id) => run(session, db.deleteFrom("ranges").where("migration_id", "=", id)),
    ranges,
    controls: controlsOf(db, run, rows),
    badRows,
    async backfill(session, of) {
      const record = firstRecord(await rows(session, backfillOf(db, of)));
      if (record === null || record.state === "done") return record;
      // A journal that only `apply` brings up to date may be read before it did: the first version had no ranges.
      return (await meta.version(session)) === 1 ? record : withRanges(record, await ranges.open(session, of));
    },
    lockBackfill: async (session, of) => firstRecord(await rows(session, backfillOf(db, of).forUpdate())),
    async now(session) {
      const [row] = await rows(session, db.selectNoFrom(now.as("moment")));
      return momentOf(row?.moment ?? null) ?? new Date();
    },
    forget,
    async begin(session, plan, checksum) {
      await forget(session, plan.id);
      const { id, name, file } = plan;
      await run(
        session,
        db
          .insertInto("migrations")
          .values({ id, name, file, checksum, status: "expanding", plan: JSON.stringify(plan), started_at: now }),
      );
      const steps = plan.steps.map(
        (step, ordinal) => ({ migration_id: id, step_id: step.id, ordinal, status: "pending", attempts: 0 }) as const,
      );
      if (steps.length > 0) await run(session, db.insertInto("steps").values(steps));
    },
    takeFile: (session, id, { file, checksum }) =>
      run(session, db.updateTable("migrations").set({ file, checksum }).where("id", "=", id)),
    status: (session, id, status, error = null) =>
      run(session, db.updateTable("migrations").set({ status, error }).where("id", "=", id)),
    async milestone(session, id, milestone, release) {
      // What was asked of a backfill is over with it: a later pass of a comparison is another one.
      if (milestone === "backfilled_at") await run(session, db.deleteFrom("controls").where("migration_id", "=", id));
      const of =
        milestone === "expanded_at"
          ? { expand_release: release }
          : milestone === "swapped_at"
            ? { swap_release: release }
            : {};
      await run(
        session,
        db
          .updateTable("migrations")
          .set({ [milestone]: now, ...of })
          .where("id", "=", id),
      );
    },
    async adopt(session, id, release, { expanded, swapped }) {
      const given = { ...(expanded ? { expand_release: release } : {}), ...(swapped ? { swap_release: release } : {}) };
      if (expanded || swapped) await run(session, db.updateTable("migrations").set(given).where("id", "=", id));
    },
    releases: (session) => releasesIn(db, rows, session),
    step(session, migrationId, stepId, status, error = null) {
      const moment =
        status === "running" ? { started_at: now, attempts: sql<number>`attempts + 1` } : { finished_at: now };
      const query = db
        .updateTable("steps")
        .set({ status, error, ...moment })
        .where("migration_id", "=", migrationId)
        .where("step_id", "=", stepId);
      return run(session, status === "running" ? query.where("status", "!=", "done") : query);
    },
    startBackfill: (session, record) => run(session, db.insertInto("backfills").values(backfillRow(record))),
    async restartBackfill(session, record) {
      await ranges.clear(session, record);
      await badRows.clear(session, record);
      const { migration_id: _, step_id: __, key_columns: ___, ...changes } = backfillRow(record);
      await setBackfill(session, record, changes);
    },
    extendBackfill: (session, of, cursor) => setBackfill(session, of, { cursor_key: JSON.stringify(cursor) }),
    holdBackfill: (session, of, waitingFor) => setBackfill(session, of, { waiting_for: waitingFor }),
    finishBackfill: (session, of) =>
      setBackfill(session, of, { state: "done", waiting_for: null, rows_total: sql<number>`rows_done` }),
    seenOn: (session, migrationId, on) => noted(session, SEEN, migrationId, on),
    async entries(session, { migrationId, limit }) {
      const all = db
        .selectFrom("audit")
        .selectAll()
        .where("action", "!=", SEEN)
        .orderBy("at", "desc")
        .orderBy("id", "desc")
        .limit(limit);
      const query = migrationId === null ? all : all.where("migration_id", "=", migrationId);
      return (await rows(session, query)).map(auditRecord);
    },
    rebuild: (session, migrationId, stepId) => noted(session, REBUILD, migrationId, stepId),
    audit,
  };
}

type Changes = UpdateObject<JournalTables, "backfills">;

/** What a backfill has done, with what its workers have done of the ranges that they are about. */
function withRanges(record: BackfillRecord, open: readonly RangeRecord[]): BackfillRecord {
  const sum = (of: (range: RangeRecord) => number) => open.reduce((total, range) => total + of(range), 0);
  const rowsDone = record.rowsDone + sum((r) => r.rowsDone);
  return Object.freeze({
    ...record,
    rowsDone,
    rowsChanged: record.rowsChanged + sum((r) => r.rowsChanged),
    rowsTotal: Math.max(record.rowsTotal, rowsDone),
    batches: record.batches + sum((r) => r.batches),
    rate: sum((r) => r.rate) || record.rate,
  });
}

const backfillOf = (db: Kysely<JournalTables>, { migrationId, stepId }: OfBackfill) =>
  db.selectFrom("backfills").selectAll().where("migration_id", "=", migrationId).where("step_id", "=", stepId);

const firstRecord = ([row]: readonly JournalTables["backfills"][]): BackfillRecord | null =>
  row === undefined ? null : backfillRecord(row);

/** Each statement does nothing where its table is there: a run that was killed may have made some of them. */
async function create(session: Session, { journal }: Database): Promise<void> {
  for (const statement of journal.create) await session.query(statement);
}
