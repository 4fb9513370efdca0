import type { CreateObject } from "../../../../model/detail/object.js";
import type { OtherOperation } from "../../../../model/operation.js";
import type { Phased, StrategyContext } from "../../../engine.js";
import { Refusal } from "../../../engine.js";
import { asWritten, nothing, stepOf } from "../written.js";
import { createHanging } from "./create-hanging.js";
import { createRoutine } from "./create-routine.js";
import { createView } from "./create-view.js";
import { exchanged } from "./exchange.js";
import { isAlone, isDroppedBefore } from "./in-file.js";
import { addressOf, namedBy, objectsKnown, shownName, storedAs } from "./known.js";
import { parametersIn } from "./parameters.js";
import { called, OF_SERVER, WORDS } from "./words.js";

/**
 * CREATE of what is no table: in expand as it is written, since nobody uses it yet. What is replaced comes back by the
 * undo as the database printed it.
 *
 * @throws Refusal
 */
export function createObject(detail: CreateObject, operation: OtherOperation, context: StrategyContext): Phased {
  refuseWhatIsNoSchema(detail, context);
  switch (detail.object) {
    case "view":
      return createView(detail, operation, context);
    case "function":
    case "procedure":
      return createRoutine(detail, operation, context);
    case "trigger":
    case "policy":
    case "rule":
      return createHanging(detail, operation, context);
    default:
      return createPlainly(detail, operation, context);
  }
}

function refuseWhatIsNoSchema({ object }: CreateObject, context: StrategyContext): void {
  if (OF_SERVER.has(object))
    throw new Refusal(
      `A ${object} belongs to the server and not to this database's schema, and the server takes no transaction around it.`,
      "Create it by hand, or with what sets the server up.",
    );
  if (object === "schema" && !isAlone(context))
    throw new Refusal(
      "CREATE SCHEMA with elements makes several things by one statement.",
      "Write CREATE SCHEMA alone, and what is in it as statements of their own.",
    );
}

/** The undo of CREATE ... IF NOT EXISTS must not drop what was there before. */
function createPlainly(detail: CreateObject, operation: OtherOperation, context: StrategyContext): Phased {
  const named = namedBy(detail, operation, context);
  if (named !== null && detail.object === "statistics" && isDroppedBefore(named, operation, context))
    return exchanged(named, operation, context, [
      `The planner knows nothing of the new ${shownName(named)} before the table is analyzed.`,
    ]);
  const word = WORDS[detail.object];
  const there = named !== null && storedAs(named, context).length > 0;
  if (there && detail.ifNotExists)
    return nothing(
      `The ${called(detail.object)} ${shownName(named)} exists already: IF NOT EXISTS leaves it as it is.`,
    );
  const isNew = (!detail.ifNotExists || objectsKnown(context)) && !detail.orReplace;
  const parameters = detail.object === "aggregate" ? parametersIn(context.statement) : null;
  const address = named === null || word === undefined ? null : addressOf(named).slice(word.length + 1);
  const undone = address !== null && isNew && (detail.object !== "aggregate" || parameters !== null);
  const undo = undone ? [`DROP ${word} IF EXISTS ${address}${parameters === null ? "" : `(${parameters.text})`}`] : [];
  const given = {
    name: `create-${detail.object}`,
    sql: [context.statement],
    undo,
    unlimited: detail.object === "materialized-view",
    reason: reasonOf(detail),
  };
  const left = `A rollback leaves the ${called(detail.object)}${named === null ? "" : ` ${shownName(named)}`}: whether it was there before is not known.`;
  const said = undo.length > 0 ? {} : { leaves: [left] };
  if (detail.object === "materialized-view")
    return { steps: [stepOf(operation, context, given)], retires: [], gates: [], notes: [], ...said };
  return asWritten(operation, context, given, said);
}

function reasonOf({ object, withData }: CreateObject): string {
  if (object !== "materialized-view") return `Nobody uses a ${called(object)} that does not exist yet.`;
  return withData === false
    ? "It is empty until it is refreshed."
    : "Its query runs once, while the tables that it reads are read and written.";
}
