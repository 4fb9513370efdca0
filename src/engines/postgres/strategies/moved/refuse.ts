import type { Table } from "../../../../model/catalog.js";
import { show } from "../../../../model/name.js";
import { Refusal, type StrategyContext } from "../../../engine.js";
import { keysOf } from "../../../found-by-key.js";
import type { MovedColumn } from "../../../moved-column.js";
import { type TypeName, typeName } from "../../effects/type-names.js";
import { refuseCascade, refuseRules, saidBeside } from "../derived/refuse.js";
import { refuseWhatOthersNeed } from "../drop-column.js";
import { columnOf, mustBeFree, mustBePlain, mustTakeUpdates, tableOf } from "../subject.js";
import { isConstant } from "../written-value.js";

/** The two tables. */
interface Tables {
  readonly old: Table;
  readonly new: Table;
}

export function tablesOf({ from, to }: MovedColumn, context: StrategyContext): Tables {
  return { old: tableOf(from, context), new: tableOf(to, context) };
}

/** The UPDATE says what is copied, and that is what goes back. @throws Refusal */
export function refuseDirective(written: string | null, name: "up" | "down"): void {
  if (written === null) return;
  throw new Refusal(
    "The UPDATE of this file moves the column to another table as it is, and a directive says something else of it.",
    `Leave \`-- zmigrate:${name}\` out, and change the values in a migration of its own.`,
  );
}

/** What the addition says beside the type, a constant as its default and NOT NULL. @throws Refusal */
export function refuseAddition({ add }: MovedColumn, table: Table): void {
  const { column } = add;
  mustBeFree(table, column.name);
  const own = typeName(column.type);
  const constant =
    column.default === null || (isConstant(column.default) && own?.schema === "pg_catalog" && !own.array);
  const what = constant ? saidBeside(add) : "a default that is computed";
  if (what !== null)
    throw new Refusal(
      `${show(table.relation)}.${column.name} follows another column while old code runs, and has ${what} beside.`,
      "Leave it out here, and add it in a later migration, once this one has contracted.",
    );
  if (column.notNull && column.default === null)
    throw new Refusal(
      `${show(table.relation)}.${column.name} is NOT NULL without a default: the rows that are there have no value yet.`,
      "Give it a default, or make it NOT NULL in a later migration.",
    );
}

const isSameType = (a: TypeName, b: TypeName, { catalog }: StrategyContext): boolean =>
  a.name === b.name &&
  (a.schema ?? catalog.defaultSchema) === (b.schema ?? catalog.defaultSchema) &&
  a.array === b.array &&
  JSON.stringify(a.modifiers) === JSON.stringify(b.modifiers);

/** @throws Refusal where the value that is copied may become another one */
export function refuseOtherType({ add, drop }: MovedColumn, old: Table, context: StrategyContext): void {
  const column = columnOf(old, drop.column);
  const [from, to] = [typeName(column.type), typeName(add.column.type)];
  if (from !== null && to !== null && isSameType(from, to, context)) return;
  throw new Refusal(
    `${drop.column} is ${column.type} and ${add.column.name} is ${add.column.type}: what one of them holds, the other may not.`,
    `Move it as ${column.type}, and change the type in a migration of its own.`,
  );
}

/** @throws Refusal where old code may leave NULL in what is to be NOT NULL */
export function refuseNulls({ add, drop }: MovedColumn, old: Table): void {
  if (!add.column.notNull || columnOf(old, drop.column).notNull) return;
  throw new Refusal(
    `${add.column.name} is NOT NULL, and ${show(old.relation)}.${drop.column} may hold NULL.`,
    `Leave NOT NULL out and set it in a later migration, or set it on ${show(old.relation)}.${drop.column} in an earlier one.`,
  );
}

const INTEGERS: ReadonlySet<string> = new Set(["int2", "int4", "int8"]);

/** Equality of PostgreSQL's own, which a function finds that is bound to pg_catalog. */
function comparesPlainly(a: string, b: string): boolean {
  const [one, other] = [typeName(a), typeName(b)];
  if (one === null || other === null || one.schema !== "pg_catalog" || other.schema !== "pg_catalog") return false;
  if (one.array || other.array) return false;
  return one.name === other.name || (INTEGERS.has(one.name) && INTEGERS.has(other.name));
}

