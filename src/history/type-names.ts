import type { TypeName as TypeNode } from "libpg-query";
import { typeName } from "../engines/postgres/effects/type-names.js";
import { quote } from "../engines/postgres/names.js";
import { relationFrom, strings, walk } from "../engines/postgres/parse/ast.js";
import { readFragment } from "../engines/postgres/parse/fragment.js";
import type { RelationName } from "../model/name.js";
import { leadingName, mayName } from "./text.js";

/** What a text is a part of: what stands in front of it and behind it in a statement. */
const AROUND = Object.freeze({
  type: ["SELECT NULL::", ""],
  expression: ["SELECT (", "\n)"],
  constraint: ["ALTER TABLE t ADD ", ""],
  statement: ["", ""],
} as const);

/** A type that has another name from here on. */
export interface RenamedType {
  readonly from: RelationName;
  /** Its new name in the place of one that is written. */
  readonly to: (written: RelationName) => RelationName;
  /** Whether a name as it is written means the type. */
  readonly isIt: (written: RelationName) => boolean;
}

/**
 * A text of PostgreSQL's with the new name of a type wherever it names that; as it was where it does not, or cannot be read.
 *
 * @example
 * typeRenamed("'A'::x", "expression", type) // "'A'::y"
 */
export function typeRenamed(text: string, part: keyof typeof AROUND, { from, to, isIt }: RenamedType): string {
  if (!mayName(text, from.name)) return text;
  const [before, after] = AROUND[part];
  const fragment = readFragment(before, text, after);
  if (typeof fragment === "string") return text;
  const places: { readonly at: number; readonly name: RelationName }[] = [];
  walk(fragment.node, (kind, node) => {
    const type = kind === "TypeName" ? (node as TypeNode) : (node as { readonly typeName?: TypeNode }).typeName;
    const name = relationFrom(strings(type?.names));
    if (type?.location !== undefined && isIt(name))
      places.push({ at: fragment.source.at(type.location) - fragment.start, name: to(name) });
  });
  const inPlace = (left: string, at: number, name: RelationName) =>
    left.slice(0, at) + written(name) + left.slice(at + leadingName(left.slice(at)).length);
  return places.toSorted((a, b) => b.at - a.at).reduce((left, { at, name }) => inPlace(left, at, name), text);
}

const written = ({ schema, name }: RelationName): string =>
  [...(schema === null ? [] : [schema]), name].map((part) => (isPlain(part) ? part : quote(part))).join(".");

/** Whether a name means itself without quotes, and no type of PostgreSQL's own. */
const isPlain = (name: string): boolean => /^[a-z_][a-z0-9_]*$/.test(name) && typeName(name)?.name === name;
