import type { Finding, Severity } from "../../model/finding.js";
import type { LintReport } from "./report.js";

/** How many findings have this severity. */
export function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

/** `2 files, 3 statements: 1 error, 0 warnings, 0 infos`. */
export function summaryOf({ findings, files, statements }: LintReport): string {
  const found = (["error", "warning", "info"] as const).map((severity) =>
    counted(countOf(findings, severity), severity),
  );
  return `${counted(files, "file")}, ${counted(statements, "statement")}: ${found.join(", ")}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** The findings of each file that was looked at, also of those without any. */
export function byFile(report: LintReport): ReadonlyMap<string, readonly Finding[]> {
  const files = new Map<string, Finding[]>([...report.texts.keys()].map((file) => [file, []]));
  for (const finding of report.findings) {
    const list = files.get(finding.file) ?? [];
    list.push(finding);
    files.set(finding.file, list);
  }
  return files;
}
