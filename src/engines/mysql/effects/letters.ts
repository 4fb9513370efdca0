import { type Letters as Said, type TableLetters, lettersOf as written } from "./modify/text-change.js";

/** The character set and the order of a column's letters; null for what is not known. */
export interface Letters {
  readonly set: string | null;
  readonly order: string | null;
}

const NATIONAL = /^n(?:ational|char|varchar)/i;

/** `utf8` is `utf8mb3` by its older name. */
const plain = (name: string | null | undefined): string | null =>
  name?.toLowerCase().replace(/^utf8(?=_|$)/, "utf8mb3") ?? null;

/** A collation's name begins with its character set's, but for MariaDB's that fit several. */
const setOf = (order: string | null): string | null =>
  order === null || order.startsWith("uca1400") ? null : (order.split("_")[0] ?? null);

/** What a text's letters are, by what it says and what its table says; nulls for what neither does. */
export function lettersOf(column: Said, table: TableLetters): Letters {
  if (NATIONAL.test(column.type)) return { set: "utf8mb3", order: plain(column.collation) };
  const said = written(column, table);
  const own = { set: plain(said.characterSet), order: plain(said.collation) };
  // The order that a word asks for (`BINARY`), of a set that is not known.
  if (own.order === "unknown_bin") return { set: null, order: null };
  if (own.order !== null) return { set: own.set ?? setOf(own.order), order: own.order };
  if (own.set !== null) return own;
  const order = plain(table.collation);
  return { set: plain(table.characterSet) ?? setOf(order), order };
}

/** The first of two that are known and differ: the set before the order. */
export function differing(a: Letters, b: Letters): readonly [string, string] | null {
  const differ = (x: string | null, y: string | null): readonly [string, string] | null =>
    x !== null && y !== null && x !== y ? [x, y] : null;
  return differ(a.set, b.set) ?? differ(a.order, b.order);
}
