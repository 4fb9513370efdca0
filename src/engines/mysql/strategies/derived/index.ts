import type { AddColumn, DropColumn } from "../../../../model/operation.js";
import { type Phased, Refusal } from "../../../engine.js";
import { addColumn } from "../add-column.js";
import type { MysqlContext } from "../algorithms.js";
import { dropColumn } from "../drop-column.js";
import { addDerived } from "./add.js";
import { dropDerived } from "./drop.js";
import { isSource } from "./group.js";

/** ADD COLUMN, computed from others where `zmigrate:up` says how: a split, a merge, or a copy. @throws Refusal */
export const addOrDerive = (operation: AddColumn, context: MysqlContext): Phased =>
  context.up === null || context.newTable ? addColumn(operation, context) : addDerived(operation, context);

/** DROP COLUMN, by itself or as the old side of a split or a merge. @throws Refusal */
export function dropOrDerive(operation: DropColumn, context: MysqlContext): Phased {
  if (context.newTable) return dropColumn(operation, context);
  if (context.down !== null) return dropDerived(operation, context);
  if (isSource(operation.relation, operation.column, context))
    throw new Refusal(
      `New columns of this file are computed from ${operation.column}, and old code reads it for as long as it runs.`,
      `Say how it is computed from them: write \`-- zmigrate:down EXPR\` above DROP COLUMN ${operation.column}.`,
    );
  return dropColumn(operation, context);
}
