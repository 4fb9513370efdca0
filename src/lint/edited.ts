import { basename, join } from "node:path";
import type { Layout } from "../files/layouts/layout.js";
import { own } from "../files/layouts/numbered.js";
import { placeOf } from "../files/layouts/place-of.js";
import { parseBackfillName } from "../files/name.js";
import { toLf } from "../files/text.js";
import type { Finding } from "../model/finding.js";
import { inputFinding } from "./finding.js";
import { type Changes, textAt } from "./git.js";
import type { ReadText } from "./inputs.js";

/** A folder whose migrations are compared with those of a commit. */
export interface Compared {
  readonly folder: string;
  readonly layout: Layout;
  readonly commit: string;
  readonly changes: Changes;
  readonly read: ReadText;
}

/** What the branch did to a folder's migrations. */
export interface Verdict {
  /** Paths relative to the folder that are new or edited, and to be judged. */
  readonly judged: ReadonlySet<string>;
  readonly findings: readonly Finding[];
  readonly texts: ReadonlyMap<string, string>;
}

/** A migration of the commit that is not there any more, or not as it was. */
interface Gone {
  readonly path: string;
  /** Its text in the commit. */
  readonly before: string;
}

/**
 * Tells new migrations from those that were edited, renamed or deleted. A rename that keeps the version and the text,
 * and a change of line ends, is no edit; nor is one of a section that runs on the way down.
 *
 * @throws ZmigrateError git-failed, and what reading a file throws
 */
export async function compareMigrations(compared: Compared): Promise<Verdict> {
  const { folder, commit, changes, layout } = compared;
  // The code of a backfill is not linted, but it runs as what was merged, too.
  const isUp = (path: string): boolean =>
    layout.role(path) === "up" || (layout === own && parseBackfillName(path) !== null);
  const added = changes.added.filter(isUp);
  const gone: Gone[] = [];
  for (const path of [...changes.edited, ...changes.deleted].filter(isUp)) {
    if (layout.repeatable?.(path) !== true) gone.push({ path, before: await textAt(folder, commit, path) });
  }
  const pairs = gone.map((one) => ({ ...one, now: successorOf(one.path, added, changes.deleted, layout) }));
  const edits = pairs.filter(({ now, before }) => now === null || !isSame(compared, now, before));
  const renamed = new Set(pairs.filter((pair) => !edits.includes(pair)).map(({ now }) => now));
  const repeated = changes.edited.filter((path) => layout.repeatable?.(path) === true);
  const judged = [...added, ...edits.flatMap(({ now }) => now ?? []), ...repeated].filter((path) => !renamed.has(path));
  return { judged: new Set(judged), ...findingsOf(compared, edits) };
}

/** Where a migration's text is now: its own path, or a new file with its version; null when it was deleted. */
function successorOf(
  path: string,
  added: readonly string[],
  deleted: readonly string[],
  { deep }: Layout,
): string | null {
  if (!deleted.includes(path)) return path;
  const versionAt = (one: string): string => versionOf(deep === true ? basename(one) : one);
  const version = versionAt(path);
  return (version === "" ? undefined : added.find((other) => versionAt(other) === version)) ?? null;
}

const versionOf = (path: string): string => /^V?\d+(?:[._]\d+(?=[._]))*/.exec(path)?.[0] ?? "";

function isSame({ folder, layout, read }: Compared, path: string, before: string): boolean {
  const now = read(join(folder, path));
  const then = toLf(before.replace(/^\uFEFF/, ""));
  if (layout === own) return now === then;
  const up = (text: string): string => placeOf(basename(path), text, null).text.trim();
  return up(now) === up(then);
}

function findingsOf({ folder, read }: Compared, edits: readonly (Gone & { readonly now: string | null })[]) {
  const texts = new Map<string, string>();
  const findings = edits.map(({ path, before, now }) => {
    const file = join(folder, now ?? path);
    const text = now === null ? "" : read(file);
    texts.set(file, text);
    const span = now === null ? { start: 0, end: 0 } : firstDifference(text, toLf(before));
    return inputFinding({ file, text }, span, "edited-migration", now === null ? DELETED : EDITED);
  });
  return { findings, texts };
}

const EDITED =
  "This migration is in the base branch already, and was edited here: a database that ran it keeps the old one.";
const DELETED =
  "This migration is in the base branch already, and was deleted here: databases that ran it keep what it did.";

/** The line in which two texts begin to differ. */
function firstDifference(text: string, before: string): { readonly start: number; readonly end: number } {
  let at = 0;
  while (at < text.length && text[at] === before[at]) at++;
  const start = text.slice(0, at).lastIndexOf("\n") + 1;
  const end = text.indexOf("\n", start);
  return { start, end: end === -1 ? text.length : end };
}
