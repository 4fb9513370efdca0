import type { Finding, Fix } from "../../model/finding.js";
import type { Trace } from "../../model/trace.js";
import { countOf } from "./count.js";
import type { LintReport } from "./report.js";

/** A finding as JSON has it, in lint and in plan. Keys are added freely and never changed. */
export interface FindingJson {
  readonly rule: string;
  readonly severity: Finding["severity"];
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
  readonly help: string;
  readonly operation: string;
  /** Offsets are UTF-16 units of the file's text with LF line ends and without a byte order mark. */
  readonly fix?: Fix;
}

/** A finding for JSON: positions are 1-based, columns in UTF-16 units, the end exclusive. */
export function findingJson(finding: Finding): FindingJson {
  const { rule, severity, file, start, end, message, help, operation, fix } = finding;
  const place = { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  return Object.freeze({
    rule,
    severity,
    file,
    ...place,
    message,
    help,
    operation,
    ...(fix === undefined ? {} : { fix }),
  });
}

/** `{"version":1,"findings":[...],"summary":{...}}` on one line. */
export function lintJson(report: LintReport): string {
  const { findings, files, statements, trace } = report;
  const summary = {
    files,
    statements,
    errors: countOf(findings, "error"),
    warnings: countOf(findings, "warning"),
    infos: countOf(findings, "info"),
  };
  const seen = trace === undefined ? {} : { trace: traceJson(trace) };
  return `${JSON.stringify({ version: 1, findings: findings.map(findingJson), summary, ...seen })}\n`;
}

function traceJson({ server, statements }: Trace) {
  return {
    server,
    statements: statements.map(({ file, start, locks, rewrites, scans, note }) => ({
      ...{ file, line: start.line, column: start.column, locks, rewrites, scans },
      ...(note === null ? {} : { note }),
    })),
  };
}
