import type { Severity } from "../../model/finding.js";
import { fingerprints } from "./fingerprint.js";
import { reportPath } from "./path.js";
import type { LintReport } from "./report.js";

const SEVERITIES: Readonly<Record<Severity, string>> = { error: "critical", warning: "major", info: "info" };

/** GitLab's code quality report: one JSON array, for `artifacts: reports: codequality`. */
export function lintGitlab(report: LintReport): string {
  const prints = fingerprints(report);
  const issues = report.findings.map(({ rule, severity, file, start, end, message, help }, at) => ({
    description: `${message} ${help}`,
    check_name: rule,
    fingerprint: prints[at] ?? "",
    severity: SEVERITIES[severity],
    location: { path: reportPath(file, report.root), lines: { begin: start.line, end: end.line } },
  }));
  return `${JSON.stringify(issues)}\n`;
}
