import type { Column, Table } from "../../../../model/catalog.js";
import type { ColumnDefinition } from "../../../../model/operation.js";
import { canonical, charsetOf, widthsOf } from "./charset.js";
import { isText } from "./type.js";

/** What happens to the letters: nothing, more of them fit (utf8mb3 to utf8mb4), another order, or another encoding. */
export type TextChange = "none" | "recoded" | "collated" | "converted";

/** What a definition says of its letters. */
export type Letters = Pick<ColumnDefinition, "type" | "characterSet" | "collation">;

/** What columns have that say nothing of their letters. */
export type TableLetters = Pick<Table, "characterSet" | "collation">;

/** How the old and the new text are encoded: null where it is not known. */
interface Encodings {
  readonly from: string | null;
  readonly to: string | null;
}

/** Compares a column's text with its new definition's. What says nothing has the table's character set. */
export function textChange(old: Column, definition: Letters, table: Table | null): TextChange {
  const [had, letters] = [lettersOf(old, table), lettersOf(definition, table)];
  const said = letters.characterSet ?? letters.collation;
  if (said === null && had.characterSet === null && had.collation === null) return "none";
  const { from, to } = encodings(had, letters, table);
  if (from === null || to === null) return "converted";
  if (from === "utf8mb3" && to === "utf8mb4") return "recoded";
  if (from !== to) return "converted";
  return sameCollation(had, letters, table) ? "none" : "collated";
}

/** It says a character set, and nobody knows whether it is another one. */
export function isEncodingUnknown(old: Column, definition: Letters, table: Table | null): boolean {
  const { from, to } = encodings(old, lettersOf(definition, table), table);
  return (from === null || to === null) && textChange(old, definition, table) === "converted";
}

const usualSet = (table: TableLetters | null): string | null =>
  canonical(table?.characterSet ?? charsetOf(table?.collation ?? null));

function encodings(old: Letters, letters: Letters, table: Table | null): Encodings {
  const usual = usualSet(table);
  const from = canonical(old.characterSet) ?? charsetOf(old.collation) ?? usual;
  return { from, to: canonical(letters.characterSet) ?? charsetOf(letters.collation) ?? usual };
}

/** The words that stand for a character set. */
const SETS: Readonly<Record<string, string>> = Object.freeze({ ascii: "latin1", unicode: "ucs2", byte: "binary" });

/**
 * What a definition says of its letters, by the words behind its type too: `VARCHAR(9) ASCII`, and `VARCHAR(9) BINARY`, which
 * is no type but the collation that compares codes.
 */
export function lettersOf(definition: Letters, table: TableLetters | null): Letters {
  const { type, characterSet, collation } = definition;
  if (!isText(type)) return definition;
  const bare = type.replace(/'(?:[^'\\]|\\.|'')*'/gs, "").toLowerCase();
  const words: readonly string[] = bare.match(/\b(?:ascii|unicode|byte|binary)\b/g) ?? [];
  const set = words.map((word) => SETS[word]).find((s) => s !== undefined) ?? characterSet;
  if (!words.includes("binary")) return { type, characterSet: set, collation };
  const coded = canonical(set) ?? charsetOf(collation) ?? usualSet(table);
  return { type, characterSet: set, collation: `${coded ?? "unknown"}_bin` };
}

/** Collations that their character sets have unless something is said. */
const USUAL = /_(0900_ai_ci|general_ci|swedish_ci|uca1400_ai_ci)$|^binary$/i;

function sameCollation(old: Letters, letters: Letters, table: Table | null): boolean {
  const had = old.collation ?? table?.collation ?? null;
  if (letters.collation !== null) return had?.toLowerCase() === letters.collation.toLowerCase();
  if (letters.characterSet === null) return old.collation === null || old.collation === table?.collation;
  return had === null || USUAL.test(had);
}

/**
 * Bytes of a character before and after, for each character set that it may be.
 *
 * @param usual the character set where no file tells it; null for any
 */
export function widths(
  old: Column,
  definition: Letters,
  table: Table | null,
  usual: string | null,
): readonly [number, number][] {
  const { from, to } = encodings(old, lettersOf(definition, table), table);
  const binary = /binary/i.test(old.type) && /binary/i.test(definition.type);
  if (binary) return [[1, 1]];
  if (from === to) return widthsOf(from ?? usual).map((w) => [w, w]);
  return widthsOf(from).flatMap((a) => widthsOf(to).map((b): [number, number] => [a, b]));
}
