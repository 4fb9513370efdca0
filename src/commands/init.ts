import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ENGINE_NAMES, engineName, engineOfUrl } from "../config/engine.js";
import { CONFIG_FILES } from "../config/load.js";
import { openablePath } from "../config/path.js";
import type { EngineName } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { refuseSpecial } from "../files/read.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { addSettings } from "./settings.js";

interface InitFlags {
  readonly engine?: string;
}

export const command: CommandSpec = {
  configure: (c) => addSettings(c, ["engine"]),
  run: (c, io) => init(c.opts<InitFlags>(), io),
};

const FOLDER = "migrations";

/**
 * Writes a configuration and a migrations folder, and prints what it made. In a TypeScript project that depends on
 * zmigrate the configuration is TypeScript, elsewhere JSON. Nothing is overwritten.
 *
 * @throws ZmigrateError already-exists (a configuration), usage (--engine)
 */
export async function init(flags: InitFlags, io: Io): Promise<ExitCode> {
  const engine = chosenEngine(flags, io);
  const existing = CONFIG_FILES.find((name) => existsSync(join(io.cwd, name)));
  if (existing !== undefined) throw new ZmigrateError("already-exists", { file: existing });
  const [file, text] = isTypeScriptProject(io.cwd) ? typeScriptConfig(engine) : jsonConfig(engine);
  writeFileSync(openablePath(io.cwd, file), text, { flag: "wx" });
  mkdirSync(openablePath(io.cwd, FOLDER), { recursive: true });
  io.stdout.write(`${file}\n${FOLDER}/\n`);
  io.stderr.write("Next: `zmigrate new SLUG` creates a migration; DATABASE_URL names the database.\n");
  return 0;
}

function chosenEngine(flags: InitFlags, io: Io): EngineName {
  if (flags.engine === undefined) return engineOfUrl(io.env.DATABASE_URL ?? "") ?? "postgres";
  const engine = engineName(flags.engine);
  if (engine !== null) return engine;
  throw new ZmigrateError("usage", { reason: `--engine: "${flags.engine}" is not one of ${ENGINE_NAMES.join(", ")}.` });
}

function isTypeScriptProject(folder: string): boolean {
  return existsSync(join(folder, "tsconfig.json")) && dependsOnZmigrate(join(folder, "package.json"));
}

/** A manifest that cannot be read decides for JSON, which works everywhere. */
function dependsOnZmigrate(manifest: string): boolean {
  try {
    refuseSpecial(manifest);
    const { dependencies, devDependencies } = JSON.parse(readFileSync(manifest, "utf8"));
    return "zmigrate" in { ...dependencies, ...devDependencies };
  } catch {
    return false;
  }
}

const jsonConfig = (engine: EngineName): [file: string, text: string] => [
  "zmigrate.config.json",
  `${JSON.stringify({ engine, migrations: FOLDER }, null, 2)}\n`,
];

const typeScriptConfig = (engine: EngineName): [file: string, text: string] => [
  "zmigrate.config.ts",
  `import { defineConfig } from "zmigrate";

export default defineConfig({
  engine: "${engine}",
  migrations: "${FOLDER}",
});
`,
];
