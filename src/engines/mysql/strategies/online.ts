import type { Effect } from "../../../model/effect.js";
import type { Operation } from "../../../model/operation.js";
import { mysqlEffects } from "../effects/index.js";
import { INSTANT, type MysqlContext, ONLINE } from "./algorithms.js";

/** How the server carries out an ALTER while its table is read and written. */
export interface Online {
  /** What the statement ends with, so that the server refuses instead of copying. */
  readonly clause: string;
  readonly effect: Effect;
}

/** An operation's effect when it stands alone, whatever its author asserts. */
export function effectAlone(operation: Operation, context: MysqlContext): Effect {
  const { execution: _, ...bare } = operation;
  return mysqlEffects(bare, { ...context, siblings: [bare] }, context.dialect);
}

/** The way in which nobody waits for the data; null where the server has none. */
export function onlineWay(operation: Operation, context: MysqlContext): Online | null {
  const effect = effectAlone(operation, context);
  if (effect.algorithm === "INSTANT") return { clause: INSTANT, effect };
  const waits = effect.locks.some((l) => l.held !== "brief" && (l.blocks === "writes" || l.blocks === "reads"));
  return effect.algorithm === "INPLACE" && !waits ? { clause: ONLINE, effect } : null;
}
