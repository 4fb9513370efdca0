import type { Effect } from "../../../model/effect.js";
import type { Operation, OtherOperation } from "../../../model/operation.js";
import { effect } from "../../effect.js";
import type { EffectContext } from "../../engine.js";
import { detailEffect } from "./details.js";
import { worst } from "./worst.js";

/** What was understood has its own effect; what was not is taken for the worst that a statement can do. */
export function otherEffect(
  operation: OtherOperation,
  context: EffectContext,
  effectsOf: (operation: Operation, context: EffectContext) => Effect,
): Effect {
  return detailEffect(operation, context, effectsOf) ?? (operation.harmless ? effect({}) : worst(operation));
}
