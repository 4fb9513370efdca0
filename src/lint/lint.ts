import type { ExpandedTable } from "../../rules/rule.js";
import type { Place } from "../files/place.js";
import type { Catalog } from "../model/catalog.js";
import type { Finding } from "../model/finding.js";
import type { LintReport } from "../report/lint/report.js";
import { type FileLint, initialCatalog, lintFile, replayFile } from "./file.js";
import type { LintOptions } from "./rule-set.js";
import { type UnreadPlace, unreadHistory } from "./unread-history.js";

/** A file of a history. Only those with `report` are judged; the others tell what the schema is by then. */
export interface LintInput extends Place {
  readonly report: boolean;
  /** It is no text, so that nothing of it is judged; `unread` says why. What it did to the schema is not known. */
  readonly undecodable?: true;
}

/**
 * Judges the files of one history in their order, without a database.
 *
 * @param before the schema before the first of them, where it is known; else nothing is
 * @example
 * await engine.loadParser();
 * lintMigrations([{ file, text, report: true }], { engine, version: engine.oldestVersion, severities: {} });
 */
export function lintMigrations(
  inputs: readonly LintInput[],
  options: LintOptions,
  before: Catalog = initialCatalog(options.engine),
): LintReport {
  let catalog = before;
  const reported: FileLint[] = [];
  const expanded: ExpandedTable[] = [];
  const unread: UnreadPlace[] = [];
  const last = inputs.findLastIndex(({ report }) => report);
  for (const [at, input] of inputs.entries()) {
    const result = input.report
      ? lintFile(input, catalog, options, expanded)
      : replayFile(input, catalog, options.engine);
    catalog = result.catalog;
    if (options.oneDeploy === true) expanded.push(...result.expanded);
    if (input.report) reported.push(result);
    else if (at < last) unread.push(...result.unknown.map((one) => ({ place: input, ...one })));
  }
  const history = unreadHistory(unread);
  const shown = inputs.filter(({ report, file }) => report || history?.file === file);
  const texts = new Map(shown.map(({ file, text, written }) => [file, written ?? text]));
  return reportOf(reported, texts, history === null ? [] : [history]);
}

function reportOf(
  files: readonly FileLint[],
  texts: ReadonlyMap<string, string>,
  history: readonly Finding[],
): LintReport {
  return Object.freeze({
    findings: Object.freeze([...history, ...files.flatMap((file) => file.findings)]),
    files: files.length,
    statements: files.reduce((sum, file) => sum + file.statements, 0),
    unreadable: files.some((file) => file.unreadable),
    texts,
  });
}

/** Several histories (folders) as one report. */
export function joinReports(reports: readonly LintReport[]): LintReport {
  return Object.freeze({
    findings: Object.freeze(reports.flatMap((report) => report.findings)),
    files: reports.reduce((sum, report) => sum + report.files, 0),
    statements: reports.reduce((sum, report) => sum + report.statements, 0),
    unreadable: reports.some((report) => report.unreadable),
    texts: new Map(reports.flatMap((report) => [...report.texts])),
  });
}
