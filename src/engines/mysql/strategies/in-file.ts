import type { Operation } from "../../../model/operation.js";
import { Refusal } from "../../engine.js";
import type { MysqlContext } from "./algorithms.js";

/** The operations of the file before one, or behind it. */
export function beside(operation: Operation, context: MysqlContext, side: "before" | "behind"): readonly Operation[] {
  const all = context.file.map((f) => f.operation);
  const at = all.indexOf(operation);
  if (at < 0) return [];
  return side === "before" ? all.slice(0, at) : all.slice(at + 1);
}

/** @throws Refusal where the statement does more than this, so that it cannot be run as it is written */
export function mustBeAlone(context: MysqlContext, what: string): void {
  if ((context.operationsInStatement ?? 1) === 1) return;
  throw new Refusal(`${what} stands in one statement with other changes.`, "Write it as a statement of its own.");
}
