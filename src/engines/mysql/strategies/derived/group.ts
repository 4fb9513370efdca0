import type { Column, Table } from "../../../../model/catalog.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { AddColumn, ColumnDefinition, DropColumn } from "../../../../model/operation.js";
import { type FileOperation, findTable, Refusal, sameRelation } from "../../../engine.js";
import { isJsonCheck } from "../../effects/modify/type.js";
import { shortHash } from "../../names.js";
import { expressionProblem, namedIn } from "../../triggers/expression.js";
import type { MysqlContext } from "../algorithms.js";
import { withLent } from "../lent-default.js";
import { refuseExpression } from "../modify/expression.js";
import { lenientValue } from "../rename/lenient.js";
import { columnOf, findColumn, tableOf } from "../subject.js";

/** A column that the file adds, and what it is computed from. */
export interface Added {
  readonly operation: AddColumn;
  readonly column: Column;
  readonly up: string;
}

/** A column that the file drops, and how old code gets it for as long as it runs. */
export interface Dropped {
  readonly operation: DropColumn;
  readonly column: Column;
  readonly down: string;
  /** What it holds where the value is NULL or does not fit; null for NULL. */
  readonly otherwise: string | null;
}

/**
 * The columns of one file and table that stand for the same thing: those that it adds with `zmigrate:up`, and those that
 * it drops with `zmigrate:down`. A split has more of the first, a merge more of the second.
 */
export interface Group {
  readonly context: MysqlContext;
  /** With all added columns. */
  readonly table: Table;
  readonly added: readonly Added[];
  readonly dropped: readonly Dropped[];
  readonly hash: string;
}

const isOf = (relation: RelationName, context: MysqlContext) => (f: FileOperation) =>
  f.operation.relation !== null && sameRelation(f.operation.relation, relation, context.catalog.defaultSchema);

/** The operations of the file that add a column of this table with an `up`. */
export function addsWithUp(relation: RelationName, context: MysqlContext): (AddColumn & { readonly up: string })[] {
  return context.file
    .filter(isOf(relation, context))
    .flatMap(({ operation, up }) => (operation.kind === "add-column" && up !== null ? [{ ...operation, up }] : []));
}

function columnFrom(definition: ColumnDefinition): Column {
  const { name, type, collation, characterSet, comment } = definition;
  const plain = { notNull: false, default: null, defaultVolatile: false, generated: null, identity: null };
  const none = { autoIncrement: false, onUpdate: null, comparable: false, settings: [], grants: [] };
  return { name, type, collation, characterSet, comment, ...plain, ...none };
}

function droppedIn(table: Table, context: MysqlContext): Dropped[] {
  return context.file.filter(isOf(table.relation, context)).flatMap(({ operation, down }) => {
    if (operation.kind !== "drop-column" || down === null) return [];
    const column = withLent(table, columnOf(table, operation.column), context);
    return [{ operation, column, down, otherwise: lenientValue(column, context.dialect) }];
  });
}

function refuse(group: Group): void {
  const { table, context, added, dropped } = group;
  const [news, olds] = [added.map((a) => a.column.name), dropped.map((d) => d.column.name)];
  for (const { up } of added) refuseExpression("up", up, table, context, news);
  for (const { down } of dropped) refuseExpression("down", down, table, context, olds);
  // A unique index that the file drops is hidden by the swap and goes with the drop: until then it is unique.
  const former = context.beforeFile === undefined ? null : findTable(context.beforeFile, table.relation);
  const indexes = [...table.indexes, ...(former?.indexes ?? [])];
  const uniqueOf = ({ column }: Dropped) =>
    indexes.find((i) => i.unique && i.columns.some((c) => c.toLowerCase() === column.name.toLowerCase()));
  for (const one of dropped) {
    const unique = uniqueOf(one);
    if (unique === undefined) continue;
    throw new Refusal(
      `${show(table.relation)}.${one.column.name} is unique, and what new code writes may become the same in it.`,
      unique.name.toUpperCase() === "PRIMARY"
        ? "Give the table another primary key in an earlier migration."
        : `Drop the unique index ${unique.name} in an earlier migration.`,
    );
  }
  // MariaDB: one in the definition of the column itself. Any other is refused where the column goes.
  const checked = dropped.find(({ column }) => column.settings.some((s) => s.startsWith("CHECK ") && !isJsonCheck(s)));
  if (checked !== undefined)
    throw new Refusal(
      `${show(table.relation)}.${checked.column.name} has a CHECK, which what new code writes may fail in it.`,
      "Drop the CHECK in an earlier migration (MODIFY COLUMN without it).",
    );
}

/**
 * The group that an operation of the file belongs to.
 *
 * @throws Refusal where an expression cannot stand in a trigger
 */
export function groupOf(relation: RelationName, context: MysqlContext): Group {
  const there = tableOf(relation, context);
  const added = addsWithUp(relation, context).map(({ up, ...operation }): Added => {
    return { operation, column: columnFrom(operation.column), up };
  });
  const missing = added.filter((a) => findColumn(there, a.column.name) === undefined).map((a) => a.column);
  const table: Table = { ...there, columns: [...there.columns, ...missing] };
  const { schema, name } = there.relation;
  const hash = shortHash(context.migrationId, schema ?? "", name, ...added.map((a) => a.column.name), "group");
  const group = { context, table, added, dropped: droppedIn(there, context), hash };
  refuse(group);
  return group;
}

/** Columns, besides the added ones, that the added ones are computed from. */
export function sourcesOf({ added, table, context }: Group): Column[] {
  const found = added.flatMap(({ up }) => namedIn(up, table.relation, context.dialect));
  return table.columns.filter((c) => found.some((n) => n.toLowerCase() === c.name.toLowerCase()));
}

/** An `up` of the file names this column, so that it cannot just go. */
export const isSource = (relation: RelationName, column: string, context: MysqlContext): boolean =>
  addsWithUp(relation, context).some(
    ({ up }) =>
      expressionProblem(up, context.dialect) === null &&
      namedIn(up, relation, context.dialect).some((n) => n.toLowerCase() === column.toLowerCase()),
  );
