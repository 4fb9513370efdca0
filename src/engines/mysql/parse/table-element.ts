import type { ColumnDefinition, TableConstraint } from "../../../model/operation.js";
import { readBracketedExpression } from "./brackets.js";
import { readColumn } from "./column.js";
import { readEnforcement } from "./column-attribute.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt, peek, refuse } from "./cursor.js";
import { type IndexDefinition, readIndexDefinition, readSpecialIndex } from "./index-definition.js";
import { readColumnNames, readIdentifier, readMariadbIf, seesIdentifier } from "./names.js";
import { readReference } from "./reference.js";
import type { Token } from "./token.js";
import { textFrom } from "./token-text.js";

/** One element of the list in CREATE TABLE, or what ALTER TABLE ... ADD adds. */
export type TableElement =
  | { readonly kind: "column"; readonly column: ColumnDefinition }
  | { readonly kind: "index"; readonly unique: boolean; readonly ifNotExists: boolean; readonly index: IndexDefinition }
  | {
      readonly kind: "constraint";
      readonly constraint: TableConstraint;
      /** The parts that are expressions, for finding the columns in them. */
      readonly expressions: readonly (readonly Token[])[];
      /** A check's condition as written; null for the other kinds. */
      readonly expression: string | null;
      readonly ifNotExists: boolean;
    }
  /** MariaDB's PERIOD FOR. */
  | {
      readonly kind: "period";
      readonly name: string;
      readonly columns: readonly string[];
      readonly ifNotExists: boolean;
    };

type ConstraintElement = Extract<TableElement, { kind: "constraint" }>;

