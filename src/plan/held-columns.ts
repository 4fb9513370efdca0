import { type ColumnsHeld, type Engine, type Phased, Refusal, sameRelation } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import { show } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { Retired } from "../model/plan.js";
import { changeOf } from "./claims.js";
import { nameOf, rank } from "./data-order.js";
import { withParts } from "./parts.js";

/** A column under way that something would stay with; `all` where it is meant with all of its table. */
export interface HeldEarly {
  readonly retired: Retired;
  readonly all: boolean;
}

/**
 * The first column under way that what an operation makes would stay with though another one gets its name, or that goes;
 * null when there is none. Where a column gets another name, either name may be meant: that is told elsewhere.
 */
export function heldBy(
  held: ColumnsHeld | null,
  retires: readonly Retired[],
  swapped: boolean,
  catalog: Catalog,
): HeldEarly | null {
  if (held === null || retires.length === 0) return null;
  for (const retired of retires) {
    const parts = withParts(retired.relation, catalog);
    if (!held.relations.some((r) => parts.some((part) => sameRelation(r, part, catalog.defaultSchema)))) continue;
    if (held.all) return { retired, all: true };
    if (retired.retypes === true && !swapped && held.names.has(retired.column)) return { retired, all: false };
  }
  return null;
}

/** Why what would stay with it has to wait: the reason, and until when, behind "that one". */
export function heldTooEarly(who: string, { retired, all }: HeldEarly): readonly [reason: string, until: string] {
  const change = `${who} ${changeOf(retired)}`;
  if (all)
    return [
      `${change}: until its contract is over, \`*\` is a column more of ${show(retired.relation)}, which could not be dropped then.`,
      "has contracted",
    ];
  return [
    `${change}, which this names: before the swap it would stay with the former column, and keep that from being swapped.`,
    "is swapped",
  ];
}

/**
 * What a file makes on a column behind a change of the same file stays with the former one, unless it is made in or behind
 * the swap.
 *
 * @throws Refusal
 */
export function refuseHeld(
  before: readonly Phased[],
  operation: Operation,
  sql: string,
  { steps }: Phased,
  { engine, catalog }: { readonly engine: Pick<Engine, "columnsHeld">; readonly catalog: Catalog },
): void {
  const first = steps.find((s) => s.sql.length > 0);
  const retires = before.flatMap((phased) => phased.retires);
  if (first === undefined || retires.length === 0 || first.stage === "drop") return;
  const swapped = rank(first) >= rank({ phase: "contract", stage: "swap" });
  const held = heldBy(engine.columnsHeld?.(operation, sql) ?? null, retires, swapped, catalog);
  if (held === null) return;
  const [reason, until] = heldTooEarly("This file", held);
  const isPolicy =
    operation.kind === "other" && operation.detail?.kind === "create-object" && operation.detail.object === "policy";
  const hidden = isPolicy
    ? " Where row security is on, nobody but the owner sees the rows that only this policy shows until then: write another policy in front, which shows them without the column."
    : "";
  throw new Refusal(
    `${reason} It would run in ${nameOf(first)} already.`,
    `${held.all ? "Write the columns one by one, or put" : "Put"} this statement into a later migration: it begins when this one ${until}.${hidden}`,
  );
}
