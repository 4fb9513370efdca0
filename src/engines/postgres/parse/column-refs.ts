import type { ColumnRef } from "libpg-query";
import { strings, walk } from "./ast.js";

/** A place where a tree names a column. */
export interface Reference {
  /** Byte location of the first part of the name. */
  readonly location: number;
  /** The dotted name; the column is the last part. Empty parts stand for nothing. */
  readonly parts: readonly string[];
  /** `t.*` */
  readonly star: boolean;
}

/** `geography(PointZ, 4326)`: the grammar takes the words of a type's modifiers for columns. */
const MODIFIERS = "typmods";

/** Every reference to a column below a tree, in the order of the text. */
export function referencesIn(tree: unknown): Reference[] {
  const found: Reference[] = [];
  walk(
    tree,
    (kind, node) => {
      if (kind !== "ColumnRef") return;
      const ref = node as ColumnRef;
      const star = (ref.fields ?? []).some((f) => "A_Star" in f);
      found.push({ location: ref.location ?? 0, parts: strings(ref.fields), star });
    },
    MODIFIERS,
  );
  return found.sort((a, b) => a.location - b.location);
}

/** The names of the columns that a tree refers to, each once; `*` for all of a row. */
export function columnsOfTree(tree: unknown): string[] {
  return [...new Set(referencesIn(tree).map((r) => (r.star ? "*" : (r.parts.at(-1) ?? ""))))];
}
