import type { Table } from "../../../model/catalog.js";
import type { ModifyColumn } from "../../../model/detail/column.js";
import { show } from "../../../model/name.js";
import type { AddColumn, OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal } from "../../engine.js";
import { quote } from "../names.js";
import { addsInstantly, algorithm, type MysqlContext, undoing } from "./algorithms.js";
import { bareColumn, placeText, withColumn } from "./constraint/bare-column.js";
import { alter, ddl, dropColumnIfThere } from "./ddl.js";
import { nullable } from "./derived/add.js";
import { hasColumn, stateOf } from "./facts.js";
import * as locks from "./locks.js";
import { becomeNotNull } from "./modify/not-null.js";
import type { Modify } from "./modify/subject.js";
import { onlineWay } from "./online.js";
import { otherTool } from "./osc.js";

function refuseOthers({ column }: AddColumn): void {
  const plain = !column.unique && !column.primaryKey && column.checks.length === 0 && column.references === null;
  if (column.notNull && column.default === null && column.generated === null && plain) return;
  throw new Refusal(
    `\`-- zmigrate:fill\` says what ${column.name} holds where it is not written: that is for a column that is NOT NULL, without a default and without keys and checks.`,
    "Leave the fill out, or write the column so and the rest in a later migration.",
  );
}

/** The change of the nullable column to the one that was asked for. */
function toNotNull(operation: AddColumn, table: Table, context: MysqlContext): Modify {
  const { column, span } = operation;
  const grown = withColumn(table, { ...nullable(column), comment: null, onUpdate: null }, context);
  const said = { position: null, ifExists: false } as const;
  const detail: ModifyColumn = { kind: "modify-column", column: column.name, definition: column, ...said };
  const modify: OtherOperation = {
    kind: "other",
    what: "modify-column",
    harmless: false,
    span,
    relation: table.relation,
    detail,
  };
  const old = grown.table.columns.at(-1);
  if (old === undefined) throw new Refusal(`${column.name} cannot be added.`, "Write it in another way.");
  return { ...grown, operation: modify, detail, old, changes: new Set(["not-null"]) };
}

/**
 * NOT NULL without a default, where the author says what rows hold that do not write it: nullable first, with triggers that
 * give the fill to whoever writes NULL; then filled, counted and made NOT NULL.
 *
 * @throws Refusal
 */
export function addFilledColumn(operation: AddColumn, table: Table, context: MysqlContext): Phased {
  refuseOthers(operation);
  const { relation } = table;
  const bare = { ...operation, column: bareColumn(operation.column, context.dialect) };
  const m = toNotNull(bare, table, context);
  const { name } = operation.column;
  const way = onlineWay(m.operation, m.context);
  const change = `ADD COLUMN ${operation.column.text}`;
  if (way === null)
    throw otherTool(table, `${show(relation)}.${name} becomes NOT NULL only by a copy`, change, context);
  const filled = becomeNotNull(m, way);
  const first = ddl({
    id: `${context.ordinal}-add-column`,
    phase: "expand",
    sql: [
      alter(
        relation,
        `ADD COLUMN ${nullable(operation.column).text}${placeText(operation.position, quote)}, ${algorithm(addsInstantly(context.version, context.dialect))}`,
      ),
    ],
    undo: dropColumnIfThere(relation, name, undoing(context.version, context.dialect)),
    probe: { sql: stateOf(hasColumn(relation, name)), repair: [] },
    locks: [locks.brief(relation)],
    adds: {
      relation,
      column: name,
      written: `${quote(name)} IS NOT NULL AND NOT (${quote(name)} <=> (${context.fill}))`,
    },
    reason: "Nullable at first: no row is touched, and old code does not notice.",
  });
  const note = `An INSERT into ${show(relation)} without a column list fails from now on (error 1136).`;
  return { ...filled, steps: [first, ...filled.steps], notes: [note, ...filled.notes] };
}
