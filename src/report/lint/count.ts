import type { Finding, Severity } from "../../model/finding.js";

/** How many findings have this severity. */
export function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}
