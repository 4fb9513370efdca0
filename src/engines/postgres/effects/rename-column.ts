import type { Breakage, Effect } from "../../../model/effect.js";
import type { RenameColumn } from "../../../model/operation.js";
import { effect } from "../../effect.js";
import { type EffectContext, findTable } from "../../engine.js";
import { functionBreaks } from "./dependents.js";
import { lock } from "./locks.js";
import { partitionNote, unknownDependents } from "./notes.js";
import { withPartitions } from "./relations.js";

/** RENAME COLUMN: a change of the catalog, and the end of every statement that has the old name. Views follow. */
export function renameColumnEffect(operation: RenameColumn, context: EffectContext): Effect {
  const { relation, from } = operation;
  const table = findTable(context.catalog, relation);
  const all = operation.only === true ? [relation] : withPartitions(context.catalog, relation);
  return effect({
    locks: all.map((r) => lock(r, "ACCESS EXCLUSIVE", "brief")),
    breaks: [oldName(from), ...functionBreaks(table, from)],
    assumes: [...partitionNote(table), ...unknownDependents(context.catalog, table, from)],
  });
}

function oldName(column: string): Breakage {
  return Object.freeze({
    what: "both",
    who: "N-1",
    why: `statements that name ${column} fail (42703) as soon as it is renamed`,
  });
}
