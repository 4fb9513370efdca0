import { basename } from "node:path";
import { engineFor } from "../config/engine.js";
import type { SettingsFlags } from "../config/given.js";
import { openablePath } from "../config/path.js";
import { resolveSettings, type Settings } from "../config/settings.js";
import type { Engine } from "../engines/engine.js";
import { isError, ZmigrateError } from "../errors.js";
import { parseMigrationName } from "../files/name.js";
import { loadMigrations } from "../history/load.js";
import { lintMigrations, lintOptions } from "../lint/index.js";
import { folderInputs } from "../lint/inputs.js";
import type { LintInput } from "../lint/lint.js";
import type { Finding } from "../model/finding.js";
import type { PlanReport } from "../model/plan-report.js";
import { withUnknown } from "../plan/queries.js";
import { type DatabasePlan, databasePlan, type PlanSettings, planFromFiles } from "../plan/report.js";
import { planFromShadow } from "../plan/shadow.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { type Live, withDatabase } from "./database.js";
import { paintFor } from "./paint.js";
import { NO_SHADOW, opener, queriesFor, together, unasked } from "./plan-queries.js";
import { addSettings } from "./settings.js";
import { withShadow } from "./shadow.js";

interface PlanFlags extends SettingsFlags {
  readonly format?: string;
  readonly to?: string;
  readonly gitBase?: string;
  readonly write?: boolean;
  readonly shadow?: boolean;
}

const FORMATS = ["text", "json", "markdown", "sql"] as const;

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c.argument("[files...]", "migration files (default: all that are not finished)"), [
      "config",
      "engine",
      "migrations",
      "databaseUrl",
      "shadowUrl",
      "release",
      "queries",
      "serverVersion",
      "park",
      "soak",
      "execOrder",
    ])
      .option("--git-base <ref>", "plan only what this branch adds or changes since it left REF")
      .option("--no-shadow", "do not try the plan in an embedded PostgreSQL, or on the server of --shadow-url")
      .option("--format <format>", FORMATS.join(", "), "text")
      .option("--write", "put unsafe files into phases: what stands in them then is what runs"),
  run: (c, io) => plan(c.opts<PlanFlags>(), c.args, io),
};

/** What lint says of the same files, beside what the plan makes of them. */
function withFindings(report: PlanReport, findings: readonly Finding[]): PlanReport {
  const of = (file: string) => findings.filter((f) => f.file === file);
  return { ...report, migrations: report.migrations.map((m) => ({ ...m, findings: of(m.file) })) };
}

/** What was begun is judged as it was written, on the files before it; the rest on the schema as it is. */
function judged({ report, begun, catalog, version }: DatabasePlan, settings: Settings, engine: Engine): PlanReport {
  const options = lintOptions(settings, engine);
  const inputs = folderInputs(settings.migrations);
  const isBegun = ({ file }: LintInput) => begun.has(parseMigrationName(basename(file))?.id ?? "");
  const { newestVersion: _, ...others } = options;
  const fresh = lintMigrations(
    inputs.filter((i) => !isBegun(i)),
    { ...others, version },
    catalog,
  );
  const former = begun.size === 0 ? [] : lintMigrations(inputs, options).findings;
  const begunFiles = new Set(inputs.filter(isBegun).map((i) => i.file));
  return withFindings(report, [...former.filter((f) => begunFiles.has(f.file)), ...fresh.findings]);
}

/** The migrations that were asked for; null for all. */
async function filesOf(settings: Settings, flags: PlanFlags, files: readonly string[], { cwd }: Io) {
  if (flags.gitBase === undefined) return files.length === 0 ? null : files.map((file) => openablePath(cwd, file));
  if (files.length > 0) throw new ZmigrateError("usage", { reason: "--git-base finds the files: name none." });
  const { branchFiles } = await import("../lint/branch-files.js");
  return branchFiles(settings.migrations, flags.gitBase);
}

/**
 * A history may begin before the folder does, or need what an embedded server has not: then the statement is named, and
 * the plan is made as if there were no shadow, which takes what it does not know for the worse.
 */
async function tryShadow(plan: () => Promise<PlanReport>, io: Io): Promise<PlanReport | null> {
  try {
    return await plan();
  } catch (error) {
    if (!isError(error, "shadow-failed")) throw error;
    io.stderr.write(`note: ${error.message} The plan is made from the files alone, and was not tried. ${error.help}\n`);
    return null;
  }
}

