import type { Column, Table } from "../../../model/catalog.js";
import type { ColumnChange } from "../../../model/detail/column.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { EXPAND, SWAP } from "../../place.js";
import { notYet } from "../../strategies.js";
import { quote, quoteRelation } from "../names.js";
import { alter, asChange, claimsOn, type Subject } from "./constraint/steps.js";
import { beside } from "./in-file.js";
import { keyUntilSwap } from "./key-until-swap.js";
import { needsNoNull, notNullAgain } from "./not-null-again.js";
import { onNewTable } from "./on-new-table.js";
import { columnOf } from "./subject.js";
import { wholeTable } from "./tables.js";
import { nothing, stepOf } from "./written.js";

function refuseWhatNeedsIt(table: Table, column: Column): void {
  const where = `${show(table.relation)}.${column.name}`;
  const key = table.constraints.find((c) => c.kind === "primary-key" && c.columns.includes(column.name));
  if (key !== undefined)
    throw new Refusal(`${where} is part of the primary key ${key.name}.`, "Give the table another primary key first.");
  if (column.identity !== null)
    throw new Refusal(`${where} is an identity column, which is NOT NULL.`, "Write DROP IDENTITY first.");
}

/** The column may hold NULL from now on. @throws Refusal */
export function allowNull(s: Subject, column: Column): Phased {
  const { operation, context, table } = s;
  const where = `${show(table.relation)}.${column.name}`;
  if (!column.notNull) return nothing(`${where} may hold NULL already.`);
  refuseWhatNeedsIt(table, column);
  if (beside(s, column.name, ["set-not-null"]) !== null && !context.newTable)
    throw new Refusal(`This file makes ${where} NOT NULL, and lets it be NULL.`, "Leave one of the two out.");
  const sql = [alter(table, `ALTER COLUMN ${quote(column.name)} DROP NOT NULL`)];
  const undo = notNullAgain(table, column, context);
  if (context.newTable) return onNewTable(operation, context, { name: "drop-not-null", sql, undo });
  const key = keyUntilSwap(table, column, context);
  const change = asChange(operation, { kind: "drop-not-null", column: column.name, ifExists: false });
  const step = stepOf(change, context, {
    name: "drop-not-null",
    ...(key === null ? EXPAND : SWAP),
    sql,
    undo,
    undoTransaction: false,
    undoNeeds: needsNoNull(table, column, context),
    reason:
      key === null
        ? "Who writes a value goes on as before, and new code may write NULL."
        : `The primary key ${key.name} keeps it NOT NULL until it goes, in front of this; new code may write NULL from then on.`,
  });
  return {
    steps: [step],
    retires: [],
    claims: claimsOn(table.relation, [column.name], `lets ${column.name} be NULL`),
    gates: [],
    notes: [
      `Old code that reads ${where} meets NULL as soon as new code writes it: let new code do so only when the old one is gone, or can read it.`,
      `A rollback makes ${column.name} NOT NULL again, and refuses while rows hold NULL: give them a value first, \`UPDATE ${quoteRelation(table.relation)} SET ${quote(column.name)} = ... WHERE ${quote(column.name)} IS NULL\`.`,
    ],
  };
}

/** DROP NOT NULL: nobody who writes is in the way. @throws Refusal */
export function dropNotNull(detail: ColumnChange, operation: OtherOperation, context: StrategyContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = wholeTable(operation, operation.relation, context);
  return allowNull({ operation, context, table }, columnOf(table, detail.column));
}
