import { existsSync } from "node:fs";
import { join } from "node:path";
import { ZmigrateError } from "../errors.js";
import { isBackfillFile } from "../files/name.js";
import { changesSince, mergeBase } from "./git.js";

/**
 * The migrations of a folder that the working tree adds or changes since it left another branch, as paths below
 * `folder`.
 *
 * @param ref a branch, tag or commit
 * @throws ZmigrateError folder-not-found, git-failed
 * @example
 * await branchFiles("migrations", "origin/main"); // ["migrations/20260727101500_rename.sql"]
 */
export async function branchFiles(folder: string, ref: string): Promise<readonly string[]> {
  if (!existsSync(folder)) throw new ZmigrateError("folder-not-found", { folder });
  const { added, edited } = await changesSince(folder, await mergeBase(folder, ref));
  return [...added, ...edited]
    .filter((path) => path.endsWith(".sql") || isBackfillFile(path))
    .map((path) => join(folder, path));
}
