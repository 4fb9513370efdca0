import type { CodeOperation, UnknownCode } from "../../../../../model/detail/code.js";
import type { Operation } from "../../../../../model/operation.js";
import { asksFor } from "../../../../asked-for.js";
import { asksCatalog } from "./question.js";

/** What was found in a body so far, and the circumstances of the place that is being read. */
export interface Collector {
  readonly operations: CodeOperation[];
  readonly unknown: UnknownCode[];
  /** How many loops and conditions are open. */
  loops: number;
  conditions: number;
  /** For each operation, how many conditions were open. */
  readonly depths: number[];
  /** Statements that ask the server what it has. */
  readonly asked: string[];
  /** LEAVE, ITERATE or RETURN stood under a condition. */
  left: boolean;
  /** A handler of errors was declared. */
  handled: boolean;
}

export function newCollector(): Collector {
  return { operations: [], unknown: [], loops: 0, conditions: 0, depths: [], asked: [], left: false, handled: false };
}

/** Takes note of what a statement does. Text that is run as SQL is not known before it runs. */
export function note(collector: Collector, operations: readonly Operation[], statement: string): void {
  const repeated = collector.loops > 0;
  const conditional = collector.conditions > 0;
  const behind = collector.left ? { behindExit: true } : {};
  for (const operation of operations) {
    collector.depths.push(collector.conditions);
    collector.operations.push(Object.freeze({ operation, statement, repeated, conditional, ...behind }));
    if (operation.kind !== "other" || operation.harmless) continue;
    if (operation.detail?.kind !== "opaque" || operation.detail.how !== "prepared") continue;
    const message = "The text that runs here is only known when it runs.";
    collector.unknown.push(Object.freeze({ span: operation.span, why: "dynamic", message }));
  }
}

/** Takes note of a statement that may ask the server what it has. */
export function noteAsked({ asked }: Collector, statement: string): void {
  if (asksCatalog(statement)) asked.push(statement);
}

/**
 * Takes note that what was found from a place on depended on a question whether something is there, which is the innermost
 * condition that is open: what makes that very thing, and what its statement does besides, is done afterwards.
 *
 * @param question null where it depended on anything else
 */
export function settle({ operations, depths, conditions }: Collector, from: number, question: string | null): void {
  const asking = operations.slice(from).filter(({ operation }) => question !== null && asksFor(question, operation));
  const statements = new Set(asking.map(({ statement }) => statement));
  for (const [at, { settled, ...entry }] of operations.entries()) {
    if (at < from) continue;
    const isSettled = statements.has(entry.statement) && (depths[at] === conditions || settled === true);
    operations[at] = Object.freeze({ ...entry, ...(isSettled ? { settled: true } : {}) });
  }
}
