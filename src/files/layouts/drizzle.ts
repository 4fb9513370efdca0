import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ZmigrateError } from "../../errors.js";
import { byName, type Layout } from "./layout.js";

/** Where Drizzle keeps the order of a folder's migrations. */
export const DRIZZLE_JOURNAL = join("meta", "_journal.json");

/**
 * Drizzle: the order is that of its journal; a file that it does not list comes last. All of them run in one
 * transaction.
 *
 * @throws ZmigrateError bad-config when the journal cannot be read
 */
export function drizzle(folder: string): Layout {
  const places = new Map(tagsOf(join(folder, DRIZZLE_JOURNAL)).map((tag, at) => [`${tag}.sql`, at]));
  const place = (path: string): number => places.get(basename(path)) ?? places.size;
  return Object.freeze({
    tool: "Drizzle",
    transaction: "file",
    role: (path: string) => (basename(path) === path && path.endsWith(".sql") ? "up" : null),
    compare: (a: string, b: string) => place(a) - place(b) || byName(a, b),
  });
}

function tagsOf(file: string): readonly string[] {
  const unreadable = (cause?: unknown): ZmigrateError =>
    new ZmigrateError("bad-config", { file, reason: "it is not a journal of Drizzle" }, { cause });
  let journal: unknown;
  try {
    journal = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw unreadable(cause);
  }
  const entries = (journal as { entries?: unknown } | null)?.entries;
  if (!Array.isArray(entries) || !entries.every(isEntry)) throw unreadable();
  return entries.toSorted((a, b) => a.idx - b.idx).map(({ tag }) => tag);
}

const isEntry = (entry: unknown): entry is { readonly idx: number; readonly tag: string } =>
  typeof entry === "object" &&
  entry !== null &&
  "idx" in entry &&
  typeof entry.idx === "number" &&
  "tag" in entry &&
  typeof entry.tag === "string";
