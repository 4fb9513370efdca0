import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ZmigrateError } from "../errors.js";
import type { MigrationFile } from "../model/migration.js";
import { statOf } from "./is-folder.js";
import { readMarks } from "./layouts/marks.js";
import { isBackfillFile, type MigrationName, parseBackfillName, parseMigrationName } from "./name.js";
import { checksum, decodeText } from "./text.js";

/** SQL files that may stand in a migrations folder without being a migration. */
export const NOT_MIGRATIONS: ReadonlySet<string> = new Set(["schema.sql"]);

/**
 * A migration file's record from its text, as `decodeText` returns it. Of a file of another tool (dbmate, goose, ...)
 * the sections for the way down are blanks: they must never run with the others. The checksum is that of all of it.
 */
export function migrationFile(file: string, name: MigrationName, text: string): MigrationFile {
  const runs = isBackfillFile(file) ? text : (readMarks(text)?.text ?? text);
  return Object.freeze({ id: name.id, slug: name.slug, file, text: runs, checksum: checksum(text) });
}

/**
 * The LF text of a file, or of what a shell hands over as one (`<(command)`).
 *
 * @throws ZmigrateError file-not-found (also for what is no ordinary file), syntax-error (not UTF-8)
 */
export function readText(path: string): string {
  return decodeText(path, readBytes(path));
}

/**
 * The text of a file that may stand beside migrations, as a tool's settings do; null where there is none, or it cannot be read.
 *
 * @throws ZmigrateError file-not-found where it is no ordinary file
 */
export function textIfThere(path: string): string | null {
  refuseSpecial(path);
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function readBytes(path: string): Uint8Array {
  if (!isHandedOver(path)) refuseSpecial(path);
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** What the system says of a path that cannot be read, as an error of ours. */
export function unreadable(path: string, cause: unknown): ZmigrateError {
  const code = codeOf(cause);
  const why = REASONS[code] ?? "other";
  return new ZmigrateError("file-not-found", code === "ENOENT" ? { file: path } : { file: path, why }, { cause });
}

const REASONS: Readonly<Record<string, "denied" | "folder">> = { EACCES: "denied", EPERM: "denied", EISDIR: "folder" };

/** Nobody may ever write to a FIFO, and a device may never end. @throws ZmigrateError file-not-found */
export function refuseSpecial(path: string): void {
  const stat = statOf(path);
  if (stat === null || stat.isFile() || stat.isDirectory()) return;
  throw new ZmigrateError("file-not-found", { file: path, why: "special" });
}

/** What a shell puts in the place of `<(command)` is a FIFO that the command writes to, and ends. */
const isHandedOver = (path: string): boolean =>
  /^\/(?:dev\/(?:fd\/|stdin$)|proc\/)/.test(path) && statOf(path)?.isFIFO() === true;

const nameOf = (path: string): MigrationName | null => parseMigrationName(path) ?? parseBackfillName(path);

/**
 * Reads one migration file. Its text is not parsed.
 *
 * @throws ZmigrateError bad-file-name, file-not-found (also for what is no ordinary file), syntax-error (not UTF-8)
 * @example
 * const { id, text } = readMigrationFile("migrations/20260102030405_add_age.sql");
 */
export function readMigrationFile(path: string): MigrationFile {
  const name = nameOf(path);
  if (name === null) throw new ZmigrateError("bad-file-name", { file: path });
  return migrationFile(path, name, readText(path));
}

/**
 * The migrations of a folder in the order of their digits. Files that end neither in `.sql` nor in `.backfill.ts` (or
 * `.mts`, `.js`, `.mjs`), folders and `schema.sql` are left alone; such a file with another name is an error, because it
 * would otherwise never run and nobody be told. So is a folder that is named as a migration is.
 *
 * @throws ZmigrateError folder-not-found, bad-file-name, migrations-below, duplicate-id, file-not-found, syntax-error (not UTF-8)
 */
export function readMigrationsFolder(folder: string): readonly MigrationFile[] {
  const files = migrationFilesIn(folder);
  if (files.length === 0) refuseBelow(folder);
  return Object.freeze(files.map(readMigrationFile));
}

/** A folder as other tools keep it (`0_init/migration.sql`): that nothing was left to do would not be true. */
function refuseBelow(folder: string): void {
  for (const entry of entriesOf(folder)) {
    if (!entry.isDirectory() || entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const [name] = sqlFilesIn(join(folder, entry.name));
    if (name !== undefined)
      throw new ZmigrateError("migrations-below", { folder, file: join(folder, entry.name, name) });
  }
}

/**
 * The paths of the same files in the same order; they are not read.
 *
 * @throws ZmigrateError folder-not-found, bad-file-name, duplicate-id, file-not-found (a folder in the place of a file)
 */
export function migrationFilesIn(folder: string): readonly string[] {
  refuseFolders(folder);
  const names = namesIn(folder, isMigration).filter((name) => !NOT_MIGRATIONS.has(name));
  const files = names.map((name) => {
    const file = join(folder, name);
    const parsed = nameOf(name);
    if (parsed === null) throw new ZmigrateError("bad-file-name", { file });
    return { file, id: parsed.id };
  });
  const sorted = files.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  refuseDuplicates(sorted);
  return sorted.map(({ file }) => file);
}

function refuseFolders(folder: string): void {
  const found = entriesOf(folder).find((entry) => entry.isDirectory() && nameOf(entry.name) !== null);
  if (found === undefined) return;
  throw new ZmigrateError("file-not-found", { file: join(folder, found.name), why: "folder-named-so" });
}

const isSql = (name: string): boolean => name.toLowerCase().endsWith(".sql");
const isMigration = (name: string): boolean => isSql(name) || isBackfillFile(name);

/**
 * Names of the `.sql` files of a folder, sorted.
 *
 * @throws ZmigrateError folder-not-found
 */
export const sqlFilesIn = (folder: string): readonly string[] => namesIn(folder, isSql);

const namesIn = (folder: string, wanted: (name: string) => boolean): readonly string[] =>
  entriesOf(folder)
    .filter((entry) => !entry.isDirectory() && wanted(entry.name))
    .map((entry) => entry.name)
    .toSorted();

/** @throws ZmigrateError folder-not-found */
export function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    const denied = REASONS[codeOf(cause)] === "denied";
    throw new ZmigrateError("folder-not-found", denied ? { folder, why: "denied" } : { folder }, { cause });
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");

function refuseDuplicates(sorted: readonly { readonly id: string; readonly file: string }[]): void {
  for (const [index, file] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next?.id !== file.id) continue;
    throw new ZmigrateError("duplicate-id", { id: file.id, files: [file.file, next.file].toSorted() });
  }
}
