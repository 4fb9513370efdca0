import { sameRelation } from "../engines/engine.js";
import type { CreateObject, DropObject } from "../model/detail/object.js";
import type { Operation } from "../model/operation.js";

/** What `zmigrate plan` exchanges in one transaction where a file drops it and makes it again (PostgreSQL). */
const EXCHANGED: ReadonlySet<string> = new Set(["trigger", "rule", "policy", "view", "function", "procedure"]);

/**
 * What stands behind a DROP in a file that zmigrate runs, and is there as soon as what it drops is gone: what it exchanges for that in
 * one transaction, and policies that it makes before that goes.
 *
 * @param behind what the file makes behind it
 */
export function exchangedFor(
  dropped: Operation,
  behind: readonly Operation[],
  defaultSchema: string | null,
): readonly Operation[] {
  const drop = dropped.kind === "other" && dropped.detail?.kind === "drop-object" ? dropped.detail : null;
  if (drop === null || drop.name === null || drop.cascade || !EXCHANGED.has(drop.object)) return [];
  const takesPlace = (later: Operation): boolean => {
    const made = madeBy(later);
    const isOnSame =
      dropped.relation === null ||
      (later.relation !== null && sameRelation(dropped.relation, later.relation, defaultSchema));
    return made !== null && isOnSame && isExchanged(drop, made, defaultSchema);
  };
  const at = behind.findIndex(takesPlace);
  if (drop.object !== "policy") return at < 0 ? [] : behind.slice(at, at + 1);
  // Without one of its name it goes in contract, when all others are there; else with that one.
  return (at < 0 ? behind : behind.slice(0, at + 1)).filter((later) => madeBy(later)?.object === "policy");
}

const madeBy = (operation: Operation): CreateObject | null =>
  operation.kind === "other" && operation.detail?.kind === "create-object" ? operation.detail : null;

/** Routines that take other arguments stand beside each other. */
function isExchanged(drop: DropObject, made: CreateObject, defaultSchema: string | null): boolean {
  if (made.object !== drop.object || made.name === null || drop.name === null) return false;
  const takes = made.routine?.takes;
  const isSame = drop.takes === undefined || takes === undefined || drop.takes.join() === takes.join();
  return isSame && sameRelation(made.name, drop.name, defaultSchema);
}
