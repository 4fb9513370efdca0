import type { Column, Table } from "../model/catalog.js";
import type { DataChange } from "../model/detail/data.js";
import { show } from "../model/name.js";
import type { ColumnDefinition, Operation, OtherOperation } from "../model/operation.js";
import { Refusal, type StrategyContext, sameRelation } from "./engine.js";
import { columnsOfFile } from "./place.js";
import { mayBeDomain, mayBeFilled } from "./unfilled-column.js";

/** A column that a file makes NOT NULL. */
interface Becoming {
  readonly operation: OtherOperation;
  readonly context: StrategyContext;
  readonly table: Table;
  readonly column: Column;
}

/** How an engine reads what an UPDATE gives a column. */
export interface GivenReader {
  /** What a row gets in a column that an INSERT leaves out. */
  leftOut(column: ColumnDefinition): "null" | "constant" | "varies";
  /** The expression that a statement, up to its WHERE, gives a column; null where that cannot be told. */
  given(head: string, column: string): string | null;
  /** Whether a condition is that the column is NULL, and nothing else. */
  isNull(where: string, column: string): boolean;
  /** Whether a condition is, or asks among others, that the column is not NULL. */
  refusesNull(condition: string, column: string): boolean;
  /** The columns that an expression names, as they are written. */
  named(expression: string, table: Table): readonly string[];
  /** Why a value is no matter of its row alone, or another one each time, as it continues "the value of the UPDATE"; null where it is. */
  unsteady(expression: string): string | null;
}

/** What waits for rows without NULL, and what may be done in a later migration, as a refusal says it. */
export interface Becomes {
  readonly waits: string;
  readonly later: string;
  /** In front of what a fill is written. */
  readonly before: string;
}

const NOT_NULL: Becomes = Object.freeze({
  waits: "NOT NULL waits",
  later: "make it NOT NULL in a later migration",
  before: "this statement",
});

/** A primary key, which takes no NULL. */
export const KEY: Becomes = Object.freeze({
  waits: "a primary key waits",
  later: "add the key in a later migration",
  before: "ADD PRIMARY KEY, on a line of its own",
});

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const changeOf = (operation: Operation): DataChange | null =>
  operation.kind === "other" && operation.detail?.kind === "data-change" ? operation.detail : null;

/** The UPDATEs of the file that write the column. */
function updatesOf({ context, table, column }: Becoming): readonly DataChange[] {
  const { file, catalog } = context;
  return file.flatMap(({ operation }) => {
    const change = changeOf(operation);
    if (change === null || !(change.verb === "update" || change.verb === "merge")) return [];
    const writes = change.writes.some((w) => sameRelation(w, table.relation, catalog.defaultSchema));
    return writes && change.columns.some((c) => sameName(c, column.name)) ? [change] : [];
  });
}

/** A default, wherever in the file it is set, is there before old code meets NOT NULL. */
const getsDefault = ({ context, table, column }: Becoming): boolean =>
  column.default !== null ||
  context.file.some(
    ({ operation: o }) =>
      o.kind === "other" &&
      o.detail?.kind === "set-default" &&
      sameName(o.detail.column, column.name) &&
      o.relation !== null &&
      sameRelation(o.relation, table.relation, context.catalog.defaultSchema),
  );

/** The file adds the column, and code that does not know it leaves NULL in it. */
function isLeftNull(b: Becoming, reader: GivenReader): boolean {
  const { context, table, column } = b;
  const added = columnsOfFile(table, context).find((c) => sameName(c.name, column.name));
  if (added === undefined || added.generated !== null || reader.leftOut(added) !== "null") return false;
  const derived = context.file.some((f) => f.operation.kind === "add-column" && f.operation.column === added && f.up);
  return !derived && !getsDefault(b) && !mayBeDomain(column, context.catalog);
}

/** A column that has no value, or not the one that is meant, when a trigger sees the row; why, or null. */
function unread(b: Becoming, reader: GivenReader, name: string): string | null {
  const { context, table, column } = b;
  const named = table.columns.find((c) => sameName(c.name, name));
  if (sameName(name, column.name)) return `names ${column.name} itself`;
  if (named?.generated != null) return `names ${name}, which is generated`;
  if (named?.autoIncrement === true && context.catalog.dialect !== undefined)
    return `names ${name}, which is AUTO_INCREMENT and has no value yet when a trigger sees the row`;
  const added = columnsOfFile(table, context).find((c) => sameName(c.name, name));
  return added !== undefined && reader.leftOut(added) === "null"
    ? `names ${name}, which this file adds without a default, too`
    : null;
}

