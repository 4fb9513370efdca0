import { setFlagsFromString } from "node:v8";
import { engineFor } from "../config/engine.js";
import { openablePath, resolveSettings, type SettingsFlags } from "../config/settings.js";
import { ZmigrateError } from "../errors.js";
import { decodeText } from "../files/text.js";
import { fileInputs, folderInputs } from "../lint/inputs.js";
import type { Severity } from "../model/finding.js";
import { LINT_FORMATS } from "../report/lint/index.js";
import type { LintReport } from "../report/lint/report.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { addSettings } from "./settings.js";

/** What `lint` may be told besides settings. */
export interface LintFlags extends SettingsFlags {
  readonly format?: string;
  readonly maxSeverity?: string;
  readonly stdinFilepath?: string;
}

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c.argument("[files...]", "migration files or folders (default: the migrations folder)"), [
      "config",
      "engine",
      "migrations",
      "serverVersion",
    ])
      .option("--format <format>", `one of ${Object.keys(LINT_FORMATS).join(", ")}`, "text")
      .option("--max-severity <severity>", "the worst finding that does not fail: info, warning or error", "info")
      .option("--stdin-filepath <path>", "read this file's text from standard input"),
  run: (c, io) => {
    // A parser in WebAssembly is done before an optimised copy of it is: waiting for that copy costs 100 ms at exit.
    setFlagsFromString("--liftoff-only");
    return lint(c.args, c.opts<LintFlags>(), io);
  },
};

/**
 * Judges migration files and prints the findings to stdout.
 *
 * @returns 0 no finding above --max-severity, 1 there are some, 2 a file or a directive could not be read
 * @throws ZmigrateError usage, bad-config, and what reading files throws
 */
export async function lint(files: readonly string[], flags: LintFlags, io: Io): Promise<ExitCode> {
  const reporter = reporterOf(flags.format ?? "text");
  const allowed = severityRank(flags.maxSeverity ?? "info");
  const settings = await resolveSettings(flags, io.env, io.cwd);
  const engine = await engineFor(settings.engine);
  // A parser compiles beside the main thread: what else is needed is loaded meanwhile.
  const [linter, render, histories] = await Promise.all([
    import("../lint/index.js"),
    reporter(),
    historiesOf(files, flags, settings.migrations, io),
    engine.load(),
  ]);
  const options = linter.lintOptions(settings, engine);
  const report = linter.joinReports(histories.map((history) => linter.lintMigrations(history, options)));
  io.stdout.write(render(report, io.stdout.color));
  return exitCode(report, allowed);
}

async function historiesOf(files: readonly string[], flags: LintFlags, folder: string, io: Io) {
  if (flags.stdinFilepath === undefined) {
    if (files.length === 0) return [folderInputs(folder)];
    return fileInputs(files.map((file) => openablePath(io.cwd, file))).histories;
  }
  if (files.length > 0) throw new ZmigrateError("usage", { reason: "--stdin-filepath takes no files besides." });
  const file = openablePath(io.cwd, flags.stdinFilepath);
  const text = decodeText(file, await io.readStdin());
  return fileInputs([file], () => text).histories;
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
