import { basename } from "node:path";
import { flywayPlaceholder } from "../../files/layouts/flyway-settings.js";
import { byList, type FormerTool, isTrue, type Placeholders, type Row, text } from "../tool.js";

const VERSIONED = /^V(\d+(?:[._]\d+)*)__/;

/** `1_2`, `1.2` and `1.2.0` are one version. */
const plain = (version: string): string =>
  version
    .split(/[._]/)
    .map((part) => String(BigInt(part)))
    .join(".")
    .replace(/(?:\.0)+$/, "");

function isUpTo(version: string, last: string): boolean {
  if (!/^\d/.test(version)) return false;
  const [a, b] = [version, last].map((v) => v.split(".").map(BigInt));
  for (let i = 0; i < Math.max(a?.length ?? 0, b?.length ?? 0); i++) {
    const [x, y] = [a?.[i] ?? 0n, b?.[i] ?? 0n];
    if (x !== y) return x < y;
  }
  return true;
}

/** What a row is about: its version, or the script of one without; null for what is no migration. */
function subjectOf(row: Row): string | null {
  const version = text(row, "version");
  if (version !== "") return plain(version);
  const script = basename(text(row, "script"));
  return script.startsWith("R__") ? script : null;
}

function placeholdersIn(file: string): Placeholders | null {
  const pattern = flywayPlaceholder(file);
  if (pattern === null) return null;
  const leaveOff =
    "Where they are to stay as they stand, say so where Flyway reads it: `placeholderReplacement=false` in FILE.sql.conf, or `flyway.placeholderReplacement=false` in flyway.conf beside the files or above them.";
  return { pattern, isOn: () => true, leaveOff };
}

/**
 * One row each time that a script runs or is taken back, in the order of `installed_rank`: the last one of a version counts.
 * A baseline stands for all versions up to its own.
 */
export const flyway: FormerTool = Object.freeze<FormerTool>({
  name: "flyway",
  label: "Flyway",
  table: "flyway_schema_history",
  versionOf: (path) => {
    const [, version] = VERSIONED.exec(basename(path)) ?? [];
    return version === undefined ? (basename(path).startsWith("R__") ? basename(path) : null) : plain(version);
  },
  placeholdersIn,
  recorded: (rows, versions) => {
    const standing = new Map<string, boolean>();
    const baselines: string[] = [];
    for (const row of rows.toSorted((a, b) => Number(a.installed_rank) - Number(b.installed_rank))) {
      const [subject, type] = [subjectOf(row), text(row, "type")];
      if (subject === null) continue;
      if (/^(?:UNDO_|DELETE$)/.test(type)) standing.delete(subject);
      else if (type.endsWith("BASELINE")) baselines.push(subject);
      else standing.set(subject, isTrue(row, "success"));
    }
    const covered = versions.filter((version) => baselines.some((last) => isUpTo(version, last)));
    const done = [...standing].flatMap(([version, success]) => (success ? [version] : []));
    const failed = [...standing].flatMap(([version, success]) => (success ? [] : [version]));
    const { unknown } = byList(done, versions);
    return { run: new Set([...covered, ...done]), unfinished: failed, unknown };
  },
});
