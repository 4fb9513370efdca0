import type { Constraint, Table } from "../../../model/catalog.js";
import type { AddColumn, DropColumn, RenameColumn } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import type { Phased } from "../../engine.js";
import { quote } from "../names.js";
import { renameColumnInExpression } from "../parse/rename-column.js";
import { algorithm, type MysqlContext, renamesInstantly } from "./algorithms.js";
import { placeText } from "./constraint/bare-column.js";
import { alter, ddl } from "./ddl.js";
import { hasColumn, not, spelled, stateOf } from "./facts.js";
import { guarded } from "./guarded.js";
import * as locks from "./locks.js";
import { refuseWhatServerRefuses } from "./rename/refuse.js";
import { columnOf, mustBeFree, names, tableOf } from "./subject.js";

const WHY = "The table is new in this release, so no running code knows it";

const only = (made: Step): Phased => ({ steps: [made], retires: [], gates: [], notes: [] });

/** MySQL renames no column that a CHECK names (error 3959): such a CHECK is made anew in the same statement. */
function renameStatement(table: Table, from: string, to: string, { dialect }: MysqlContext): string {
  const checks = dialect === "mysql" ? table.constraints.filter((c) => c.kind === "check" && names(from)(c)) : [];
  const definition = (c: Constraint) => renameColumnInExpression(c.definition, from, to, table.relation.name);
  return alter(
    table.relation,
    [
      ...checks.map((c) => `DROP CHECK ${quote(c.name)}`),
      `RENAME COLUMN ${quote(from)} TO ${quote(to)}`,
      ...checks.map((c) => `ADD CONSTRAINT ${quote(c.name)} ${definition(c)}`),
    ].join(", "),
  );
}

/** The table as it is behind the rename, as far as its CHECKs go. */
const renamedIn = (table: Table, from: string, to: string): Table => ({
  ...table,
  constraints: table.constraints.map((c) => ({
    ...c,
    columns: c.columns.map((column) => (names(from)({ columns: [column] }) ? to : column)),
    definition: renameColumnInExpression(c.definition, from, to, table.relation.name),
  })),
});

/** The rename as it is written, on a table that no running code knows. @throws Refusal */
export function renamePlainly({ relation, from, to }: RenameColumn, context: MysqlContext): Phased {
  const table = tableOf(relation, context);
  const column = columnOf(table, from);
  const { name } = column;
  mustBeFree(table, to);
  refuseWhatServerRefuses(table, column, context);
  return only(
    ddl({
      id: `${context.ordinal}-rename`,
      phase: "expand",
      sql: [renameStatement(table, name, to, context)],
      undo: guarded(
        `${hasColumn(table.relation, to)} AND ${not(hasColumn(table.relation, name))}`,
        renameStatement(renamedIn(table, name, to), to, name, context),
      ),
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

/** The column as it is written, on a table that no running code knows. */
export function addPlainly({ column, position }: AddColumn, { relation }: Table, context: MysqlContext): Phased {
  const there = hasColumn(relation, column.name);
  return only(
    ddl({
      id: `${context.ordinal}-add-column`,
      phase: "expand",
      sql: [alter(relation, `ADD COLUMN ${column.text}${placeText(position, quote)}`)],
      undo: guarded(there, alter(relation, `DROP COLUMN ${quote(column.name)}`)),
      probe: { sql: stateOf(there), repair: [] },
      locks: [locks.brief(relation)],
      reason: `${WHY}: ${column.name} is added as it is written.`,
    }),
  );
}
