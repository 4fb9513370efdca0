import type { Shadow } from "../engines/shadow.js";
import { isError } from "../errors.js";
import type { Migration } from "../model/migration.js";
import type { PlannedMigration, PlanReport } from "../model/plan-report.js";
import type { QueryCompatibility } from "../model/query.js";
import { type ReadQuery, type Recorder, recorderOf } from "../queries/record.js";
import { tryStages } from "../shadow/prove.js";
import { replay } from "../shadow/replay.js";
import { refusedBy } from "./queries.js";

/** What expands together is not contracted yet. */
const EARLY = ["expand", "backfill"] as const;

/** What is needed to run several plans as `apply` does. */
export interface InFlight {
  readonly folder: readonly Migration[];
  readonly queries: readonly ReadQuery[];
  /** A shadow with nothing in it. */
  open(): Promise<Shadow>;
}

const hasEnded = ({ owner }: QueryCompatibility): boolean => owner === "gone" || owner === "none";

/**
 * The places of queries that running code sends and that an earlier migration's contract breaks: the next one's expand runs
 * before that contract, so that the matrix, where one migration ends before the next begins, says nothing of them.
 */
function unasked({ migrations: [first, ...later] }: PlanReport): ReadonlySet<number> {
  const ended = later.flatMap((m) => (m.plan === null ? [] : (m.compatibility ?? []))).filter(hasEnded);
  const sources = new Set(ended.map((row) => JSON.stringify(row.query)));
  const rows = [...(first?.compatibility ?? []).entries()];
  return new Set(rows.filter(([, r]) => r.owner === "old" && sources.has(JSON.stringify(r.query))).map(([i]) => i));
}

/** The rows of one migration, where old code's query does not go on as before while the former ones are under way. */
function told(planned: PlannedMigration, places: readonly number[], asked: readonly QueryCompatibility[]) {
  return (planned.compatibility ?? []).map((row, i) => {
    const found = asked[places.indexOf(i)];
    if (found === undefined || !hasEnded(row) || hasEnded(found) || found.owner === "new") return row;
    if (EARLY.every((stage) => found.outcomes[stage].verdict === "works")) return row;
    const { before, expand, backfill } = found.outcomes;
    return { ...row, owner: found.owner, outcomes: { ...row.outcomes, before, expand, backfill } };
  });
}

/** Runs expand and backfill of a plan, and asks before and behind each; why it fails there, or null. */
async function runEarly(shadow: Shadow, { plan }: PlannedMigration, recorder: Recorder): Promise<string | null> {
  const { defaultSchema } = await shadow.introspect();
  await recorder.at("before", shadow, false);
  return (await tryStages(shadow, plan?.steps ?? [], EARLY, defaultSchema, recorder.at)).failed;
}

/** Why a migration that is not planned here cannot be run as it is written, or null. */
async function pass(migration: Migration, shadow: Shadow): Promise<string | null> {
  try {
    await replay([migration], shadow);
    return null;
  } catch (error) {
    if (isError(error, "shadow-failed")) return error.message;
    throw error;
  }
}

/** Expands one migration after the other; behind one that cannot be run, nobody can tell. */
async function walk(report: PlanReport, { folder, queries }: InFlight, places: readonly number[], shadow: Shadow) {
  const found = new Map<string, PlannedMigration>();
  const asked = places.flatMap((i) => queries[i] ?? []);
  let failed: string | null = null;
  for (const migration of folder) {
    const planned = report.migrations.find((m) => m.id === migration.id);
    if (planned === undefined) {
      failed ??= await pass(migration, shadow);
      continue;
    }
    // Refused: nothing runs behind it.
    if (planned.plan === null) break;
    const recorder = recorderOf(asked);
    failed ??= await runEarly(shadow, planned, recorder);
    const rows = recorder.matrix(`nobody can tell before the former migrations are contracted: ${failed ?? ""}`);
    if (planned !== report.migrations[0])
      found.set(planned.id, refusedBy(planned, migration, told(planned, places, rows)));
  }
  return found;
}

/**
 * The matrix with what several migrations do together: `apply` expands them all before one is contracted, and old code
 * runs all the while.
 *
 * @param report with a matrix
 * @throws ZmigrateError not-available
 */
export async function withInFlight(report: PlanReport, given: InFlight): Promise<PlanReport> {
  const places = [...unasked(report)];
  if (places.length === 0) return report;
  const shadow = await given.open();
  try {
    const found = await walk(report, given, places, shadow);
    return { ...report, migrations: report.migrations.map((m) => found.get(m.id) ?? m) };
  } finally {
    await shadow.close();
  }
}
