import { existsSync } from "node:fs";
import { engineFor } from "../config/engine.js";
import type { SettingsFlags } from "../config/given.js";
import { openablePath } from "../config/path.js";
import { resolveSettings } from "../config/settings.js";
import type { Engine } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { expandPaths } from "../files/globs.js";
import { isFolder } from "../files/is-folder.js";
import { readText } from "../files/read.js";
import { decodeText } from "../files/text.js";
import type { Overlay } from "../lint/fix.js";
import {
  fileInputs,
  folderInputs,
  type Inputs,
  type PassedOver,
  passedOverBy,
  type ReadText,
  unlistedBy,
} from "../lint/inputs.js";
import type { Severity } from "../model/finding.js";
import type { Trace } from "../model/trace.js";
import { LINT_FORMATS } from "../report/lint/index.js";
import type { LintReport } from "../report/lint/report.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { addSettings } from "./settings.js";

/** What `lint` may be told besides settings. */
export interface LintFlags extends SettingsFlags {
  readonly format?: string;
  readonly maxSeverity?: string;
  readonly stdinFilepath?: string;
  readonly gitBase?: string;
  readonly fix?: boolean;
  readonly trace?: boolean;
  /** False for --no-cache. */
  readonly cache?: boolean;
}

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c.argument("[files...]", "migration files, folders or globs (default: the migrations folder)"), [
      "config",
      "engine",
      "migrations",
      "serverVersion",
    ])
      .option("--format <format>", `one of ${Object.keys(LINT_FORMATS).join(", ")}`, "text")
      .option("--max-severity <severity>", "the worst finding that does not fail: info, warning or error", "info")
      .option("--stdin-filepath <path>", "read this file's text from standard input")
      .option("--git-base <ref>", "judge only what this branch adds or changes since it left REF")
      .option("--fix", "write the fixes that are certain into the files, and lint again")
      .option(
        "--trace",
        "run the files on an embedded PostgreSQL and show what each statement locks, rewrites and scans",
      )
      .option("--no-cache", "judge every file anew, and keep nothing for the next run"),
  run: (c, io) => lint(c.args, c.opts<LintFlags>(), io),
};

/**
 * Judges migration files and prints the findings to stdout.
 *
 * @returns 0 no finding above --max-severity, 1 there are some, 2 a file or a directive could not be read, or a
 * migration of the base branch was edited
 * @throws ZmigrateError usage, bad-config, git-failed, not-available, and what reading files throws
 */
export async function lint(files: readonly string[], flags: LintFlags, io: Io): Promise<ExitCode> {
  const reporter = reporterOf(flags.format ?? "text");
  const allowed = severityRank(flags.maxSeverity ?? "info");
  refuseTogether(files, flags, io);
  const settings = await resolveSettings(flags, io.env, io.cwd, "files");
  const engine = await engineFor(settings.engine);
  // A parser compiles beside the main thread: what else is needed is loaded meanwhile.
  const [linter, render, collect] = await Promise.all([
    import("../lint/index.js"),
    reporter(),
    collector(files, flags, settings.migrations, io),
    engine.loadParser(),
  ]);
  const options = { ...linter.lintOptions(settings, engine), oneDeploy: flags.gitBase !== undefined };
  const { note } = linter.judgedVersion(settings.serverVersion, engine);
  if (note !== null) io.stderr.write(`${note}\n`);
  const kept = io.keeping === undefined || flags.cache === false ? null : linter.keptBeginnings(io.keeping);
  const judge: Judge = async (overlay) => {
    const inputs = await collect(overlay);
    const reports = inputs.histories.map((history) => linter.lintMigrations(history, options, undefined, kept));
    return {
      inputs,
      report: linter.joinReports([
        ...(inputs.edited === undefined ? [] : [inputs.edited]),
        linter.unlistedReport(inputs.unlisted),
        ...reports,
      ]),
    };
  };
  const { inputs, report } = flags.fix === true ? await judgeAndFix(judge, io) : await judge(new Map());
  for (const file of inputs.skipped) io.stderr.write(`${file}: not judged, it runs only on the way back\n`);
  io.stderr.write(passedOverText(inputs.passedOver));
  if (report.files === 0 && report.findings.length === 0) io.stderr.write(nothingJudged(flags));
  const trace = flags.trace === true ? { trace: await traceOf(engine, inputs) } : {};
  io.stdout.write(
    render({ ...report, ...trace, rules: linter.ruleTexts(options.rules), root: io.cwd }, io.stdout.color),
  );
  return exitCode(report, allowed);
}

/** How many files are named: a folder may hold any number that are no migrations. */
const NAMED = 5;

function passedOverText(files: readonly PassedOver[]): string {
  const left = files.length - NAMED;
  const lines = files.slice(0, NAMED).map(({ file, tool }) => {
    const why = tool === null ? "by its name it is no migration of its folder" : `${tool} passes over it`;
    return `${file}: not judged, ${why}\n`;
  });
  return [...lines, ...(left > 0 ? [`and ${left} more\n`] : [])].join("");
}

const nothingJudged = ({ gitBase }: LintFlags): string =>
  gitBase === undefined
    ? "No migration was found, so none was judged.\n"
    : `No migration differs from ${gitBase}, so none was judged.\n`;

