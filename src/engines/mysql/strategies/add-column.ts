import type { Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import type { AddColumn, ColumnDefinition } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { findTable, type Phased, Refusal } from "../../engine.js";
import { defaultValue } from "../effects/default-value.js";
import { indexParts } from "../index-parts.js";
import { isVolatileDefault } from "../introspect/columns.js";
import { virtualIndex } from "../keeps-columns.js";
import { quote } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { addCopiedColumn } from "./add-copied-column.js";
import { addFilledColumn } from "./add-filled-column.js";
import { addsInstantly, addsInstantlyAnywhere, algorithm, INSTANT, type MysqlContext, undoing } from "./algorithms.js";
import { bareColumn, placeText } from "./constraint/bare-column.js";
import { columnConstraints } from "./constraint/column-constraints.js";
import { alter, ddl, dropColumnIfThere } from "./ddl.js";
import { hasColumn, hasDefault, not, stateOf } from "./facts.js";
import { implicitValue } from "./literals.js";
import * as locks from "./locks.js";
import { addPlainly } from "./plainly.js";
import { findColumn, nothing, tableOf } from "./subject.js";
import { writtenValue } from "./written-value.js";

type Reason = readonly [reason: string, help: string] | null;

/** One value for the statement is INSTANT: CURRENT_TIMESTAMP, and on MariaDB what it computes once for all rows. */
const isComputed = (text: string | null, dialect: MysqlDialect): boolean =>
  text !== null && isVolatileDefault(text) === true && !defaultValue(text, dialect).instant;

const NULLABLE_FIRST = "Add it nullable and without a default; fill it in a later migration, then set the default.";

/** Why the server would copy the table, or could not tell old rows apart. In the order in which they matter. */
function copies(c: ColumnDefinition, { dialect }: MysqlContext): Reason {
  const where = `Adding ${c.name}`;
  if (c.primaryKey)
    return [`${where} as PRIMARY KEY rebuilds the table.`, "Use gh-ost, spirit or pt-online-schema-change."];
  if (isComputed(c.default, dialect))
    return [`${where} with a computed default copies the table while writes wait.`, NULLABLE_FIRST];
  return null;
}

function position(operation: AddColumn, table: Table | null, context: MysqlContext): Reason {
  if (operation.position === null) return null;
  const virtual = context.dialect === "mariadb" && table?.columns.some((c) => c.generated?.kind === "virtual") === true;
  if (addsInstantlyAnywhere(context.version, context.dialect) && !virtual) return null;
  return [
    `FIRST and AFTER rebuild ${show(operation.relation)} ${virtual ? "because it has a virtual column" : "on this version"}.`,
    "Leave it out: the column goes to the end.",
  ];
}

/** Measured on MariaDB 10.11: by COPY only (errors 1845, 1846), while virtual columns come and go as ever. */
function besideVirtualIndex(operation: AddColumn, table: Table | null, { dialect }: MysqlContext): Reason {
  const index = virtualIndex(table);
  if (dialect === "mysql" || index === null || operation.column.generated?.kind === "virtual") return null;
  const where = show(operation.relation);
  return [
    `${where} has the index ${index.name} over the virtual column ${index.column}: MariaDB adds no column there without copying the table while writes wait.`,
    `Drop ${index.name} in an earlier migration and create it again in a later one, or use gh-ost, spirit or pt-online-schema-change for this table.`,
  ];
}

function fulltext(operation: AddColumn, table: Table | null, { dialect }: MysqlContext): Reason {
  const index = table?.indexes.find((i) => indexParts(i.definition, dialect)?.special === "FULLTEXT");
  if (index === undefined) return null;
  return [
    `${show(operation.relation)} has the FULLTEXT index ${index.name}: adding a column copies the table or blocks writes.`,
    "Use gh-ost, spirit or pt-online-schema-change for this table.",
  ];
}

/** Old code does not write the column: it needs a default for as long as old code runs. Null when it is not needed. */
function borrowed(c: ColumnDefinition, context: MysqlContext): string | null {
  if (!c.notNull || c.default !== null || c.generated !== null) return null;
  const value = implicitValue(c.type, context.dialect);
  if (value !== null) return value;
  throw new Refusal(
    `Adding ${c.name} NOT NULL without a default: old code does not write it, and ${c.type} has no value of its own for the rows that are there.`,
    "Give it a DEFAULT, write `-- zmigrate:fill EXPR` above the statement, or add it nullable.",
  );
}

function returnDefault(operation: AddColumn, value: string, context: MysqlContext): Step {
  const { relation, column } = operation;
  const change = (what: string) => alter(relation, `ALTER COLUMN ${quote(column.name)} ${what}, ${INSTANT}`);
  return ddl({
    id: `${context.ordinal}-drop-default`,
    phase: "contract",
    stage: "swap",
    sql: [change("DROP DEFAULT")],
    undo: [change(`SET DEFAULT ${value}`)],
    probe: { sql: stateOf(not(hasDefault(relation, column.name))), repair: [] },
    locks: [locks.brief(relation)],
    reason: `Code that does not write ${column.name} is gone, so its INSERT may fail again, as the column was asked for.`,
  });
}

function add(operation: AddColumn, value: string | null, context: MysqlContext): Step {
  const { relation, column, position: at } = operation;
  const place = placeText(at, quote);
  const lent = value === null ? "" : ` DEFAULT ${value}`;
  const how = algorithm(addsInstantly(context.version, context.dialect));
  const written = writtenValue(column, value);
  return ddl({
    id: `${context.ordinal}-add-column`,
    phase: "expand",
    sql: [alter(relation, `ADD COLUMN ${column.text}${lent}${place}, ${how}`)],
    undo: dropColumnIfThere(relation, column.name, undoing(context.version, context.dialect)),
    probe: { sql: stateOf(hasColumn(relation, column.name)), repair: [] },
    locks: [locks.brief(relation)],
    ...(written === null ? {} : { adds: { relation, column: column.name, ...written } }),
    reason:
      value === null
        ? "Old code does not notice: no row is touched."
        : `Old code does not write ${column.name}: until it is gone the column has the default ${value}, which is also what rows get that are there.`,
  });
}

/** What is written at the column and is a constraint of its own. @throws Refusal where the table is not known */
function constraintsOf(operation: AddColumn, table: Table | null, context: MysqlContext, lent: string | null) {
  const { unique, checks, references } = operation.column;
  if (!unique && checks.length === 0 && references === null) return [];
  return columnConstraints(operation, table ?? tableOf(operation.relation, context), context, lent);
}

function addInstantly(operation: AddColumn, table: Table | null, context: MysqlContext): Phased {
  const { relation, column } = operation;
  const value = borrowed(column, context);
  const bare = { ...operation, column: bareColumn(column, context.dialect) };
  const parts = constraintsOf(operation, table, context, value);
  const leaves = parts.flatMap((p) => p.leaves ?? []);
  return {
    steps: [
      add(bare, value, context),
      ...parts.flatMap((p) => p.steps),
      ...(value === null ? [] : [returnDefault(operation, value, context)]),
    ],
    retires: [],
    ...(parts.length === 0 ? {} : { claims: parts.flatMap((p) => p.claims ?? []) }),
    gates: [],
    notes: [
      `An INSERT into ${show(relation)} without a column list fails from now on (error 1136).`,
      ...parts.flatMap((p) => p.notes),
    ],
    ...(leaves.length === 0 ? {} : { leaves }),
  };
}

/**
 * INSTANT, or refused: where the server would copy, a column is better added in another way.
 *
 * @throws Refusal
 */
export function addColumn(operation: AddColumn, context: MysqlContext): Phased {
  const { relation, column } = operation;
  const table = context.catalog.complete ? tableOf(relation, context) : findTable(context.catalog, relation);
  const there = table !== null && findColumn(table, column.name) !== undefined;
  if (there && operation.ifNotExists)
    return nothing(`${show(relation)} has a column ${column.name} already: IF NOT EXISTS leaves it as it is.`);
  if (there)
    throw new Refusal(
      `${show(relation)} has a column ${column.name} already.`,
      "Drop this change if it was made by hand.",
    );
  if (table !== null && context.newTable) return addPlainly(operation, table, context);
  if (table !== null && (column.autoIncrement || column.generated?.kind === "stored"))
    return addCopiedColumn(operation, table, context);
  if (table !== null && context.fill !== null) return addFilledColumn(operation, table, context);
  const reason =
    copies(column, context) ??
    position(operation, table, context) ??
    fulltext(operation, table, context) ??
    besideVirtualIndex(operation, table, context);
  if (reason !== null) throw new Refusal(reason[0], reason[1]);
  return addInstantly(operation, table, context);
}
