import type { Index, Table } from "../../../model/catalog.js";
import type { SetIndexVisibility } from "../../../model/detail/index-change.js";
import { show } from "../../../model/name.js";
import type { Operation, OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal } from "../../engine.js";
import { notYet } from "../../strategies.js";
import { isLikePrimary } from "../effects/index-facts.js";
import type { MysqlContext } from "./algorithms.js";
import { alter } from "./ddl.js";
import { isHiddenIndex, not, stateOf } from "./facts.js";
import { beside } from "./in-file.js";
import { alterIndex, isHidden } from "./index-text.js";
import { effectAlone, onlineWay } from "./online.js";
import { otherTool } from "./osc.js";
import { claimsOn, indexOf, isOn, noSuchIndex, sameName } from "./own-index.js";
import { nothing } from "./subject.js";
import { stepWith } from "./written.js";

/** @throws Refusal for the primary key, and what stands in for it (errors 3522, 4174) */
function refusePrimary(table: Table, index: Index, { dialect }: MysqlContext): void {
  if (!sameName(index.name, "PRIMARY") && !isLikePrimary(index, table, dialect)) return;
  throw new Refusal(
    `The rows of ${show(table.relation)} stand in the order of ${index.name}: the server hides no primary key.`,
    "Leave this statement out.",
  );
}

/** Showing comes in expand and hiding in contract, in whichever order they are written. @throws Refusal */
function refuseTwice(table: Table, index: Index, operation: OtherOperation, context: MysqlContext): void {
  const isSame = (o: Operation) =>
    o.kind === "other" && o.detail?.kind === "set-index-visibility" && sameName(o.detail.index, index.name);
  if (!beside(operation, context, "before").filter(isOn(table, context)).some(isSame)) return;
  throw new Refusal(
    `This file shows and hides ${index.name} of ${show(table.relation)}.`,
    "Leave in what holds at the end, and leave out the other.",
  );
}

/** @throws Refusal where the server copies the table */
function setting(table: Table, index: Index, visible: boolean, operation: OtherOperation, context: MysqlContext) {
  const change = (shown: boolean) => alterIndex(index.name, shown, context.dialect);
  const way = onlineWay(operation, context);
  if (way === null && !context.newTable)
    throw otherTool(
      table,
      `To hide or show ${index.name} copies the table while writes wait`,
      change(visible),
      context,
    );
  return (shown: boolean) => alter(table.relation, `${change(shown)}${way === null ? "" : `, ${way.clause}`}`);
}

function planned(
  table: Table,
  index: Index,
  visible: boolean,
  operation: OtherOperation,
  context: MysqlContext,
): Phased {
  const set = setting(table, index, visible, operation, context);
  const hidden = isHiddenIndex(table.relation, index.name, context.dialect);
  const step = stepWith(effectAlone(operation, context), context, {
    name: visible ? "show-index" : "hide-index",
    ...(visible || context.newTable ? {} : { phase: "contract", stage: "swap" }),
    sql: [set(visible)],
    undo: [set(!visible)],
    probe: { sql: stateOf(visible ? not(hidden) : hidden), repair: [] },
    reason: visible
      ? `Queries may use ${index.name} from now on; it was kept up to date all the while.`
      : `No query uses ${index.name} any more, which may make those of old code slow; it is kept up to date.`,
  });
  const note = `A query, or a view, that names ${index.name} in USE, FORCE or IGNORE INDEX fails from the swap on (error 1176). Duplicates are refused all the same where it is unique.`;
  const claims = claimsOn(table, index.columns, `${visible ? "shows" : "hides"} the index ${index.name}`);
  return { steps: [step], retires: [], claims, gates: [], notes: visible || context.newTable ? [] : [note] };
}

/**
 * VISIBLE and INVISIBLE, IGNORED and NOT IGNORED: an index that queries may use is for expand, one that they may not for
 * the swap.
 *
 * @throws Refusal
 */
export function indexVisibility(detail: SetIndexVisibility, operation: OtherOperation, context: MysqlContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const { visible } = detail;
  const { table, index } = indexOf(operation.relation, detail.index, context);
  if (index === null && detail.ifExists)
    return nothing(`${show(table.relation)} has no index ${detail.index}: IF EXISTS has nothing to do.`);
  if (index === null) return noSuchIndex(table, detail.index);
  if (!visible) refusePrimary(table, index, context);
  if (isHidden(index, context.dialect) !== visible)
    return nothing(`${index.name} of ${show(table.relation)} is ${visible ? "used by queries" : "hidden"} already.`);
  if (!context.newTable) refuseTwice(table, index, operation, context);
  return planned(table, index, visible, operation, context);
}