type Collected = Inputs & { readonly edited?: LintReport };
type Collect = (overlay: Overlay) => Promise<Collected>;
type Judge = (overlay: Overlay) => Promise<{ readonly inputs: Collected; readonly report: LintReport }>;

function refuseTogether(files: readonly string[], flags: LintFlags, io: Io): void {
  const { stdinFilepath } = flags;
  const refuse = (reason: string, help?: string): never => {
    throw new ZmigrateError("usage", { reason, ...(help === undefined ? {} : { help }) });
  };
  if (files.includes("-") && stdinFilepath === undefined && !existsSync(openablePath(io.cwd, "-")))
    refuse(
      "- is no file, and standard input is the text of one.",
      "Say of which one: `zmigrate lint --stdin-filepath migrations/20260101000000_name.sql`.",
    );
  if (stdinFilepath === undefined) return;
  if (stdinFilepath === "") refuse("--stdin-filepath names no file.");
  if (isFolder(openablePath(io.cwd, stdinFilepath)) || /[/\\]$/.test(stdinFilepath))
    refuse(
      `--stdin-filepath: "${stdinFilepath}" is a folder, and standard input is the text of one file.`,
      "Name the file that the text is to stand for; or leave the flag out and name the folder, to lint all that is in it.",
    );
  if (files.length > 0) refuse("--stdin-filepath takes no files besides.");
  if (flags.fix === true) refuse("--fix writes files: it takes none from standard input.");
  if (flags.gitBase !== undefined) refuse("--git-base compares files: it takes none from standard input.");
}

/** What is linted, as often as it is asked for: with --fix, texts change in between. */
async function collector(files: readonly string[], flags: LintFlags, folder: string, io: Io): Promise<Collect> {
  const { stdinFilepath, gitBase } = flags;
  if (stdinFilepath !== undefined) {
    const file = openablePath(io.cwd, stdinFilepath);
    const text = decodeText(file, await io.readStdin());
    return async () => fileInputs([file], () => text);
  }
  const paths = files.length === 0 ? [folder] : await expandPaths(files.map((file) => openablePath(io.cwd, file)));
  const reader =
    (overlay: Overlay): ReadText =>
    (file) =>
      overlay.get(file) ?? readText(file);
  if (gitBase !== undefined) {
    const [{ gitInputs }, { isGoneFolder }] = await Promise.all([
      import("../lint/git-inputs.js"),
      import("../lint/git.js"),
    ]);
    if (files.length === 0 && !existsSync(folder) && !(await isGoneFolder(folder, gitBase)))
      throw new ZmigrateError("folder-not-found", { folder });
    return (overlay) => gitInputs(gitBase, paths, reader(overlay));
  }
  if (files.length > 0) return async (overlay) => fileInputs(paths, reader(overlay));
  return async (overlay) => ({
    histories: [folderInputs(folder, reader(overlay))],
    skipped: [],
    passedOver: passedOverBy(folder),
    unlisted: unlistedBy(folder),
  });
}

async function judgeAndFix(judge: Judge, io: Io) {
  const [{ fixFindings }, { writeText }, { report }] = await Promise.all([
    import("../lint/fix.js"),
    import("../files/write-text.js"),
    judge(new Map()),
  ]);
  const fixed = await fixFindings(report, readText, async (overlay) => (await judge(overlay)).report);
  for (const [file, text] of fixed.texts) writeText(file, text);
  for (const { file, start, rule } of fixed.failed) {
    io.stderr.write(`${file}:${start.line}: the fix of ${rule} does not help here, so the file was left as it was\n`);
  }
  const { size } = fixed.texts;
  io.stderr.write(`${fixed.count} fixed in ${size} ${size === 1 ? "file" : "files"}\n`);
  return judge(fixed.texts);
}

async function traceOf(engine: Engine, { histories }: Collected): Promise<Trace> {
  if (engine.name !== "postgres") {
    throw new ZmigrateError("usage", {
      reason: `--trace runs an embedded PostgreSQL: there is none for ${engine.name}.`,
    });
  }
  const { tracePostgres } = await import("../engines/postgres/trace/index.js");
  return tracePostgres(histories);
}

function reporterOf(format: string) {
  const reporter = Object.hasOwn(LINT_FORMATS, format) ? LINT_FORMATS[format] : undefined;
  if (reporter !== undefined) return reporter;
  const reason = `--format: "${format}" is not one of ${Object.keys(LINT_FORMATS).join(", ")}.`;
  throw new ZmigrateError("usage", { reason });
}

const SEVERITIES: readonly Severity[] = ["info", "warning", "error"];

function severityRank(text: string): number {
  const rank = (SEVERITIES as readonly string[]).indexOf(text);
  if (rank !== -1) return rank;
  throw new ZmigrateError("usage", { reason: `--max-severity: "${text}" is not one of ${SEVERITIES.join(", ")}.` });
}

function exitCode({ findings, unreadable }: LintReport, allowed: number): ExitCode {
  if (unreadable) return 2;
  return findings.some(({ severity }) => SEVERITIES.indexOf(severity) > allowed) ? 1 : 0;
}
