import type { RelationName } from "../../../../model/name.js";
import type { Cursor } from "../cursor.js";

/** Takes note of a relation that a query names, unless it is a CTE. */
export function noteRead(cursor: Cursor, relation: RelationName): void {
  if (!isCte(cursor, relation)) cursor.read.push(relation);
}

/** Whether a name is that of a common table expression. */
export const isCte = ({ ctes }: Cursor, { schema, name }: RelationName): boolean =>
  schema === null && ctes.has(name.toLowerCase());

/** Relations in the order in which they are named, each once. */
export function distinct(relations: readonly RelationName[]): readonly RelationName[] {
  const seen = new Map<string, RelationName>();
  for (const relation of relations) {
    const key = `${relation.schema ?? ""}\0${relation.name}`;
    if (!seen.has(key)) seen.set(key, relation);
  }
  return Object.freeze([...seen.values()]);
}
