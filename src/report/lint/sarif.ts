import type { Edit, Finding, Severity } from "../../model/finding.js";
import { fingerprints } from "./fingerprint.js";
import { reportUri } from "./path.js";
import { plain } from "./plain.js";
import type { LintReport } from "./report.js";
import { ruleHelp } from "./rule-help.js";

const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

/**
 * SARIF 2.1.0, on one line. Columns are UTF-16 units, as everywhere in zmigrate, and an end is exclusive. A finding's
 * rule is described where the report knows what it protects.
 */
export function lintSarif(report: LintReport): string {
  const rules = [...new Set(report.findings.map(({ rule }) => rule))];
  const prints = fingerprints(report);
  const results = report.findings.map((finding, at) => resultOf(finding, report, rules, prints[at] ?? ""));
  const run = {
    tool: { driver: { name: "zmigrate", rules: rules.map((id) => ruleOf(id, report)) } },
    columnKind: "utf16CodeUnits",
    invocations: [{ executionSuccessful: !report.unreadable }],
    results,
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [run] })}\n`;
}

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

function ruleOf(id: string, { rules }: LintReport) {
  const rule = rules?.get(id);
  if (rule === undefined) return { id };
  const protects = { text: plain(rule.protects) };
  return {
    id,
    shortDescription: protects,
    fullDescription: protects,
    defaultConfiguration: { level: LEVELS[rule.severity] },
    help: ruleHelp(id, rule),
  };
}

function resultOf(finding: Finding, report: LintReport, rules: readonly string[], print: string) {
  const { rule, severity, message, help, file, fix } = finding;
  const artifactLocation = { uri: reportUri(file, report.root) };
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: LEVELS[severity],
    message: { text: plain(`${message}\n${help}`) },
    locations: [{ physicalLocation: { artifactLocation, region: regionOf(finding) } }],
    partialFingerprints: { "zmigrate/v1": print },
    ...(fix === undefined ? {} : { fixes: [fixOf(fix.edits, artifactLocation)] }),
  };
}

function regionOf({ start, end }: Finding) {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function fixOf(edits: readonly Edit[], artifactLocation: { readonly uri: string }) {
  const replacements = edits.map(({ start, end, text }) => ({
    deletedRegion: { charOffset: start, charLength: end - start },
    ...(text === "" ? {} : { insertedContent: { text } }),
  }));
  return { artifactChanges: [{ artifactLocation, replacements }] };
}
