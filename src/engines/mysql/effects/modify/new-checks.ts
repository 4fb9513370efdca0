import type { Column, Table } from "../../../../model/catalog.js";
import type { ColumnDefinition } from "../../../../model/operation.js";
import type { MysqlDialect } from "../../parse/dialect.js";
import { tokenize } from "../../parse/lexer.js";
import { sameExpression } from "./compared.js";
import { columnType, isJsonCheck } from "./type.js";

const CONDITION = /^CHECK\s*/i;

/**
 * The conditions of a new definition that rows were not written under so far. MySQL adds a CHECK with each of them, and MariaDB
 * keeps one in the column's definition, which says it again.
 */
export function newChecks(
  definition: ColumnDefinition,
  old: Column,
  table: Table | null,
  dialect: MysqlDialect,
): readonly string[] {
  const asked = definition.checks.filter((c) => c.enforced !== false).map((c) => c.expression);
  if (dialect === "mysql") return asked;
  const had = [
    ...old.settings.filter((s) => CONDITION.test(s)),
    ...(table?.constraints ?? []).filter((c) => c.kind === "check").map((c) => c.definition),
  ].map((text) => renamed(text.replace(CONDITION, ""), old.name, definition.name, dialect));
  const isJson = columnType(old, dialect).json;
  return asked.filter(
    (condition) =>
      !had.some((before) => sameExpression(before, condition, dialect)) &&
      !(isJson && isJsonCheck(`CHECK (${condition})`)),
  );
}

/** A condition with the column's new name, as the server keeps it. */
function renamed(text: string, from: string, to: string, dialect: MysqlDialect): string {
  if (from === to) return text;
  const isOld = (value: string) => value.toLowerCase() === from.toLowerCase();
  return tokenize(text, dialect)
    .tokens.map((t) => (t.kind !== "string" && isOld(t.value) ? to : t.text))
    .join(" ");
}
