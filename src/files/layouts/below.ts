import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * The files of a folder and of those below it, as paths relative to it. Installed packages and hidden folders are not
 * looked into.
 */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return [entry.name];
    if (entry.name === "node_modules" || entry.name.startsWith(".")) return [];
    return filesBelow(join(folder, entry.name)).map((path) => join(entry.name, path));
  });
}

/** Of these the SQL. */
export const sqlBelow = (folder: string): readonly string[] =>
  filesBelow(folder).filter((path) => path.endsWith(".sql"));
