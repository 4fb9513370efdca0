import type { Shadow } from "../engines/shadow.js";
import { isError } from "../errors.js";
import type { Migration } from "../model/migration.js";
import type { MigrationPlan } from "../model/plan.js";
import type { PlannedMigration, PlanReport } from "../model/plan-report.js";
import { type ReadQuery, type Recorder, recorderOf } from "../queries/record.js";
import { tryStages } from "../shadow/prove.js";
import { replay } from "../shadow/replay.js";
import { isPending, refusedBy, withUnknown } from "./queries.js";

/** What is needed to ask about queries beside a plan that was made on a live database. */
export interface Replayed {
  readonly folder: readonly Migration[];
  readonly queries: readonly ReadQuery[];
  /** A shadow with nothing in it. */
  open(): Promise<Shadow>;
}

/** A shadow that goes through the history, and can be brought back to the end of its last migration. */
interface Walk {
  pass(migration: Migration): Promise<void>;
  /** Runs the steps of a plan; why they fail there, or null. */
  through(migration: Migration, plan: MigrationPlan, recorder: Recorder): Promise<string | null>;
  close(): Promise<void>;
}

async function walkOf(open: () => Promise<Shadow>): Promise<Walk> {
  const done: Migration[] = [];
  let shadow = await open();
  const startOver = async (): Promise<void> => {
    await shadow.close();
    shadow = await open();
    await replay(done, shadow);
  };
  return {
    async pass(migration) {
      await replay([migration], shadow);
      done.push(migration);
    },
    async through(migration, plan, recorder) {
      const { defaultSchema } = await shadow.introspect();
      await recorder.at("before", shadow, false);
      const stages = ["expand", "backfill", "swap", "drop"] as const;
      const { failed } = await tryStages(shadow, plan.steps, stages, defaultSchema, recorder.at);
      done.push(migration);
      if (failed !== null) await startOver();
      return failed;
    },
    close: () => shadow.close(),
  };
}

/** The matrix of each planned migration, by id, as far as the history can be replayed. */
async function matrices(report: PlanReport, { folder, queries, open }: Replayed, found: Map<string, PlannedMigration>) {
  const walk = await walkOf(open);
  // What runs now cannot send what does not work now: the tables of a later migration are new to it.
  let runs: readonly boolean[] | null = null;
  try {
    for (const migration of folder) {
      const planned = report.migrations.find((m) => m.id === migration.id);
      if (planned === undefined || planned.plan === null) {
        await walk.pass(migration);
        continue;
      }
      const recorder = recorderOf(queries);
      const failed = await walk.through(migration, planned.plan, recorder);
      if (isPending(planned)) runs ??= recorder.worksAt("before");
      const missing = `the plan cannot be run in the shadow: ${failed ?? ""}`;
      found.set(planned.id, refusedBy(planned, migration, recorder.matrix(missing, runs ?? [])));
    }
  } finally {
    await walk.close();
  }
}

/**
 * The matrix of queries beside a plan that was made on a live database: the folder's history is replayed in a shadow, and
 * the plan's own steps are run there. A history that cannot be replayed leaves the queries unknown.
 *
 * @throws ZmigrateError not-available
 */
export async function withQueries(report: PlanReport, replayed: Replayed): Promise<PlanReport> {
  const found = new Map<string, PlannedMigration>();
  let reason = "the plan was refused before";
  try {
    await matrices(report, replayed, found);
  } catch (error) {
    if (!isError(error, "shadow-failed")) throw error;
    reason = error.message.replace(/\.$/, "");
  }
  const migrations = report.migrations.map((m) => found.get(m.id) ?? m);
  return withUnknown({ ...report, migrations }, replayed.queries, reason);
}
