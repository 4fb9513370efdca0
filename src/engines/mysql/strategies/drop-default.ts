import type { Column } from "../../../model/catalog.js";
import type { ColumnChange } from "../../../model/detail/column.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Phased } from "../../engine.js";
import { notYet } from "../../strategies.js";
import { quote } from "../names.js";
import { INSTANT, type MysqlContext } from "./algorithms.js";
import { definesColumn, keepsColumn } from "./column-claims.js";
import { alter } from "./ddl.js";
import { defaultAgain } from "./default-again.js";
import { effectAlone } from "./online.js";
import { refuseDefault } from "./set-default.js";
import { columnOf, findColumn, nothing, tableOf } from "./subject.js";
import { stepWith } from "./written.js";

/** Measured: MySQL forgets that the default was NULL, and a strict INSERT without the column fails; MariaDB does not. */
const changesNothing = (column: Column, { dialect }: MysqlContext): boolean =>
  column.default === null && (column.notNull || dialect === "mariadb");

/**
 * DROP DEFAULT: an INSERT that leaves the column out fails (error 1364), or gets NULL on MariaDB. Old code may rely on
 * the default, so it goes with the contract.
 *
 * @throws Refusal
 */
export function dropDefault(detail: ColumnChange, operation: OtherOperation, context: MysqlContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = tableOf(operation.relation, context);
  if (detail.ifExists && findColumn(table, detail.column) === undefined)
    return nothing(`${show(table.relation)} has no column ${detail.column}: IF EXISTS has nothing to do.`);
  const column = columnOf(table, detail.column);
  if (changesNothing(column, context)) return nothing(`${show(table.relation)}.${column.name} has no default.`);
  refuseDefault(table, column, context);
  const without = column.notNull || context.dialect === "mysql" ? "fails in strict mode (error 1364)" : "writes NULL";
  const step = stepWith(effectAlone(operation, context), context, {
    name: "drop-default",
    ...(context.newTable ? {} : { phase: "contract", stage: "swap" }),
    sql: [alter(table.relation, `ALTER COLUMN ${quote(column.name)} DROP DEFAULT, ${INSTANT}`)],
    undo: [alter(table.relation, `${defaultAgain(column)}, ${INSTANT}`)],
    reason: `An INSERT that leaves ${column.name} out ${without} from now on; old code may rely on ${column.default ?? "NULL"}.`,
  });
  const claims = definesColumn(keepsColumn(table.relation, column.name, `drops the default of ${column.name}`), "part");
  return { steps: [step], retires: [], claims, gates: [], notes: [] };
}
