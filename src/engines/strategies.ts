import type { Operation, OtherOperation, PlannableOperation } from "../model/operation.js";
import type { DetailKind, DetailOf } from "../model/operation-detail.js";
import { type Phased, Refusal, type StrategyContext } from "./engine.js";

/** One strategy for every kind of operation: what is missing does not compile. */
export type Strategies<C extends StrategyContext = StrategyContext> = {
  readonly [K in PlannableOperation["kind"]]: (
    operation: Extract<PlannableOperation, { kind: K }>,
    context: C,
  ) => Phased;
};

/** The strategy of one kind of detail. The table is `operation.relation`. @throws Refusal when there is no safe way */
export type DetailStrategy<K extends DetailKind, C extends StrategyContext = StrategyContext> = (
  detail: DetailOf<K>,
  operation: OtherOperation,
  context: C,
) => Phased;

/** One strategy for every kind of detail: what is missing does not compile. */
export type DetailStrategies<C extends StrategyContext = StrategyContext> = {
  readonly [K in DetailKind]: DetailStrategy<K, C>;
};

/** For a kind that no plan can be made for yet. @throws Refusal */
export function notYet(_: unknown, operation: OtherOperation): never {
  throw new Refusal(
    `${operation.what} is parsed, but zmigrate cannot plan it yet.`,
    "Run this statement by hand, or with your former tool, until a version that supports it.",
  );
}

/** For a kind that the engine's grammar does not have. @throws Refusal */
export function foreign(_: unknown, operation: OtherOperation): never {
  throw new Refusal(`${operation.what} is not a statement of this database.`, "Write it as this database has it.");
}

function planDetail<C extends StrategyContext>(
  strategies: DetailStrategies<C>,
  operation: OtherOperation,
  context: C,
): Phased {
  const { detail } = operation;
  if (detail === undefined) return notYet(detail, operation);
  const strategy = strategies[detail.kind] as DetailStrategy<DetailKind, C>;
  return strategy(detail as DetailOf<DetailKind>, operation, context);
}

/**
 * Plans an operation by the strategy of its kind, or of its detail's.
 *
 * @throws Refusal when there is no safe way
 */
export function planBy<C extends StrategyContext>(
  strategies: Strategies<C>,
  details: DetailStrategies<C>,
  operation: Operation,
  context: C,
): Phased {
  if (operation.kind === "other") return planDetail(details, operation, context);
  const strategy = strategies[operation.kind] as (operation: PlannableOperation, context: C) => Phased;
  return strategy(operation, context);
}
