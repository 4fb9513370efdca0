import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SettingsFlags } from "../config/given.js";
import { resolveSettings } from "../config/settings.js";
import { ZmigrateError } from "../errors.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { addSettings } from "./settings.js";

export const command: CommandSpec = {
  configure: (c) => addSettings(c.argument("<slug>", "a few words: add_user_age"), ["config", "migrations"]),
  run: (c, io) => newMigration(c.args[0] ?? "", c.opts<SettingsFlags>(), io, new Date()),
};

/**
 * Creates an empty migration file and prints its path.
 *
 * @param now the digits are its UTC second, or the first later one that no file of the folder has
 * @throws ZmigrateError usage (a slug without letters or digits), already-exists, bad-config
 */
export async function newMigration(slug: string, flags: SettingsFlags, io: Io, now: Date): Promise<ExitCode> {
  const settings = await resolveSettings(flags, io.env, io.cwd, "files");
  const name = slugOf(slug);
  const file = createFree(settings.migrations, name, now);
  io.stdout.write(`${file}\n`);
  return 0;
}

const LONGEST_SLUG = 100;

/** Words in lower case, divided by `_`; a slug that was written with `-` keeps it. */
function slugOf(text: string): string {
  const slug = text
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/\s+/g, "_");
  if (/^[a-z0-9][a-z0-9_-]*$/.test(slug) && slug.length <= LONGEST_SLUG) return slug;
  const reason = `"${text}" is not a slug: letters, digits, _ and -, at most ${LONGEST_SLUG}, beginning with a letter or digit.`;
  throw new ZmigrateError("usage", { reason, help: "For example: zmigrate new add_user_age" });
}

/** Two calls in one second, or on two machines whose files met, must not get the same digits. */
function createFree(folder: string, slug: string, now: Date): string {
  mkdirSync(folder, { recursive: true });
  const taken = new Set(readdirSync(folder).flatMap((name) => /^(\d{14})_.*\.sql$/.exec(name)?.[1] ?? []));
  const at = new Date(now);
  while (taken.has(digits(at))) at.setTime(at.getTime() + 1000);
  const file = join(folder, `${digits(at)}_${slug}.sql`);
  write(file, `-- ${slug.replace(/[_-]+/g, " ")}\n\n`);
  return file;
}

function digits(at: Date): string {
  return at.toISOString().replace(/\D/g, "").slice(0, 14);
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (cause) {
    throw new ZmigrateError("already-exists", { file }, { cause });
  }
}
