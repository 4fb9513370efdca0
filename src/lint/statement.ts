import { RULES } from "../../rules/index.js";
import type { ExpandedTable, Rule } from "../../rules/rule.js";
import { withProcedures } from "../engines/called-code.js";
import { phaseOf } from "../files/scope.js";
import { placed } from "../history/in-path.js";
import { applyOperation, forward, tryOperation } from "../history/replay.js";
import type { Catalog } from "../model/catalog.js";
import type { Finding } from "../model/finding.js";
import type { Operation } from "../model/operation.js";
import type { Span } from "../model/span.js";
import type { Statement } from "../model/statement.js";
import type { Broken } from "./check.js";
import { exchangedFor } from "./exchanged.js";
import { findingAt, inputFinding } from "./finding.js";
import { isFilled, type Nobodys, readsFew, seenByOthers } from "./fresh.js";
import { checkWhole } from "./inside.js";
import type { Later } from "./made-again.js";
import { isFirst, isOnGone } from "./own.js";
import type { LintOptions } from "./rule-set.js";
import { howRunAlone } from "./runner-transaction.js";
import { noted as stateBehind } from "./session-notes.js";
import type { SessionState } from "./session-state.js";
import type { Source } from "./source.js";
import type { Found } from "./suppress.js";

/** The options, and what is the same for all statements of a file. */
export interface Asked extends LintOptions {
  readonly rules: readonly Rule[];
  readonly lastEnd: number;
  readonly oneMessage: boolean;
  readonly expanded: readonly ExpandedTable[];
  readonly later: Later;
  /** The schemas at the ends of its transactions, by `Behind.end`, as they are asked for: each is worked out once. */
  readonly ends: Map<number, Catalog>;
  /** The schema before the file. */
  readonly deployed: Catalog;
  readonly writesBehindCommit: boolean;
  /** Zmigrate runs it: it exchanges what the file drops and makes again in one transaction (PostgreSQL). */
  readonly exchanges: boolean;
}

const isPrepare = (operation: Operation): boolean =>
  operation.kind === "other" && operation.detail?.kind === "transaction" && operation.detail.action === "prepare";

/** What one statement gave, and what is known behind it. */
export interface Judged {
  readonly findings: readonly Found[];
  /** Rules that broke. */
  readonly failed: readonly Finding[];
  readonly catalog: Catalog;
  readonly state: SessionState;
}

/**
 * Judges one statement by all rules.
 *
 * @param before the schema before it
 * @param start what the statements before it mean for it
 * @param next the operations of the one behind it
 */
