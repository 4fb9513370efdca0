import type { DropColumn, RenameColumn } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import type { Phased } from "../../engine.js";
import { quote } from "../names.js";
import type { MysqlContext } from "./algorithms.js";
import { alter, ddl, renameColumnIfThere } from "./ddl.js";
import { hasColumn, not, stateOf } from "./facts.js";
import * as locks from "./locks.js";
import { columnOf, mustBeFree, tableOf } from "./subject.js";

const WHY = "The table is new in this release, so no running code knows it";

const only = (made: Step): Phased => ({ steps: [made], retires: [], gates: [], notes: [] });

/** The rename as it is written, on a table that no running code knows. @throws Refusal */
export function renamePlainly({ relation, from, to }: RenameColumn, context: MysqlContext): Phased {
  const table = tableOf(relation, context);
  const { name } = columnOf(table, from);
  mustBeFree(table, to);
  return only(
    ddl({
      id: `${context.ordinal}-rename`,
      phase: "expand",
      sql: [alter(table.relation, `RENAME COLUMN ${quote(name)} TO ${quote(to)}`)],
      undo: renameColumnIfThere(table.relation, to, name, "ALGORITHM=DEFAULT"),
      probe: { sql: stateOf(not(hasColumn(table.relation, name))), repair: [] },
      locks: [locks.brief(table.relation)],
      reason: `${WHY}: ${name} is renamed at once.`,
    }),
  );
}

/** The drop as it is written, on a table that no running code knows. @throws Refusal */
export function dropPlainly({ relation, column }: DropColumn, context: MysqlContext): Phased {
  const table = tableOf(relation, context);
  const { name } = columnOf(table, column);
  return only(
    ddl({
      id: `${context.ordinal}-drop`,
      phase: "expand",
      final: true,
      sql: [alter(table.relation, `DROP COLUMN ${quote(name)}`)],
      probe: { sql: stateOf(not(hasColumn(table.relation, name))), repair: [] },
      locks: [locks.brief(table.relation)],
      reason: `${WHY}: ${name} is dropped at once.`,
    }),
  );
}
