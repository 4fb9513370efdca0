import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { isError, ZmigrateError } from "../errors.js";
import { isFolder } from "../files/is-folder.js";
import { layoutFolder, layoutOf } from "../files/layouts/detect.js";
import type { Layout } from "../files/layouts/layout.js";
import { own } from "../files/layouts/numbered.js";
import { readText } from "../files/read.js";
import type { LintReport } from "../report/lint/report.js";
import { compareMigrations } from "./edited.js";
import { changesSince, isGoneFolder, mergeBase } from "./git.js";
import { fileInputs, type Inputs, type ReadText } from "./inputs.js";

/** What a branch brings: its new migrations with their history, and what it did to those of the base. */
export interface GitInputs extends Inputs {
  readonly edited: LintReport;
}

/**
 * The migrations that the working tree adds or changes since it left another branch. All others are read as history
 * and not judged.
 *
 * @param ref a branch, tag or commit
 * @param paths folders and files: nothing else is looked at
 * @throws ZmigrateError git-failed, folder-not-found, and what `fileInputs` throws
 * @example
 * const { histories, edited } = await gitInputs("origin/main", ["migrations"]);
 */
export async function gitInputs(ref: string, paths: readonly string[], read: ReadText = readText): Promise<GitInputs> {
  const parts: Part[] = [];
  const gone = new Set<string>();
  for (const path of paths) if (!existsSync(path) && (await isGoneFolder(path, ref))) gone.add(path);
  for (const folder of new Set(paths.map((path) => (gone.has(path) ? path : folderOf(path))))) {
    if (!existsSync(folder) && !gone.has(folder)) throw new ZmigrateError("file-not-found", { file: folder });
    parts.push(await partOf(folder, await mergeBase(folder, ref), namedIn(folder, paths), orNothing(read)));
  }
  const judged = new Set(parts.flatMap(({ judged }) => judged));
  const { histories, skipped, passedOver, unlisted } = fileInputs(
    paths
      .filter((path) => !gone.has(path))
      .filter((path) => existsSync(path) || !parts.some(({ deleted }) => deleted.has(resolve(path)))),
    read,
  );
  const marked = histories.map((history) =>
    history.map((input) => ({
      ...input,
      report: input.undecodable === true || (input.report && judged.has(resolve(input.file))),
    })),
  );
  return { histories: marked, skipped, passedOver, unlisted, edited: reportOf(parts) };
}

/** What is no text differs from any text; that it is none is said where it is judged. */
const orNothing =
  (read: ReadText): ReadText =>
  (file) => {
    try {
      return read(file);
    } catch (error) {
      if (!isError(error, "syntax-error")) throw error;
      return "";
    }
  };

/** A named folder, or that of a named file. */
function folderOf(path: string): string {
  if (isFolder(path)) return path;
  return layoutFolder(path);
}

/** Absolute paths that were named in a folder; null when the folder itself was. */
function namedIn(folder: string, paths: readonly string[]): ReadonlySet<string> | null {
  if (paths.includes(folder)) return null;
  return new Set(paths.filter((path) => folderOf(path) === folder).map((path) => resolve(path)));
}

/** Whose a folder was that is gone is not asked. */
const anySql: Layout = Object.freeze({ ...own, role: (path: string) => (path.endsWith(".sql") ? "up" : null) });

/** One folder's share. Absolute paths. */
interface Part {
  readonly judged: readonly string[];
  readonly deleted: ReadonlySet<string>;
  readonly findings: LintReport["findings"];
  readonly texts: LintReport["texts"];
}

async function partOf(
  folder: string,
  commit: string,
  named: ReadonlySet<string> | null,
  read: ReadText,
): Promise<Part> {
  const layout = layoutOf(folder) ?? (existsSync(folder) ? own : anySql);
  const all = await changesSince(folder, commit);
  const wanted = (path: string): boolean => named?.has(resolve(folder, path)) ?? true;
  const changes = { ...all, edited: all.edited.filter(wanted), deleted: all.deleted.filter(wanted) };
  const verdict = await compareMigrations({ folder, layout, commit, changes, read });
  // A named file that is no migration has no version to keep: it is judged whenever it was changed.
  const loose = [...all.added, ...all.edited].filter((path) => layout.role(path) === null);
  return {
    judged: [...verdict.judged, ...loose].map((path) => resolve(folder, path)),
    deleted: new Set(all.deleted.map((path) => resolve(folder, path))),
    findings: verdict.findings,
    texts: verdict.texts,
  };
}

function reportOf(parts: readonly Part[]): LintReport {
  const findings = parts.flatMap((part) => part.findings);
  return Object.freeze({
    findings,
    files: 0,
    statements: 0,
    unreadable: findings.length > 0,
    texts: new Map(parts.flatMap(({ texts }) => [...texts])),
  });
}
