import type { Kysely } from "kysely";
import type { Session } from "../engines/engine.js";
import type { Read } from "./ranges.js";
import { attemptOf, type MigrationRecord, migrationRecord, momentIn } from "./records.js";
import type { JournalTables } from "./schema.js";
import { planIn } from "./shape.js";

/** Reads what is known of migrations. */
export interface Migrations {
  /** All of them in order. The plans that were read before are not read again. */
  all(session: Session): Promise<MigrationRecord[]>;
  /** Null for one that was never begun. */
  one(session: Session, id: string): Promise<MigrationRecord | null>;
}

type Row = JournalTables["migrations"];

/** All but the plan, which is most of a row. */
const WITHOUT_PLAN = [
  "id",
  "name",
  "file",
  "checksum",
  "status",
  "expand_release",
  "swap_release",
  "started_at",
  "expanded_at",
  "backfilled_at",
  "swapped_at",
  "finished_at",
  "error",
] as const satisfies readonly Exclude<keyof Row, "plan">[];

/** More rows than this without a plan that is kept: all are read. */
const FEW = 20;

/**
 * A plan never changes once its migration is begun, and a migration that is begun anew has another moment of its
 * beginning: that tells whether the plan that is kept is still the one which stands in the row.
 */
export function migrationsOf(db: Kysely<JournalTables>, rows: Read): Migrations {
  const kept = new Map<string, MigrationRecord>();
  const keep = (row: Row): MigrationRecord => {
    const record = migrationRecord(row, planIn({ table: "migrations", row: row.id }, row.id, row.plan));
    kept.set(record.id, record);
    return record;
  };
  const planOf = (row: Omit<Row, "plan">) => {
    const known = kept.get(row.id);
    const attempt = attemptOf(momentIn({ table: "migrations", row: row.id }, "started_at", row.started_at));
    return known === undefined || attempt === null || attempt !== attemptOf(known.startedAt) ? null : known.plan;
  };
  const whole = db.selectFrom("migrations").selectAll();
  return {
    async all(session) {
      const found =
        kept.size === 0 ? null : await rows(session, db.selectFrom("migrations").select(WITHOUT_PLAN).orderBy("id"));
      const anew = found?.filter((row) => planOf(row) === null).map((row) => row.id) ?? [];
      if (found === null || anew.length > FEW) return (await rows(session, whole.orderBy("id"))).map(keep);
      const read = anew.length === 0 ? [] : await rows(session, whole.where("id", "in", anew));
      const readNow = new Map(read.map((row) => [row.id, keep(row)]));
      return found.flatMap((row) => {
        const plan = planOf(row);
        // What stood there without a plan that is kept, and is gone by now, is left out.
        return readNow.get(row.id) ?? (plan === null ? [] : migrationRecord(row, plan));
      });
    },
    async one(session, id) {
      const [row] = await rows(session, whole.where("id", "=", id));
      return row === undefined ? null : keep(row);
    },
  };
}
