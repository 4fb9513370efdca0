import type { Effect } from "../../../model/effect.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { findTable, type Phased, Refusal, type Said, type StrategyContext } from "../../engine.js";
import { step } from "../../step.js";
import { postgresEffects } from "../effects/index.js";

type Given = Pick<Step, "sql" | "reason"> & Partial<Step> & { readonly name: string };

/** What makes a statement unfit to run as it is written beside running code, in words; null when nothing does. */
function hazardOf(effect: Effect): string | null {
  const long = effect.locks.find((l) => l.held !== "brief" && (l.blocks === "reads" || l.blocks === "writes"));
  if (long !== undefined)
    return `it blocks ${long.blocks} of ${long.relation.name} for as long as its ${long.held} takes`;
  return effect.rewrite ? "it rewrites the table" : null;
}

/** A step with the locks that the effects of the operation say. */
export function stepOf(operation: OtherOperation, context: StrategyContext, given: Given): Step {
  const { name, ...rest } = given;
  const effect = postgresEffects(operation, { ...context, siblings: [operation] });
  return step({
    id: `${context.ordinal}-${name}`,
    phase: "expand",
    kind: "ddl",
    transaction: effect.transaction !== "never",
    scan: effect.scan,
    locks: effect.locks.map((l) => ({
      ...l,
      relation: findTable(context.catalog, l.relation)?.relation ?? l.relation,
    })),
    ...rest,
  });
}

/**
 * One step for what a brief lock does and running code does not notice.
 *
 * @throws Refusal when the statement would block or rewrite
 */
export function asWritten(operation: OtherOperation, context: StrategyContext, given: Given, said: Said = {}): Phased {
  const hazard = hazardOf(postgresEffects(operation, { ...context, siblings: [operation] }));
  if (hazard !== null)
    throw new Refusal(
      `This cannot run beside running code: ${hazard}.`,
      "Run it in a maintenance window, or write the change in another way.",
    );
  return { steps: [stepOf(operation, context, given)], retires: [], gates: [], notes: [], ...said };
}

/** Nothing is to be done, and why. */
export const nothing = (note: string): Phased => ({ steps: [], retires: [], gates: [], notes: [note] });
