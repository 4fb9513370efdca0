import { commitsItself } from "../../rules/commits-itself.js";
import type { ExpandedTable } from "../../rules/rule.js";
import type { Engine } from "../engines/engine.js";
import { originalText } from "../files/original.js";
import type { Place } from "../files/place.js";
import { phaseOf } from "../files/scope.js";
import { afterSession, applyOperation, emptyCatalog, forward } from "../history/replay.js";
import type { Catalog } from "../model/catalog.js";
import type { Finding } from "../model/finding.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { PhaseName } from "../model/phase.js";
import type { Statement } from "../model/statement.js";
import { withCalledBodies } from "./called.js";
import { assumingThere } from "./first-made.js";
import { laterIn } from "./made-again.js";
import { withPreparedTexts } from "./prepared.js";
import { reservedNames } from "./reserved-names.js";
import { type LintOptions, ruleSetOf } from "./rule-set.js";
import { isOneMessage, runsInTransaction } from "./runner-transaction.js";
import { sessionStart } from "./session-notes.js";
import { nextStatement, type SessionState } from "./session-state.js";
import { endsTransaction } from "./session-transaction.js";
import { readSource, type Source } from "./source.js";
import { type Asked, lintStatement } from "./statement.js";
import { type Found, suppress } from "./suppress.js";
import { besideUnread, type Unread, unreadIn } from "./unread.js";
import { unusedDirectives } from "./unused.js";
import { statementsRun } from "./version-comments.js";
import { behindOriginal, judgedPart } from "./written.js";

/** What one file gave, and the schema after it. */
export interface FileLint {
  readonly findings: readonly Finding[];
  readonly statements: number;
  /** Something could not be read: a syntax error, or a directive. */
  readonly unreadable: boolean;
  readonly catalog: Catalog;
  /** Tables that it changes for new code. */
  readonly expanded: readonly ExpandedTable[];
  /** Of a file that is not judged: what of it was not read, and may have changed the schema. */
  readonly unknown: readonly Unread[];
}

/** The schema before the first file: nothing is known. */
export function initialCatalog(engine: Engine): Catalog {
  return engine.name === "postgres" ? emptyCatalog("files", "public") : emptyCatalog("files", null, engine.name);
}

/**
 * Judges one file, whose schema before it is known from the files before it.
 *
 * @param place its name, for findings, and its LF text
 * @param earlier what earlier files of the same deploy expand
 */
export function lintFile(
  place: Place,
  catalog: Catalog,
  options: LintOptions,
  earlier: readonly ExpandedTable[] = [],
): FileLint {
  const source = runBy(judgedPart(readSource(place, options.engine, catalog), options.engine), options);
  // Walked once a statement: thousands of ignores must not be.
  const phases = { ...source, directives: source.directives.filter(({ kind }) => kind === "phase") };
  const transaction = runsInTransaction(place, source.statements, options.engine);
  const { known, severities, rules } = ruleSetOf(options);
  const lastEnd = lastTransactionEnd(source.statements);
  const oneMessage = isOneMessage(place);
  const writesBehindCommit = writesLast(source.statements);
  const later = laterIn(source.statements, endsTransaction);
  const asked: SameForAll = {
    ...options,
    rules,
    lastEnd,
    oneMessage,
    later,
    writesBehindCommit,
    exchanges: place.runner === undefined && options.engine.name === "postgres",
    deployed: catalog,
  };
  const judged = (asNew: boolean) => {
    const start = sessionStart(transaction, place.runner?.transaction === "batch", asNew);
    return lintStatements(phases, place, catalog, start, earlier, asked);
  };
  const there = judged(false);
  const { failed, own, made, passed } = there;
  // Twice only where it counts: what is found may rest on what was there already, which nothing tells.
  const twice = made.length > 0 && there.found.length > 0;
  const found = twice ? assumingThere(there.found, judged(true).found, made, source, options.engine) : there.found;
  const now = passed(behindOriginal(place.text, catalog, options.engine) ?? there.now, Number.POSITIVE_INFINITY);
  const { findings, problems } = suppress(source, found, known, severities);
  const names = reservedNames(place, source.statements, options);
  const input = [...source.problems, ...problems, ...names, ...unusedDirectives(source), ...failed];
  return {
    findings: inOrder([...input, ...withSeverities(findings, severities)]),
    statements: source.statements.length,
    unreadable: input.length > 0,
    catalog: afterSession(now),
    expanded: [...own.values()],
    unknown: [],
  };
}

