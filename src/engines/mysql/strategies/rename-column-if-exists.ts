import type { RenameColumnIfExists } from "../../../model/detail/column.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Phased } from "../../engine.js";
import { notYet } from "../../strategies.js";
import type { MysqlContext } from "./algorithms.js";
import { renameColumn } from "./rename-column.js";
import { findColumn, nothing, tableOf } from "./subject.js";

/** MariaDB's RENAME COLUMN IF EXISTS: what a rename is, or nothing. @throws Refusal */
export function renameColumnIfExists(
  { from, to }: RenameColumnIfExists,
  operation: OtherOperation,
  context: MysqlContext,
): Phased {
  const { relation, span } = operation;
  if (relation === null) return notYet(null, operation);
  if (findColumn(tableOf(relation, context), from) === undefined)
    return nothing(`${show(relation)} has no column ${from}: IF EXISTS has nothing to do.`);
  return renameColumn({ kind: "rename-column", relation, from, to, span }, context);
}
