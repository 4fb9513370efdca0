import type { ObjectType, RenameObject } from "../../../../model/detail/object.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../../engine.js";
import { quote } from "../../names.js";
import { renameView } from "../rename-table.js";
import { asWritten, stepOf } from "../written.js";
import { addressOf, type Named, namedBy, shownName } from "./known.js";
import { called, ROUTINES } from "./words.js";

/** What no statement of an application names. */
const UNNAMED: ReadonlySet<ObjectType> = new Set<ObjectType>(["policy", "rule", "statistics", "trigger"]);

/** By the statement itself, which tells routines of one name apart. */
function atOnce(named: Named, { to }: RenameObject, operation: OtherOperation, context: StrategyContext): Phased {
  const isRoutine = ROUTINES.has(named.object);
  const former = { ...named, name: { ...named.name, name: to } };
  const given = {
    name: `rename-${named.object}`,
    sql: [context.statement],
    undo: isRoutine ? [] : [`ALTER ${addressOf(former)} RENAME TO ${quote(named.name.name)}`],
    final: isRoutine,
    reason: "It is new in this release, so no running code knows it: it is renamed at once.",
  };
  return { steps: [stepOf(operation, context, given)], retires: [], gates: [], notes: [] };
}

/**
 * RENAME of what is no table: at once where nobody names it, a view as a table is renamed, else refused.
 *
 * @throws Refusal
 */
export function renameObject(detail: RenameObject, operation: OtherOperation, context: StrategyContext): Phased {
  const named = namedBy(detail, operation, context);
  if (named !== null && context.newObject === true) return atOnce(named, detail, operation, context);
  if (named !== null && detail.object === "view") return renameView(named.name, detail.to, context);
  if (named === null || !UNNAMED.has(detail.object))
    throw new Refusal(
      `Old code names the ${called(detail.object)} ${named === null ? "" : shownName(named)}: its statements fail once it is ${detail.to}.`,
      "Make one of the new name, let code move over, and drop the old one in a later migration.",
    );
  const at = (name: string) => addressOf({ ...named, name: { ...named.name, name } });
  const rename = (from: string, to: string) => `ALTER ${at(from)} RENAME TO ${quote(to)}`;
  return asWritten(operation, context, {
    name: `rename-${detail.object}`,
    sql: [rename(named.name.name, detail.to)],
    undo: [rename(detail.to, named.name.name)],
    reason: `No statement of an application names a ${called(detail.object)}.`,
  });
}
