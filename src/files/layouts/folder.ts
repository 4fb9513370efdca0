import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { isBackfillFile } from "../name.js";
import { migrationFilesIn } from "../read.js";
import type { Layout } from "./layout.js";
import { own } from "./numbered.js";

/**
 * The SQL migrations of a folder as paths relative to it, in the order in which its tool runs them.
 *
 * @param layout null, and zmigrate's own, are strict: a file that is misnamed and two with the same digits are errors
 * @throws ZmigrateError folder-not-found, bad-file-name, duplicate-id
 */
export function migrationsIn(folder: string, layout: Layout | null): readonly string[] {
  if (layout !== null && layout !== own) return upsIn(folder, layout);
  return migrationFilesIn(folder).flatMap((file) => (isBackfillFile(file) ? [] : [basename(file)]));
}

/** The same of a folder that may hold other files, and may be missing. */
export function upsIn(folder: string, layout: Layout): readonly string[] {
  if (!existsSync(folder)) return [];
  return pathsIn(folder)
    .filter((path) => layout.role(path) === "up")
    .toSorted(layout.compare);
}

function pathsIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return [entry.name];
    const paths = ["migration.sql", "up.sql"].map((name) => join(entry.name, name));
    return paths.filter((path) => existsSync(join(folder, path)));
  });
}
