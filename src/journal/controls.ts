import type { Kysely } from "kysely";
import type { Session } from "../engines/engine.js";
import type { Read, Write } from "./ranges.js";
import { momentIn } from "./records.js";
import { now, whereabouts } from "./rows.js";
import type { JournalTables, Wish } from "./schema.js";
import { type Row, wishIn } from "./shape.js";

/** What a person asked of a migration's backfill from another terminal. */
export interface Control {
  readonly migrationId: string;
  readonly wish: Wish;
  /** In the place of the run's own, milliseconds; null leaves it. */
  readonly maxLagMs: number | null;
  readonly batchTargetMs: number | null;
  /** Why, in the words of who asked; null for nothing. */
  readonly reason: string | null;
  readonly who: string;
  readonly host: string;
  readonly at: Date | null;
}

/** For people: `by ann on web1: the disks are full`. */
export const byWhom = ({ who, host, reason }: Pick<Control, "who" | "host" | "reason">): string =>
  `by ${who} on ${host}${reason === null ? "" : `: ${reason}`}`;

/** What is asked; who, where and when are added. */
export type Asked = Pick<Control, "migrationId" | "wish" | "maxLagMs" | "batchTargetMs" | "reason">;

/** What people ask of backfills that are running, or will. */
export interface Controls {
  /** Null where nobody asked for anything. */
  read(session: Session, migrationId: string): Promise<Control | null>;
  /** Until the transaction ends nobody else asks anything of the migration: two people who do so at once do it one after the other. */
  hold(session: Session, migrationId: string): Promise<void>;
  /** Replaces what was asked before. Behind `hold`. */
  write(session: Session, asked: Asked): Promise<void>;
}

const ms = (value: number | string | null): number | null => (value === null ? null : Number(value));

function control(row: JournalTables["controls"]): Control {
  const { migration_id: migrationId, reason, who, host } = row;
  const of: Row = { table: "controls", row: migrationId };
  const wish = wishIn(of, row.wish);
  const limits = { maxLagMs: ms(row.max_lag_ms), batchTargetMs: ms(row.batch_target_ms) };
  return Object.freeze({ migrationId, wish, reason, who, host, ...limits, at: momentIn(of, "at", row.at) });
}

/** The controls of a journal. */
export function controlsOf(db: Kysely<JournalTables>, write: Write, read: Read): Controls {
  const of = (migrationId: string) => db.selectFrom("controls").selectAll().where("migration_id", "=", migrationId);
  return {
    async hold(session, migrationId) {
      await read(session, db.selectFrom("migrations").select("id").where("id", "=", migrationId).forUpdate());
    },
    async read(session, migrationId) {
      const [row] = await read(session, of(migrationId));
      return row === undefined ? null : control(row);
    },
    async write(session, { migrationId, wish, maxLagMs, batchTargetMs, reason }) {
      const values = { wish, max_lag_ms: maxLagMs, batch_target_ms: batchTargetMs, reason, ...whereabouts(), at: now };
      const known = (await read(session, of(migrationId).forUpdate())).length > 0;
      const changed = db.updateTable("controls").set(values).where("migration_id", "=", migrationId);
      await write(
        session,
        known ? changed : db.insertInto("controls").values({ migration_id: migrationId, ...values }),
      );
    },
  };
}
