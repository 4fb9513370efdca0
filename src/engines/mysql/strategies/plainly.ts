import type { DropColumn, RenameColumn } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import type { Phased } from "../../engine.js";
import { quote } from "../names.js";
import { algorithm, type MysqlContext, renamesInstantly } from "./algorithms.js";
import { alter, ddl, renameColumnIfThere } from "./ddl.js";
import { hasColumn, not, spelled, stateOf } from "./facts.js";
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

/**
 * A rename that changes only the case: names of columns do not tell case apart, so old and new code both survive it.
 *
 * @throws Refusal
 */
export function renameCase({ relation, from, to }: RenameColumn, context: MysqlContext): Phased {
  const table = tableOf(relation, context);
  const { name } = columnOf(table, from);
  const how = algorithm(renamesInstantly(context.version, context.dialect));
  const rename = (a: string, b: string) => alter(table.relation, `RENAME COLUMN ${quote(a)} TO ${quote(b)}, ${how}`);
  return only(
    ddl({
      id: `${context.ordinal}-rename`,
      phase: "expand",
      sql: [rename(name, to)],
      undo: [rename(to, name)],
      probe: { sql: stateOf(spelled(table.relation, to)), repair: [] },
      locks: [locks.brief(table.relation)],
      reason: `Only the case changes: to the server ${name} and ${to} are one name, so all code goes on working.`,
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
