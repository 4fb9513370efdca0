import type { Operation, OtherOperation } from "../model/operation.js";
import type { Claim, Retired, Side } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { mayLookForOmission } from "./lent.js";
import { isAboutRights } from "./rights-beside.js";

/** A claim that lets others build on its name: the column is new, and stays. */
export interface HeldClaim extends Claim {
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
export interface Planned {
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