/** No two rows have the same values in these columns, at any moment. */
function isUnique(table: Table, columns: readonly string[]): boolean {
  const deferred = table.constraints.filter((c) => /(?<!NOT )\bDEFERRABLE\b/i.test(c.definition)).map((c) => c.columns);
  return keysOf(table).some((key) => key.every((column) => columns.includes(column)) && !deferred.includes(key));
}

function refusePair(m: MovedColumn, tables: Tables): void {
  const [old, fresh] = [m.on.map((o) => o.from), m.on.map((o) => o.to)];
  const sides = [
    [tables.old, old, fresh],
    [tables.new, fresh, old],
  ] as const;
  for (const [table, columns] of sides)
    if (columns.length === 0 || !isUnique(table, columns))
      throw new Refusal(
        `No key says that a row of the other table has one row of ${show(table.relation)} by ${columns.join(", ") || "anything"} at most: old and new code would not know which of several rows to write.`,
        columns.length === 0
          ? "Write in WHERE by which columns the rows of the two tables belong together."
          : `Add a unique key over ${columns.join(", ")} in an earlier migration, if it is so. Else write the change in migrations of your own: \`ADD COLUMN\`, the UPDATE, and \`DROP COLUMN\` when no code uses the column any more.`,
      );
  const open = old.find((name) => !columnOf(tables.old, name).notNull);
  if (open !== undefined)
    throw new Refusal(
      `${show(tables.old.relation)}.${open} may be NULL: such a row has none in ${show(tables.new.relation)} to move to.`,
      "Make it NOT NULL in an earlier migration.",
    );
}

function refuseKeys({ on }: MovedColumn, tables: Tables): void {
  for (const { to, from } of on) {
    const types = [columnOf(tables.old, from).type, columnOf(tables.new, to).type] as const;
    if (!comparesPlainly(...types))
      throw new Refusal(
        `Rows are found by ${from} = ${to}, which are ${types.join(" and ")}: triggers do not compare these safely.`,
        "Give both the same type of PostgreSQL's own first.",
      );
  }
}

/** What the UPDATE asks, and whether the two tables' rows belong together one by one. @throws Refusal */
export function refuseCopy(m: MovedColumn, context: StrategyContext): void {
  const tables = tablesOf(m, context);
  // No key would help: by what else should rows find each other?
  if (m.on.some((o) => o.from === m.drop.column))
    throw new Refusal(
      `Rows of ${show(m.to)} are found by ${m.drop.column}, which goes.`,
      `Drop ${m.drop.column} in a later migration, once this one has contracted.`,
    );
  if (m.beside.length > 0)
    throw new Refusal(
      `This moves ${m.drop.column} and writes ${m.beside.join(", ")} beside it, once.`,
      "Write an UPDATE of its own for what does not move.",
    );
  if (m.filtered)
    throw new Refusal(
      `This gives ${m.add.column.name} to some rows only, and old code's writes to ${m.drop.column} go to all of them.`,
      "Leave in WHERE nothing but the columns by which the rows of the two tables belong together.",
    );
  if (m.empties && m.add.column.default !== null)
    throw new Refusal(
      `This makes ${m.add.column.name} NULL where there is no row to read from, and it has a default for such rows.`,
      "Write `UPDATE ... SET ... FROM ...`, which leaves them as they are.",
    );
  refusePair(m, tables);
  refuseKeys(m, tables);
}

/** The two tables must take what the other one's writers write. @throws Refusal */
export function refuseTables(m: MovedColumn, context: StrategyContext): void {
  const { old, new: fresh } = tablesOf(m, context);
  for (const table of [old, fresh]) {
    mustBePlain(table, "moving a column to or from");
    mustTakeUpdates(table);
  }
}

/** @throws Refusal where the column cannot go, or is not one that is written */
export function refuseDrop(m: MovedColumn, context: StrategyContext): void {
  const { old } = tablesOf(m, context);
  refuseCascade(m.drop);
  const column = columnOf(old, m.drop.column);
  refuseWhatOthersNeed(old, column);
  refuseRules(old, column, context);
  if (column.generated === null && column.identity === null && !column.autoIncrement) return;
  throw new Refusal(
    `${show(old.relation)}.${column.name} is ${column.generated === null ? "counted" : "generated"} by the server: no trigger can write it.`,
    "Drop it in a migration of its own.",
  );
}
