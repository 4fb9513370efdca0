import { RULES } from "../../rules/index.js";
import type { Engine, Version } from "../engines/engine.js";
import type { Place } from "../files/place.js";
import { phaseOf } from "../files/scope.js";
import { afterSession, applyOperation, emptyCatalog } from "../history/replay.js";
import type { Catalog } from "../model/catalog.js";
import type { Finding, Severity } from "../model/finding.js";
import type { Statement } from "../model/statement.js";
import { checkOperation } from "./check.js";
import { findingAt } from "./finding.js";
import { isFresh, noted, type SessionState, seenByOthers, sessionStart } from "./session-state.js";
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
  let state = sessionStart(runsInTransaction(place, source.statements.length, options.engine));
  const found: Found[] = [];
  let now = catalog;
  for (const statement of source.statements) {
    const judged = lintStatement(phases, statement, now, state, options);
    found.push(...judged.findings);
    now = judged.catalog;
    state = judged.state;
  }
  const known = RULES.map((rule) => rule.id);
  const { findings, problems } = suppress(source, found, known, options.severities);
  const input = [...source.problems, ...problems, ...unusedDirectives(source)];
  return {
    findings: inOrder([...input, ...withSeverities(findings, options)]),
    statements: source.statements.length,
    unreadable: input.length > 0,
    catalog: hasSyntaxProblem(source) ? initialCatalog(options.engine) : afterSession(now),
  };
}

/** What a file that could not be read did to the schema is not known, so that nothing is. */
const hasSyntaxProblem = (source: Source): boolean =>
  source.problems.some((problem) => problem.rule === "syntax-error");

/** Whether the tool that the file was written for begins a transaction before it. */
function runsInTransaction({ runner }: Place, statements: number, engine: Engine): boolean {
  if (engine.name !== "postgres") return false;
  return runner?.transaction === "file" || (runner?.transaction === "batch" && statements > 1);
}

interface Judged {
  readonly findings: readonly Found[];
  readonly catalog: Catalog;
  readonly state: SessionState;
}

function lintStatement(
  source: Source,
  statement: Statement,
  before: Catalog,
  start: SessionState,
  { engine, version }: LintOptions,
): Judged {
  const phase = phaseOf(source, statement);
  const siblings = statement.operations;
  const findings: Found[] = [];
  let [catalog, state] = [before, start];
  for (const operation of siblings) {
    const { defaultSchema } = catalog;
    const settings = Object.fromEntries(state.settings);
    const effect = seenByOthers(
      state,
      engine.effects(operation, { catalog, version, siblings, settings }),
      defaultSchema,
    );
    const { inTransaction } = state;
    // What this statement itself has locked is no reason to split it.
    const { held } = start;
    const context = { operation, effect, engine, version, catalog, phase, inTransaction, siblings, settings, held };
    for (const { rule, verdict } of checkOperation(context, RULES, isFresh(state, operation.relation, defaultSchema))) {
      const said = { rule: rule.id, severity: rule.severity, operation: operation.kind, ...verdict };
      findings.push({ statement, finding: findingAt(source, operation.span, said) });
    }
    catalog = applyOperation(catalog, operation);
    state = noted(state, operation, effect, defaultSchema, catalog.defaultSchema);
  }
  return { findings, catalog, state };
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
  return {
    findings: [],
    statements: 0,
    unreadable,
    catalog: unreadable ? initialCatalog(engine) : afterSession(after),
  };
}
