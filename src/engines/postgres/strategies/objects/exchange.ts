import type { OtherOperation } from "../../../../model/operation.js";
import type { Phased, StrategyContext } from "../../../engine.js";
import { SWAP } from "../../../place.js";
import { quote, quoteRelation } from "../../names.js";
import { stepOf } from "../written.js";
import { addressOf, type Named } from "./known.js";
import { parkedName } from "./park.js";
import { WORDS } from "./words.js";

/**
 * CREATE of what the file has dropped before: in one transaction of the swap the old one is parked by a rename, and the new
 * one stands in its place. The drop of the old one is the other operation's.
 *
 * @param parameters of a routine, in brackets: those by which the old one and the new one are found
 */
export function exchanged(
  named: Named,
  operation: OtherOperation,
  context: StrategyContext,
  notes: readonly string[],
  parameters = "",
): Phased {
  const parked = parkedName(named, context, parameters);
  const rename = (from: string, to: string) =>
    `ALTER ${WORDS[named.object]} ${quoteRelation({ ...named.name, name: from })}${parameters} RENAME TO ${quote(to)}`;
  const { name } = named.name;
  const swap = stepOf(operation, context, {
    name: `exchange-${named.object}`,
    ...SWAP,
    sql: [rename(name, parked), context.statement],
    undo: [`DROP ${addressOf(named)}${parameters}`, rename(parked, name)],
    reason: `In one transaction: the old ${name} is parked as ${parked}, and the new one stands in its place.`,
  });
  return { steps: [swap], takesOver: true, retires: [], gates: [], notes };
}
