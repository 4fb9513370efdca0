import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Database, type Engine, findTable, type Version } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { formatDuration } from "../files/duration.js";
import { emptyCatalog } from "../history/replay.js";
import { goneWithFile, knownRecords, refuseDrift } from "../journal/drift.js";
import { journalOf } from "../journal/journal.js";
import type { MigrationRecord } from "../journal/records.js";
import { folderWith } from "../journal/without-file.js";
import type { Catalog } from "../model/catalog.js";
import type { ExecOrder } from "../model/exec-order.js";
import type { Migration } from "../model/migration.js";
import type { MigrationPlan, PlanRefusal } from "../model/plan.js";
import type { PlannedMigration, PlanReport, TableSize } from "../model/plan-report.js";
import { loadCode } from "./code.js";
import { type Fresh, freshAfter, NOTHING_FRESH } from "./fresh.js";
import { withKeyIndexes } from "./key-indexes.js";
import { whenChanged } from "./late-changes.js";
import { isNewDatabase, newInRelease } from "./new-tables.js";
import { outOfOrder } from "./out-of-order.js";
import { planMigration } from "./plan.js";
import { begunSince, goneRefusals, withGone } from "./refuse-gone.js";
import { type Reported, withSamples } from "./samples.js";
import { allUnderWay, underWay, withWait } from "./waits.js";
import { waitFor } from "./waits-dropped.js";

/** Gate settings of the run, milliseconds, and the version to assume without a server. */
export interface PlanSettings {
  readonly parkMs: number;
  readonly soakMs: number;
  readonly serverVersion: Version | null;
  /** The release that would be deployed; null when it is not named. */
  readonly release: string | null;
  /** Not beyond this migration. */
  readonly to?: string | null;
  /** What becomes of a file that has not run and stands before one that has; absent: it is run. */
  readonly execOrder?: ExecOrder;
}

const ALWAYS = ["later-release", "verified", "dependents", "replicas"];

/** What contract will wait for, durations as `24h`; a migration's own setting goes before the run's. */
function gatesOf(plan: MigrationPlan | null, settings: PlanSettings): { name: string; setting: string }[] {
  if (plan === null || !plan.steps.some((s) => s.phase === "contract")) return [];
  const own = (name: string) => plan.gates.findLast((g) => g.name === name)?.setting;
  const timed = [
    { name: "soak", setting: formatDuration(Number(own("soak") ?? settings.soakMs)) },
    { name: "park", setting: formatDuration(Number(own("park") ?? settings.parkMs)) },
    { name: "unused", setting: formatDuration(Number(own("unused") ?? 0)) },
    { name: "old-writers", setting: formatDuration(Number(own("old-writers") ?? 0)) },
  ].filter((g) => g.setting !== "0");
  return [
    ...ALWAYS.map((name) => ({ name, setting: "" })),
    ...timed,
    ...plan.gates.filter((g) => g.name === "flag" || g.name === "sql"),
  ];
}

/** How large the tables are that the steps are about, as far as that is known. */
function sizesOf(plan: MigrationPlan | null, catalog: Catalog): TableSize[] {
  const named = (plan?.steps ?? []).flatMap(({ backfill, verify, locks }) => [
    ...[backfill, verify].flatMap((work) => (work === null ? [] : [work.relation])),
    ...locks.map((l) => l.relation),
  ]);
  const once = new Map(named.map((relation) => [JSON.stringify([relation.schema, relation.name]), relation]));
  return [...once.values()].flatMap((relation) => {
    const { rows = null, bytes = null } = findTable(catalog, relation) ?? {};
    return rows === null && bytes === null ? [] : [{ relation, rows, bytes }];
  });
}

export function entry(
  migration: Migration,
  status: string,
  plan: MigrationPlan | null,
  refusals: readonly PlanRefusal[],
  settings: PlanSettings,
  catalog: Catalog,
): PlannedMigration {
  const { id, slug, file } = migration;
  const sizes = sizesOf(plan, catalog);
  return {
    id,
    name: slug,
    file,
    status,
    plan,
    refusals,
    findings: plan?.findings ?? [],
    gates: gatesOf(plan, settings),
    ...(sizes.length === 0 ? {} : { sizes }),
  };
}

