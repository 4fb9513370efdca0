import type { Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import type { AddColumn } from "../../../model/operation.js";
import { type Phased, Refusal } from "../../engine.js";
import { sizeOf } from "../../table-size.js";
import { hasKey } from "../../walkable.js";
import { quote } from "../names.js";
import type { MysqlContext } from "./algorithms.js";
import { placeText } from "./constraint/bare-column.js";
import { COPY, isSmall } from "./constraint/way.js";
import { alter } from "./ddl.js";
import { hasColumn, stateOf } from "./facts.js";
import { guarded } from "./guarded.js";
import { effectAlone } from "./online.js";
import { otherTool } from "./osc.js";
import { stepWith } from "./written.js";

function refuseParts({ column }: AddColumn): void {
  const counted = column.autoIncrement;
  if (column.checks.length === 0 && column.references === null && (counted || (!column.unique && !column.primaryKey)))
    return;
  throw new Refusal(
    `Adding ${column.name} copies the table, and brings constraints beside it.`,
    "Write the column alone, and its constraints in a later migration.",
  );
}

/** Without a key the rows stand in another order on each server, and get other numbers. */
function refuseUnordered({ column }: AddColumn, table: Table): void {
  if (!column.autoIncrement || hasKey(table)) return;
  throw new Refusal(
    `Adding ${column.name} AUTO_INCREMENT numbers the rows of ${show(table.relation)} (${sizeOf(table)}) differently on each replica: no key orders them.`,
    "Create a new table with the key, and move the rows.",
  );
}

/**
 * AUTO_INCREMENT and STORED: the server computes a value for every row, and for those that old code writes. It copies the
 * table for that, or lets writers wait.
 *
 * @throws Refusal for a table that is not small
 */
export function addCopiedColumn(operation: AddColumn, table: Table, context: MysqlContext): Phased {
  const { column, position } = operation;
  const { relation } = table;
  const what = column.autoIncrement ? "AUTO_INCREMENT" : "as a STORED column";
  const change = `ADD COLUMN ${column.text}${placeText(position, quote)}`;
  refuseParts(operation);
  refuseUnordered(operation, table);
  const virtual =
    column.generated === null ? "" : `: made VIRTUAL it would be INSTANT, and an index on it is built online`;
  if (!isSmall(table))
    throw otherTool(
      table,
      `Adding ${column.name} ${what} copies the table while writes wait${virtual}`,
      change,
      context,
    );
  const there = hasColumn(relation, column.name);
  const step = stepWith(effectAlone(operation, context), context, {
    name: "add-column",
    unlimited: false,
    sql: [alter(relation, `${change}, ${COPY}`)],
    undo: guarded(there, alter(relation, `DROP COLUMN ${quote(column.name)}, ${COPY}`)),
    probe: { sql: stateOf(there), repair: [] },
    reason: `Rows that are there, and those that old code writes, get their value from the server. Writes to ${show(relation)} wait while it is copied: it is small (${sizeOf(table)}).`,
  });
  const notes = [`An INSERT into ${show(relation)} without a column list fails from now on (error 1136).`];
  return { steps: [step], retires: [], gates: [], notes };
}
