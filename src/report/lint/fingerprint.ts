import type { Finding } from "../../model/finding.js";
import { sha256 } from "../../sha256.js";
import { reportPath } from "./path.js";
import type { LintReport } from "./report.js";

/**
 * One fingerprint a finding, in their order, for services that tell new findings from old ones. It is made of the
 * rule, the file and the SQL that the finding is about, without white space, so that it survives lines that come and
 * go above it; the second equal finding of a file is told from the first by its number.
 *
 * @returns SHA-256 in lower-case hex
 */
export function fingerprints(report: LintReport): readonly string[] {
  const seen = new Map<string, number>();
  return report.findings.map((finding) => {
    const subject = subjectOf(finding, report);
    const count = (seen.get(subject) ?? 0) + 1;
    seen.set(subject, count);
    return sha256(`${subject}\0${count}`);
  });
}

function subjectOf({ rule, file, span }: Finding, { texts, root }: LintReport): string {
  const sql = (texts.get(file) ?? "").slice(span.start, span.end).replace(/\s+/g, " ");
  return [rule, reportPath(file, root), sql].join("\0");
}
