import { Refusal, sameRelation } from "../engines/engine.js";
import type { Operation, OtherOperation } from "../model/operation.js";
import type { Claim, Retired, Side } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { retypedFor, runsBehindSwap } from "./behind-type.js";
import { buildsOnColumn, computesFrom } from "./builds-on.js";
import { rank } from "./data-order.js";
import { inItsWay, mayLookForOmission, meetsLent } from "./lent.js";
import { isAboutRights, rightsBeside, rightsLost } from "./rights-beside.js";

/** A claim that lets others build on its name: the column is new, and stays. */
interface HeldClaim extends Claim {
  readonly stays: boolean;
  /** Present, and true, where the column goes, or gets another name: a default that is lent to it goes with it. */
  readonly moves?: true;
  /** Present, and true, where an index of the column has one beside it under another name, or is about to get one. */
  readonly copied?: true;
  /** Present, and true, where what the file plans behind it finds the column under its new name. */
  readonly follows?: true;
  /** Present, and true, where another column takes its place, with the rights that it had. */
  readonly inherits?: true;
}

/** What a plan, or a part of one, takes to itself. */
interface Planned {
  readonly retires: readonly Retired[];
  readonly claims?: readonly Claim[];
  readonly sides?: readonly Side[];
  readonly steps?: readonly Pick<Step, "phase" | "stage" | "kind">[];
}

/** For people: behind "this file" or "that migration". */
export function changeOf({ column, replacement, retypes }: Retired): string {
  if (retypes === true) return `changes the type of ${column}`;
  return replacement === null ? `drops ${column}` : `renames ${column} to ${replacement}`;
}

const copied = (yes: boolean): Pick<HeldClaim, "copied"> => (yes ? { copied: true } : {});

/**
 * What nothing else may touch while a change is under way.
 *
 * @param swapped the old name is free again, and what is parked under another one goes with the drop
 */
export function claimsOf(retired: Retired, swapped: boolean): readonly HeldClaim[] {
  const { relation, column, parked, replacement, retypes } = retired;
  const names = swapped ? [replacement, parked] : [column, replacement, parked];
  const change = changeOf(retired);
  const common = { relation, change, moves: true, ...copied(!swapped) } as const;
  const follows = replacement === null ? {} : ({ follows: true } as const);
  const inherits = replacement === null && retypes !== true ? {} : ({ inherits: true } as const);
  const called = replacement === null || retypes === true ? {} : ({ called: true } as const);
  const all = { ...common, ...follows, ...inherits, ...called };
  return names.flatMap((name) => (name === null ? [] : [{ ...all, name, stays: name === replacement }]));
}

/** Whether a claim is on a column that gets another one in its place, with all that it carries. */
const copies = ({ name, keeps, lends, shares, rights }: Claim): boolean =>
  name !== null && keeps !== true && lends !== true && shares !== true && rights !== true;

/** What a plan holds while it is under way. */
export function claimsHeld(plan: Planned, swapped: boolean): readonly HeldClaim[] {
  // What goes with a column that is parked is copied no more.
  const stated = (plan.claims ?? [])
    .filter((claim) => !(swapped && claim.drops === true))
    .map(({ defines, ...claim }) => ({
      ...claim,
      // What defines a column has done so by then.
      ...(defines === undefined || swapped ? {} : { defines }),
      stays: false,
      ...copied(!swapped && copies(claim)),
    }));
  return [...plan.retires.flatMap((r) => claimsOf(r, swapped)), ...stated];
}

/** Changes that are about a whole table. */
const WHOLE_TABLE: ReadonlySet<string> = new Set([
  "attach-partition",
  "convert-charset",
  "detach-partition",
  "drop-table",
  "exchange-partition",
  "partition-by",
  "rebuild-table",
  "remove-partitioning",
  "rename-table",
  "replace-table",
  "truncate",
]);

/** The columns that an operation of kind "other" names; null in the list for the whole table. */
function namesInDetail({ detail }: OtherOperation): readonly (string | null)[] {
  if (detail === undefined) return [];
  if (WHOLE_TABLE.has(detail.kind)) return [null];
  if (detail.kind === "data-change") return detail.columns;
  if (detail.kind === "add-constraint") return detail.constraint.columns;
  return "column" in detail ? [detail.column] : [];
}

