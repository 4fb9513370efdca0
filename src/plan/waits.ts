import { positionOf } from "../files/position.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Migration } from "../model/migration.js";
import type { Operation } from "../model/operation.js";
import type { Claim, FreedName, MigrationPlan, PlanRefusal, Retired } from "../model/plan.js";
import { type Naming, namesTaken } from "./names.js";
import { builtOnExchanged, claimsHeld, claimsMade, indexTooEarly, overlap } from "./overlap.js";

/** A change that is begun and not finished, or that stands before another one and is about to begin. */
export interface UnderWay {
  readonly id: string;
  readonly name: string;
  readonly retires: readonly Retired[];
  readonly claims?: readonly Claim[];
  readonly frees?: readonly FreedName[];
  readonly swapped: boolean;
}

export const underWay = (plan: MigrationPlan, swapped: boolean): UnderWay => {
  const { id, name, retires, claims, frees } = plan;
  const said = { ...(claims === undefined ? {} : { claims }), ...(frees === undefined ? {} : { frees }) };
  return { id, name, retires, ...said, swapped };
};

export const isUnfinished = ({ status }: MigrationRecord): boolean =>
  status !== "contracted" && status !== "rolled-back";

export const underWayOf = ({ plan, swappedAt }: MigrationRecord): UnderWay => underWay(plan, swappedAt !== null);

/** What a change of the same thing is called, and what it takes: only a plan tells. */
const UNPLANNED = Object.freeze({ retires: Object.freeze([]) });

const STATUS = "`zmigrate status` says what that one waits for; then run `zmigrate apply` again.";

/** What an operation gives a name that something else still has. */
function nameMet(operation: Operation, { frees = [], swapped }: UnderWay, naming: Naming): FreedName | null {
  const taken = new Set(namesTaken(operation, naming).map((name) => name.key));
  return frees.find((name) => taken.has(name.key) && !(swapped && name.swapped)) ?? null;
}

/** Why an operation must wait for a change that is under way: reason and help; null when it need not. */
function mustWait(
  operation: Operation,
  other: UnderWay,
  plan: Pick<MigrationPlan, "retires" | "claims">,
  naming: Naming,
): readonly [reason: string, help: string] | null {
  const { defaultSchema } = naming;
  const who = `migration ${other.id} (${other.name}) is not finished, and`;
  const met = overlap(claimsHeld(other, other.swapped), claimsMade(operation, plan), operation, defaultSchema);
  if (met !== null)
    return [`${who} changes the same column: it ${met.change}. This one begins when that one has contracted.`, STATUS];
  const taken = nameMet(operation, other, naming);
  if (taken !== null)
    return [
      `${who} has yet to take the name ${taken.shown} away from something else. This one begins when the name is free.`,
      STATUS,
    ];
  const exchanged = other.swapped ? null : builtOnExchanged(other.retires, operation, defaultSchema);
  return exchanged === null ? null : indexTooEarly(`${who} renames ${exchanged.column} to ${exchanged.replacement}`);
}

/**
 * Why a migration cannot begin while others are under way, at the place of the statement; null when it can.
 *
 * @param plan null where none can be made: what is under way may be the reason
 */
export function waitOf(
  migration: Migration,
  plan: MigrationPlan | null,
  others: readonly UnderWay[],
  naming: Naming,
): PlanRefusal | null {
  const { id, slug: name, file } = migration;
  for (const operation of migration.statements.flatMap((s) => s.operations))
    for (const other of others) {
      const wait = mustWait(operation, other, plan ?? UNPLANNED, naming);
      if (wait === null) continue;
      const { line, column } = positionOf(migration.text, operation.span.start);
      return { id, name, file, line, column, reason: wait[0], help: wait[1] };
    }
  return null;
}

/** A plan that says in its notes what it must wait for. */
export function withWait(plan: MigrationPlan, wait: PlanRefusal | null): MigrationPlan {
  if (wait === null) return plan;
  return { ...plan, notes: [`Line ${wait.line} waits: ${wait.reason}`, ...plan.notes] };
}
