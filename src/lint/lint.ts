import type { Place } from "../files/place.js";
import type { Catalog } from "../model/catalog.js";
import type { Finding } from "../model/finding.js";
import type { LintReport } from "../report/lint/report.js";
import type { Beginning, JudgedFile } from "./beginning.js";
import { initialCatalog, lintFile, replayFile } from "./file.js";
import type { LintOptions } from "./rule-set.js";
import { unreadHistory } from "./unread-history.js";

/** A file of a history. Only those with `report` are judged; the others tell what the schema is by then. */
export interface LintInput extends Place {
  readonly report: boolean;
  /** It is no text, so that nothing of it is judged; `unread` says why. What it did to the schema is not known. */
  readonly undecodable?: true;
}

/** What earlier runs have kept of histories; `src/lint/kept-beginnings.ts` keeps them in files. */
export interface Beginnings {
  /** What some of the first inputs came to, as many as are known; null where nothing is. */
  find(inputs: readonly LintInput[], options: LintOptions): Beginning | null;
  /** Behind how many inputs what they came to is worth keeping; null where it is not. */
  worthKeeping(inputs: readonly LintInput[], options: LintOptions, found: number): number | null;
  keep(inputs: readonly LintInput[], options: LintOptions, beginning: Beginning): void;
}

/**
 * Judges the files of one history in their order, without a database.
 *
 * @param before the schema before the first of them, where it is known; else nothing is
 * @param kept what earlier runs with nothing known before the first file came to
 * @example
 * await engine.loadParser();
 * lintMigrations([{ file, text, report: true }], { engine, version: engine.oldestVersion, severities: {} });
 */
export function lintMigrations(
  inputs: readonly LintInput[],
  options: LintOptions,
  before: Catalog = initialCatalog(options.engine),
  kept: Beginnings | null = null,
): LintReport {
  let begun: Beginning = kept?.find(inputs, options) ?? {
    ...{ files: 0, catalog: before, judged: [], expanded: [], unread: [] },
  };
  const keepAt = kept?.worthKeeping(inputs, options, begun.files) ?? null;
  if (keepAt !== null) {
    begun = through(inputs, begun, keepAt, options);
    kept?.keep(inputs, options, begun);
  }
  const { judged, unread } = through(inputs, begun, inputs.length, options);
  const last = inputs.findLastIndex(({ report }) => report);
  const history = unreadHistory(
    unread.flatMap((one) => {
      const place = inputs[one.at];
      return place === undefined || one.at > last ? [] : [{ place, ...one }];
    }),
  );
  const shown = inputs.filter(({ report, file }) => report || history?.file === file);
  const texts = new Map(shown.map(({ file, text, written }) => [file, written ?? text]));
  return reportOf(judged, texts, history === null ? [] : [history]);
}

/** Goes on from a beginning to another one. @param to how many files it is to have */
function through(inputs: readonly LintInput[], begun: Beginning, to: number, options: LintOptions): Beginning {
  let { catalog } = begun;
  const [judged, expanded, unread] = [[...begun.judged], [...begun.expanded], [...begun.unread]];
  for (const [i, input] of inputs.slice(begun.files, to).entries()) {
    const result = input.report
      ? lintFile(input, catalog, options, expanded)
      : replayFile(input, catalog, options.engine);
    const { catalog: after, ...given } = result;
    catalog = after;
    if (options.oneDeploy === true) expanded.push(...given.expanded);
    if (input.report) judged.push(given);
    else unread.push(...given.unknown.map((one) => ({ ...one, at: begun.files + i })));
  }
  return { files: to, catalog, judged, expanded, unread };
}

function reportOf(
  files: readonly JudgedFile[],
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
