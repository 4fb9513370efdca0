import { squawk } from "../../squawk.js";
import { type Alarm, type Peer, UNREADABLE } from "./peer.js";
import { findProgram, printed, readJson, versionOf } from "./program.js";

/** Rules about style, session settings and re-runnability. `prefer-repack` is none: it is about a rewrite. */
const ADVICE: ReadonlySet<string> = new Set([
  "ban-char-field",
  "identifier-too-long",
  "prefer-bigint-over-int",
  "prefer-bigint-over-smallint",
  "prefer-identity",
  "prefer-robust-stmts",
  "prefer-text-field",
  "prefer-timestamp-tz",
  "require-enum-value-ordering",
  "require-lock-timeout",
  "require-statement-timeout",
  "require-table-schema",
  "require-timeout-settings",
  "unused-ignore",
]);

/** squawk, from the peers' folder or PATH, or as npm installs it. */
export function findSquawk(): Peer | null {
  const file = findProgram("squawk") ?? squawk()?.file;
  if (file === undefined) return null;
  return Object.freeze({ name: `squawk ${versionOf(file)}`, alarms: (sql: string) => ask(file, sql) });
}

function ask(program: string, file: string): readonly Alarm[] {
  const found = readJson<readonly { rule_name: string }[]>(
    printed(program, "--pg-version", "18.0", "--reporter", "json", file),
  );
  return found?.map(({ rule_name: rule }) => ({ rule, advice: ADVICE.has(rule) })) ?? UNREADABLE;
}
