import type { ModifyColumn } from "../../../model/detail/column.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal } from "../../engine.js";
import { notYet } from "../../strategies.js";
import { quote } from "../names.js";
import type { MysqlContext } from "./algorithms.js";
import { alter } from "./ddl.js";
import { definitionOf } from "./literals.js";
import { changesOf } from "./modify/changes.js";
import { inPlace } from "./modify/in-place.js";
import { becomeNotNull } from "./modify/not-null.js";
import { refuseCompany, refuseComputed, refuseHidden, refuseLosses } from "./modify/refuse.js";
import { changeText, type Modify } from "./modify/subject.js";
import { effectAlone, onlineWay } from "./online.js";
import { otherTool } from "./osc.js";
import { renameColumn } from "./rename-column.js";
import { columnOf, findColumn, nothing, tableOf } from "./subject.js";
import { changeType } from "./type-change/index.js";
import { stepWith } from "./written.js";

/** CHANGE with a new name is a rename, and nothing else beside it. @throws Refusal */
function renamed(m: Modify): Phased {
  const { detail, operation, table, context } = m;
  if (m.changes.size > 0)
    throw new Refusal(
      `This gives ${show(table.relation)}.${m.old.name} another name, and another ${[...m.changes].join(", ")}: old and new code would disagree about both at once.`,
      "Write two migrations: the rename, and MODIFY of the column under its new name.",
    );
  const { span } = operation;
  const names = { from: m.old.name, to: detail.definition.name };
  return renameColumn({ kind: "rename-column", relation: table.relation, ...names, span }, context);
}

/** A table that no running code knows is changed as it is written. */
function plainly(m: Modify): Phased {
  const { detail, operation, table, context, old } = m;
  const how = `CHANGE COLUMN ${quote(old.name)} ${changeText(m).slice("MODIFY COLUMN ".length)}`;
  const back = `CHANGE COLUMN ${quote(detail.definition.name)} ${quote(old.name)} ${definitionOf(old)}`;
  const made = stepWith(effectAlone(operation, context), context, {
    name: "modify",
    sql: [alter(table.relation, how)],
    undo: [alter(table.relation, back)],
    reason: "The table is new in this release, so no running code knows it: the change is made at once.",
  });
  return { steps: [made], retires: [], gates: [], notes: [] };
}

/** What the server does by copying: with a second column where its type changes, else by another tool. @throws Refusal */
function copied(m: Modify): Phased {
  if (m.changes.has("type") || m.changes.has("characters")) return changeType(m);
  const what = [...m.changes].join(", ");
  const why = `${show(m.table.relation)}.${m.old.name} changes (${what}), which copies the table while writes wait`;
  throw otherTool(m.table, why, changeText(m), m.context);
}

function planned(m: Modify): Phased {
  const { detail, context, table, old, operation, changes } = m;
  refuseCompany(table, old, detail.definition, context);
  refuseComputed(table, old, changes);
  refuseHidden(detail.definition, context);
  refuseLosses(old, detail.definition, effectAlone(operation, context));
  if (detail.definition.name.toLowerCase() !== old.name.toLowerCase()) return renamed(m);
  if (changes.size === 0)
    return detail.definition.name === old.name
      ? nothing(`${show(table.relation)}.${old.name} is what this statement makes of it already.`)
      : renamed(m);
  const way = onlineWay(operation, context);
  if (way === null) return copied(m);
  return changes.has("not-null") ? becomeNotNull(m, way) : inPlace(m, way);
}

/**
 * MODIFY and CHANGE. What changes is told by comparing with the catalog: in place where the server does that while the
 * table is used.
 *
 * @throws Refusal
 */
export function modifyColumn(detail: ModifyColumn, operation: OtherOperation, context: MysqlContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = tableOf(operation.relation, context);
  if (detail.ifExists && findColumn(table, detail.column) === undefined)
    return nothing(`${show(table.relation)} has no column ${detail.column}: IF EXISTS has nothing to do.`);
  const old = columnOf(table, detail.column);
  const m: Modify = { context, operation, detail, table, old, changes: changesOf(detail, old, table, context.dialect) };
  return context.newTable ? plainly(m) : planned(m);
}
