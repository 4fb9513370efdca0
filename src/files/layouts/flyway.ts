import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { sqlBelow } from "./below.js";
import { flywayDefault } from "./flyway-settings.js";
import { byName, type Layout } from "./layout.js";

const VERSIONED = /^V(\d+(?:[._]\d+)*)__.+\.sql$/s;
const REPEATABLE = /^R__.+\.sql$/s;
/** Undo scripts, and baselines, which only an empty database runs in place of what came before. */
const ASIDE = /^[UB]\d+(?:[._]\d+)*__.+\.sql$/s;

/**
 * Flyway with its default prefixes, which takes a location's folders with all that are in them: versions by their numbers,
 * part by part, then the repeatable ones by their names.
 * The transaction is the file's, unless all of its statements refuse one, or `<file>.conf` says otherwise.
 */
export const flyway: Layout = Object.freeze<Layout>({
  tool: "Flyway",
  transaction: "auto",
  role: (path) => roleOf(basename(path)),
  repeatable: (path) => REPEATABLE.test(basename(path)),
  deep: true,
  compare: (a, b) => compareVersions(versionOf(a), versionOf(b)) || byName(basename(a), basename(b)) || byName(a, b),
});

const roleOf = (name: string): "up" | "down" | null =>
  VERSIONED.test(name) || REPEATABLE.test(name) ? "up" : ASIDE.test(name) ? "down" : null;

/** How far above a file its location is looked for. */
const LEVELS = 6;

const NAMED_SO = /^(?:migrations?|flyway|sql)$/i;

/**
 * The location that a file of Flyway's is in, as far as names tell: the nearest folder that is called so (`db/migration`),
 * or else the file's own. Flyway refuses two files with one version, so that a folder in which there are two is none.
 *
 * @param folder the file's
 */
export function locationAbove(folder: string): string {
  const above = [folder];
  while (above.length <= LEVELS && !NAMED_SO.test(basename(resolve(above.at(-1) ?? folder)))) {
    const last = above.at(-1) ?? folder;
    if (existsSync(join(last, ".git")) || resolve(last) === resolve(last, "..")) return folder;
    above.push(join(last, ".."));
  }
  if (above.length > LEVELS) return folder;
  return above.toReversed().find((one) => existsSync(one) && sameVersion(upsBelow(one)) === null) ?? folder;
}

const upsBelow = (folder: string): readonly string[] => sqlBelow(folder).filter((path) => flyway.role(path) === "up");

/** The first two files that have one version, or the name of one repeatable one; null where there are none. */
export function sameVersion(paths: readonly string[]): readonly [string, string] | null {
  const known = new Map<string, string>();
  for (const path of paths) {
    const key =
      versionOf(path)
        ?.join(".")
        .replace(/(?:\.0)+$/, "") ?? basename(path);
    const other = known.get(key);
    if (other !== undefined) return [other, path];
    known.set(key, path);
  }
  return null;
}

/** The same, with the transaction that the project's settings of Flyway ask for. */
export const flywayIn = (folder: string): Layout => Object.freeze({ ...flyway, transaction: flywayDefault(folder) });

/** Null for a repeatable one: it runs after all versions. */
function versionOf(path: string): readonly bigint[] | null {
  const [, version] = VERSIONED.exec(basename(path)) ?? [];
  return version?.split(/[._]/).map(BigInt) ?? null;
}

function compareVersions(a: readonly bigint[] | null, b: readonly bigint[] | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i] ?? 0n, b[i] ?? 0n];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/** What a script's `.conf` says about its transaction; null when it says nothing. */
export function flywayTransaction(conf: string): "none" | "file" | null {
  const [, value] = /^\s*executeInTransaction\s*[=:]\s*(true|false)\s*$/im.exec(conf) ?? [];
  if (value === undefined) return null;
  return value.toLowerCase() === "false" ? "none" : "file";
}

const DELIMITER_ALONE = /^([ \t]*DELIMITER)([ \t]*\n\s*)(\S+)(?=[ \t]*$)/gim;

/**
 * A text with each DELIMITER in the line of its word: Flyway's parser for MySQL and MariaDB takes the word from the next line that has
 * one, where the mysql client refuses it. No place is another one.
 */
export const delimitersInLine = (text: string): string =>
  text.replace(
    DELIMITER_ALONE,
    (_, command: string, gap: string, word: string) => `${command} ${word}${" ".repeat(gap.length - 1)}`,
  );
