import { type Alarm, type Peer, UNREADABLE } from "./peer.js";
import { findProgram, printed, readJson, versionOf } from "./program.js";

interface Report {
  readonly results: readonly {
    readonly checks: readonly { readonly ruleId: string; readonly risk: string }[];
    readonly policyViolations: readonly { readonly ruleId: string }[];
  }[];
}

/** It describes every statement; up to LOW it calls it harmless. */
const HARMLESS: ReadonlySet<string> = new Set(["SAFE", "LOW"]);

/** Policies about settings of the session. */
const SETTINGS = /^(missing|lock-timeout|statement-timeout)-/;

/** pgfence, from the peers' folder or PATH. */
export function findPgfence(): Peer | null {
  const file = findProgram("pgfence");
  if (file === null) return null;
  return Object.freeze({ name: `pgfence ${versionOf(file)}`, alarms: (sql: string) => ask(file, sql) });
}

function ask(program: string, file: string): readonly Alarm[] {
  const out = printed(program, "analyze", "--format", "sql", "--output", "json", "--min-pg-version", "18", file);
  const report = readJson<Report>(out);
  if (report === null) return UNREADABLE;
  return report.results.flatMap(({ checks, policyViolations }) => [
    ...checks.filter(({ risk }) => !HARMLESS.has(risk)).map(({ ruleId }) => ({ rule: ruleId, advice: false })),
    ...policyViolations.map(({ ruleId }) => ({ rule: ruleId, advice: SETTINGS.test(ruleId) })),
  ]);
}
