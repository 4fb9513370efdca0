import { type Phased, sameRelation } from "../engines/engine.js";
import type { Operation } from "../model/operation.js";
import type { Step } from "../model/step.js";
import { changeOfRows } from "./data-order.js";

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** A statement of the file may give the column values: those that it names no columns of, too. */
function fills(operation: Operation, { adds }: Step, defaultSchema: string | null): boolean {
  const change = changeOfRows(operation);
  if (change === null || adds === undefined || change.verb === "delete") return false;
  return (
    change.writes.some((w) => sameRelation(w, adds.relation, defaultSchema)) &&
    (change.columns.length === 0 || change.columns.some((c) => sameName(c, adds.column)))
  );
}

/**
 * The steps of a file that fills columns which it adds: what they hold need not be what somebody else has written.
 *
 * @param phased what each operation becomes
 * @param file the operations
 */
export function withOwnFills(
  phased: readonly Phased[],
  file: readonly Operation[],
  defaultSchema: string | null,
): readonly Phased[] {
  // What another operation does in its place is compared with what that reads.
  const own = file.filter((_, n) => (phased[n]?.steps.length ?? 0) > 0);
  const marked = (step: Step): Step =>
    step.adds !== undefined && step.adds.stays !== true && own.some((o) => fills(o, step, defaultSchema))
      ? { ...step, adds: { ...step.adds, unsure: "file" } }
      : step;
  return phased.map((p) => ({ ...p, steps: p.steps.map(marked) }));
}