/** @throws ZmigrateError file-not-found for a file that is not in the folder, unknown-migration for such a `to` */
export function chosen(
  folder: readonly Migration[],
  files: readonly string[] | null,
  to: string | null,
): (migration: Migration) => boolean {
  if (to !== null && !folder.some((m) => m.id === to)) throw new ZmigrateError("unknown-migration", { id: to });
  const wanted = files === null ? null : new Set(files.map((f) => resolve(f)));
  for (const file of files ?? [])
    if (!folder.some((m) => resolve(m.file) === resolve(file)))
      throw new ZmigrateError("file-not-found", existsSync(file) ? { file, why: "elsewhere" } : { file });
  return ({ id, file }) => (to === null || id <= to) && (wanted?.has(resolve(file)) ?? true);
}

/** What a report is made from. */
interface Source {
  readonly engine: Engine;
  readonly version: Version;
  readonly catalog: Catalog;
  readonly folder: readonly Migration[];
  readonly records: ReadonlyMap<string, MigrationRecord>;
  /** What no running code knows. From the files alone that is not told: they may be applied, or not. */
  readonly fresh: Fresh;
  /** The database holds nothing: see `PlanContext.newDatabase`. */
  readonly newDatabase: boolean;
}

const isNew = (record: MigrationRecord | undefined): boolean => (record?.status ?? "rolled-back") === "rolled-back";

const notBegun = (folder: readonly Migration[], records: readonly MigrationRecord[]): readonly Migration[] =>
  folder.filter(({ id }) => isNew(records.find((r) => r.id === id)));

/** What has begun since the first that is not finished, and what has not begun. */
function byState(
  folder: readonly Migration[],
  records: Source["records"],
): [begun: readonly Migration[], pending: readonly Migration[]] {
  const known = [...records.values()];
  return [begunSince(folder, known), notBegun(folder, known)];
}

/** Of what is begun the half is in the schema: there is no plan of what waits for it, nor a guess at one. */
const planAfter = (wait: PlanRefusal): PlanRefusal => ({
  ...wait,
  help: `${wait.help} \`apply\` waits until then (4); without a database it can be planned now.`,
});

/** On a new database the run that comes to it plans it on what is there then. */
const planLater = (refusal: PlanRefusal): PlanRefusal => ({
  ...refusal,
  help: "`zmigrate apply` plans it when what stands in front of it has run. To see that plan, run `zmigrate apply --to` the file in front.",
});

/** Plans each migration on what the former ones leave, and reports those that were chosen and are not finished. */
function planAll(source: Source, settings: PlanSettings, files: readonly string[] | null): Reported[] {
  const { engine, version, folder, records, newDatabase } = source;
  const isChosen = chosen(folder, files, settings.to ?? null);
  const { skipped, refused } = outOfOrder(folder, [...records.values()], settings.execOrder);
  let { fresh } = source;
  const gone = goneRefusals(...byState(folder, records), source);
  const begun = allUnderWay([...records.values()], source.catalog);
  let catalog = whenChanged(source.catalog, begun);
  const others = [...begun];
  const planned: Reported[] = [];
  for (const [n, migration] of folder.entries()) {
    const record = records.get(migration.id);
    if (record !== undefined && record.status !== "rolled-back") {
      if (record.status !== "contracted" && isChosen(migration))
        planned.push({ migration: entry(migration, record.status, record.plan, [], settings, catalog), pairs: [] });
      continue;
    }
    if (skipped.has(migration.id)) continue;
    const context = { engine, catalog, version, fresh, newDatabase };
    const made = planMigration(migration, context);
    const inTheWay = made.plan === null ? begun : others;
    const wait = waitFor(migration, made, inTheWay, context, source.catalog, folder.slice(n + 1));
    const isTold = !newDatabase || catalog.complete;
    const own = isTold ? made.refusals : made.refusals.map(planLater);
    const cannot = made.plan === null && wait !== null ? [planAfter(wait)] : own;
    const late = refused.get(migration.id);
    const refusals =
      late === undefined
        ? withGone(gone.get(migration.id) ?? [], wait?.circle === undefined ? cannot : [wait.circle])
        : [late];
    const plan = refusals.length > 0 ? null : made.plan;
    const { pairs, catalog: after } = made;
    if (catalog.source === "database" && plan !== null) fresh = freshAfter(fresh, plan);
    if (plan !== null && (isChosen(migration) || catalog.source === "database"))
      others.push(underWay(plan, false, catalog));
    catalog = after;
    if (!isChosen(migration)) continue;
    const told = plan === null ? null : withWait(plan, wait);
    planned.push({
      migration: entry(migration, record?.status ?? "pending", told, refusals, settings, catalog),
      pairs,
    });
  }
  return planned;
}

