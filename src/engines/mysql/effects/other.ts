import type { OtherOperation } from "../../../model/operation.js";
import { type Change, unaltered } from "./change.js";
import { detailChange } from "./details.js";
import type { Server } from "./server.js";
import { worstChange } from "./worst.js";

/** What was understood has an effect of its own; what was not is taken for the worst that a statement can do. */
export function otherChange(operation: OtherOperation, server: Server): Change {
  const understood = detailChange(operation, server);
  if (understood !== null) return understood;
  return operation.harmless ? unaltered({}) : worstChange(operation);
}
