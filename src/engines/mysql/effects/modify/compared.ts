import type { Column, Table } from "../../../../model/catalog.js";
import type { AddColumn, ColumnDefinition } from "../../../../model/operation.js";
import type { MysqlDialect } from "../../parse/dialect.js";
import { tokenize } from "../../parse/lexer.js";
import { has, sameColumn } from "../facts.js";

/** Columns of the primary key are NOT NULL whatever is said of them. */
export function isInKey(table: Table | null, column: string): boolean {
  return table?.constraints.some((c) => c.kind === "primary-key" && has(c.columns, column)) === true;
}

export function becomesNull(definition: ColumnDefinition, old: Column, table: Table | null): boolean {
  return old.notNull && !definition.notNull && !isInKey(table, old.name);
}

export function becomesNotNull(definition: ColumnDefinition, old: Column): boolean {
  return !old.notNull && definition.notNull;
}

/** FIRST and AFTER put the column elsewhere than where it is. */
export function movesTo(position: AddColumn["position"], old: Column, table: Table | null): boolean {
  if (position === null) return false;
  const columns = table?.columns ?? [];
  const at = columns.findIndex((c) => sameColumn(c.name, old.name));
  if (position === "first") return at !== 0;
  return at < 1 || !sameColumn(columns[at - 1]?.name ?? "", position.after);
}

/** Two texts of an expression. Servers print theirs with more brackets and backticks than people write. */
export function sameExpression(a: string, b: string, dialect: MysqlDialect): boolean {
  const bare = (text: string) =>
    tokenize(text, dialect)
      .tokens.filter((t) => t.text !== "(" && t.text !== ")")
      .map((t) => (t.kind === "string" ? t.text : t.value.toLowerCase()))
      .join(" ");
  return bare(a) === bare(b);
}
