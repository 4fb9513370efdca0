import { flywayDefault } from "./flyway-settings.js";
import { byName, type Layout } from "./layout.js";

const VERSIONED = /^V(\d+(?:[._]\d+)*)__.+\.sql$/s;
const REPEATABLE = /^R__.+\.sql$/s;
/** Undo scripts, and baselines, which only an empty database runs in place of what came before. */
const ASIDE = /^[UB]\d+(?:[._]\d+)*__.+\.sql$/s;

/**
 * Flyway with its default prefixes: versions by their numbers, part by part, then the repeatable ones by their names.
 * The transaction is the file's, unless all of its statements refuse one, or `<file>.conf` says otherwise.
 */
export const flyway: Layout = Object.freeze<Layout>({
  tool: "Flyway",
  transaction: "auto",
  role: (path) => (VERSIONED.test(path) || REPEATABLE.test(path) ? "up" : ASIDE.test(path) ? "down" : null),
  repeatable: (path) => REPEATABLE.test(path),
  compare: (a, b) => compareVersions(versionOf(a), versionOf(b)) || byName(a, b),
});

/** The same, with the transaction that the project's settings of Flyway ask for. */
export const flywayIn = (folder: string): Layout => Object.freeze({ ...flyway, transaction: flywayDefault(folder) });

/** Null for a repeatable one: it runs after all versions. */
function versionOf(name: string): readonly bigint[] | null {
  const [, version] = VERSIONED.exec(name) ?? [];
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
