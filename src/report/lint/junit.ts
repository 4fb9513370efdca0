import type { Finding } from "../../model/finding.js";
import { byFile, countOf } from "./count.js";
import { reportPath } from "./path.js";
import type { LintReport } from "./report.js";

/**
 * JUnit's XML: a suite a file, a case a finding, and one case that passes for a file without any. Errors and warnings
 * are failures; an info passes and has its words in the case's output.
 */
export function lintJunit(report: LintReport): string {
  const suites = [...byFile(report)].map(([file, findings]) => suiteOf(reportPath(file, report.root), findings));
  const body = suites.length === 0 ? "" : `${suites.join("\n")}\n`;
  const head = `<testsuites name="zmigrate lint" ${countsOf(report.findings, passing(report))}>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${body}</testsuites>\n`;
}

/** How many files have a case that passes. */
const passing = (report: LintReport): number =>
  [...byFile(report).values()].filter((findings) => findings.length === 0).length;

function countsOf(findings: readonly Finding[], passed: number): string {
  const failures = countOf(findings, "error") + countOf(findings, "warning");
  return `tests="${findings.length + passed}" failures="${failures}" errors="0"`;
}

function suiteOf(file: string, findings: readonly Finding[]): string {
  const cases = findings.length === 0 ? [`    ${caseOpen(file, "no findings")}/>`] : findings.map(caseOf(file));
  const counts = countsOf(findings, findings.length === 0 ? 1 : 0);
  return [`  <testsuite name="${xml(file)}" ${counts}>`, ...cases, "  </testsuite>"].join("\n");
}

const caseOpen = (file: string, name: string): string => `<testcase classname="${xml(file)}" name="${xml(name)}"`;

const caseOf =
  (file: string) =>
  ({ rule, severity, message, help, start }: Finding): string => {
    const text = xml(`${file}:${start.line}:${start.column}\n${message}\n${help}`);
    const inner =
      severity === "info"
        ? `<system-out>${text}</system-out>`
        : `<failure type="${severity}" message="${xml(message)}">${text}</failure>`;
    return `    ${caseOpen(file, `${rule} ${start.line}:${start.column}`)}>${inner}</testcase>`;
  };

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text for content and attributes: XML 1.0 has no way to say most control characters, nor half a surrogate pair. */
function xml(text: string): string {
  return text
    .replace(UNSAYABLE, "\uFFFD")
    .replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char)
    .replaceAll("\n", "&#10;");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const UNSAYABLE = /[\x00-\x08\x0B-\x1F\x7F-\x9F\uFFFE\uFFFF]|\p{Cs}/gu;
