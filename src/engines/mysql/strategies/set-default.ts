import type { Column, Table } from "../../../model/catalog.js";
import type { SetDefault } from "../../../model/detail/column.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal } from "../../engine.js";
import { notYet } from "../../strategies.js";
import { quote } from "../names.js";
import { isUntold } from "../triggers/values.js";
import { INSTANT, type MysqlContext } from "./algorithms.js";
import { definesColumn, keepsColumn } from "./column-claims.js";
import { alter } from "./ddl.js";
import { defaultAgain, isMoment, takesNoDefault } from "./default-again.js";
import { effectAlone } from "./online.js";
import { columnOf, findColumn, nothing, tableOf } from "./subject.js";
import { stepWith } from "./written.js";

/** What the servers refuse: error 1101, and a default of what has a value of its own (1067, 1221); and what they lose. */
export function refuseDefault(table: Table, column: Column, context: MysqlContext): void {
  const where = `${show(table.relation)}.${column.name}`;
  if (column.generated !== null || column.autoIncrement)
    throw new Refusal(
      `${where} ${column.generated === null ? "is AUTO_INCREMENT" : "is generated"}, and takes no default.`,
      "Leave this statement out.",
    );
  if (isUntold(column, context.dialect) && !context.newTable)
    throw new Refusal(
      `The server does not show the default of ${where} as it is (${column.type}: bytes behind a zero, or a moment in another time zone), so that a rollback could not give it back.`,
      "Write `MODIFY COLUMN` with the whole definition: it is made without a way back.",
    );
  if (takesNoDefault(column, context))
    throw new Refusal(
      `${where} is ${column.type}: MySQL changes the default of such a column by MODIFY only (error 1101).`,
      `Write \`MODIFY COLUMN\` with the whole definition, and the default as an expression: \`DEFAULT ('x')\`.`,
    );
  if (context.dialect === "mariadb" && column.onUpdate !== null && isMoment(column.default ?? ""))
    throw new Refusal(
      `${where} is ON UPDATE ${column.onUpdate}: when the default is no longer the present, MariaDB takes ON UPDATE away in silence.`,
      "Write `MODIFY COLUMN` with the whole definition.",
    );
}

function notesOf(column: Column, detail: SetDefault, { newTable }: MysqlContext): string[] {
  if (newTable) return [];
  const before = column.default ?? (column.notNull ? "an error" : "NULL");
  return [`Old code that leaves ${column.name} out gets ${detail.default} instead of ${before} from expand on.`];
}

/** SET DEFAULT: rows keep their values, and an INSERT that leaves the column out gets the new one. @throws Refusal */
export function setDefault(detail: SetDefault, operation: OtherOperation, context: MysqlContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = tableOf(operation.relation, context);
  if (detail.ifExists && findColumn(table, detail.column) === undefined)
    return nothing(`${show(table.relation)} has no column ${detail.column}: IF EXISTS has nothing to do.`);
  const column = columnOf(table, detail.column);
  refuseDefault(table, column, context);
  const step = stepWith(effectAlone(operation, context), context, {
    name: "set-default",
    sql: [alter(table.relation, `ALTER COLUMN ${quote(column.name)} SET DEFAULT ${detail.default}, ${INSTANT}`)],
    undo: [alter(table.relation, `${defaultAgain(column)}, ${INSTANT}`)],
    reason: `Rows keep their values; an INSERT that leaves ${column.name} out gets ${detail.default} from now on.`,
  });
  const claims = definesColumn(
    keepsColumn(table.relation, column.name, `changes the default of ${column.name}`),
    "part",
  );
  return { steps: [step], retires: [], claims, gates: [], notes: notesOf(column, detail, context) };
}