export function lintStatement(
  source: Source,
  statement: Statement,
  before: Catalog,
  start: SessionState,
  next: readonly Operation[],
  {
    engine,
    version,
    newestVersion,
    rules,
    lastEnd,
    oneMessage,
    expanded,
    later,
    ends,
    writesBehindCommit,
    exchanges,
    deployed,
  }: Asked,
): Judged {
  const phase = phaseOf(source, statement);
  const siblings = statement.operations.map((operation) => placed(before, withProcedures(operation, before)));
  const findings: Found[] = [];
  const failed: Finding[] = [];
  /** What fallback rules have said: what the whole statement does is told once, not for each of its parts. */
  const general = new Set<string>();
  const written = {
    text: source.text.slice(statement.span.start, statement.span.end),
    start: statement.span.start,
  };
  const prepares = siblings.some(isPrepare);
  const lastTransaction = statement.span.start > lastEnd || (prepares && statement.span.start === lastEnd);
  const versions = newestVersion === undefined ? { version } : { version, newestVersion };
  // Elsewhere most of what changes a schema commits by itself.
  const undone = engine.name === "postgres" && start.inTransaction && !start.implicit && later.isUndone(statement);
  let [catalog, state] = [before, start];
  for (const operation of siblings) {
    const { defaultSchema } = catalog;
    const settings = Object.fromEntries(state.settings);
    const effectsOf = (one: Operation, known: Catalog) =>
      engine.effects(one, {
        catalog: known,
        ...versions,
        siblings: one === operation ? siblings : [one],
        settings,
        behind: tryOperation,
      });
    const nobodys = nobodysOf(operation, catalog, later.makes(statement, operation));
    const whole = seenByOthers(state.fresh, effectsOf(operation, catalog), operation, catalog, nobodys);
    const effect = undone ? { ...whole, breaks: [], destroys: false } : whole;
    const { inTransaction, implicit } = state;
    // What this statement itself has locked is no reason to split it.
    const { enumValues, notNullChecks } = start;
    const { held, droppedIndexes, perhapsDropped, addedColumns } = start.lists;
    const laterOn = (name: string) => {
      if (start.inTransaction) return later.named(statement, name);
      return exchanges ? exchangedFor(operation, later.named(statement, name), defaultSchema) : [];
    };
    const known = catalog;
    const atEnd = () => {
      const behind = later.quietly(statement, start.inTransaction);
      if (behind === null) return null;
      const rest = siblings.slice(siblings.indexOf(operation));
      const end = ends.get(behind.end) ?? [...rest, ...behind.operations()].reduce(applyOperation, forward(known));
      ends.set(behind.end, end);
      return end;
    };
    const noted = {
      held,
      enumValues,
      notNullChecks,
      droppedIndexes,
      perhapsDropped,
      addedColumns,
      emptyColumns: state.emptyColumns,
      lockedTables: state.lockedTables,
      tableLocks: start.tableLocks,
      expanded,
      laterOn,
      atEnd,
      next,
    };
    const filled = isFilled(state.fresh, operation, defaultSchema);
    const session = {
      filled,
      readsFew: readsFew(state.fresh, operation, defaultSchema),
      writesBehindCommit,
      deployed,
      phase,
      inTransaction,
      inMessage: implicit,
      inBlock: false,
      oneMessage,
      withoutTransaction: howRunAlone(source.runner, statement, source.text),
      settings,
      written,
      lastTransaction,
      ...noted,
    };
    // A rule of somebody's own must not change what the next one reads.
    const context = Object.freeze({ operation, effect, engine, ...versions, catalog, siblings, ...session });
    for (const { operation: about, checked } of checkWhole(
      context,
      rules,
      state.fresh,
      effectsOf,
      nobodys,
      undone,
      start.asNew,
    )) {
      for (const { rule, verdict } of checked.said) {
        const same = `${rule.id}\0${verdict.message}`;
        if (rule.fallback === true && general.has(same)) continue;
        if (rule.fallback === true) general.add(same);
        const { once, ...told } = verdict;
        const said = { rule: rule.id, severity: rule.severity, operation: about.kind, ...told };
        const finding = findingAt(source, verdict.span ?? about.span, said);
        // A block is a transaction where none is open.
        const transaction = start.marks[0] ?? statement;
        findings.push({ statement, finding, ...(once === undefined ? {} : { once: { transaction, about: once } }) });
      }
      failed.push(...checked.broken.map((broken) => brokenFinding(source, about.span, broken)));
    }
    catalog = applyOperation(catalog, operation);
    state = stateBehind(state, operation, effect, known, catalog.defaultSchema);
  }
  return { findings, failed, catalog, state };
}

function nobodysOf(operation: Operation, catalog: Catalog, behind: readonly Operation[]): Nobodys {
  if (isFirst(operation, catalog, behind)) return "first";
  return isOnGone(operation, catalog) ? "gone" : null;
}

const OWN_HELP =
  "Correct the rule where the configuration has it from. It has not judged the statement, so judge it by hand until then.";

function brokenFinding(source: Source, span: Span, { rule, error }: Broken): Finding {
  const why = error instanceof Error ? error.message : String(error);
  const statement = source.text.slice(span.start, span.end).split("\n", 1)[0];
  const [whose, help] = RULES.includes(rule) ? ["the rule"] : ["your rule", OWN_HELP];
  return inputFinding(source, span, "rule-failed", `${whose} ${rule.id} broke on \`${statement}\`: ${why}`, help);
}