/** What the statements of a file gave, one after the other. */
interface StatementsLint {
  readonly found: readonly Found[];
  readonly failed: readonly Finding[];
  readonly now: Catalog;
  readonly own: ReadonlyMap<string, ExpandedTable>;
  /** What is known behind what was not read, up to a place behind them. */
  readonly passed: ReturnType<typeof besideUnread>;
  /** What the file may be the first to make. */
  readonly made: readonly RelationName[];
}

/** What is the same each time that the statements of a file are judged. */
type SameForAll = Omit<Asked, "expanded" | "ends">;

function lintStatements(
  source: Source,
  place: Place,
  catalog: Catalog,
  start: SessionState,
  earlier: readonly ExpandedTable[],
  asked: SameForAll,
): StatementsLint {
  const found: Found[] = [];
  const failed: Finding[] = [];
  const own = new Map<string, ExpandedTable>();
  // What zmigrate runs has phases that keep to their deploys; another tool runs the whole file at once. One list, which
  // grows: a copy for each of thousands of statements would take its time.
  const grown: ExpandedTable[] = place.runner === undefined ? [] : [...earlier];
  const expanded = place.runner === undefined ? earlier : grown;
  const passed = besideUnread(source.unknown, place);
  const ends = new Map<number, Catalog>();
  let [now, state] = [forward(catalog), start];
  for (const [at, statement] of source.statements.entries()) {
    const next = source.statements[at + 1]?.operations ?? [];
    const before = passed(now, statement.span.start);
    const judged = lintStatement(source, statement, before, state, next, { ...asked, expanded, ends });
    grown.push(...noteExpanded(own, place, statement, phaseOf(source, statement)));
    found.push(...judged.findings);
    failed.push(...judged.failed);
    now = judged.catalog;
    state = nextStatement(judged.state);
  }
  return { found, failed, now, own, passed, made: state.firstMade };
}

/** Without what the one server that is meant does not run. */
function runBy(source: Source, { engine, version, newestVersion }: LintOptions): Source {
  if (newestVersion !== undefined) return source;
  const statements = statementsRun(source.text, source.statements, engine.name, version);
  return statements === source.statements ? source : { ...source, statements };
}

/** Each table once: a file may have thousands of statements. Those that are new are returned. */
function noteExpanded(
  tables: Map<string, ExpandedTable>,
  place: Place,
  statement: Statement,
  phase: PhaseName | null,
): readonly ExpandedTable[] {
  if (phase === "contract") return [];
  const { file, runner } = place;
  const added: ExpandedTable[] = [];
  for (const { kind, relation } of statement.operations) {
    const changes = kind === "add-column" || kind === "create-index" || kind === "other";
    if (!changes || relation === null) continue;
    const key = `${relation.schema ?? ""}\0${relation.name}`;
    if (tables.has(key)) continue;
    const table = { relation, file, tool: runner?.tool ?? null };
    tables.set(key, table);
    added.push(table);
  }
  return added;
}

/** Where the last COMMIT or ROLLBACK of a file begins; -1 without one. */
function lastTransactionEnd(statements: readonly Statement[]): number {
  const last = statements.findLast(({ operations }) => operations.some(endsTransaction));
  return last === undefined ? -1 : last.span.start;
}

function writesLast(statements: readonly Statement[]): boolean {
  const writes = (o: Operation) => o.kind === "other" && o.detail?.kind === "data-change";
  const last = statements.findLast(({ operations }) =>
    operations.some((o) => writes(o) || endsTransaction(o) || commitsItself(o)),
  );
  return last?.operations.some(writes) === true;
}

function withSeverities(findings: readonly Finding[], severities: LintOptions["severities"]): readonly Finding[] {
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
  const original = { ...place, text: originalText(place.text) ?? place.text };
  const parsed = engine.parse(original.text);
  const called = withPreparedTexts(withCalledBodies(parsed.statements, engine.name, catalog), original.text, engine);
  const unknown = unreadIn(original, parsed, engine);
  const passed = besideUnread(unknown, original);
  const behind = (now: Catalog, { span, operations }: Statement) =>
    operations.reduce(applyOperation, passed(now, span.start));
  const after = called.reduce(behind, forward(catalog));
  return {
    findings: [],
    statements: 0,
    expanded: [],
    unreadable: parsed.problems.length > 0,
    catalog: afterSession(passed(after, Number.POSITIVE_INFINITY)),
    unknown,
  };
}
