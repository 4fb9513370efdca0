import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal } from "../../engine.js";
import type { MysqlContext } from "./algorithms.js";
import { changeIn, copyRefusal, effectOf, hazardOf } from "./written.js";

/** For what the server does in no other way than by copying, or while everybody waits. @throws Refusal, with the size and the commands that do it */
export function byCopy(_: unknown, operation: OtherOperation, context: MysqlContext): Phased {
  const hazard = hazardOf(effectOf(operation, context)) ?? "the server does it while everybody waits";
  throw copyRefusal(operation, hazard, changeIn(context.statement), context);
}

/** For what takes a table's rows or files away behind the server's back. @throws Refusal */
export function byHand(_: unknown, operation: OtherOperation): Phased {
  throw new Refusal(
    `${operation.what} takes the table away from running code, or depends on files that zmigrate does not see.`,
    "Run it by hand, in a maintenance window.",
  );
}
