import type { RelationName } from "../model/name.js";
import type { Known } from "./known.js";

/** The key of a name; an unqualified one means the default schema. */
export function keyOf(known: Pick<Known, "defaultSchema">, { schema, name }: RelationName): string {
  return `${schema ?? known.defaultSchema ?? ""}\0${name}`;
}