export const quoteOf = (engine: Engine): string => engine.quote("").slice(0, 1);

/** A plan, and what it was made on. */
export interface DatabasePlan {
  readonly report: PlanReport;
  /** The schema as it is now. */
  readonly catalog: Catalog;
  readonly version: Version;
  /** The migrations that were begun, by id: what they change may be in the schema already. */
  readonly begun: ReadonlySet<string>;
}

interface Live {
  readonly engine: Engine;
  readonly database: Database;
  readonly migrations: readonly Migration[];
}

/** As `databasePlan`, the report alone. */
export const planFromDatabase = async (
  live: Live,
  settings: PlanSettings,
  files: readonly string[] | null,
): Promise<PlanReport> => (await databasePlan(live, settings, files)).report;

/**
 * From the schema as it is now. What was begun is shown as it was recorded.
 *
 * @param files the migrations to report; null for all
 * @throws ZmigrateError edited-migration, missing-migration, as `apply` does; file-not-found
 */
export async function databasePlan(
  live: Live,
  settings: PlanSettings,
  files: readonly string[] | null,
): Promise<DatabasePlan> {
  const { engine, database, migrations: folder } = live;
  const session = await database.open();
  try {
    const known = await knownRecords({ database, session }, journalOf(database), folder);
    refuseDrift(folder, known);
    const catalog = withKeyIndexes(await database.introspect(session), known);
    await loadCode(notBegun(folder, known));
    const fresh = await newInRelease(database, session, catalog, known, settings.release);
    const { version } = database.server;
    const records = new Map(known.map((r) => [r.id, r]));
    const all = folderWith(folder, known);
    const newDatabase = known.length === 0 && isNewDatabase(catalog);
    const source = { engine, version, catalog, folder: all, records, fresh, newDatabase };
    const planned = planAll(source, settings, files);
    const begun = new Set(known.filter((r) => r.status !== "rolled-back").map((r) => r.id));
    const gone = goneWithFile(folder, known);
    const { skipped } = outOfOrder(folder, known, settings.execOrder);
    const report: PlanReport = {
      engine: engine.name,
      version: version.text,
      quote: quoteOf(engine),
      schemaSource: "database",
      migrations: await withSamples(database, session, planned),
      ...(folder.length === 0 ? { none: true } : {}),
      ...(gone.length === 0 ? {} : { gone }),
      ...(skipped.size === 0 ? {} : { skipped: [...skipped] }),
    };
    return { report, catalog, version, begun };
  } finally {
    await session.close();
  }
}

/** From the files alone: what they create is known, nothing else. `files` are the migrations to report; null for all. */
export async function planFromFiles(
  engine: Engine,
  folder: readonly Migration[],
  settings: PlanSettings,
  files: readonly string[] | null,
): Promise<PlanReport> {
  await engine.load();
  await loadCode(folder);
  const version = settings.serverVersion ?? engine.oldestVersion;
  const catalog = emptyCatalog("files", null, engine.name === "postgres" ? undefined : engine.name);
  const source = { engine, version, catalog, folder, records: new Map(), fresh: NOTHING_FRESH, newDatabase: false };
  const planned = planAll(source, settings, files);
  return {
    engine: engine.name,
    version: version.text,
    quote: quoteOf(engine),
    schemaSource: "files",
    ...(folder.length === 0 ? { none: true } : {}),
    migrations: planned.map((p) => p.migration),
  };
}
