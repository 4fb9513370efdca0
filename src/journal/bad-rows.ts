import type { ExpressionBuilder, Kysely } from "kysely";
import type { Session } from "../engines/engine.js";
import type { OfBackfill, Read, Write } from "./ranges.js";
import { now } from "./rows.js";
import type { JournalTables } from "./schema.js";

/** A row that a backfill has passed over. */
export interface BadRowRecord {
  /** Its place among those of the backfill, from 1. */
  readonly ordinal: number;
  /** For people: `id = 7` */
  readonly key: string;
  readonly reason: string;
}

/** The rows that backfills have passed over since they began. */
export interface BadRows {
  /** How many there are of a backfill. Who adds one has locked the backfill before. */
  count(session: Session, of: OfBackfill): Promise<number>;
  add(session: Session, of: OfBackfill, row: BadRowRecord): Promise<void>;
  /** In the order in which they were found; the first ones where a limit is given. */
  list(session: Session, of: OfBackfill, limit?: number): Promise<BadRowRecord[]>;
  /** Forgets those of a backfill that begins again. */
  clear(session: Session, of: OfBackfill): Promise<void>;
}

const ofBackfill =
  ({ migrationId, stepId }: OfBackfill) =>
  (row: ExpressionBuilder<JournalTables, "bad_rows">) =>
    row.and([row("migration_id", "=", migrationId), row("step_id", "=", stepId)]);

/** The bad rows of a journal. */
export function badRowsOf(db: Kysely<JournalTables>, write: Write, read: Read): BadRows {
  return {
    async count(session, of) {
      // The last one is found by the key, however many there are.
      const last = db.selectFrom("bad_rows").select((row) => row.fn.max("ordinal").as("last"));
      const [row] = await read(session, last.where(ofBackfill(of)));
      return Number(row?.last ?? 0);
    },
    add: (session, { migrationId, stepId }, { ordinal, key, reason }) =>
      write(
        session,
        db
          .insertInto("bad_rows")
          .values({ migration_id: migrationId, step_id: stepId, ordinal, row_key: key, reason, at: now }),
      ),
    async list(session, of, limit) {
      const all = db.selectFrom("bad_rows").selectAll().where(ofBackfill(of)).orderBy("ordinal");
      return (await read(session, limit === undefined ? all : all.limit(limit))).map(
        ({ ordinal, row_key: key, reason }) => ({
          ordinal: Number(ordinal),
          key,
          reason,
        }),
      );
    },
    clear: (session, of) => write(session, db.deleteFrom("bad_rows").where(ofBackfill(of))),
  };
}
