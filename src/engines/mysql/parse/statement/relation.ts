import type { RelationName } from "../../../../model/name.js";
import { accept, type Cursor } from "../cursor.js";
import { readRelation } from "../names.js";

/** The relation that is created, altered or dropped, with or without IF [NOT] EXISTS. @throws Unreadable */
export function readRelationIfNamed(cursor: Cursor): RelationName {
  if (!accept(cursor, "IF", "NOT", "EXISTS")) accept(cursor, "IF", "EXISTS");
  return readRelation(cursor, "a name");
}
