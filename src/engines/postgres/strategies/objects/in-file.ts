import type { Operation, OtherOperation } from "../../../../model/operation.js";
import type { ObjectDetail } from "../../../../model/operation-detail.js";
import { Refusal, type StrategyContext } from "../../../engine.js";
import { type Named, namedBy, shownName } from "./known.js";

const operationsOf = (context: StrategyContext): readonly Operation[] => context.file.map((f) => f.operation);

/** The operations of the file before one, or behind it. */
export function beside(
  operation: Operation,
  context: StrategyContext,
  side: "before" | "behind",
): readonly Operation[] {
  const all = operationsOf(context);
  const at = all.indexOf(operation);
  if (at < 0) return [];
  return side === "before" ? all.slice(0, at) : all.slice(at + 1);
}

/** The operations that stand in the same statement, this one included. */
export function together(operation: Operation, context: StrategyContext): readonly Operation[] {
  const { start, end } = operation.span;
  const same = operationsOf(context).filter((o) => o.span.start === start && o.span.end === end);
  return same.length === 0 ? [operation] : same;
}

/** Whether an earlier statement of the file drops it in phases, so that what is made under its name takes its place. */
export const isDroppedBefore = (named: Named, operation: Operation, context: StrategyContext): boolean =>
  context.newObject !== true && beside(operation, context, "before").some(isAbout(named, "drop-object", context));

/** Whether two routines of one name stand beside each other: those whose types are told, and are not the same. */
const areApart = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  a !== undefined && b !== undefined && a.join("\0") !== b.join("\0");

const typesOf = (operation: Operation): readonly string[] | undefined => {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "drop-object") return detail.takes;
  return detail?.kind === "create-object" ? detail.routine?.takes : undefined;
};

/** The DROPs in front of a CREATE of a routine, or the CREATEs behind a DROP, whose place the one takes for the other. */
export const sameRoutine = (
  named: Named,
  operation: Operation,
  context: StrategyContext,
  side: "before" | "behind",
): readonly Operation[] =>
  beside(operation, context, side)
    .filter(isAbout(named, side === "before" ? "drop-object" : "create-object", context))
    .filter((other) => !areApart(typesOf(other), typesOf(operation)));

/** Whether the statement does nothing else, so that it can be run as it is written. */
export const isAlone = (context: StrategyContext): boolean => (context.operationsInStatement ?? 1) === 1;

/** @throws Refusal where the statement does more than this */
export function mustBeAlone(context: StrategyContext, what: string): void {
  if (isAlone(context)) return;
  throw new Refusal(`${what} stands in one statement with other changes.`, "Write it as a statement of its own.");
}

type ObjectChange = Extract<ObjectDetail, { readonly object: unknown }>;

/** Whether an operation of this kind is about the same object. */
export function isAbout(
  named: Named,
  kind: ObjectChange["kind"],
  context: StrategyContext,
): (operation: Operation) => boolean {
  return (operation) => {
    if (operation.kind !== "other" || operation.detail?.kind !== kind) return false;
    const other = namedBy(operation.detail as ObjectChange, operation as OtherOperation, context);
    return other !== null && other.object === named.object && shownName(other) === shownName(named);
  };
}
