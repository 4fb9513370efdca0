import type { Index, Table } from "../model/catalog.js";

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  new Set(a).size === new Set(b).size && a.every((name) => b.includes(name));

/** Other columns stand beside the key's: INCLUDE. */
const isWider = ({ definition }: Index): boolean => /\binclude\b/i.test(definition);
/** A bracket within the first one: an expression is no column. */
const hasExpression = ({ definition }: Index): boolean => /^[^(]*\([^()]*\(/.test(definition);

function mayCarry(index: Index, columns: readonly string[]): boolean {
  if (!index.unique || hasExpression(index) || /\)\s*where\b/i.test(index.definition)) return false;
  return isWider(index) ? columns.every((name) => index.columns.includes(name)) : sameSet(index.columns, columns);
}

/** Whether a table may have a key over exactly these columns, in any order, and all rows: false only where files rule it out. */
export function mayHaveKey({ constraints, indexes }: Table, columns: readonly string[]): boolean {
  const keys = constraints.filter(({ kind }) => kind === "primary-key" || kind === "unique" || kind === "exclusion");
  return keys.some((key) => sameSet(key.columns, columns)) || indexes.some((index) => mayCarry(index, columns));
}
