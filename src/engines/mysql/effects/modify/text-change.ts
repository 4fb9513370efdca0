import type { Column, Table } from "../../../../model/catalog.js";
import type { ColumnDefinition } from "../../../../model/operation.js";
import { canonical, charsetOf, widthsOf } from "./charset.js";

/** What happens to the letters: nothing, more of them fit (utf8mb3 to utf8mb4), another order, or another encoding. */
export type TextChange = "none" | "recoded" | "collated" | "converted";

/** What a definition says of its letters. */
export type Letters = Pick<ColumnDefinition, "type" | "characterSet" | "collation">;

/** How the old and the new text are encoded: null where it is not known. */
interface Encodings {
  readonly from: string | null;
  readonly to: string | null;
}

/** Compares a column's text with its new definition's. What says nothing has the table's character set. */
export function textChange(old: Column, definition: Letters, table: Table | null): TextChange {
  const said = definition.characterSet ?? definition.collation;
  if (said === null && old.characterSet === null && old.collation === null) return "none";
  const { from, to } = encodings(old, definition, table);
  if (from === null || to === null) return "converted";
  if (from === "utf8mb3" && to === "utf8mb4") return "recoded";
  if (from !== to) return "converted";
  return sameCollation(old, definition, table) ? "none" : "collated";
}

/** It says a character set, and nobody knows whether it is another one. */
export function isEncodingUnknown(old: Column, definition: ColumnDefinition, table: Table | null): boolean {
  const { from, to } = encodings(old, definition, table);
  return (from === null || to === null) && textChange(old, definition, table) === "converted";
}

function encodings(old: Column, definition: Letters, table: Table | null): Encodings {
  const usual = canonical(table?.characterSet ?? charsetOf(table?.collation ?? null));
  const from = canonical(old.characterSet) ?? charsetOf(old.collation) ?? usual;
  return { from, to: canonical(definition.characterSet) ?? charsetOf(definition.collation) ?? usual };
}

/** Collations that their character sets have unless something is said. */
const USUAL = /_(0900_ai_ci|general_ci|swedish_ci|uca1400_ai_ci)$|^binary$/i;

function sameCollation(old: Column, definition: Letters, table: Table | null): boolean {
  const had = old.collation ?? table?.collation ?? null;
  if (definition.collation !== null) return had?.toLowerCase() === definition.collation.toLowerCase();
  if (definition.characterSet === null) return old.collation === null || old.collation === table?.collation;
  return had === null || USUAL.test(had);
}

/** Bytes of a character before and after, for each character set that it may be. */
export function widths(old: Column, definition: Letters, table: Table | null): readonly [number, number][] {
  const { from, to } = encodings(old, definition, table);
  const binary = /binary/i.test(old.type) && /binary/i.test(definition.type);
  if (binary) return [[1, 1]];
  if (from === to) return widthsOf(from).map((w) => [w, w]);
  return widthsOf(from).flatMap((a) => widthsOf(to).map((b): [number, number] => [a, b]));
}
