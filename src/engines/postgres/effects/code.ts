import type { CodeOperation } from "../../../model/detail/code.js";
import type { Effect } from "../../../model/effect.js";
import type { Operation } from "../../../model/operation.js";
import { codeStates } from "../../code-states.js";
import { effect } from "../../effect.js";
import type { EffectContext } from "../../engine.js";

/** What each operation of code does behind those in front of it: what they have dropped needs nothing any more. */
export function codeEffects(
  operations: readonly CodeOperation[],
  context: EffectContext,
  effectsOf: (operation: Operation, context: EffectContext) => Effect,
): readonly Effect[] {
  const { behind = (catalog) => catalog } = context;
  return codeStates(operations, context.catalog, behind).map(({ entry: { operation }, surely, perhaps }) => {
    const one = effectsOf(operation, { ...context, catalog: surely, siblings: [operation] });
    if (one.needed === undefined || surely === perhaps) return one;
    const { needed } = effectsOf(operation, { ...context, catalog: perhaps, siblings: [operation] });
    return needed === undefined ? perhapsRefused(one) : one;
  });
}

/** What needs it is there only where a condition in front of it has not held. */
function perhapsRefused({ needed: _, ...one }: Effect): Effect {
  return effect({ ...one, fails: `${one.fails}, unless what a condition or a loop may run in front of it has run` });
}
