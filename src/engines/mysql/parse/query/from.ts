import type { RelationName } from "../../../../model/name.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt } from "../cursor.js";
import { readArithmetic, readExpression } from "../expression/expression.js";
import { readColumnNames, readIdentifier, readRelation, seesIdentifier } from "../names.js";
import { nested } from "../nesting.js";
import type { Token } from "../token.js";
import { readHints } from "./hints.js";
import { readJsonTable } from "./json-table.js";
import { readParentheses } from "./parentheses.js";
import { seesAlias } from "./select.js";
import { readSubquery } from "./subquery.js";
import { noteRead } from "./table.js";

/** A table of a FROM: what it is called there, and what it is. Null is a table made by a query. */
export interface FromTable {
  readonly alias: string;
  readonly relation: RelationName | null;
  /** The conditions of the joins that end with it. */
  readonly conditions?: readonly JoinCondition[];
}

/** What stands behind ON. */
export interface JoinCondition {
  readonly join: Join;
  readonly tokens: readonly Token[];
}

/** `a JOIN b ON ..., c`, behind FROM or UPDATE. @throws Unreadable */
export function readTables(cursor: Cursor): readonly FromTable[] {
  const tables: FromTable[] = [];
  do readJoined(cursor, tables);
  while (accept(cursor, ","));
  return tables;
}

/** A table with those that are joined to it. A condition is that of the last join that has none yet. */
export function readJoined(cursor: Cursor, tables: FromTable[]): void {
  nested(cursor, () => readFactor(cursor, tables));
  readJoins(cursor, tables);
}

/** What is joined to the table that was read. @throws Unreadable */
export function readJoins(cursor: Cursor, tables: FromTable[]): void {
  const open: Join[] = [];
  for (;;) {
    const join = readJoin(cursor);
    if (join !== null) {
      nested(cursor, () => readFactor(cursor, tables));
      if (join !== "natural") open.push(join);
    } else {
      const tokens = open.length === 0 ? null : readCondition(cursor);
      if (tokens === null) break;
      noteCondition(tables, { join: open.pop() ?? "inner", tokens });
    }
  }
  if (open.some((join) => join !== "inner")) fail(cursor, "ON");
}

function noteCondition(tables: FromTable[], condition: JoinCondition): void {
  const last = tables.pop();
  if (last !== undefined) tables.push({ ...last, conditions: [...(last.conditions ?? []), condition] });
}

/** An outer join needs a condition, an inner one may have one, a natural one has none. */
type Join = "inner" | "left" | "right" | "natural";

/** The words of a join; null when none stands there. */
function readJoin(cursor: Cursor): Join | null {
  if (accept(cursor, "STRAIGHT_JOIN") || accept(cursor, "JOIN")) return "inner";
  const natural = accept(cursor, "NATURAL");
  const side = acceptOneOf(cursor, natural ? ["INNER", "LEFT", "RIGHT"] : ["INNER", "CROSS", "LEFT", "RIGHT"]);
  if (side === null && !natural) return null;
  const outer = side === "LEFT" || side === "RIGHT";
  if (outer) accept(cursor, "OUTER");
  expect(cursor, "JOIN");
  if (natural) return "natural";
  return side === "LEFT" ? "left" : side === "RIGHT" ? "right" : "inner";
}

/** What stands behind ON, which is nothing with USING; null where there is no condition. */
function readCondition(cursor: Cursor): readonly Token[] | null {
  const from = cursor.index + 1;
  if (accept(cursor, "ON")) {
    readExpression(cursor);
    return cursor.tokens.slice(from, cursor.index);
  }
  if (!accept(cursor, "USING")) return null;
  readColumnNames(cursor);
  return [];
}

function readFactor(cursor: Cursor, tables: FromTable[]): void {
  if (looksAt(cursor, "JSON_TABLE") && looksAt(cursor, "(", 1)) {
    readJsonTable(cursor);
    tables.push({ alias: readAlias(cursor, true) ?? "", relation: null });
  } else if (cursor.dialect === "mysql" && accept(cursor, "LATERAL")) {
    readSubquery(cursor);
    readDerivedName(cursor, tables);
  } else if (accept(cursor, "{")) {
    expect(cursor, "OJ");
    readJoined(cursor, tables);
    expect(cursor, "}");
  } else if (!looksAt(cursor, "(")) tables.push(readNamedTable(cursor));
  else if (readParentheses(cursor, tables) === "query") readDerivedName(cursor, tables);
}

/** The alias, and the columns, of a table that a query made. @throws Unreadable */
export function readDerivedName(cursor: Cursor, tables: FromTable[]): void {
  const alias = readAlias(cursor, true) ?? "";
  if (looksAt(cursor, "(")) readColumnNames(cursor);
  tables.push({ alias, relation: null });
}

function readNamedTable(cursor: Cursor): FromTable {
  const relation = readRelation(cursor);
  if (accept(cursor, "PARTITION")) readColumnNames(cursor);
  if (cursor.dialect === "mariadb" && accept(cursor, "FOR", "SYSTEM_TIME")) readSystemTime(cursor);
  const alias = readAlias(cursor, false);
  readHints(cursor);
  noteRead(cursor, relation);
  return { alias: alias ?? relation.name, relation };
}

/** `AS a`, or `a`. @throws Unreadable where one must stand */
export function readAlias(cursor: Cursor, needed: boolean): string | null {
  const said = accept(cursor, "AS");
  if (!said && !needed && !seesAlias(cursor)) return null;
  if (!seesIdentifier(cursor)) fail(cursor, "an alias");
  return readIdentifier(cursor, "an alias");
}

/** `AS OF TIMESTAMP '...'`, `ALL`, `FROM a TO b`, `BETWEEN a AND b`. */
function readSystemTime(cursor: Cursor): void {
  if (accept(cursor, "ALL")) return;
  if (accept(cursor, "FROM")) {
    readMoment(cursor);
    expect(cursor, "TO");
  } else if (!accept(cursor, "AS", "OF")) {
    expect(cursor, "BETWEEN");
    readMoment(cursor);
    expect(cursor, "AND");
  }
  readMoment(cursor);
}

function readMoment(cursor: Cursor): void {
  if (!looksAt(cursor, "TIMESTAMP") || cursor.tokens[cursor.index + 1]?.kind !== "string") {
    acceptOneOf(cursor, ["TIMESTAMP", "TRANSACTION"]);
  }
  readArithmetic(cursor);
}
