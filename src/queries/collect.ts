import { join } from "node:path";
import type { Engine, StatisticsText } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { expandPaths } from "../files/globs.js";
import { isFolder } from "../files/is-folder.js";
import { positionOf } from "../files/position.js";
import { readText } from "../files/read.js";
import { exportedTexts } from "./exports.js";
import type { ReadQuery } from "./record.js";

/** Names the running database's statistics in the place of a path. */
export const DATABASE = "database";

/** What was found, and what is no query: `SET`, `CREATE TABLE`, in words with its place. */
export interface Collected {
  readonly queries: readonly ReadQuery[];
  readonly leftOut: readonly string[];
}

type Item = ReadQuery | { readonly leftOut: string };
type Reader = Engine["readQueries"];

const NO_TEXT = "the server does not have its text any more, or does not show it to this role";

/** MySQL cuts a digest and says so with three points; PostgreSQL writes a list of constants as a comment. */
export const isCut = (text: string): boolean => /\.\.\.\s*$/.test(text);

function itemsOf(text: string, read: Reader, place: (start: number, name: string | null) => string): Item[] {
  return read(text).map((q): Item => {
    const source = place(q.start, q.name);
    if (q.read.kind === "no-query") return { leftOut: `${source} (${q.read.reason})` };
    const [sql, reason] = q.read.kind === "query" ? [q.read.sql, ""] : [null, q.read.reason];
    return Object.freeze({ source, text: q.text, sql, reason });
  });
}

function ofText(source: string, text: string | null, read: Reader): Item[] {
  if (text === null) return [Object.freeze({ source, text: "", sql: null, reason: NO_TEXT })];
  if (isCut(text)) return [Object.freeze({ source, text, sql: null, reason: "the server has cut its text" })];
  return itemsOf(text, read, () => source);
}

function ofFile(file: string, read: Reader): Item[] {
  const text = readText(file);
  if (!/\.sql$/i.test(file)) return exportedTexts(file, text).flatMap(({ place, text: t }) => ofText(place, t, read));
  return itemsOf(text, read, (start, name) => {
    const place = `${file}:${positionOf(text, start).line}`;
    return name === null ? place : `${place} ${name}`;
  });
}

/** A folder stands for the .sql files in it and below. @throws ZmigrateError file-not-found */
async function filesOf(path: string): Promise<readonly string[]> {
  if (!isFolder(path)) return expandPaths([path]);
  const { glob } = await import("tinyglobby");
  const found = (await glob("**/*.sql", { cwd: path, expandDirectories: false, dot: true })).toSorted();
  if (found.length === 0) throw new ZmigrateError("bad-queries", { file: path, reason: "no .sql file is in it" });
  return found.map((file) => join(path, file));
}

/** The same query is asked about once, under the place where it was found first. */
function once(items: readonly Item[]): Collected {
  const queries = new Map<string, ReadQuery>();
  const leftOut: string[] = [];
  for (const item of items) {
    if ("leftOut" in item) leftOut.push(item.leftOut);
    else {
      const key = item.sql ?? `${item.source} ${item.text}`;
      if (!queries.has(key)) queries.set(key, item);
    }
  }
  return Object.freeze({ queries: [...queries.values()], leftOut });
}

/**
 * The application's queries.
 *
 * @param sources folders, globs, .sql files, exports (.csv, .json), or `database`
 * @param statistics what the running database's statistics hold; null without a database
 * @throws ZmigrateError bad-queries, file-not-found, usage (`database` without one)
 */
export async function collectQueries(
  sources: readonly string[],
  engine: Engine,
  statistics: (() => Promise<readonly StatisticsText[]>) | null,
): Promise<Collected> {
  const read: Reader = (text) => engine.readQueries(text);
  await engine.load();
  const items: Item[] = [];
  for (const source of sources) {
    if (source !== DATABASE) {
      for (const file of await filesOf(source)) items.push(...ofFile(file, read));
      continue;
    }
    if (statistics === null)
      throw new ZmigrateError("usage", {
        reason: "--queries database reads the statistics of a running database, and none is named.",
        help: "Pass --database-url, or name a folder of .sql files or an export.",
      });
    for (const { id, text } of await statistics()) items.push(...ofText(`${DATABASE} ${id}`, text, read));
  }
  return once(items);
}
