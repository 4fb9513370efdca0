import type { Column, Table } from "../../model/catalog.js";
import type { TableOption } from "../../model/detail/table.js";

type Letters = Pick<Table, "characterSet" | "collation">;

/** What a table's columns have that say nothing, by its options (MySQL); empty where they say nothing either. */
export function lettersOf(options: readonly TableOption[]): Letters {
  const set = options.findLast((o) => o.option === "CHARACTER SET");
  const order = options.findLast((o) => o.option === "COLLATE");
  const ordered = order === undefined ? {} : said(order);
  if (set === undefined) return ordered;
  return { ...said(set), ...(ordered.collation == null ? {} : { collation: ordered.collation }) };
}

/** DEFAULT is the database's, which is not known. */
function said({ option, value }: TableOption): Letters {
  const name = value === null || /^default$/i.test(value) ? null : value.toLowerCase();
  if (option === "CHARACTER SET") return { characterSet: name, collation: null };
  return option === "COLLATE" ? { characterSet: name === null ? null : charsetIn(name), collation: name } : {};
}

/** A collation's name begins with its character set's, but for MariaDB's that fit several. */
const charsetIn = (collation: string): string | null =>
  collation.startsWith("uca1400") ? null : (collation.split("_")[0] ?? null);

const TEXT = /char|text|enum|set/i;

/** Whether a column is of text, and says nothing of its letters. */
export const hasUnknownLetters = ({ type, characterSet, collation }: Column): boolean =>
  TEXT.test(type) && characterSet === null && collation === null;

/** Another default: columns that are there keep the old one. Where it is not known, what they have is not either. */
export function withLetters(table: Table, option: TableOption): Table {
  const letters = said(option);
  if (letters.characterSet === undefined) return table;
  const { characterSet = null, collation = null } = table;
  if (characterSet === null && collation === null) return { ...table, characterSet: null, collation: null };
  const kept = (c: Column): Column => (hasUnknownLetters(c) ? Object.freeze({ ...c, characterSet, collation }) : c);
  return { ...table, ...letters, columns: table.columns.map(kept) };
}
