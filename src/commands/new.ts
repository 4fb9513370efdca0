import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SettingsFlags } from "../config/given.js";
import { resolveSettings } from "../config/settings.js";
import { ZmigrateError } from "../errors.js";
import { LONGEST_SLUG, parseBackfillName, parseMigrationName } from "../files/name.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { addSettings } from "./settings.js";

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c.argument("<slug>", "a few words: add_user_age"), ["config", "migrations"]).option(
      "--backfill",
      "a backfill in TypeScript, for values that SQL cannot compute",
    ),
  run: (c, io) => newMigration(c.args[0] ?? "", c.opts<NewFlags>(), io, new Date()),
};

export interface NewFlags extends SettingsFlags {
  readonly backfill?: boolean;
}

/**
 * Creates a migration file and prints its path: an empty one, or a backfill in TypeScript that is to be filled in.
 *
 * @param now the digits are its UTC second, or the first later one that no file of the folder has
 * @throws ZmigrateError usage (a slug without letters or digits), already-exists, bad-config
 */
export async function newMigration(slug: string, flags: NewFlags, io: Io, now: Date): Promise<ExitCode> {
  const settings = await resolveSettings(flags, io.env, io.cwd, "files");
  const name = slugOf(slug);
  const file = createFree(settings.migrations, flags.backfill === true ? backfill(name) : empty(name), now);
  io.stdout.write(`${file}\n`);
  return 0;
}

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

/** What stands in a new file, and what its name has behind the digits. */
interface NewFile {
  readonly end: string;
  readonly text: string;
}

const words = (slug: string): string => slug.replace(/[_-]+/g, " ");

const empty = (slug: string): NewFile => ({ end: `_${slug}.sql`, text: `-- ${words(slug)}\n\n` });

const backfill = (slug: string): NewFile => ({
  end: `_${slug}.backfill.ts`,
  text: `// ${words(slug)}
import { defineBackfill } from "zmigrate";

export default defineBackfill<{ old: string }, { fresh: string }>({
  table: "TABLE",
  select: ["old"],
  update: ["fresh"],
  where: "fresh IS NULL",
  map: (rows) => rows.map(({ key, values }) => ({ key, set: { fresh: values.old } })),
});
`,
});

/** Two calls in one second, or on two machines whose files met, must not get the same digits. */
function createFree(folder: string, { end, text }: NewFile, now: Date): string {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(folder).flatMap((name) => parseMigrationName(name) ?? parseBackfillName(name) ?? []);
  const taken = new Set(names.map(({ id }) => id));
  const at = new Date(now);
  while (taken.has(digits(at))) at.setTime(at.getTime() + 1000);
  const file = join(folder, `${digits(at)}${end}`);
  write(file, text);
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
