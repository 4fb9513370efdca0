import type { Column, Index, Table } from "../../../../model/catalog.js";
import type { AddConstraint } from "../../../../model/detail/constraint.js";
import { show } from "../../../../model/name.js";
import type { Step } from "../../../../model/step.js";
import { Refusal } from "../../../engine.js";
import { neededBy, sortedBy } from "../../effects/index-facts.js";
import { indexParts } from "../../index-parts.js";
import { quote } from "../../names.js";
import { hasConstraint } from "../facts.js";
import { definitionOf } from "../literals.js";
import { columnOf } from "../subject.js";
import type { Subject } from "./subject.js";
import { duplicates } from "./unique.js";
import { counting } from "./verify.js";

/** A primary key as it is to be. */
export interface PrimaryKey {
  readonly columns: readonly Column[];
  /** `(a, b(10))`, and what is written behind it. */
  readonly definition: string;
}

export const PRIMARY = "PRIMARY";

/** @throws Refusal when a column is not there */
export function primaryKeyOf({ table }: Subject, { constraint }: AddConstraint): PrimaryKey {
  const from = constraint.text.search(/\(/);
  return {
    columns: constraint.columns.map((c) => columnOf(table, c)),
    definition: constraint.text.slice(from),
  };
}

export const isPrimary = (table: Table, relation: Table["relation"] = table.relation): string =>
  hasConstraint(relation, PRIMARY);

/** The key that the table has, as ADD PRIMARY KEY makes it again; null for a table without one. */
export function presentKey({ table, context }: Subject): { readonly index: Index; readonly definition: string } | null {
  const name = table.constraints.find((c) => c.kind === "primary-key")?.index;
  const index = table.indexes.find((i) => i.name === name);
  const parts = index === undefined ? undefined : indexParts(index.definition, context.dialect)?.parts;
  if (index === undefined) return null;
  const list = parts?.map((p) => p.text) ?? index.columns.map(quote);
  return { index, definition: `(${list.join(", ")})` };
}

/** The clauses that make columns nullable again that the key has made NOT NULL. */
export const loosening = ({ columns }: PrimaryKey): string[] =>
  columns.filter((c) => !c.notNull).map((c) => `, MODIFY COLUMN ${quote(c.name)} ${definitionOf(c)}`);

/** NULLs and duplicates, counted while they can still be mended. */
export function countingFor(s: Subject, key: PrimaryKey): Step[] {
  const open = key.columns.filter((c) => !c.notNull);
  const nulls = open.flatMap((c, n) =>
    counting(
      s,
      {
        row: `${quote(c.name)} IS NULL`,
        rows: `of ${show(s.table.relation)} hold NULL in ${c.name}`,
        help: "Give these rows a value and run `zmigrate apply` again.",
      },
      { id: `verify-${n + 1}` },
    ),
  );
  const twice = duplicates(s.table, key.definition, s.context);
  return [...nulls, ...(twice === null ? [] : counting(s, twice))];
}

/** The key as an index, for asking what it would serve. */
const asIndex = ({ columns, definition }: PrimaryKey): Index => ({
  name: PRIMARY,
  columns: columns.map((c) => c.name),
  definition: `CREATE UNIQUE INDEX ${quote(PRIMARY)} ON ${quote("t")} ${definition}`,
  unique: true,
  valid: true,
  constraint: PRIMARY,
});

/** What hangs on the key that goes: the server would say so in the contract only. @throws Refusal */
export function refuseNeeded({ table, context }: Subject, present: Index, next: PrimaryKey | null): void {
  const others = [...table.indexes.filter((i) => i !== present), ...(next === null ? [] : [asIndex(next)])];
  const counter = table.columns.find((c) => c.autoIncrement);
  const first = (i: Index) => sortedBy(i, context.dialect)[0]?.toLowerCase();
  if (counter !== undefined && !others.some((i) => first(i) === counter.name.toLowerCase()))
    throw new Refusal(
      `${show(table.relation)}.${counter.name} is AUTO_INCREMENT, and no other index begins with it (error 1075).`,
      `Add one first, in an earlier statement: \`CREATE UNIQUE INDEX ... ON ${show(table.relation)} (${counter.name})\`.`,
    );
  const keys = neededBy(present, { ...table, indexes: [present, ...others] }, context);
  if (keys.length === 0) return;
  throw new Refusal(
    `${keys.join(", ")} needs the primary key of ${show(table.relation)}: no other index serves that foreign key (error 1553).`,
    "Add one over the same columns first, in an earlier migration, or drop the foreign key.",
  );
}