/** Without a database: tried in one of its own where there is such a thing, else from the files alone. */
async function withoutDatabase(
  settings: PlanSettings & Settings,
  files: readonly string[] | null,
  flags: PlanFlags,
  io: Io,
): Promise<PlanReport> {
  const engine = await engineFor(settings.engine, settings.osc);
  const folder = await loadMigrations(settings.migrations, engine);
  const queries = await queriesFor(settings, engine, null, io);
  return withShadow(engine, settings, flags.shadow !== false, async ({ open: shadow, version }) => {
    const open = folder.length === 0 ? null : shadow;
    const own = { ...settings, serverVersion: settings.serverVersion ?? version };
    const tried =
      open === null ? null : await tryShadow(() => planFromShadow(engine, folder, own, files, open, queries), io);
    const report = tried ?? (await planFromFiles(engine, folder, own, files));
    const { findings } = lintMigrations(folderInputs(settings.migrations), lintOptions(settings, engine));
    const asked = withUnknown(report, queries, unasked(tried, shadow));
    return withFindings(await together(asked, { folder, queries, open: opener(report, folder, open) }), findings);
  });
}

/** From the database's own schema; queries are prepared in a shadow of its history. */
async function withLive(
  live: Live,
  settings: PlanSettings & Settings,
  files: readonly string[] | null,
  flags: PlanFlags,
  io: Io,
): Promise<PlanReport> {
  const { engine, database, migrations: folder } = live;
  const queries = await queriesFor(settings, engine, database, io);
  const planned = await databasePlan(live, settings, files);
  const report = judged(planned, settings, engine);
  if (queries.length === 0) return report;
  return withShadow(engine, settings, flags.shadow !== false, async (shadow) => {
    const open = opener(report, folder, shadow.open);
    if (open === null) return withUnknown(report, queries, NO_SHADOW);
    const { withQueries } = await import("../plan/replayed.js");
    return together(await withQueries(report, { folder, queries, open }), { folder, queries, open });
  });
}

async function reportOf(settings: Settings, flags: PlanFlags, names: readonly string[], io: Io): Promise<PlanReport> {
  const files = await filesOf(settings, flags, names, io);
  const to = flags.to ?? null;
  if (settings.databaseUrl !== null)
    return withDatabase(settings, "plan", (live) => withLive(live, { ...settings, to }, files, flags, io));
  return withoutDatabase({ ...settings, to }, files, flags, io);
}

/** Steps that are kept must be for the server that runs them. @throws ZmigrateError usage */
function refuseToWrite({ databaseUrl, serverVersion, shadow, shadowUrl }: Settings, format: string): void {
  if (format !== "text") throw new ZmigrateError("usage", { reason: "--write prints no plan: leave --format out." });
  if (databaseUrl !== null || serverVersion !== null || (shadowUrl !== null && shadow)) return;
  const reason = "--write keeps the steps, and they are not the same for every version of a server.";
  throw new ZmigrateError("usage", { reason, help: "Pass --database-url, or --server-version with the server's." });
}

/**
 * Prints what would run, in which deploy, with which locks. Changes nothing but, with --write, the files. Exit code 1 when
 * a change is refused.
 */
export async function plan(flags: PlanFlags, files: readonly string[], io: Io): Promise<ExitCode> {
  const settings = await resolveSettings(flags, io.env, io.cwd);
  const format = FORMATS.find((f) => f === (flags.format ?? "text"));
  if (format === undefined)
    throw new ZmigrateError("usage", { reason: `--format: "${flags.format}" is not one of ${FORMATS.join(", ")}.` });
  if (flags.write === true) refuseToWrite(settings, format);
  const report = await reportOf(settings, flags, files, io);
  if (flags.write === true) {
    const { writePlans } = await import("./write-plans.js");
    return writePlans(report, await engineFor(settings.engine, settings.osc), files.length > 0, io);
  }
  const render = {
    text: async () => (await import("../report/plan/text.js")).planText(report, paintFor(io.stdout)),
    json: async () => (await import("../report/plan/json.js")).planJson(report),
    markdown: async () => (await import("../report/plan/markdown.js")).planMarkdown(report),
    sql: async () =>
      (await import("../report/plan/sql.js")).planSql(report, (await engineFor(settings.engine, settings.osc)).script),
  }[format];
  io.stdout.write(await render());
  return report.migrations.some((m) => m.refusals.length > 0) ? 1 : 0;
}
