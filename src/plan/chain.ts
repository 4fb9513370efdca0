import { Refusal } from "../engines/engine.js";
import { SWAP } from "../engines/place.js";
import type { Operation } from "../model/operation.js";
import type { Claim } from "../model/plan.js";
import { retypedFor, runsBehindSwap } from "./behind-type.js";
import { changeOf, claimsHeld, claimsMade, claimsOf, type HeldClaim, type Planned } from "./claims.js";
import { rank } from "./data-order.js";
import { inItsWay, mayLookForOmission } from "./lent.js";
import { builtOnExchanged, definesAnew, definesBeside, indexTooEarly, keepsColumn, overlap } from "./overlap.js";
import { isAboutRights, rightsLost } from "./rights-beside.js";

/** It takes a column or a table away, in contract and behind what stands in front of it. */
const takesAway = (operation: Operation): boolean =>
  operation.kind === "drop-column" || (operation.kind === "other" && operation.detail?.kind === "drop-table");

/** It leaves the column with its name and type. */
const keepsWhat = (operation: Operation, { claims = [] }: Planned): boolean =>
  keepsColumn(operation) || definesAnew(operation, claims);

/** Copies of what two columns share are made of what the first change leaves, which for a rename is the new name. */
function inChain(
  held: readonly HeldClaim[],
  wanted: readonly Claim[],
  operation: Operation,
  defaultSchema: string | null,
): Claim | null {
  const apart = wanted.filter((claim) => claim.together !== true);
  const own = held.filter((claim) => claim.drops !== true);
  const met = overlap(own, apart, operation, defaultSchema);
  return (
    met ??
    overlap(
      own.filter((claim) => claim.follows !== true),
      wanted,
      operation,
      defaultSchema,
    )
  );
}

const renamesTable = (operation: Operation): boolean =>
  operation.kind === "other" && operation.detail?.kind === "rename-table";

/** Why an operation cannot follow what claims. */
function whyNot(operation: Operation, { name, shares, through = "the same index" }: Claim): string {
  if (name !== null && renamesTable(operation))
    return "this gives their table another name: those that run behind that would not find it.";
  const same =
    shares === true ? `changes another column of ${through}` : `names the same ${name === null ? "table" : "column"}`;
  return `this ${same}: the two cannot run beside each other.`;
}

/** A way without a second migration. */
function leftOut(operation: Operation, { name, keeps, rows, goes }: Claim): string {
  if (renamesTable(operation) && goes === true)
    return " Or write this statement in front of that one, which then names the table's new name.";
  if (operation.kind === "drop-column" && name !== null && keeps === true && rows !== true)
    return " Or leave the former out: an index or a constraint of this column alone goes with it.";
  return operation.kind === "add-column" && rows === true
    ? " Or write this statement in front of that one: a column is added before rows are changed."
    : "";
}

const endsBeforeContract = ({ steps = [] }: Planned): boolean => steps.every((step) => step.phase !== "contract");

/**
 * A change of a column that is through with expand, where what stands behind it begins: it is about the column as it is then. A
 * default that is lent, and what two columns share, belong to longer changes.
 */
const isThrough = ({ name, lends, shares }: HeldClaim, { steps = [], retires }: Planned): boolean =>
  name !== null &&
  lends !== true &&
  shares !== true &&
  retires.length === 0 &&
  steps.length > 0 &&
  steps.every((step) => step.phase === "expand");

const renames = (operation: Operation): boolean => operation.kind === "rename-column" || renamesTable(operation);

/**
 * Whether an operation meets what is renamed under its new name: behind the swap that is what was renamed, and before it the rows of
 * a column are found under both names. A table's other name is a view's until then, which has no key to walk its rows by.
 */
const findsRenamed = ({ steps = [], claims = [] }: Planned, { called, name }: HeldClaim): boolean => {
  if (called !== true) return false;
  if (name === null) return steps.every((s) => s.phase === "contract");
  // What takes the swap back asks for the column's indexes and constraints, by their names.
  if (claims.some((c) => c.goes === true || c.renames === true)) return false;
  return steps.every((s) => s.phase === "contract" || s.kind === "verify" || s.kind === "backfill");
};

/** Where the last step of a plan stands among the phases; -1 where there is none. */
const lastRank = ({ steps = [] }: Planned): number => Math.max(-1, ...steps.map(rank));

