import type { Finding } from "../../model/finding.js";
import type { Traced } from "../../model/trace.js";
import type { LintReport } from "./report.js";

/**
 * What was seen of a finding's statement, on one line; null without a trace of it.
 *
 * @example
 * "PostgreSQL 18.6: ACCESS EXCLUSIVE on public.users; rewrites public.users"
 */
export function seenOf({ file, span }: Finding, { trace }: LintReport): string | null {
  const traced = trace?.statements.find(
    (one) => one.file === file && one.span.start <= span.start && span.end <= one.span.end,
  );
  return traced === undefined ? null : `${trace?.server}: ${words(traced)}`;
}

function words({ locks, rewrites, scans, note }: Traced): string {
  if (note !== null) return note;
  const seen = [
    ...locks.map(({ relation, mode }) => `${mode} on ${relation}`),
    ...(rewrites.length === 0 ? [] : [`rewrites ${rewrites.join(", ")}`]),
    ...(scans.length === 0 ? [] : [`scans ${scans.join(", ")}`]),
  ];
  return seen.length === 0 ? "no lock on what was there before" : seen.join("; ");
}

/** A line for each statement that could not be watched: what was not seen is said. */
export function unseenOf({ trace }: LintReport): readonly string[] {
  const unseen = trace?.statements.filter(({ note }) => note !== null) ?? [];
  if (trace === undefined || unseen.length === 0) return [];
  const lines = unseen.map(({ file, start, note }) => `  ${file}:${start.line}:${start.column} ${note}`);
  return [`Not seen on ${trace.server}:`, ...lines, ""];
}
