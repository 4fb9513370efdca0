import { Refusal } from "../engines/engine.js";
import type { RelationName } from "../model/name.js";
import type { Retired } from "../model/plan.js";

const sameTable = (a: RelationName, b: RelationName): boolean => a.name === b.name && a.schema === b.schema;

const namesOf = (retired: Retired): readonly string[] =>
  [retired.column, retired.replacement, retired.parked].filter((name) => name !== null);

/** Two changes that cannot be under way at once: both rename or drop the same column, or what it becomes. */
export function overlap(before: readonly Retired[], after: readonly Retired[]): Retired | null {
  const meets = (a: Retired, b: Retired) =>
    sameTable(a.relation, b.relation) && namesOf(a).some((name) => namesOf(b).includes(name));
  return before.find((a) => after.some((b) => meets(a, b))) ?? null;
}

/**
 * Each rename has a trigger of its own, and one does not see what another writes: a chain of them would lose writes.
 *
 * @throws Refusal when a change of the same file touches what an earlier one renames or drops
 */
export function refuseChain(before: readonly Retired[], after: readonly Retired[]): void {
  const met = overlap(before, after);
  if (met === null) return;
  throw new Refusal(
    `This file already ${met.replacement === null ? `drops ${met.column}` : `renames ${met.column} to ${met.replacement}`}; a second change of the same column cannot run beside it.`,
    "Write the change in one step, or put the second one into a later migration.",
  );
}
