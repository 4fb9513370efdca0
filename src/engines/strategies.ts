import type { PlannableOperation } from "../model/operation.js";
import type { Phased, StrategyContext } from "./engine.js";

/** One strategy for every kind of operation: what is missing does not compile. */
export type Strategies<C extends StrategyContext = StrategyContext> = {
  readonly [K in PlannableOperation["kind"]]: (
    operation: Extract<PlannableOperation, { kind: K }>,
    context: C,
  ) => Phased;
};

/**
 * Plans an operation by the strategy of its kind.
 *
 * @throws Refusal when there is no safe way
 */
export function planBy<C extends StrategyContext>(
  strategies: Strategies<C>,
  operation: PlannableOperation,
  context: C,
): Phased {
  const strategy = strategies[operation.kind] as (operation: PlannableOperation, context: C) => Phased;
  return strategy(operation, context);
}
