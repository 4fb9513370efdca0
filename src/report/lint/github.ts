import type { Finding, Severity } from "../../model/finding.js";
import { summaryOf } from "./count.js";
import { reportPath } from "./path.js";
import { printable } from "./printable.js";
import type { LintReport } from "./report.js";

const COMMANDS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "notice" };

/** Workflow commands that GitHub Actions shows as annotations of the pull request's files, then one line that counts. */
export function lintGithub(report: LintReport): string {
  const lines = report.findings.map((finding) => annotation(finding, reportPath(finding.file, report.root)));
  return `${[...lines, summaryOf(report)].join("\n")}\n`;
}

function annotation(finding: Finding, file: string): string {
  const { severity, rule, message, help } = finding;
  const properties = { file, ...placeOf(finding), title: rule };
  const listed = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`);
  return `::${COMMANDS[severity]} ${listed.join(",")}::${data(`${message}\n${help}`)}`;
}

/** GitHub takes columns only where a finding begins and ends on one line. */
function placeOf({ start, end }: Finding): Readonly<Record<string, number>> {
  if (start.line !== end.line) return { line: start.line, endLine: end.line };
  return { line: start.line, endLine: end.line, col: start.column, endColumn: end.column };
}

/** As GitHub's own toolkit writes them (actions/toolkit, packages/core/src/command.ts). */
function data(text: string): string {
  return printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
