import colors from "picocolors";
import { lineText } from "../../files/position.js";
import type { Finding, Severity } from "../../model/finding.js";
import { countOf } from "./count.js";
import type { LintReport } from "./report.js";

type Colors = ReturnType<typeof colors.createColors>;

/** A report for a terminal: each finding with the source it is about, then one line that counts. */
export function lintText(report: LintReport, color: boolean): string {
  const paint = colors.createColors(color);
  const blocks = report.findings.map((finding) => block(finding, report.texts.get(finding.file) ?? "", paint));
  return `${[...blocks, summary(report)].join("\n")}\n`;
}

function block(finding: Finding, text: string, paint: Colors): string {
  const { line, column } = finding.start;
  const head = `${severityText(finding.severity, paint)}${paint.bold(`[${finding.rule}]`)}`;
  const place = `${printable(finding.file)}:${line}:${column}`;
  return [
    `${head} ${place}`,
    ...frame(finding, text, paint),
    ...indented(printable(finding.message)),
    ...indented(`${paint.cyan("help:")} ${printable(finding.help)}`),
    "",
  ].join("\n");
}

/** The line where the finding begins, with what it is about underlined as far as the line goes. */
function frame(finding: Finding, text: string, paint: Colors): string[] {
  const { line, column } = finding.start;
  const source = lineText(text, line);
  const end = finding.end.line === line ? finding.end.column : source.length + 1;
  const number = String(line);
  const pad = " ".repeat(number.length);
  const under = "^".repeat(Math.max(1, end - column));
  return [
    paint.dim(`  ${number} | `) + printable(source),
    paint.dim(`  ${pad} | `) + " ".repeat(column - 1) + severityColor(finding.severity, paint)(under),
  ];
}

const indented = (text: string): string[] => text.split("\n").map((line) => `  ${line}`);

/**
 * Control characters of a file, and those that reverse text, must not move the terminal's cursor. A tab becomes one space, so that the underline
 * stays in its column.
 */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]|[\u202A-\u202E\u2066-\u2069]/gu, (char) => (char === "\t" ? " " : "\uFFFD"));
}

function severityColor(severity: Severity, paint: Colors): (text: string) => string {
  return { error: paint.red, warning: paint.yellow, info: paint.blue }[severity];
}

const severityText = (severity: Severity, paint: Colors): string => severityColor(severity, paint)(severity);

function summary({ findings, files, statements }: LintReport): string {
  const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
  const found = (["error", "warning", "info"] as const).map((severity) =>
    counted(countOf(findings, severity), severity),
  );
  return `${counted(files, "file")}, ${counted(statements, "statement")}: ${found.join(", ")}`;
}
