import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ZmigrateError } from "../../errors.js";
import { refuseSpecial } from "../read.js";
import { byName, type Layout } from "./layout.js";

/** Where Drizzle keeps the order of a folder's migrations. */
export const DRIZZLE_JOURNAL = join("meta", "_journal.json");

/**
 * Drizzle: the order is that of its journal; a file that it does not list is not run, and would come last. All of them
 * run in one transaction.
 *
 * @throws ZmigrateError bad-config when the journal cannot be read
 */
export function drizzle(folder: string): Layout {
  const places = new Map(entriesOf(join(folder, DRIZZLE_JOURNAL)).map(({ tag }, at) => [`${tag}.sql`, at]));
  const place = (path: string): number => places.get(basename(path)) ?? places.size;
  return Object.freeze({
    tool: "Drizzle",
    transaction: "file",
    role: (path: string) => (basename(path) === path && path.endsWith(".sql") ? "up" : null),
    runs: (path: string) => places.has(basename(path)),
    compare: (a: string, b: string) => place(a) - place(b) || byName(a, b),
  });
}

/**
 * The moment, milliseconds, by which Drizzle knows a file; null for one that its journal does not list, and where there is none.
 *
 * @param tag the file's name without its end
 * @throws ZmigrateError bad-config when the journal cannot be read
 */
export function drizzleMoment(folder: string, tag: string): string | null {
  const journal = join(folder, DRIZZLE_JOURNAL);
  const entry = existsSync(journal) ? entriesOf(journal).find((one) => one.tag === tag) : undefined;
  return entry?.when === undefined ? null : String(entry.when);
}

interface Entry {
  readonly idx: number;
  readonly tag: string;
  readonly when?: number;
}

function entriesOf(file: string): readonly Entry[] {
  const unreadable = (cause?: unknown): ZmigrateError =>
    new ZmigrateError("bad-config", { file, reason: "it is not a journal of Drizzle" }, { cause });
  refuseSpecial(file);
  let journal: unknown;
  try {
    journal = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw unreadable(cause);
  }
  const entries = (journal as { entries?: unknown } | null)?.entries;
  if (!Array.isArray(entries) || !entries.every(isEntry)) throw unreadable();
  return entries.toSorted((a, b) => a.idx - b.idx);
}

const isEntry = (entry: unknown): entry is Entry => {
  const { idx, tag, when } = (entry ?? {}) as Partial<Record<keyof Entry, unknown>>;
  return typeof idx === "number" && typeof tag === "string" && (when === undefined || Number.isSafeInteger(when));
};
