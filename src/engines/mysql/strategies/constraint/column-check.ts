import type { Table } from "../../../../model/catalog.js";
import { show } from "../../../../model/name.js";
import type { AddColumn, OtherOperation } from "../../../../model/operation.js";
import type { Phased } from "../../../engine.js";
import { INSTANT, type MysqlContext } from "../algorithms.js";
import { definesColumn } from "../column-claims.js";
import { alter, ddl } from "../ddl.js";
import { isColumnChecked, stateOf } from "../facts.js";
import { guarded } from "../guarded.js";
import * as locks from "../locks.js";
import { placeOfCheck } from "./add-check.js";
import { bareColumn } from "./bare-column.js";
import { claimsOn, phasedOf } from "./subject.js";
import { counting } from "./verify.js";

interface Growing {
  readonly operation: AddColumn;
  readonly context: MysqlContext;
  readonly table: Table;
}

/**
 * MariaDB: a column's CHECK comes INSTANT and without a look at the rows, after which every UPDATE of one that violates it
 * fails (measured on 10.11). So rows are counted before it comes, and once more while it holds.
 */
export function columnCheck(g: Growing, expression: string, lent: string | null): Phased {
  const { operation, context, table } = g;
  const { name } = operation.column;
  const asked: OtherOperation = {
    kind: "other",
    what: "add-check",
    harmless: false,
    span: operation.span,
    relation: table.relation,
  };
  const s = { operation: asked, context, table };
  const place = placeOfCheck(s, { columns: [name], expression });
  const bare = `${bareColumn(operation.column, context.dialect).text}${lent === null ? "" : ` DEFAULT ${lent}`}`;
  const define = (text: string) => alter(table.relation, `MODIFY COLUMN ${text}, ${INSTANT}`);
  const violation = {
    row: `NOT (${expression})`,
    rows: `of ${show(table.relation)} violate CHECK (${expression})`,
    help: "Mend these rows, or write the check so that it accepts them, and run `zmigrate apply` again.",
  };
  const step = ddl({
    id: `${context.ordinal}-define`,
    ...place,
    sql: [define(`${bare} CHECK (${expression})`)],
    undo: guarded(isColumnChecked(table.relation, name), define(bare)),
    probe: { sql: stateOf(isColumnChecked(table.relation, name)), repair: [] },
    locks: [locks.brief(table.relation)],
    reason: `The CHECK comes with the column's definition, without a look at the rows; it holds for every write from then on, and the next step looks at them.`,
  });
  const after = { id: "verify-after", place, why: "the check holds from here on, so none comes after it" };
  return phasedOf(
    [...counting(s, violation), step, ...counting(s, violation, after)],
    definesColumn(claimsOn(table.relation, [name], `adds a check on ${name}`), "whole"),
  );
}
