import type { CodeOperation, UnknownCode } from "../../../../../model/detail/code.js";
import type { Operation } from "../../../../../model/operation.js";

/** What was found in a body so far, and the circumstances of the place that is being read. */
export interface Collector {
  readonly operations: CodeOperation[];
  readonly unknown: UnknownCode[];
  /** How many loops and conditions are open. */
  loops: number;
  conditions: number;
  /** LEAVE, ITERATE or RETURN stood under a condition. */
  left: boolean;
  /** A handler of errors was declared. */
  handled: boolean;
}

export function newCollector(): Collector {
  return { operations: [], unknown: [], loops: 0, conditions: 0, left: false, handled: false };
}

/** Takes note of what a statement does. Text that is run as SQL is not known before it runs. */
export function note(collector: Collector, operations: readonly Operation[], statement: string): void {
  const repeated = collector.loops > 0;
  const conditional = collector.conditions > 0;
  const behind = collector.left ? { behindExit: true } : {};
  for (const operation of operations) {
    collector.operations.push(Object.freeze({ operation, statement, repeated, conditional, ...behind }));
    if (operation.kind !== "other" || operation.harmless) continue;
    if (operation.detail?.kind !== "opaque" || operation.detail.how !== "prepared") continue;
    const message = "The text that runs here is only known when it runs.";
    collector.unknown.push(Object.freeze({ span: operation.span, why: "dynamic", message }));
  }
}
