import type { Column, Table } from "../../../../model/catalog.js";
import type { AddColumn, ColumnDefinition } from "../../../../model/operation.js";
import type { MysqlDialect } from "../../parse/dialect.js";
import { tokenize } from "../../parse/lexer.js";
import type { Token } from "../../parse/token.js";
import type { MysqlContext } from "../algorithms.js";

/** How many tokens the brackets have that open here. */
function bracketed(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    if (tokens[at]?.text === "(") depth++;
    if (tokens[at]?.text === ")" && --depth === 0) return at - from + 1;
  }
  return tokens.length - from;
}

/** How many tokens of a constraint stand here; none where something else does. */
function constraintAt(tokens: readonly Token[], at: number): number {
  const word = (n: number) => (tokens[at + n]?.kind === "word" ? tokens[at + n]?.upper : undefined);
  if (word(0) === "UNIQUE") return word(1) === "KEY" ? 2 : 1;
  const symbol = word(0) !== "CONSTRAINT" ? 0 : word(1) === "CHECK" || word(1) === "REFERENCES" ? 1 : 2;
  if (word(symbol) === "REFERENCES") return tokens.length - at;
  if (word(symbol) !== "CHECK") return 0;
  const end = symbol + 1 + bracketed(tokens, at + symbol + 1);
  if (word(end) === "ENFORCED") return end + 1;
  return word(end) === "NOT" && word(end + 1) === "ENFORCED" ? end + 2 : end;
}

/** The definition's text without what is a constraint of its own. The first token is the name. */
function bareText(text: string, dialect: MysqlDialect): string {
  const { tokens } = tokenize(text, dialect);
  let bare = text.slice(0, tokens[0]?.span.end ?? 0);
  for (let at = 1; at < tokens.length; ) {
    const skipped = constraintAt(tokens, at);
    const to = tokens[at]?.span.end ?? text.length;
    if (skipped === 0) bare += text.slice(tokens[at - 1]?.span.end ?? 0, to);
    at += Math.max(1, skipped);
  }
  return bare.trim();
}

/** The column alone: without UNIQUE, CHECK and REFERENCES. */
export const bareColumn = (column: ColumnDefinition, dialect: MysqlDialect): ColumnDefinition => ({
  ...column,
  unique: false,
  checks: [],
  references: null,
  text: bareText(column.text, dialect),
});

/** A column as a catalog has it. */
export const asColumn = (definition: ColumnDefinition): Column => ({
  name: definition.name,
  type: definition.type,
  notNull: definition.notNull,
  default: definition.default,
  defaultVolatile: null,
  collation: definition.collation,
  characterSet: definition.characterSet,
  generated: definition.generated,
  identity: null,
  autoIncrement: definition.autoIncrement,
  comment: definition.comment,
  onUpdate: definition.onUpdate,
  comparable: false,
  settings: [],
  grants: [],
});

/** What is known when the column is there. */
export function withColumn(table: Table, column: ColumnDefinition, context: MysqlContext) {
  const grown: Table = { ...table, columns: [...table.columns, asColumn(column)] };
  const tables = context.catalog.tables.map((t) => (t === table ? grown : t));
  return { table: grown, context: { ...context, catalog: { ...context.catalog, tables } } };
}

export const placeText = (at: AddColumn["position"], quote: (name: string) => string): string =>
  at === null ? "" : at === "first" ? " FIRST" : ` AFTER ${quote(at.after)}`;
