import type { SetColumnVisibility } from "../../../model/detail/column.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, sameRelation } from "../../engine.js";
import { notYet } from "../../strategies.js";
import { quote } from "../names.js";
import { INSTANT, type MysqlContext } from "./algorithms.js";
import { definesColumn, keepsColumn } from "./column-claims.js";
import { isInvisible } from "./column-facts.js";
import { alter } from "./ddl.js";
import { not, stateOf } from "./facts.js";
import { effectAlone } from "./online.js";
import { columnOf, tableOf } from "./subject.js";
import { stepWith } from "./written.js";

/** The same file adds the column: old code neither names it nor counts it. */
function isNew({ relation }: OtherOperation, column: string, { file, catalog }: MysqlContext): boolean {
  return file.some(
    ({ operation: o }) =>
      o.kind === "add-column" &&
      relation !== null &&
      sameRelation(o.relation, relation, catalog.defaultSchema) &&
      o.column.name.toLowerCase() === column.toLowerCase(),
  );
}

/**
 * SET VISIBLE and SET INVISIBLE (MySQL): `SELECT *` and INSERT without a list of columns mean something else from then
 * on, so that it waits for old code to go; unless the column is new.
 *
 * @throws Refusal
 */
export function columnVisibility(
  detail: SetColumnVisibility,
  operation: OtherOperation,
  context: MysqlContext,
): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const { relation, ...table } = tableOf(operation.relation, context);
  const { name } = columnOf({ relation, ...table }, detail.column);
  const set = (visible: boolean) =>
    alter(relation, `ALTER COLUMN ${quote(name)} SET ${visible ? "VISIBLE" : "INVISIBLE"}, ${INSTANT}`);
  const hidden = isInvisible(relation, name);
  const atOnce = context.newTable || isNew(operation, name, context);
  const step = stepWith(effectAlone(operation, context), context, {
    name: detail.visible ? "show-column" : "hide-column",
    ...(atOnce ? {} : { phase: "contract", stage: "swap" }),
    sql: [set(detail.visible)],
    undo: [set(!detail.visible)],
    probe: { sql: stateOf(detail.visible ? not(hidden) : hidden), repair: [] },
    reason: `\`SELECT *\` is ${detail.visible ? "with" : "without"} ${name} from now on, and so is INSERT without a list of columns (error 1136).`,
  });
  const claims = definesColumn(keepsColumn(relation, name, `${detail.visible ? "shows" : "hides"} ${name}`), "part");
  return { steps: [step], retires: [], claims, gates: [], notes: [] };
}
