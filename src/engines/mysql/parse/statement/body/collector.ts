import type { CodeOperation, UnknownCode } from "../../../../../model/detail/code.js";
import type { Operation } from "../../../../../model/operation.js";

/** What was found in a body so far, and the circumstances of the place that is being read. */
export interface Collector {
  readonly operations: CodeOperation[];
  readonly unknown: UnknownCode[];
  /** How many loops and conditions are open. */
  loops: number;
  conditions: number;
  /** A handler of errors was declared. */
  handled: boolean;
}

export function newCollector(): Collector {
  return { operations: [], unknown: [], loops: 0, conditions: 0, handled: false };
}

/** Takes note of what a statement does. Text that is run as SQL is not known before it runs. */
export function note(collector: Collector, operations: readonly Operation[], statement: string): void {
  const repeated = collector.loops > 0;
  const conditional = collector.conditions > 0;
  for (const operation of operations) {
    collector.operations.push(Object.freeze({ operation, statement, repeated, conditional }));
    if (operation.kind !== "other" || operation.detail?.kind !== "opaque" || operation.detail.how !== "prepared")
      continue;
    const message = "The text that runs here is only known when it runs.";
    collector.unknown.push(Object.freeze({ span: operation.span, why: "dynamic", message }));
  }
}
