import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { ZmigrateError } from "../../errors.js";
import { isBackfillFile } from "../name.js";
import { entriesOf, migrationFilesIn, NOT_MIGRATIONS } from "../read.js";
import { sqlBelow } from "./below.js";
import { sameVersion } from "./flyway.js";
import type { Layout } from "./layout.js";
import { own } from "./numbered.js";

/**
 * The SQL migrations of a folder as paths relative to it, in the order in which its tool runs them.
 *
 * @param layout null, and zmigrate's own, are strict: a file that is misnamed and two with the same digits are errors
 * @throws ZmigrateError folder-not-found, bad-file-name, duplicate-id; duplicate-version (Flyway); no-migrations where there is
 * none, and SQL all the same: that must not pass for a folder that was judged
 */
export function migrationsIn(folder: string, layout: Layout | null): readonly string[] {
  const paths = isStrict(layout) ? ownIn(folder) : upsIn(folder, layout);
  if (layout?.deep === true) refuseSameVersion(folder, paths);
  if (paths.length === 0) refuseSqlIn(folder, layout);
  return paths;
}

const isStrict = (layout: Layout | null): layout is null => layout === null || layout === own;

const ownIn = (folder: string): readonly string[] =>
  migrationFilesIn(folder).flatMap((file) => (isBackfillFile(file) ? [] : [basename(file)]));

function refuseSameVersion(folder: string, paths: readonly string[]): void {
  const same = sameVersion(paths);
  if (same === null) return;
  throw new ZmigrateError("duplicate-version", { files: same.map((path) => join(folder, path)) });
}

function refuseSqlIn(folder: string, layout: Layout | null): void {
  const files = sqlBelow(folder).filter((path) => !NOT_MIGRATIONS.has(basename(path)) && layout?.role(path) !== "down");
  if (files.length > 0) throw new ZmigrateError("no-migrations", { folder, files });
}

/** The same of a folder that may hold other files, and may be missing. */
export function upsIn(folder: string, layout: Layout): readonly string[] {
  if (!existsSync(folder)) return [];
  return pathsIn(folder, layout)
    .filter((path) => layout.role(path) === "up" && layout.runs?.(path) !== false)
    .toSorted(layout.compare);
}

/** The files of a folder that look like migrations of its tool, and that it does not run: its journal does not list them. */
export function unlistedIn(folder: string, layout: Layout | null): readonly string[] {
  if (layout?.runs === undefined || !existsSync(folder)) return [];
  return pathsIn(folder, layout)
    .filter((path) => layout.role(path) === "up" && layout.runs?.(path) === false)
    .toSorted();
}

/** The SQL files of a folder that are no migrations of its tool, as paths relative to it. */
export function passedOverIn(folder: string, layout: Layout | null): readonly string[] {
  if (isStrict(layout)) return [];
  return pathsIn(folder, layout)
    .filter((path) => path.endsWith(".sql") && layout.role(path) === null && !NOT_MIGRATIONS.has(basename(path)))
    .toSorted();
}

function pathsIn(folder: string, layout: Layout): readonly string[] {
  if (layout.deep === true) return sqlBelow(folder);
  return entriesOf(folder).flatMap((entry) => {
    if (!entry.isDirectory()) return [entry.name];
    const paths = ["migration.sql", "up.sql"].map((name) => join(entry.name, name));
    return paths.filter((path) => existsSync(join(folder, path)));
  });
}
