import type { DropColumn, RenameColumn } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import type { Phased, StrategyContext } from "../../engine.js";
import { step } from "../../step.js";
import * as locks from "../effects/helper-statements.js";
import { quote, quoteRelation } from "../names.js";
import { columnOf, mustBeFree, tableOf } from "./subject.js";

const WHY = "The table is new in this release, so no running code knows it";

const only = (made: Step): Phased => ({ steps: [made], retires: [], gates: [], notes: [] });

/** The rename as it is written, on a table that no running code knows. @throws Refusal */
export function renamePlainly({ relation, from, to }: RenameColumn, context: StrategyContext): Phased {
  const table = tableOf(relation, context);
  columnOf(table, from);
  mustBeFree(table, to);
  const rename = (a: string, b: string) =>
    `ALTER TABLE ${quoteRelation(table.relation)} RENAME COLUMN ${quote(a)} TO ${quote(b)}`;
  return only(
    step({
      id: `${context.ordinal}-rename`,
      phase: "expand",
      kind: "ddl",
      sql: [rename(from, to)],
      undo: [rename(to, from)],
      locks: [locks.alterTable(table.relation)],
      reason: `${WHY}: ${from} is renamed at once.`,
    }),
  );
}

/** The drop as it is written, on a table that no running code knows. @throws Refusal */
export function dropPlainly({ relation, column }: DropColumn, context: StrategyContext): Phased {
  const table = tableOf(relation, context);
  return only(
    step({
      id: `${context.ordinal}-drop`,
      phase: "expand",
      kind: "ddl",
      final: true,
      sql: [`ALTER TABLE ${quoteRelation(table.relation)} DROP COLUMN ${quote(column)}`],
      locks: [locks.alterTable(table.relation)],
      reason: `${WHY}: ${column} is dropped at once.`,
    }),
  );
}
