import type { Column, Index, Table } from "../../../../model/catalog.js";
import type { AddConstraint } from "../../../../model/detail/constraint.js";
import { show } from "../../../../model/name.js";
import { Refusal } from "../../../engine.js";
import { KEY, ownFill, ownFillNote } from "../../../fill-from-update.js";
import type { Place } from "../../../place.js";
import { neededBy, sortedBy } from "../../effects/index-facts.js";
import { indexParts } from "../../index-parts.js";
import { quote } from "../../names.js";
import { hasConstraint } from "../facts.js";
import { type Filling, filling } from "../filling.js";
import { givenReader } from "../given-reader.js";
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

/** Old code leaves the column NULL, or writes NULL, and gets a value in its place. */
function filled(s: Subject, column: Column, n: number, fill: string, told: readonly string[], place: Place): Filling {
  const id = (name: string) => `${s.context.ordinal}-${name}-${n}`;
  const done = filling({ ...s, column, id }, fill, told.length > 0, place);
  return { ...done, notes: [...told, ...done.notes] };
}

function counted(s: Subject, { name }: Column, n: number): Filling {
  const before = counting(
    s,
    {
      row: `${quote(name)} IS NULL`,
      rows: `of ${show(s.table.relation)} hold NULL in ${name}`,
      help: "Give these rows a value and run `zmigrate apply` again.",
    },
    { id: `verify-${n}` },
  );
  return { before, behind: [], notes: [] };
}

function proved(s: Subject, column: Column, n: number, fill: string | null, place: Place): Filling {
  if (fill !== null) return filled(s, column, n, fill, [], place);
  const own = ownFill({ ...s, column }, givenReader(s.context.dialect, true), KEY);
  return own === null ? counted(s, column, n) : filled(s, column, n, own, [ownFillNote(column.name, own)], place);
}

/** @throws Refusal where it is not told which column a fill is for */
function refuseFill(open: readonly Column[], fill: string | null): void {
  if (fill === null || open.length === 1) return;
  throw new Refusal(
    `The fill is for one column, and ${open.length === 0 ? "none" : open.map((c) => c.name).join(" and ")} of the key may be NULL.`,
    open.length === 0
      ? "Leave the fill out."
      : "Write a MODIFY to NOT NULL in front for each, with its own fill, in an earlier migration.",
  );
}

/**
 * What stands in front of a primary key, and behind it: NULLs get a value where a fill is given or the file's own UPDATE tells it, or are
 * counted; and duplicates are, while they can still be mended.
 *
 * @param place of the key
 * @throws Refusal
 */
export function provingKey(s: Subject, key: PrimaryKey, fill: string | null, place: Place): Filling {
  const open = key.columns.filter((c) => !c.notNull);
  refuseFill(open, fill);
  const all = open.map((column, n) => proved(s, column, n + 1, fill, place));
  const twice = duplicates(s.table, key.definition, s.context);
  return {
    before: [...all.flatMap((f) => f.before), ...(twice === null ? [] : counting(s, twice))],
    behind: all.flatMap((f) => f.behind),
    notes: all.flatMap((f) => f.notes),
  };
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