/** A definition of a column that keeps its type stands beside what else keeps it, and behind what changes the definition in its turn. */
const definesInTurn = (operation: Operation, next: Planned, claim: HeldClaim, before: Planned): boolean =>
  claim.keeps === true &&
  keepsWhat(operation, next) &&
  (lastRank(before) <= lastRank(next) || !(next.claims ?? []).some((own) => definesBeside(claim, own)));

const changesType = (operation: Operation): boolean =>
  operation.kind === "other" &&
  (operation.detail?.kind === "alter-column-type" || operation.detail?.kind === "modify-column");

/** What stands on its own once it is through: an operation finds it as it is then. */
const findsThrough = (operation: Operation, claim: HeldClaim): boolean =>
  keepsColumn(operation) ||
  takesAway(operation) ||
  ((changesType(operation) || renames(operation)) && claim.rights !== true);

/**
 * What leaves the column as it is ends in the swap at the latest, in front of one that puts another column in its place or
 * gives the table its other name.
 */
const endsBeforeSwap = (operation: Operation, next: Planned, claim: HeldClaim, before: Planned): boolean =>
  claim.name !== null &&
  claim.keeps === true &&
  claim.lends !== true &&
  claim.shares !== true &&
  lastRank(before) <= rank(SWAP) &&
  (renamesTable(operation) || (claim.goes === true && next.retires.some((r) => r.retypes === true)));

/** A second column of another type follows, by its trigger, the rows that a file writes in the backfill. */
const followsRows = (operation: Operation, { retires, sides = [] }: Planned, claim: HeldClaim): boolean =>
  claim.name !== null && changesType(operation) && (sides.length > 0 || retires.some((r) => r.retypes === true));

/** Whether what an earlier statement of the file claims is through, or no more needed, when the operation runs. */
function isOverBy(
  operation: Operation,
  next: Planned,
  claim: HeldClaim,
  before: Planned,
  defaultSchema: string | null,
): boolean {
  const { steps = [] } = next;
  if (findsThrough(operation, claim) && isThrough(claim, before)) return true;
  const name = claim.name?.toLowerCase() ?? "";
  if (runsBehindSwap(steps) && retypedFor(operation, before, defaultSchema).includes(name)) return true;
  if (definesInTurn(operation, next, claim, before)) return true;
  if (endsBeforeSwap(operation, next, claim, before)) return true;
  if (keepsWhat(operation, next) && findsRenamed(next, claim)) return true;
  const follows = renames(operation) || followsRows(operation, next, claim);
  if (follows && claim.rows === true && endsBeforeContract(before)) return true;
  if (renamesTable(operation)) return claim.renames === true;
  if (takesAway(operation)) return claim.goes === true || (claim.rows === true && endsBeforeContract(before));
  if (!isAboutRights(operation)) return false;
  // What is given on a table's new name is given on both; what is taken behind the swap is taken from what is there then.
  return claim.shown === true || (claim.follows !== true && steps.every((step) => step.phase === "contract"));
}

/**
 * Each change of a column has a trigger of its own, and one does not see what another writes: a chain of them would lose
 * writes. A dropped column keeps its name until the contract.
 *
 * @throws Refusal when an operation touches what an earlier one of the same file changes in phases
 */
export function refuseChain(
  before: readonly Planned[],
  operation: Operation,
  next: Planned,
  defaultSchema: string | null,
): void {
  const held = before.flatMap((plan) =>
    claimsHeld(plan, false).filter((claim) => !isOverBy(operation, next, claim, plan, defaultSchema)),
  );
  const met = inChain(held, claimsMade(operation, next), operation, defaultSchema);
  if (met !== null && (met.rights === true || isAboutRights(operation)))
    throw new Refusal(...rightsLost(operation, met));
  if (met !== null)
    throw new Refusal(
      mayLookForOmission(operation)
        ? `This file already ${inItsWay(operation, met)}.`
        : `This file already ${met.change}, in several steps, and ${whyNot(operation, met)}`,
      `Put this statement into a later migration: it begins when this one has contracted.${leftOut(operation, met)}`,
    );
  const retires = before.flatMap((p) =>
    p.retires.filter((r) => !claimsOf(r, false).every((c) => findsRenamed(next, c))),
  );
  const exchanged = builtOnExchanged(retires, operation, defaultSchema);
  if (exchanged !== null) throw new Refusal(...indexTooEarly(`This file ${changeOf(exchanged)}`));
}
