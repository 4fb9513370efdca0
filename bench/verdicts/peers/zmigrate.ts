import { join, resolve } from "node:path";
import { type Alarm, type Peer, UNREADABLE } from "./peer.js";
import { printed, readJson, versionOf } from "./program.js";

interface Report {
  readonly findings: readonly { readonly rule: string; readonly severity: "error" | "warning" | "info" }[];
}

const CLI = resolve("dist/src/cli.js");

/** Ours, as it was built. */
export function ourselves(): Peer {
  return Object.freeze({ name: `zmigrate ${versionOf(process.execPath, CLI)}`, alarms: (sql: string) => ask(sql) });
}

function ask(file: string): readonly Alarm[] {
  const args = ["lint", "--engine", "postgres", "--server-version", "18", "--format", "json"];
  const report = readJson<Report>(printed(process.execPath, CLI, ...args, "--migrations", join(file, ".."), file));
  return report?.findings.map(({ rule, severity }) => ({ rule, advice: severity === "info" })) ?? UNREADABLE;
}
