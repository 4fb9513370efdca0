import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Conversion, convert } from "../adopt/convert.js";
import type { FormerTool } from "../adopt/tool.js";
import { engineFor } from "../config/engine.js";
import type { SettingsFlags } from "../config/given.js";
import { openablePath } from "../config/path.js";
import { resolveSettings } from "../config/settings.js";
import { ZmigrateError } from "../errors.js";
import { migrationFilesIn } from "../files/read.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { formerTool, TOOL_FLAG } from "./former-tool.js";
import { addSettings } from "./settings.js";

interface ImportFlags extends SettingsFlags {
  readonly from?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c.argument("<folder>", "the other tool's migrations"), ["config", "engine", "migrations"])
      .option(...TOOL_FLAG)
      .option("--dry-run", "say what would be written, and write nothing")
      .option("--json", "print one JSON object"),
  run: (c, io) => runImport(c.args[0] ?? "", c.opts<ImportFlags>(), io),
};

/**
 * Writes the migrations of another tool into the migrations folder, and prints each new file. All of them are written, or
 * none.
 *
 * @throws ZmigrateError usage, import-target, and what `convert` throws
 */
export async function runImport(folder: string, flags: ImportFlags, io: Io): Promise<ExitCode> {
  const settings = await resolveSettings(flags, io.env, io.cwd, "files");
  const given = flags.from === undefined ? null : formerTool(flags.from);
  const target = settings.migrations;
  const from = openablePath(io.cwd, folder);
  if (resolve(from) === resolve(target)) throw new ZmigrateError("import-target", { folder, same: true });
  if (existsSync(target) && migrationFilesIn(target).length > 0)
    throw new ZmigrateError("import-target", { folder: target, same: false });
  const engine = await engineFor(settings.engine);
  await engine.load();
  const conversion = convert(from, given, engine);
  if (flags.dryRun !== true) writeAll(target, conversion);
  io.stdout.write(flags.json === true ? jsonOf(target, conversion) : textOf(target, conversion));
  io.stderr.write(nextFor(conversion.tool, flags.dryRun === true));
  return 0;
}

/** What was written before a file that cannot be is taken away again. */
function writeAll(target: string, { files }: Conversion): void {
  mkdirSync(target, { recursive: true });
  const written: string[] = [];
  try {
    for (const { name, text } of files) {
      const file = join(target, name);
      if (existsSync(file)) throw new ZmigrateError("already-exists", { file });
      writeFileSync(file, text, { flag: "wx" });
      written.push(file);
    }
  } catch (error) {
    for (const file of written) rmSync(file, { force: true });
    throw error;
  }
}

const textOf = (target: string, { files }: Conversion): string =>
  files.map(({ name }) => `${join(target, name)}\n`).join("");

function jsonOf(target: string, { tool, files }: Conversion): string {
  const list = files.map(({ from, version, name }) => ({ from, version, file: join(target, name) }));
  return `${JSON.stringify({ version: 1, tool: tool.name, files: list }, null, 2)}\n`;
}

function nextFor({ name, label }: FormerTool, dryRun: boolean): string {
  if (dryRun) return "Nothing was written.\n";
  return `Next, once for each database that ${label} has migrated: \`zmigrate baseline --from ${name}\`.\n`;
}