/** What the UPDATE gives every row from the row alone; or why that is not told, behind "the value". */
function givenBy(b: Becoming, update: DataChange, reader: GivenReader): { readonly fill: string } | string {
  const { walk, joins, reads, conflict, cte, limited, filtered, verb } = update;
  if (limited || conflict !== null) return "its UPDATE is of not all rows";
  if (verb !== "update" || walk === undefined || cte) return "its statement is no plain UPDATE";
  if (reads.length > 0 || walk.readsItself || joins === undefined || joins.others.length > 0)
    return "its UPDATE reads more than the row";
  const everyRow = !filtered || (walk.where !== null && reader.isNull(walk.where, b.column.name));
  if (!everyRow) return "its UPDATE is of not all rows";
  if (!sameName(walk.alias, b.table.relation.name)) return "its UPDATE calls the table under another name";
  const fill = reader.given(walk.head, b.column.name);
  if (fill === null) return "what its UPDATE gives it cannot be told";
  if (/^(?:NULL|DEFAULT)$/i.test(fill)) return `its UPDATE gives it ${fill}`;
  const unsteady = reader.unsteady(fill);
  if (unsteady !== null) return `the value in its UPDATE ${unsteady}`;
  const unreadable = reader.named(fill, b.table).flatMap((name) => unread(b, reader, name) ?? [])[0];
  return unreadable === undefined ? { fill } : `the value in its UPDATE ${unreadable}`;
}

function fillOf(b: Becoming, reader: GivenReader): { readonly fill: string } | string {
  const [update, another] = updatesOf(b);
  if (update === undefined) return "no UPDATE of this file gives it one";
  return another === undefined ? givenBy(b, update, reader) : "more than one statement of this file writes it";
}

/**
 * What takes the place of NULL in a column that the file itself adds without a default and fills by one UPDATE: old code
 * cannot write it, so that NULLs would go on coming until the new code is out.
 *
 * @returns null where no such thing is needed
 * @throws Refusal where old code would leave NULL, and no UPDATE tells what is to stand there
 */
export function ownFill(b: Becoming, reader: GivenReader, { waits, later, before } = NOT_NULL): string | null {
  const { context, table, column } = b;
  if (context.phase != null || !isLeftNull(b, reader)) return null;
  const found = fillOf(b, reader);
  if (typeof found !== "string") return found.fill;
  if (mayBeFilled(table, "insert")) return null;
  throw new Refusal(
    `Old code leaves ${column.name} of ${show(table.relation)} out, which this file adds without a default: its rows hold NULL as long as it runs, and ${waits} until there are none. What value they are to have is not told: ${found}.`,
    `Write \`-- zmigrate:fill EXPR\` in front of ${before}: a trigger gives that to rows that leave the column out, until the contract. Or give the column a DEFAULT where it is added; or ${later}, behind an UPDATE of the rows that old code has left.`,
  );
}

/**
 * A check that lets no NULL through, of a column that the file adds: no row that is there, and none of old code, satisfies it.
 *
 * @throws Refusal where nothing in the file gives the column a value
 */
export function refuseLeftNull(b: Becoming, reader: GivenReader, check: string): void {
  const { context, table, column } = b;
  if (context.phase != null || !reader.refusesNull(check, column.name) || !isLeftNull(b, reader)) return;
  if (updatesOf(b).length > 0 || mayBeFilled(table, "insert")) return;
  throw new Refusal(
    `This file adds ${column.name} of ${show(table.relation)} without a default: the rows that are there hold NULL in it, and so do those of old code as long as it runs. None of them satisfies CHECK (${check}).`,
    `Give the column a DEFAULT where it is added. Or make it NOT NULL in place of the check, with \`-- zmigrate:fill EXPR\` in front of that statement; or add the check in a later migration, behind an UPDATE of these rows.`,
  );
}

/** What a reviewer should know of a fill that stands in no directive. */
export const ownFillNote = (column: string, fill: string): string =>
  `Old code leaves ${column} out, and gets ${fill} there until the contract, as the UPDATE of this file gives it.`;

/** What to do about rows that hold NULL where NOT NULL waits for them, once a migration has begun. */
export const nullsHelp = ({ migrationId }: StrategyContext): string =>
  `Give these rows a value, and run \`zmigrate apply\` again. Where code that still runs goes on writing NULL: \`zmigrate rollback ${migrationId}\` first, then write \`-- zmigrate:fill EXPR\` in front of the statement, which gives a value to what it writes, too, and apply that.`;
