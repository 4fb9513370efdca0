import { type Alarm, type Peer, UNREADABLE } from "./peer.js";
import { findProgram, printed, readJson, versionOf } from "./program.js";

interface Report {
  readonly violations: readonly { readonly ruleId: string }[];
}

/** What it calls hygiene or advice in its own benchmark, and its rules of style. */
const ADVICE: ReadonlySet<string> = new Set(
  ["004", "016", "020", "023", "037", "038", "039", "040", "041", "042", "045", "050", "051", "056", "059", "061"]
    .concat(["068", "069", "074", "077", "078", "080", "081", "086", "088", "100"])
    .map((number) => `MP${number}`),
);

/** migrationpilot, from the peers' folder or PATH. */
export function findMigrationpilot(): Peer | null {
  const file = findProgram("migrationpilot");
  if (file === null) return null;
  return Object.freeze({ name: `migrationpilot ${versionOf(file)}`, alarms: (sql: string) => ask(file, sql) });
}

function ask(program: string, file: string): readonly Alarm[] {
  const out = printed(program, "analyze", "--format", "json", "--pg-version", "18", "--no-config", "--offline", file);
  const report = readJson<Report>(out);
  return report?.violations.map(({ ruleId }) => ({ rule: ruleId, advice: ADVICE.has(ruleId) })) ?? UNREADABLE;
}