/** What an operation touches; a name that is null is the whole table. */
function touched(operation: Operation): readonly (string | null)[] {
  switch (operation.kind) {
    case "create-table":
      return [];
    case "create-index":
      return operation.keys.flatMap((k) => (k.column === null ? [] : [k.column]));
    case "add-column":
      return [operation.column.name];
    case "rename-column":
      return [operation.from];
    case "drop-column":
      return [operation.column];
    case "other":
      return mayLookForOmission(operation) ? [null] : namesInDetail(operation);
  }
}

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

const keepsColumn = (operation: Operation): boolean =>
  operation.kind === "create-index" || (operation.kind === "other" && KEEPS_COLUMN.has(operation.detail?.kind ?? ""));

/** It defines a column anew, with the name and the type that it has. */
const definesAnew = (operation: Operation, wanted: readonly Claim[]): boolean =>
  operation.kind === "other" &&
  operation.detail?.kind === "modify-column" &&
  wanted.some((claim) => claim.keeps === true);

/** It leaves the column with its name and type. */
const keepsWhat = (operation: Operation, { claims = [] }: Planned): boolean =>
  keepsColumn(operation) || definesAnew(operation, claims);

/** One of them says the whole definition of a column again, and would undo the other where that comes before its turn. */
const definesBeside = (a: Claim, b: Claim): boolean =>
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

/** It takes a column or a table away, in contract and behind what stands in front of it. */
const takesAway = (operation: Operation): boolean =>
  operation.kind === "drop-column" || (operation.kind === "other" && operation.detail?.kind === "drop-table");

/** What an operation names, as far as it cannot stand beside a change of the same under way. */
export function claimsMade(operation: Operation, plan: Planned): readonly Claim[] {
  const { relation } = operation;
  if (isAboutRights(operation)) return (plan.claims ?? []).filter((claim) => claim.rights === true);
  // A view is no table; under another name it is shown as one is.
  if (relation === null) return (plan.claims ?? []).filter((claim) => claim.shown === true);
  const names = touched(operation);
  const own = plan.retires.filter((r) => names.some((n) => n?.toLowerCase() === r.column.toLowerCase()));
  const stated = (plan.claims ?? []).flatMap((c) =>
    c.drops === true || c.rights === true ? [] : [{ ...c, ...copied(copies(c)) }],
  );
  const claims = [...own.flatMap((r) => claimsOf(r, false)), ...stated];
  return [...claims, ...names.map((name) => ({ relation, name, change: `names ${name ?? relation.name}` }))];
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

function sameThing({ name, shares, through = "the same index" }: Claim): string {
  if (shares === true) return `changes another column of ${through}`;
  return `names the same ${name === null ? "table" : "column"}`;
}

/** A way without a second migration. */
function leftOut(operation: Operation, { name, keeps, rows }: Claim): string {
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

const renamesTable = (operation: Operation): boolean =>
  operation.kind === "other" && operation.detail?.kind === "rename-table";

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
  if (keepsWhat(operation, next) && findsRenamed(next, claim)) return true;
  if (renames(operation) && claim.rows === true && endsBeforeContract(before)) return true;
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
        : `This file already ${met.change}, in several steps, and this ${sameThing(met)}: the two cannot run beside each other.`,
      `Put this statement into a later migration: it begins when this one has contracted.${leftOut(operation, met)}`,
    );
  const retires = before.flatMap((p) =>
    p.retires.filter((r) => !claimsOf(r, false).every((c) => findsRenamed(next, c))),
  );
  const exchanged = builtOnExchanged(retires, operation, defaultSchema);
  if (exchanged !== null) throw new Refusal(...indexTooEarly(`This file ${changeOf(exchanged)}`));
}

/** Why an index or a constraint has to wait for a rename here: reason and help. */
export const indexTooEarly = (who: string): [reason: string, help: string] => [
  `${who}, and until that is swapped the new name means a column that is parked afterwards: what is built on it would go with it.`,
  "Build it on the old name before the rename, or in a later migration once the rename has contracted.",
];
