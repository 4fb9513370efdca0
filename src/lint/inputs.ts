import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseMigrationName } from "../files/name.js";
import type { Place } from "../files/place.js";
import { readMigrationsFolder, readText, sqlFilesIn } from "../files/read.js";
import type { LintInput } from "./lint.js";

/**
 * All migrations of a folder, each judged.
 *
 * @throws ZmigrateError folder-not-found, bad-file-name, duplicate-id, file-not-found, syntax-error (not UTF-8)
 */
export function folderInputs(folder: string): readonly LintInput[] {
  return readMigrationsFolder(folder).map(({ file, text }) => ({ file, text, report: true }));
}

/**
 * The named files as histories, one a folder: before a migration come those of its folder with smaller digits, read
 * but not judged. A file that is not named like a migration has no history and is judged by itself.
 *
 * @throws ZmigrateError file-not-found, syntax-error (not UTF-8)
 */
export function fileInputs(files: readonly Place[]): readonly (readonly LintInput[])[] {
  const groups = new Map<string, Place[]>();
  for (const place of files) {
    const isMigration = parseMigrationName(place.file) !== null;
    const key = isMigration ? dirname(resolve(place.file)) : `\0${place.file}`;
    groups.set(key, [...(groups.get(key) ?? []), place]);
  }
  return [...groups.values()].map(historyOf);
}

/**
 * The text of each named file, and of each migration of a named folder; what is named twice is read once.
 *
 * @throws ZmigrateError file-not-found, syntax-error (not UTF-8); for a folder also bad-file-name, duplicate-id
 */
export function readPlaces(paths: readonly string[]): readonly Place[] {
  const places = paths.flatMap(placesAt);
  return [...new Map(places.map(({ file, text }) => [file, { file, text }])).values()];
}

function placesAt(path: string): readonly Place[] {
  return isFolder(path) ? readMigrationsFolder(path) : [{ file: path, text: readText(path) }];
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function historyOf(places: readonly Place[]): readonly LintInput[] {
  const judged = places.map((place) => ({ ...place, report: true })).toSorted(byName);
  const last = judged.at(-1);
  if (last === undefined || parseMigrationName(last.file) === null) return judged;
  const own = new Set(judged.map(({ file }) => basename(file)));
  const folder = dirname(last.file);
  const before = earlierThan(folder, basename(last.file)).filter((name) => !own.has(name));
  const replayed = before.map((name) => ({
    file: join(folder, name),
    text: readText(join(folder, name)),
    report: false,
  }));
  return [...replayed, ...judged].toSorted(byName);
}

function earlierThan(folder: string, name: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return sqlFilesIn(folder).filter((other) => parseMigrationName(other) !== null && other < name);
}

const byName = (a: Place, b: Place): number => (basename(a.file) < basename(b.file) ? -1 : 1);
