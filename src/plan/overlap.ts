import { sameRelation } from "../engines/engine.js";
import type { Operation } from "../model/operation.js";
import type { Claim, Retired } from "../model/plan.js";
import { buildsOnColumn, computesFrom } from "./builds-on.js";
import type { HeldClaim } from "./claims.js";
import { mayLookForOmission, meetsLent } from "./lent.js";
import { rightsBeside } from "./rights-beside.js";

/** It leaves the column as it is, and builds on it. */
const buildsOn = (operation: Operation): boolean =>
  operation.kind === "create-index" || (operation.kind === "other" && operation.detail?.kind === "add-constraint");

/** Changes that leave the column's name, type and values as they are. */
const KEEPS_COLUMN: ReadonlySet<string> = new Set([
  "add-constraint",
  "add-identity",
  "alter-constraint",
  "data-change",
  "drop-constraint",
  "drop-default",
  "drop-identity",
  "drop-index",
  "drop-not-null",
  "reindex",
  "rename-constraint",
  "rename-index",
  "replace-index",
  "set-column-option",
  "set-default",
  "set-identity",
  "set-index-visibility",
  "set-not-null",
  "validate-constraint",
]);

export const keepsColumn = (operation: Operation): boolean =>
  operation.kind === "create-index" || (operation.kind === "other" && KEEPS_COLUMN.has(operation.detail?.kind ?? ""));

/** It defines a column anew, with the name and the type that it has. */
export const definesAnew = (operation: Operation, wanted: readonly Claim[]): boolean =>
  operation.kind === "other" &&
  operation.detail?.kind === "modify-column" &&
  wanted.some((claim) => claim.keeps === true);

/** One of them says the whole definition of a column again, and would undo the other where that comes before its turn. */
export const definesBeside = (a: Claim, b: Claim): boolean =>
  a.defines !== undefined &&
  b.defines !== undefined &&
  (a.defines === "whole" || b.defines === "whole") &&
  a.name?.toLowerCase() === b.name?.toLowerCase();

/** What stays beside an operation that leaves the column as it is. */
function notBeside(held: readonly HeldClaim[], operation: Operation, wanted: readonly Claim[]): readonly HeldClaim[] {
  if (keepsColumn(operation))
    return held.filter((claim) => claim.keeps !== true || wanted.some((own) => definesBeside(claim, own)));
  return definesAnew(operation, wanted) ? held.filter((claim) => claim.rows !== true) : held;
}

/** A default that is lent meets only what would take it away or see it, on either side. */
function lendsBeside(a: HeldClaim, b: Claim, operation: Operation): boolean {
  if (b.lends === true) return a.lends === true || a.keeps === true || a.moves === true;
  return a.lends === true ? !meetsLent(operation) : mayLookForOmission(operation);
}

/** What shares an index is in the way of nothing but a change that copies this index, too. */
function sharesBeside(a: HeldClaim, b: Claim & Pick<HeldClaim, "copied">): boolean {
  if (a.shares === true) return a.drops !== true || b.copied !== true;
  return b.shares === true && a.copied !== true;
}

function sharedBy(claims: readonly Claim[]): Pick<Claim, "shares" | "through"> {
  const through = claims[0]?.through;
  return { shares: true, ...(through === undefined ? {} : { through }) };
}

/** The first claim of `held` that one of `wanted` meets, with `shares` where only an index is in the way; null when none does. */
export function overlap(
  held: readonly HeldClaim[],
  wanted: readonly Claim[],
  operation: Operation,
  defaultSchema: string | null,
): Claim | null {
  // MySQL's columns do not tell case apart; where they do, two that differ in case alone are best kept apart too.
  const sameName = (a: Claim, b: Claim) =>
    a.name === null || b.name === null || a.name.toLowerCase() === b.name.toLowerCase();
  const meets = (a: HeldClaim, b: Claim) =>
    sameName(a, b) &&
    sameRelation(a.relation, b.relation, defaultSchema) &&
    !rightsBeside(a, b) &&
    !sharesBeside(a, b) &&
    !lendsBeside(a, b, operation);
  const others = notBeside(held, operation, wanted);
  const inTheWay = buildsOn(operation) ? others.filter((a) => !a.stays) : others;
  const met = inTheWay.find((a) => wanted.some((b) => meets(a, b)));
  if (met === undefined) return null;
  const by = wanted.filter((b) => meets(met, b));
  return by.some((b) => b.shares !== true) ? met : { ...met, ...sharedBy(by) };
}

/**
 * The claim of a column that goes, or gets another name, and that an operation builds on without being about it: a generated
 * column, a CHECK in a column's definition, a foreign key of another table. It would stand on what is parked.
 */
export const builtOnGoing = (
  held: readonly HeldClaim[],
  operation: Operation,
  defaultSchema: string | null,
): Claim | null =>
  held.find(({ name, relation, stays, goes, lends, copied: moved }) => {
    if (name === null || stays || goes === true) return false;
    // The default is taken back with the column that goes.
    if (lends === true) return computesFrom(operation, relation, name, defaultSchema);
    return moved === true && buildsOnColumn(operation, relation, name, defaultSchema);
  }) ?? null;

/** What is built on a name that the swap will give to the other column would be parked and dropped with that one. */
export const builtOnExchanged = (
  retires: readonly Retired[],
  operation: Operation,
  defaultSchema: string | null,
): Retired | null =>
  retires.find(
    ({ exchanges, replacement, relation }) =>
      exchanges && replacement !== null && buildsOnColumn(operation, relation, replacement, defaultSchema),
  ) ?? null;

/** Why an index or a constraint has to wait for a rename here: reason and help. */
export const indexTooEarly = (who: string): [reason: string, help: string] => [
  `${who}, and until that is swapped the new name means a column that is parked afterwards: what is built on it would go with it.`,
  "Build it on the old name before the rename, or in a later migration once the rename has contracted.",
];
