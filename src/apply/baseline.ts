import { lastRunBy } from "../adopt/last-run.js";
import type { FormerTool } from "../adopt/tool.js";
import type { Shadow } from "../engines/shadow.js";
import { ZmigrateError } from "../errors.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Migration } from "../model/migration.js";
import type { MigrationPlan } from "../model/plan.js";
import type { Difference } from "../shadow/compare.js";
import { filesAgainst } from "../shadow/files-against.js";
import type { ApplyOptions } from "./options.js";
import { asRunner, noted, type Run, recordsOf } from "./run.js";

/** What a baseline is told besides what every run is. */
export interface BaselineOptions extends Omit<ApplyOptions, "to"> {
  /** The last migration that the database has already, or the tool whose table tells it. */
  readonly to: string | FormerTool;
  /** Opens an empty database in which the files are run, to be compared with this one; null: nothing is compared. */
  readonly openShadow: ((texts: readonly string[]) => Promise<Shadow>) | null;
  /** Why the database may differ from the files; null: it may not. */
  readonly accept: string | null;
  /** Nothing is recorded. */
  readonly dryRun: boolean;
}

/** What a baseline did, or would do. */
export interface BaselineResult {
  /** The last migration that the database has already; null where the tool has run none. */
  readonly to: string | null;
  /** Migrations that are recorded as done, and were not before. */
  readonly recorded: readonly string[];
  /** Those that a former baseline had recorded, and that `apply` runs from now on. */
  readonly removed: readonly string[];
  /** How the database differs from the files; null where they were not compared. */
  readonly differences: readonly Difference[] | null;
}

/** The action of an audit entry: migrations were recorded as done, or no longer; its detail says which, and why. */
const BASELINE = "baseline";

const isLive = ({ status }: MigrationRecord): boolean => status !== "rolled-back";
const byBaseline = ({ plan }: MigrationRecord): boolean => plan.baseline === true;

/** A plan of nothing: what it stands for was in the database before zmigrate. */
const planOf = ({ id, slug: name, file }: Migration): MigrationPlan =>
  Object.freeze({
    ...{ id, name, file, baseline: true as const },
    ...{ steps: [], retires: [], creates: [], gates: [], findings: [], notes: [] },
  });

/** @throws ZmigrateError baseline-begun: half of it may be in the database, and nothing can be compared with that */
function refuseUnfinished(records: readonly MigrationRecord[]): void {
  const begun = records.find((r) => isLive(r) && r.status !== "contracted");
  if (begun === undefined) return;
  throw new ZmigrateError("baseline-begun", { id: begun.id, name: begun.name, status: begun.status });
}

/** @throws ZmigrateError as `lastRunBy` */
const lastOf = async ({ main }: Run, { to, migrations, database }: BaselineOptions): Promise<string | null> =>
  typeof to === "string" ? to : lastRunBy(to, migrations, database, main);

/** @throws ZmigrateError baseline-differs, shadow-failed */
async function compared(
  run: Run,
  { openShadow, accept }: BaselineOptions,
  done: readonly Migration[],
): Promise<readonly Difference[] | null> {
  if (openShadow === null) return null;
  const live = await run.options.database.introspect(run.main);
  const texts = done.flatMap((m) => (m.code === undefined ? [m.text] : []));
  const found = await filesAgainst(done, live, () => openShadow(texts));
  const last = done.at(-1)?.id ?? "";
  if (found.length > 0 && accept === null)
    throw new ZmigrateError("baseline-differs", { to: last, differences: found });
  return found;
}

/**
 * Records the migrations up to `to` as done, without running anything of them: for a database that has them already. What
 * a former baseline has recorded and is behind `to` is forgotten, so that `apply` runs it. Before anything is recorded, the
 * schema is compared with what the files make.
 *
 * A tool's table that tells of less than before may be empty, or another one: that forgets nothing by itself.
 *
 * @throws ZmigrateError unknown-migration, baseline-begun, baseline-forgets, baseline-differs, shadow-failed, what `lastRunBy` throws, and
 * what every run throws
 * @example
 * await baseline({ ...options, to: "20260101000000", openShadow: (texts) => openShadow(texts, version), accept: null, dryRun: false });
 */
export async function baseline(options: BaselineOptions): Promise<BaselineResult> {
  const { migrations, accept, release, dryRun } = options;
  if (typeof options.to === "string" && !migrations.some((m) => m.id === options.to))
    throw new ZmigrateError("unknown-migration", { id: options.to });
  return asRunner({ ...options, to: null, replicaUrls: [] }, async (run) => {
    const records = await recordsOf(run);
    refuseUnfinished(records);
    const to = await lastOf(run, options);
    const own = new Map(records.filter((r) => isLive(r) && !byBaseline(r)).map((r) => [r.id, r]));
    const before = new Map(records.filter((r) => isLive(r) && byBaseline(r)).map((r) => [r.id, r]));
    const isUpTo = (id: string) => to !== null && id <= to;
    const upTo = migrations.filter((m) => isUpTo(m.id));
    const recorded = upTo.filter((m) => !own.has(m.id) && before.get(m.id)?.checksum !== m.checksum);
    const removed = [...before.keys()].filter((id) => !isUpTo(id));
    if (typeof options.to !== "string" && removed.length > 0 && accept === null)
      throw new ZmigrateError("baseline-forgets", { tool: options.to.label, to, ids: removed });
    const done = migrations.filter((m) => isUpTo(m.id) || own.has(m.id));
    const differences = to === null ? null : await compared(run, options, done);
    const result = { to, recorded: recorded.map((m) => m.id), removed, differences };
    if (dryRun || recorded.length + removed.length === 0) return result;
    await run.journal.upgrade(run.main);
    const from = typeof options.to === "string" ? {} : { from: options.to.name };
    const detail = JSON.stringify({
      recorded: result.recorded,
      removed,
      differences,
      ...from,
      ...(accept === null ? {} : { accept }),
    });
    await noted(run, async () => {
      for (const id of removed) await run.journal.forget(run.main, id);
      for (const migration of recorded) {
        await run.journal.begin(run.main, planOf(migration), migration.checksum);
        await run.journal.status(run.main, migration.id, "contracted");
        await run.journal.milestone(run.main, migration.id, "finished_at", null);
      }
      await run.journal.audit(run.main, { action: BASELINE, migrationId: to, stepId: null, release, detail });
    });
    return result;
  });
}