/** Whether an index or a constraint stands there, and not a column. */
export function seesKeyOrConstraint(cursor: Cursor): boolean {
  const words = ["CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "INDEX", "KEY", "FULLTEXT", "SPATIAL"];
  if (words.some((word) => looksAt(cursor, word))) return true;
  if (looksAt(cursor, "VECTOR")) return looksAt(cursor, "INDEX", 1) || looksAt(cursor, "KEY", 1);
  return seesPeriod(cursor);
}

function seesPeriod(cursor: Cursor): boolean {
  if (cursor.dialect === "mysql" || !looksAt(cursor, "PERIOD")) return false;
  return looksAt(cursor, "FOR", 1) || (looksAt(cursor, "IF", 1) && looksAt(cursor, "NOT", 2));
}

/** @throws Unreadable */
export function readTableElement(cursor: Cursor): TableElement {
  if (!seesKeyOrConstraint(cursor)) return { kind: "column", column: readColumn(cursor) };
  return seesPeriod(cursor) ? readPeriod(cursor) : (readPlainIndex(cursor) ?? readConstraint(cursor));
}

function readPeriod(cursor: Cursor): TableElement {
  expect(cursor, "PERIOD");
  const ifNotExists = readMariadbIf(cursor, true);
  expect(cursor, "FOR");
  const name = readIdentifier(cursor, "the name of a period");
  return { kind: "period", name, columns: readColumnNames(cursor), ifNotExists };
}

/** `INDEX`, `FULLTEXT INDEX`, ...: what has no CONSTRAINT in front of it. */
function readPlainIndex(cursor: Cursor): TableElement | null {
  const special = readSpecialIndex(cursor);
  const keyword = acceptOneOf(cursor, ["INDEX", "KEY"]);
  if (special === null && keyword === null) return null;
  const ifNotExists = readMariadbIf(cursor, true);
  return { kind: "index", unique: false, ifNotExists, index: readIndexDefinition(cursor, special) };
}

function readConstraint(cursor: Cursor): TableElement {
  const start = cursor.index;
  const constrained = accept(cursor, "CONSTRAINT");
  const conditional = constrained && readMariadbIf(cursor, true);
  if (conditional) return readConditionalCheck(cursor, start);
  const symbol = constrained && seesIdentifier(cursor) ? readIdentifier(cursor, "the name of a constraint") : null;
  if (accept(cursor, "UNIQUE")) return readUnique(cursor, symbol);
  return readNamedConstraint(cursor, start, symbol);
}

/** MariaDB's `CONSTRAINT IF NOT EXISTS c CHECK (...)`; other constraints have the condition behind their words. */
function readConditionalCheck(cursor: Cursor, start: number): ConstraintElement {
  const symbol = readIdentifier(cursor, "the name of a constraint");
  expect(cursor, "CHECK");
  return { ...readCheck(cursor, start, symbol), ifNotExists: true };
}

function readNamedConstraint(cursor: Cursor, start: number, symbol: string | null): ConstraintElement {
  if (accept(cursor, "PRIMARY", "KEY")) return readPrimaryKey(cursor, start, symbol);
  if (accept(cursor, "FOREIGN", "KEY")) return readForeignKey(cursor, start, symbol);
  if (accept(cursor, "CHECK")) return readCheck(cursor, start, symbol);
  return fail(cursor, "PRIMARY KEY, UNIQUE, FOREIGN KEY or CHECK");
}

/** The index takes the constraint's name when it has none of its own. */
function readUnique(cursor: Cursor, symbol: string | null): TableElement {
  acceptOneOf(cursor, ["INDEX", "KEY"]);
  const ifNotExists = readMariadbIf(cursor, true);
  const index = readIndexDefinition(cursor, null);
  return { kind: "index", unique: true, ifNotExists, index: { ...index, name: index.name ?? symbol } };
}

function readPrimaryKey(cursor: Cursor, start: number, name: string | null): ConstraintElement {
  const ifNotExists = readMariadbIf(cursor, true);
  const { keys, expressions } = readIndexDefinition(cursor, null);
  if (expressions.length > 0) refuse(cursor, start, "A primary key cannot hold an expression.");
  const columns = keys.flatMap((key) => (key.column === null ? [] : [key.column]));
  return { ...constraint(cursor, start, { kind: "primary-key", name, columns, references: null }), ifNotExists };
}

/** MySQL takes the name behind FOREIGN KEY for the index alone, MariaDB for the constraint as well (measured). */
function readForeignKey(cursor: Cursor, start: number, symbol: string | null): ConstraintElement {
  const ifNotExists = readMariadbIf(cursor, true);
  const own = looksAt(cursor, "(") ? null : readIdentifier(cursor, "the name of a foreign key");
  const columns = readColumnNames(cursor);
  const name = symbol ?? (cursor.dialect === "mariadb" ? own : null);
  const references = readReference(cursor, name);
  return { ...constraint(cursor, start, { kind: "foreign-key", name, columns, references }), ifNotExists };
}

function readCheck(cursor: Cursor, start: number, name: string | null): ConstraintElement {
  const open = cursor.index;
  const expression = readBracketedExpression(cursor, "a condition");
  const condition = cursor.tokens.slice(open + 1, cursor.index - 1);
  const enforced = readEnforcement(cursor) ?? true;
  const check = { kind: "check", name, columns: [], references: null, ...(enforced ? {} : { enforced }) } as const;
  return { ...constraint(cursor, start, check, [condition]), expression };
}

function constraint(
  cursor: Cursor,
  start: number,
  parts: Omit<TableConstraint, "text">,
  expressions: readonly (readonly Token[])[] = [],
): ConstraintElement {
  return {
    kind: "constraint",
    expression: null,
    ifNotExists: false,
    constraint: Object.freeze({ ...parts, columns: Object.freeze(parts.columns), text: textFrom(cursor, start) }),
    expressions,
  };
}

/** `( element, ... )`. @throws Unreadable */
export function readElementList<T>(cursor: Cursor, read: (cursor: Cursor) => T): T[] {
  expect(cursor, "(");
  const elements: T[] = [];
  do elements.push(read(cursor));
  while (accept(cursor, ","));
  if (peek(cursor).text !== ")") fail(cursor, ", or )");
  expect(cursor, ")");
  return elements;
}
