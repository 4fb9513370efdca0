import { type Phased, sameRelation } from "../engines/engine.js";
import { SWAP } from "../engines/place.js";
import type { Operation } from "../model/operation.js";
import type { PhaseName } from "../model/phase.js";
import type { Side } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { rank } from "./data-order.js";

/** The columns that an operation is about, where it finds them as they are when it runs; none for any other operation. */
function columnsFound(operation: Operation): readonly string[] {
  if (operation.kind === "create-index") return operation.keys.flatMap((key) => key.column ?? []);
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "add-constraint") return detail.usingIndex === null ? detail.constraint.columns : [];
  return detail?.kind === "set-not-null" ? [detail.column] : [];
}

/** A column of another type takes the place of one under its name. */
const retypes = ({ column, swapped, kept }: Side): boolean => swapped === kept && column !== kept;

/** The columns, in lower case, that an operation finds and that a change of type puts others in the place of, in its swap. */
export function retypedFor(
  operation: Operation,
  { sides = [] }: Pick<Phased, "sides">,
  defaultSchema: string | null,
): readonly string[] {
  const { relation } = operation;
  const columns = columnsFound(operation).map((name) => name.toLowerCase());
  return sides.flatMap((side) => {
    const isIt = relation !== null && retypes(side) && sameRelation(side.relation, relation, defaultSchema);
    return isIt && columns.includes(side.swapped.toLowerCase()) ? [side.swapped.toLowerCase()] : [];
  });
}

/** Whether all of it runs when the swaps of what stands in front of it are done. */
export const runsBehindSwap = (steps: readonly Pick<Step, "phase" | "stage">[]): boolean =>
  steps.length > 0 && steps.every((s) => rank(s) >= rank(SWAP));

/**
 * An index, a constraint or NOT NULL of a column whose type the file changes in front of it is one of the new column: it waits
 * for the swap that gives this one the name.
 *
 * @param asked the phase that the author named
 */
export function behindType(
  before: readonly Phased[],
  operation: Operation,
  phased: Phased,
  asked: PhaseName | null,
  defaultSchema: string | null,
): Phased {
  const waits = asked === null && before.some((p) => retypedFor(operation, p, defaultSchema).length > 0);
  // A fill is one of the former column.
  if (!waits || phased.steps.some((s) => s.kind === "backfill") || runsBehindSwap(phased.steps)) return phased;
  return {
    ...phased,
    steps: phased.steps.map((s): Step => (rank(s) < rank(SWAP) ? { ...s, ...SWAP } : s)),
    notes: [
      ...phased.notes,
      `${operation.kind === "create-index" ? "The index" : "This"} is one of the column's new type, and so made in contract (swap), behind the swap.`,
    ],
  };
}
