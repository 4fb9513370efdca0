import { RULES } from "../../rules/index.js";
import type { Engine, Version } from "../engines/engine.js";
import type { Place } from "../files/place.js";
import { phaseOf } from "../files/scope.js";
import { applyOperation, emptyCatalog } from "../history/replay.js";
import type { Catalog } from "../model/catalog.js";
import type { Finding, Severity } from "../model/finding.js";
import type { Statement } from "../model/statement.js";
import { checkOperation } from "./check.js";
import { type FileState, fileState } from "./file-state.js";
import { findingAt } from "./finding.js";
import { readSource, type Source } from "./source.js";
import { type Found, suppress } from "./suppress.js";
import { unusedDirectives } from "./unused.js";

export interface LintOptions {
  /** Loaded. */
  readonly engine: Engine;
  readonly version: Version;
  /** By rule id, over the rules' own severities. */
  readonly severities: Readonly<Record<string, Severity | "off">>;
}

/** What one file gave, and the schema after it. */
export interface FileLint {
  readonly findings: readonly Finding[];
  readonly statements: number;
  /** Something could not be read: a syntax error, or a directive. */
  readonly unreadable: boolean;
  readonly catalog: Catalog;
}

/** The schema before the first file: nothing is known. */
export function initialCatalog(engine: Engine): Catalog {
  return emptyCatalog("files", engine.name === "postgres" ? "public" : null);
}

/**
 * Judges one file, whose schema before it is known from the files before it.
 *
 * @param place its name, for findings, and its LF text
 */
export function lintFile(place: Place, catalog: Catalog, options: LintOptions): FileLint {
  const source = readSource(place, options.engine);
  // Walked once a statement: thousands of ignores must not be.
  const phases = { ...source, directives: source.directives.filter(({ kind }) => kind === "phase") };
  const state = fileState(catalog.defaultSchema);
  const found: Found[] = [];
  let now = catalog;
  for (const statement of source.statements) {
    const judged = lintStatement(phases, statement, now, state, options);
    found.push(...judged.findings);
    now = state.schemaChanged() ? emptyCatalog("files", null) : judged.catalog;
  }
  const known = RULES.map((rule) => rule.id);
  const { findings, problems } = suppress(source, found, known, options.severities);
  const input = [...source.problems, ...problems, ...unusedDirectives(source)];
  return {
    findings: inOrder([...input, ...withSeverities(findings, options)]),
    statements: source.statements.length,
    unreadable: input.length > 0,
    catalog: hasSyntaxProblem(source) || state.schemaChanged() ? initialCatalog(options.engine) : now,
  };
}

/** What a file that could not be read did to the schema is not known, so that nothing is. */
const hasSyntaxProblem = (source: Source): boolean =>
  source.problems.some((problem) => problem.rule === "syntax-error");

function lintStatement(
  source: Source,
  statement: Statement,
  before: Catalog,
  state: FileState,
  { engine, version }: LintOptions,
): { readonly findings: readonly Found[]; readonly catalog: Catalog } {
  const phase = phaseOf(source, statement);
  const findings: Found[] = [];
  let catalog = before;
  for (const operation of statement.operations) {
    const effect = state.seenByOthers(engine.effects(operation, { catalog, version }));
    const context = { operation, effect, engine, version, catalog, phase, inTransaction: state.inTransaction() };
    for (const { rule, verdict } of checkOperation(context, RULES, state.isFresh(operation))) {
      const said = { rule: rule.id, severity: rule.severity, operation: operation.kind, ...verdict };
      findings.push({ statement, finding: findingAt(source, operation.span, said) });
    }
    state.note(operation, statement.sql);
    catalog = applyOperation(catalog, operation);
  }
  return { findings, catalog };
}

function withSeverities(findings: readonly Finding[], { severities }: LintOptions): readonly Finding[] {
  return findings.flatMap((finding) => {
    const severity = severities[finding.rule] ?? finding.severity;
    return severity === "off" ? [] : [{ ...finding, severity }];
  });
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return Object.freeze(findings.toSorted((a, b) => a.span.start - b.span.start || (a.rule < b.rule ? -1 : 1)));
}

/** The schema after a file that is not to be judged. */
export function replayFile(place: Place, catalog: Catalog, engine: Engine): FileLint {
  const { statements, problems } = engine.parse(place.text);
  const after = statements.flatMap(({ operations }) => operations).reduce(applyOperation, catalog);
  const unreadable = problems.length > 0;
  return { findings: [], statements: 0, unreadable, catalog: unreadable ? initialCatalog(engine) : after };
}
