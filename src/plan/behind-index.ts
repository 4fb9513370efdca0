import { type Phased, Refusal } from "../engines/engine.js";
import { BACKFILL } from "../engines/place.js";
import type { Operation } from "../model/operation.js";
import type { PhaseName } from "../model/phase.js";
import type { LateChange } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { nameOf, rank } from "./data-order.js";

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The index that an operation takes, or gives another name; null for any other operation. */
function indexTaken(operation: Operation): string | null {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "add-constraint") return detail.usingIndex;
  return detail?.kind === "rename-index" ? detail.from : null;
}

/**
 * Keeps what takes an index, or gives it another name, behind the backfill phase in which the file builds it.
 *
 * @param built what the file changes in its backfill phase
 * @param asked the phase that the author named
 * @throws Refusal where that phase comes before
 */
export function behindIndex(
  built: readonly LateChange[],
  operation: Operation,
  phased: Phased,
  asked: PhaseName | null,
): Phased {
  const taken = indexTaken(operation);
  const [first] = phased.steps;
  if (taken === null || first === undefined || rank(first) >= rank(BACKFILL)) return phased;
  if (!built.some(({ indexes }) => indexes.some((i) => sameName(i.name, taken)))) return phased;
  if (asked !== null)
    throw new Refusal(
      `It stands in the ${asked} phase, and this file builds the index ${taken} in ${nameOf(BACKFILL)}.`,
      "Name the same phase for both, or put them into two migrations.",
    );
  const steps = phased.steps.map((s): Step => (rank(s) < rank(BACKFILL) ? { ...s, ...BACKFILL } : s));
  return { ...phased, steps };
}
