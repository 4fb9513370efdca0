import type { Column, Table } from "../../../../model/catalog.js";
import type { Effect } from "../../../../model/effect.js";
import { show } from "../../../../model/name.js";
import type { ColumnDefinition } from "../../../../model/operation.js";
import { Refusal } from "../../../engine.js";
import { isText } from "../../effects/modify/type.js";
import type { MysqlContext } from "../algorithms.js";
import type { Changed } from "./changes.js";

/** What is not repeated, unless not to have it is the point: DEFAULT NULL says that it may be NULL, and a number has no letters. */
function lost(effect: Effect, definition: ColumnDefinition): readonly string[] {
  const saysNull = /^null$/i.test(definition.default?.trim() ?? "");
  return (effect.loses ?? []).filter((what) => {
    if (what === "NOT NULL") return !saysNull;
    if (/^DEFAULT /.test(what)) return true;
    return !/^(?:CHARACTER SET|COLLATE) /.test(what) || isText(definition.type);
  });
}

/** @throws Refusal where the definition takes away in silence what it does not say again */
export function refuseLosses(column: Column, definition: ColumnDefinition, effect: Effect): void {
  const found = lost(effect, definition);
  if (found.length === 0) return;
  throw new Refusal(
    `The new definition of ${column.name} does not repeat ${found.join(", ")}, and the server takes away what is not repeated.`,
    `Repeat it in the definition${found.includes("NOT NULL") ? ", or write NULL if that is meant" : ""}. A default alone is taken away by ALTER COLUMN ${column.name} DROP DEFAULT.`,
  );
}

/**
 * Whether the definition has a CHECK that is not the column's already. Columns' own CHECKs are MariaDB's alone, whose JSON is a
 * LONGTEXT with one.
 */
function addsCheck(column: Column, { type, checks }: ColumnDefinition, { dialect }: MysqlContext): boolean {
  const own = dialect === "mariadb" ? column.settings.filter((s) => s.startsWith("CHECK")).length : 0;
  const json = dialect === "mariadb" && /^\s*json\b/i.test(type) ? 1 : 0;
  return Math.max(checks.length, json) > own;
}

const ALONE = "Write it as a statement of its own";

/** @throws Refusal for what is another kind of change than one of the column */
export function refuseCompany(table: Table, column: Column, definition: ColumnDefinition, context: MysqlContext): void {
  const where = `${show(table.relation)}.${column.name}`;
  if (definition.unique || definition.primaryKey || definition.references !== null)
    throw new Refusal(
      `The new definition of ${where} makes a key beside changing the column.`,
      `${ALONE}: ADD UNIQUE, ADD PRIMARY KEY, ADD FOREIGN KEY.`,
    );
  if (addsCheck(column, definition, context))
    throw new Refusal(
      `The new definition of ${where} brings a CHECK, which ${context.dialect === "mysql" ? "copies the table" : "MariaDB does not hold against the rows that are there"}.`,
      `${ALONE}: ADD CONSTRAINT ... CHECK.`,
    );
}

/** @throws Refusal for a column that nobody could write: MariaDB's error 4108 */
export function refuseHidden(definition: ColumnDefinition, { dialect }: MysqlContext): void {
  const hidden = (definition.attributes ?? []).some((a) => a.name === "INVISIBLE");
  const filled = definition.default !== null || definition.autoIncrement || definition.generated !== null;
  if (dialect === "mysql" || !hidden || filled || !definition.notNull) return;
  throw new Refusal(
    `The new definition of ${definition.name} is INVISIBLE and NOT NULL, and has no default, which MariaDB does not take (error 4108).`,
    "Give it a DEFAULT, or write NULL.",
  );
}

/** @throws Refusal for a column that is computed, becomes so, or counts */
export function refuseComputed(table: Table, column: Column, changes: ReadonlySet<Changed>): void {
  const where = `${show(table.relation)}.${column.name}`;
  if (changes.has("generated"))
    throw new Refusal(
      `This changes how ${where} is computed, and running code would see other values at once.`,
      "Add a generated column under another name; drop the old one in a later migration.",
    );
  if (changes.has("auto-increment"))
    throw new Refusal(
      `AUTO_INCREMENT of ${where} begins or ends, which copies the table or takes away what INSERTs rely on.`,
      "Make the change in a maintenance window.",
    );
}
