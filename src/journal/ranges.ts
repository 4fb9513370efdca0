import { type Compilable, type ExpressionBuilder, type Kysely, sql } from "kysely";
import type { Session } from "../engines/engine.js";
import { type RangeRecord, rangeRecord } from "./records.js";
import { now, rangeRow } from "./rows.js";
import type { JournalTables, Moment } from "./schema.js";

/** Runs a query of the journal. */
export type Write = (session: Session, query: Compilable) => Promise<void>;
export type Read = <R extends object>(session: Session, query: Compilable<R>) => Promise<R[]>;

/** Who does a range. */
export interface Worker {
  /** The run that it belongs to: what another runner has left is dead, since there is one at a time. */
  readonly run: string;
  /** True in the process that holds the runner's lock; others help it. */
  readonly runner: boolean;
  /** Which one of its process. */
  readonly number: number;
}

const RUNNER = "runner:";

/** `runner:UUID/1`, `helper:UUID/2` */
export const workerName = ({ run, runner, number }: Worker): string => `${runner ? RUNNER : "helper:"}${run}/${number}`;

/** Seconds after which a worker that said nothing counts as dead. Each batch says something, and so does each wait. */
export const LEASE_SECONDS = 20;

const inSeconds = (seconds: number) => sql<Moment>`current_timestamp(3) + INTERVAL ${sql.lit(String(seconds))} SECOND`;

const leased = inSeconds(LEASE_SECONDS);

/**
 * No lease reaches as far: the server's clock was put back since. The half of it is for who asks: PostgreSQL's
 * `current_timestamp` is the beginning of its transaction, which may have waited for a lock.
 */
const tooFar = inSeconds(2 * LEASE_SECONDS);

/** Which backfill. */
export interface OfBackfill {
  readonly migrationId: string;
  readonly stepId: string;
}

/**
 * The ranges that the workers of a backfill have leased. A lease only says when another worker may take a range over; that
 * no two ever write one is the work of `lock`, which each batch begins with.
 */
export interface Ranges {
  /** Those that are not done. */
  open(session: Session, of: OfBackfill): Promise<RangeRecord[]>;
  /** How many of them have a worker that has said something lately. */
  leased(session: Session, of: OfBackfill): Promise<number>;
  /** Leases a range whose worker is gone, in the caller's transaction; null where there is none. */
  takeOver(session: Session, of: OfBackfill, worker: Worker): Promise<RangeRecord | null>;
  /** Leases a new one. */
  give(session: Session, range: RangeRecord): Promise<void>;
  /** The range as it is, kept from others until the transaction ends; null where it is done, or another worker's by now. */
  lock(session: Session, range: RangeRecord): Promise<RangeRecord | null>;
  /** Its checkpoint; renews the lease. */
  advance(session: Session, range: RangeRecord): Promise<void>;
  /** Renews the lease of one that waits. */
  keep(session: Session, range: RangeRecord): Promise<void>;
  /** True where a batch of one of them is being written. Behind `lockBackfill` nobody is given another one meanwhile. */
  underWay(session: Session, of: OfBackfill): Promise<boolean>;
  /** Gives the lease back: whoever asks next goes on with it. */
  release(session: Session, range: RangeRecord): Promise<void>;
  /** It is done: what it did becomes the backfill's. @param batchRows what a batch had by then */
  finish(session: Session, range: RangeRecord, batchRows: number): Promise<void>;
  /** Forgets all of a backfill that begins again. */
  clear(session: Session, of: OfBackfill): Promise<void>;
}

type Table = ExpressionBuilder<JournalTables, "ranges">;

const ofBackfill =
  ({ migrationId, stepId }: OfBackfill) =>
  (row: Table) =>
    row.and([row("migration_id", "=", migrationId), row("step_id", "=", stepId)]);

const thisOne = (range: RangeRecord) => (row: Table) =>
  row.and([ofBackfill(range)(row), row("ordinal", "=", range.ordinal), row("worker", "=", range.worker)]);

/** There is one runner at a time: the ranges of a former one are nobody's, whatever their lease says. */
const isGone =
  ({ run, runner }: Worker) =>
  (row: Table) => {
    const expired = row.or([row("leased_until", "<", now), row("leased_until", ">", tooFar)]);
    if (!runner) return expired;
    const former = row.and([row("worker", "like", `${RUNNER}%`), row("worker", "not like", `${RUNNER}${run}/%`)]);
    return row.or([expired, former]);
  };

/** The ranges of a journal. */
export function rangesOf(db: Kysely<JournalTables>, write: Write, read: Read): Ranges {
  const all = () => db.selectFrom("ranges").selectAll();
  const change = () => db.updateTable("ranges");
  return {
    async open(session, of) {
      return (await read(session, all().where(ofBackfill(of)).orderBy("ordinal"))).map(rangeRecord);
    },
    async leased(session, of) {
      const count = db.selectFrom("ranges").select((row) => row.fn.countAll<string>().as("leased"));
      const alive = count.where(ofBackfill(of)).where("leased_until", ">=", now).where("leased_until", "<=", tooFar);
      const [row] = await read(session, alive);
      return Number(row?.leased ?? 0);
    },
    async takeOver(session, of, worker) {
      const found = all().where(ofBackfill(of)).where(isGone(worker)).orderBy("ordinal").limit(1);
      // A worker that is at work has locked its own: it is not waited for.
      const [row] = await read(session, found.forUpdate().skipLocked());
      if (row === undefined) return null;
      const former = rangeRecord(row);
      const range = Object.freeze({ ...former, worker: workerName(worker) });
      await write(session, change().set({ worker: range.worker, leased_until: leased }).where(thisOne(former)));
      return range;
    },
    give: (session, range) =>
      write(session, db.insertInto("ranges").values({ ...rangeRow(range), leased_until: leased })),
    async lock(session, range) {
      const [row] = await read(session, all().where(thisOne(range)).forUpdate());
      return row === undefined ? null : rangeRecord(row);
    },
    advance(session, range) {
      const { cursor_key, rows_done, rows_changed, batches, rate } = rangeRow(range);
      const done = { cursor_key, rows_done, rows_changed, batches, rate, leased_until: leased };
      return write(session, change().set(done).where(thisOne(range)));
    },
    keep: (session, range) => write(session, change().set({ leased_until: leased }).where(thisOne(range))),
    async underWay(session, of) {
      const mine = all().where(ofBackfill(of));
      const there = await read(session, mine);
      // A batch keeps its range until it has committed.
      return (await read(session, mine.forUpdate().skipLocked())).length < there.length;
    },
    release: (session, range) =>
      write(
        session,
        change().set({ leased_until: sql<Moment>`current_timestamp(3) - INTERVAL '1' SECOND` }).where(thisOne(range)),
      ),
    async finish(session, range, batchRows) {
      await write(session, db.deleteFrom("ranges").where(thisOne(range)));
      await write(
        session,
        db
          .updateTable("backfills")
          .set((row) => ({
            rows_done: row("rows_done", "+", range.rowsDone),
            rows_changed: row("rows_changed", "+", range.rowsChanged),
            batches: row("batches", "+", range.batches),
            batch_rows: batchRows,
            rate: range.rate,
            updated_at: now,
          }))
          .where("migration_id", "=", range.migrationId)
          .where("step_id", "=", range.stepId),
      );
    },
    clear: (session, of) => write(session, db.deleteFrom("ranges").where(ofBackfill(of))),
  };
}
