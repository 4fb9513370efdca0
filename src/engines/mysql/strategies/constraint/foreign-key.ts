import type { Constraint, Table } from "../../../../model/catalog.js";
import type { AddConstraint } from "../../../../model/detail/constraint.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { ForeignKeyTarget, TableConstraint } from "../../../../model/operation.js";
import { findTable, Refusal } from "../../../engine.js";
import { ORPHAN_TARGET } from "../../../orphan.js";
import { sortedBy } from "../../effects/index-facts.js";
import { isText, sameType, typeOf } from "../../effects/modify/type.js";
import { quote, quoteRelation } from "../../names.js";
import type { MysqlDialect } from "../../parse/dialect.js";
import { tokenize } from "../../parse/lexer.js";
import type { MysqlContext } from "../algorithms.js";
import { nameOf } from "../own-index.js";
import { columnOf } from "../subject.js";
import { foreignKeyName, usable } from "./names.js";
import type { Subject } from "./subject.js";

/** A foreign key that is to be added, with what it points at. */
export interface ForeignKey {
  readonly constraint: Constraint;
  readonly target: RelationName;
  readonly targetColumns: readonly string[];
  /** The index over its columns that the server would make; null where one is there. */
  readonly index: string | null;
}

function targetOf({ context: { catalog } }: Subject, { relation }: ForeignKeyTarget): Table | null {
  const found = findTable(catalog, relation);
  const elsewhere = relation.schema !== null && relation.schema !== catalog.defaultSchema;
  if (found !== null || !catalog.complete || elsewhere) return found;
  throw new Refusal(
    `The table ${show(relation)}, which the foreign key points at, does not exist.`,
    "Correct the name, or create the table in an earlier migration.",
  );
}

/** An index begins with these columns: no other is needed. */
const isIndexed = (table: Table, columns: readonly string[], { dialect }: MysqlContext): boolean =>
  table.indexes.some((i) => {
    const sorted = sortedBy(i, dialect);
    return columns.every((c, at) => sorted[at]?.toLowerCase() === c.toLowerCase());
  });

/** What the server would say in the contract only (errors 1822, 3780). @throws Refusal */
function refuseMisfit(s: Subject, columns: readonly string[], target: Table, targetColumns: readonly string[]): void {
  const { dialect } = s.context;
  if (!isIndexed(target, targetColumns, s.context))
    throw new Refusal(
      `No index of ${show(target.relation)} begins with ${targetColumns.join(", ")}, which the foreign key points at (error 1822).`,
      "Point at a primary or unique key, or add one in an earlier migration.",
    );
  columns.forEach((name, at) => {
    const [own, other] = [columnOf(s.table, name), columnOf(target, targetColumns[at] ?? "")];
    if (isText(own.type) || sameType(typeOf(own.type, dialect), typeOf(other.type, dialect))) return;
    throw new Refusal(
      `${show(s.table.relation)}.${own.name} is ${own.type} and ${show(target.relation)}.${other.name} is ${other.type}: the server makes no foreign key between them (error 3780).`,
      `Change the type of ${own.name} in an earlier migration.`,
    );
  });
}

/** The name between FOREIGN KEY and the columns; null where there is none. */
function ownName(text: string, dialect: MysqlDialect): string | null {
  const { tokens } = tokenize(text, dialect);
  const before = tokens[tokens.findIndex((t) => t.text === "(") - 1];
  const keyword = before === undefined || (before.kind === "word" && /^(?:KEY|EXISTS)$/.test(before.upper));
  return keyword ? null : before.value;
}

/** The index is called like the constraint, where that has a name of its own. */
function namesOf({ table, context }: Subject, { name, columns, text }: TableConstraint) {
  const keys = columns.map((column) => ({ column, text: column }));
  const index = nameOf({ name: name ?? ownName(text, context.dialect), keys }, table.indexes);
  return { constraint: usable(name ?? foreignKeyName(table)), index };
}

const listOf = (columns: readonly string[]): string => `(${columns.map(quote).join(", ")})`;

/** @throws Refusal when the table that it points at is not there, or does not fit */
export function foreignKeyOf(s: Subject, { constraint }: AddConstraint): ForeignKey {
  const { references } = constraint;
  if (references === null) throw new Refusal("The foreign key does not say what it points at.", "Write REFERENCES.");
  const columns = constraint.columns.map((c) => columnOf(s.table, c).name);
  const found = targetOf(s, references);
  const target = found?.relation ?? references.relation;
  const primary = found?.constraints.find((c) => c.kind === "primary-key")?.columns ?? [];
  const targetColumns = references.columns.length > 0 ? references.columns : primary;
  if (targetColumns.length !== columns.length)
    throw new Refusal(
      `The foreign key has ${columns.length} columns and points at ${targetColumns.length}.`,
      "Write the columns behind REFERENCES, one for each.",
    );
  if (found !== null) refuseMisfit(s, columns, found, targetColumns);
  const { constraint: name, index } = namesOf(s, constraint);
  const definition = `FOREIGN KEY ${listOf(columns)} REFERENCES ${quoteRelation(target)} ${listOf(targetColumns)} ${references.actions}`;
  return {
    constraint: { kind: "foreign-key", name, columns, definition: definition.trim(), validated: true, index: null },
    target,
    targetColumns,
    index: isIndexed(s.table, columns, s.context) ? null : index,
  };
}

/** A row whose columns point at none. The other table may be this one, and have columns of the same names. */
export function orphan({ table }: Subject, { constraint, target, targetColumns }: ForeignKey): string {
  const own = constraint.columns.map((c) => `${quoteRelation(table.relation)}.${quote(c)}`);
  const pairs = targetColumns.map((c, n) => `${ORPHAN_TARGET}.${quote(c)} = ${own[n]}`);
  const missing = `NOT EXISTS (SELECT 1 FROM ${quoteRelation(target)} AS ${ORPHAN_TARGET} WHERE ${pairs.join(" AND ")})`;
  return [...own.map((c) => `${c} IS NOT NULL`), missing].join(" AND ");
}
