import { join, relative, resolve } from "node:path";
import { isError } from "../errors.js";
import { isFolder } from "../files/is-folder.js";
import { layoutFolder, layoutOf } from "../files/layouts/detect.js";
import { migrationsIn, passedOverIn, unlistedIn, upsIn } from "../files/layouts/folder.js";
import type { Layout } from "../files/layouts/layout.js";
import { own } from "../files/layouts/numbered.js";
import { placeOf } from "../files/layouts/place-of.js";
import { isBackfillFile, parseMigrationName } from "../files/name.js";
import { readText } from "../files/read.js";
import type { LintInput } from "./lint.js";

/** What is linted: histories, one a folder, and what was left out on purpose. */
export interface Inputs {
  readonly histories: readonly (readonly LintInput[])[];
  /** Named files that run only on the way down: not judged, and a person is told. */
  readonly skipped: readonly string[];
  /** SQL files of named folders that their tool passes over. */
  readonly passedOver: readonly PassedOver[];
  /** Files in the folders of the histories that look like migrations, and that their tool never runs. */
  readonly unlisted: readonly PassedOver[];
}

/** A file that is no migration where it stands. */
export interface PassedOver {
  readonly file: string;
  /** Null where it is none that is known. */
  readonly tool: string | null;
}

/** The LF text of a file; throws what `readText` throws. */
export type ReadText = (file: string) => string;

/**
 * The named files as histories, one a folder: before a migration come those of its folder that run before it, read but
 * not judged. A file that its folder's layout does not know has no history and is judged by itself.
 *
 * @param paths files, and folders, whose migrations are all judged
 * @param read what a judged file holds, where that is not what is on the disk
 * A file that is no text is judged wherever it stands: that it cannot be read is its finding.
 *
 * @throws ZmigrateError file-not-found, bad-config (a journal of Drizzle); for a folder also folder-not-found,
 * bad-file-name, duplicate-id
 */
export function fileInputs(paths: readonly string[], read: ReadText = readText): Inputs {
  const groups = new Map<string, Group>();
  const skipped: string[] = [];
  const passedOver: PassedOver[] = [];
  const layouts = cachedLayouts();
  const taken = distinct(paths.flatMap((path) => filesAt(path, layouts)));
  for (const path of paths.filter(isFolder)) passedOver.push(...passedOverBy(path, layouts(path)));
  for (const file of taken) {
    // No SQL, and nothing to be said of it.
    if (isBackfillFile(file)) continue;
    const { folder, layout, role } = belonging(file, layouts);
    if (role === "down") skipped.push(file);
    else groupAt(groups, layout === null ? `\0${file}` : resolve(folder), { folder, layout }).files.push(file);
  }
  const all = [...groups.values()];
  const named = new Set(taken.map((file) => resolve(file)));
  const unlisted = all.flatMap(({ folder, layout }) => unlistedBy(folder, layout));
  return {
    histories: all.map((group) => historyOf(group, read)),
    skipped,
    passedOver,
    unlisted: unlisted.filter(({ file }) => !named.has(resolve(file))),
  };
}

/**
 * All migrations of a folder, each judged. A folder of another tool is read in that tool's order.
 *
 * @throws ZmigrateError as `fileInputs`
 */
export function folderInputs(folder: string, read: ReadText = readText): readonly LintInput[] {
  const layout = layoutOf(folder);
  const files = migrationsIn(folder, layout).map((path) => join(folder, path));
  return files.map((file) => inputOf(file, read, layout, true));
}

/** The SQL files of a folder that its tool passes over. */
export const passedOverBy = (folder: string, layout = layoutOf(folder)): readonly PassedOver[] =>
  passedOverIn(folder, layout).map((path) => ({ file: join(folder, path), tool: layout?.tool ?? null }));

/** The files of a folder that look like migrations of its tool, and that it never runs. */
export const unlistedBy = (folder: string, layout = layoutOf(folder)): readonly PassedOver[] =>
  unlistedIn(folder, layout).map((path) => ({ file: join(folder, path), tool: layout?.tool ?? null }));

/** A file that is not UTF-8 is blank up to where it stops to be text. */
function inputOf(file: string, read: ReadText, layout: Layout | null, report: boolean): LintInput {
  try {
    return { ...placeOf(file, read(file), layout), report };
  } catch (error) {
    if (!isError(error, "syntax-error")) throw error;
    const { line, column, reason } = error.data;
    const text = "\n".repeat(line - 1) + " ".repeat(column - 1);
    const span = { start: text.length, end: text.length };
    return {
      file,
      text,
      unread: [{ message: reason, span, help: "Save the file as text in UTF-8." }],
      report: true,
      undecodable: true,
    };
  }
}

type LayoutOf = (folder: string) => Layout | null;

/** A folder is looked at once, however many of its files are named. */
function cachedLayouts(): LayoutOf {
  const known = new Map<string, Layout | null>();
  return (folder) => {
    const layout = known.get(folder) ?? layoutOf(folder);
    known.set(folder, layout);
    return layout;
  };
}

function filesAt(path: string, layouts: LayoutOf): readonly string[] {
  if (!isFolder(path)) return [path];
  return migrationsIn(path, layouts(path)).map((name) => join(path, name));
}

/** Each file once, by the name that it has first. */
function distinct(files: readonly string[]): readonly string[] {
  const named = new Map<string, string>();
  for (const file of files) if (!named.has(resolve(file))) named.set(resolve(file), file);
  return [...named.values()];
}

/** The history that a file belongs to; without a layout it stands by itself. */
function belonging(file: string, layouts: LayoutOf) {
  const folder = layoutFolder(file);
  // What is typed may not be on the disk yet, and the first of its folder.
  const layout = layouts(folder) ?? (parseMigrationName(file) === null ? null : own);
  const role = layout?.role(relative(folder, file)) ?? null;
  return { folder, layout: role === null ? null : layout, role };
}

/** Named files of one history. */
interface Group {
  readonly folder: string;
  /** Null when the file stands by itself. */
  readonly layout: Layout | null;
  readonly files: string[];
}

function groupAt(groups: Map<string, Group>, key: string, group: Omit<Group, "files">): Group {
  const found = groups.get(key) ?? { ...group, files: [] };
  groups.set(key, found);
  return found;
}

function historyOf({ folder, layout, files }: Group, read: ReadText): readonly LintInput[] {
  const judged = files.map((file) => inputOf(file, read, layout, true));
  if (layout === null) return judged;
  // Once for each file: sorting asks for it many times.
  const paths = new Map(files.map((file) => [file, relative(folder, file)]));
  const pathOf = (file: string): string => paths.get(file) ?? relative(folder, file);
  const inOrder = (a: LintInput, b: LintInput): number => layout.compare(pathOf(a.file), pathOf(b.file));
  const last = pathOf(judged.toSorted(inOrder).at(-1)?.file ?? "");
  const named = new Set(paths.values());
  const before = upsIn(folder, layout).filter((path) => layout.compare(path, last) < 0 && !named.has(path));
  const replayed = before.map((path) => inputOf(join(folder, path), readText, layout, false));
  return [...replayed, ...judged].toSorted(inOrder);
}
