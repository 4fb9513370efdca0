import colors from "picocolors";
import type { Finding, Severity } from "../../model/finding.js";
import { summaryOf } from "./count.js";
import { frameOf } from "./frame.js";
import { printable, printableLine } from "./printable.js";
import type { LintReport } from "./report.js";
import { seenOf, unseenOf } from "./seen.js";

type Colors = ReturnType<typeof colors.createColors>;

/** A report for a terminal: each finding with the source it is about, then one line that counts. */
export function lintText(report: LintReport, color: boolean): string {
  const paint = colors.createColors(color);
  const blocks = report.findings.map((finding) => block(finding, report, paint));
  return `${[...blocks, ...unseenOf(report).map(printableLine), summaryOf(report)].join("\n")}\n`;
}

function block(finding: Finding, report: LintReport, paint: Colors): string {
  const { line, column } = finding.start;
  const head = `${severityText(finding.severity, paint)}${paint.bold(`[${finding.rule}]`)}`;
  const place = `${printableLine(finding.file)}:${line}:${column}`;
  const seen = seenOf(finding, report);
  return [
    `${head} ${place}`,
    ...frame(finding, report.texts.get(finding.file) ?? "", paint),
    ...indented(printable(finding.message)),
    ...indented(`${paint.cyan("help:")} ${printable(finding.help)}`),
    ...(finding.fix === undefined ? [] : indented(`${paint.cyan("fix:")} \`zmigrate lint --fix\` does it.`)),
    ...(seen === null ? [] : indented(`${paint.cyan("seen:")} ${printableLine(seen)}`)),
    "",
  ].join("\n");
}

/** The line where the finding begins, with what it is about underlined as far as the line goes. */
function frame(finding: Finding, text: string, paint: Colors): string[] {
  const { line, source, indent, length } = frameOf(finding, text);
  const number = String(line);
  const pad = " ".repeat(number.length);
  const under = " ".repeat(indent) + severityColor(finding.severity, paint)("^".repeat(length));
  return [paint.dim(`  ${number} | `) + source, paint.dim(`  ${pad} | `) + under];
}

const indented = (text: string): string[] => text.split("\n").map((line) => `  ${line}`);

function severityColor(severity: Severity, paint: Colors): (text: string) => string {
  return { error: paint.red, warning: paint.yellow, info: paint.blue }[severity];
}

const severityText = (severity: Severity, paint: Colors): string => severityColor(severity, paint)(severity);
