import { join } from "node:path";
import { entriesOf } from "../read.js";

/**
 * The files of a folder and of those below it, as paths relative to it. Installed packages and hidden folders are not
 * looked into.
 *
 * @throws ZmigrateError folder-not-found: one of them may not be read
 */
export function filesBelow(folder: string): readonly string[] {
  return entriesOf(folder).flatMap((entry) => {
    if (!entry.isDirectory()) return [entry.name];
    if (entry.name === "node_modules" || entry.name.startsWith(".")) return [];
    return filesBelow(join(folder, entry.name)).map((path) => join(entry.name, path));
  });
}

/** Of these the SQL. */
export const sqlBelow = (folder: string): readonly string[] =>
  filesBelow(folder).filter((path) => path.endsWith(".sql"));
