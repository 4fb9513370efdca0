import type { RelationName } from "../../../../../model/name.js";
import type { TakenColumn } from "../../../../../model/operation.js";
import { type Factor, factorsOf } from "./from.js";
import { itemsOf } from "./items.js";
import { clauseOf } from "./query.js";
import { NOWHERE } from "./shape.js";
import { listed, sectionsOf, type Tokens, unwrapped, wordAt } from "./tokens.js";

const SETS: ReadonlySet<string> = new Set(["UNION", "EXCEPT", "MINUS", "INTERSECT"]);
const BEHIND: ReadonlySet<string> = new Set(["ORDER", "LIMIT"]);

/** A table that is read, and whether its rows may be missing: at the right of LEFT JOIN. */
interface Read {
  readonly relation: RelationName;
  readonly alias: string;
  readonly outer: boolean;
}

/**
 * The columns of a table that is made of a query, by its tokens: as far as all of them are columns of tables, as they are. Null for
 * any other query: what expressions, views and other queries give is not told.
 */
export function takenColumns(tokens: Tokens): readonly TakenColumn[] | null {
  const query = unwrapped(tokens);
  if (sectionsOf(query, (word) => SETS.has(word)).length > 1) return null;
  const [first] = sectionsOf(query, (word) => BEHIND.has(word));
  const select = unwrapped(first?.tokens ?? []);
  const isPlain = wordAt(select, 0) === "SELECT" && !select.some((_, at) => wordAt(select, at) === "ROLLUP");
  const factors = factorsOf(clauseOf(select, "FROM"), NOWHERE);
  const read = isPlain ? readBy(factors) : null;
  const merged = factors.some(({ using }) => using.length > 0);
  if (read === null || read.length === 0) return null;
  const columns = itemsOf(clauseOf(select, "SELECT")).map((item) => takenBy(item.tokens, read, merged));
  // The alias as it is written.
  const named = listed(clauseOf(select, "SELECT")).map((written) => written.at(-1)?.value ?? "");
  if (columns.includes(null)) return null;
  const all = columns.flatMap((column) => column ?? []);
  return Object.freeze(
    all.map((column, at) => (column.column === "*" ? column : { ...column, name: named[at] ?? "" })),
  );
}

function readBy(factors: readonly Factor[]): readonly Read[] | null {
  const read = factors.flatMap(({ relation, alias, join }) =>
    relation === null ? [] : [{ relation, alias, outer: join === "left" }],
  );
  // A join in brackets, or of which the condition stands behind the next one, is not looked into.
  const isOther = ({ join, on, tokens }: Factor) => join === "right" || on.length > 1 || wordAt(tokens, 0) === "(";
  return read.length < factors.length || factors.some(isOther) ? null : read;
}

type Taken = Extract<TakenColumn, { readonly column: string }>;

/** `a`, `t.a`, `*`, `t.*`. */
function takenBy(tokens: Tokens, read: readonly Read[], merged: boolean): Taken | null {
  const isDotted = tokens.every(({ text, kind }, at) =>
    at % 2 === 1 ? text === "." : kind === "word" || kind === "quoted" || text === "*",
  );
  const [last, qualifier] = [tokens.at(-1), tokens.at(-3)?.value.toLowerCase()];
  if (!isDotted || last === undefined || tokens.length > 3) return null;
  const of = qualifier === undefined ? read : read.filter(({ alias }) => alias === qualifier);
  const isAll = last.text === "*";
  // What two tables have under one name stands in front, once.
  if (of.length === 0 || (isAll && qualifier === undefined && merged)) return null;
  const outer = of.flatMap(({ relation, outer: may }) => (may ? [relation] : []));
  const name = isAll ? "*" : last.value;
  return Object.freeze({
    name,
    column: name,
    of: Object.freeze(of.map(({ relation }) => relation)),
    ...(outer.length === 0 ? {} : { outer: Object.freeze(outer) }),
  });
}
