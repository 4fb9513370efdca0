import { Refusal, sameRelation } from "../engines/engine.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { Retired } from "../model/plan.js";

/** A name of a table's column that a change needs for itself, and why. */
export interface Claim {
  readonly relation: RelationName;
  readonly name: string;
  /** For people: `renames a to b`. */
  readonly change: string;
}

const changeOf = ({ column, replacement }: Retired): string =>
  replacement === null ? `drops ${column}` : `renames ${column} to ${replacement}`;

/**
 * What nothing else may touch while a change is under way.
 *
 * @param swapped the old name is free again, and what is parked under another one goes with the drop
 */
export function claimsOf(retired: Retired, swapped: boolean): readonly Claim[] {
  const { relation, column, parked, replacement } = retired;
  const names = swapped ? [replacement, parked] : [column, replacement, parked];
  return names.filter((name) => name !== null).map((name) => ({ relation, name, change: changeOf(retired) }));
}

/** What an operation names, as far as it cannot stand beside a change of the same under way. */
export function claimsMade(operation: Operation, retires: readonly Retired[]): readonly Claim[] {
  const named = operation.kind === "rename-column" ? operation.from : null;
  const column = operation.kind === "drop-column" ? operation.column : named;
  const own = retires.filter((r) => r.column.toLowerCase() === column?.toLowerCase());
  const claims = own.flatMap((r) => claimsOf(r, false));
  if (operation.kind !== "add-column") return claims;
  const { name } = operation.column;
  return [...claims, { relation: operation.relation, name, change: `adds ${name}` }];
}

/** The first claim of `held` that one of `wanted` meets; null when none does. */
export function overlap(held: readonly Claim[], wanted: readonly Claim[], defaultSchema: string | null): Claim | null {
  // MySQL's columns do not tell case apart; where they do, two that differ in case alone are best kept apart too.
  const meets = (a: Claim, b: Claim) =>
    a.name.toLowerCase() === b.name.toLowerCase() && sameRelation(a.relation, b.relation, defaultSchema);
  return held.find((a) => wanted.some((b) => meets(a, b))) ?? null;
}

/** An index on a name that the swap will give to the other column would be parked and dropped with that one. */
export function builtOnExchanged(
  retires: readonly Retired[],
  operation: Operation,
  defaultSchema: string | null,
): Retired | null {
  if (operation.kind !== "create-index") return null;
  const { relation, keys } = operation;
  const columns = new Set(keys.map((k) => k.column?.toLowerCase()));
  const meets = (r: Retired) => r.exchanges && columns.has(r.replacement?.toLowerCase());
  return retires.find((r) => meets(r) && sameRelation(r.relation, relation, defaultSchema)) ?? null;
}

/**
 * Each rename has a trigger of its own, and one does not see what another writes: a chain of them would lose writes.
 * A dropped column keeps its name until the contract.
 *
 * @throws Refusal when an operation touches what an earlier one of the same file renames or drops
 */
export function refuseChain(
  before: readonly Retired[],
  operation: Operation,
  retires: readonly Retired[],
  defaultSchema: string | null,
): void {
  const held = before.flatMap((r) => claimsOf(r, false));
  const met = overlap(held, claimsMade(operation, retires), defaultSchema);
  if (met !== null)
    throw new Refusal(
      `This file already ${met.change}; a second change of the same column cannot run beside it.`,
      "Write the change in one step, or put the second one into a later migration.",
    );
  const exchanged = builtOnExchanged(before, operation, defaultSchema);
  if (exchanged !== null) throw new Refusal(...indexTooEarly(`This file ${changeOf(exchanged)}`));
}

/** Why an index has to wait for a rename here: reason and help. */
export const indexTooEarly = (who: string): [reason: string, help: string] => [
  `${who}, and until that is swapped the new name means a column that is parked afterwards: the index would go with it.`,
  "Create the index on the old name before the rename, or in a later migration once the rename has contracted.",
];
