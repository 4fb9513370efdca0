import { existsSync } from "node:fs";
import { isAbsolute, sep } from "node:path";
import { ZmigrateError } from "../errors.js";

const MAGIC = /[*?[\]{}!()]/;

/**
 * Paths in which a glob (`migrations/**\/*.sql`) is replaced by the files that it finds, sorted; a path that exists is
 * itself, whatever characters its name has.
 *
 * @throws ZmigrateError file-not-found for a glob that finds nothing: a hook that judges nothing must not pass
 */
export async function expandPaths(paths: readonly string[]): Promise<readonly string[]> {
  if (paths.every((path) => !MAGIC.test(path) || existsSync(path))) return paths;
  const expanded: string[] = [];
  for (const path of paths) expanded.push(...(existsSync(path) || !MAGIC.test(path) ? [path] : await filesOf(path)));
  return expanded;
}

async function filesOf(glob: string): Promise<readonly string[]> {
  const { glob: find } = await import("tinyglobby");
  const files = await find(sep === "/" ? glob : glob.replaceAll(sep, "/"), {
    expandDirectories: false,
    dot: true,
    absolute: isAbsolute(glob),
  });
  if (files.length === 0) throw new ZmigrateError("file-not-found", { file: glob, why: "unmatched" });
  return files.toSorted();
}
