import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import { type Cursor, spanFrom } from "../cursor.js";
import { other } from "../operations.js";

/** One reader of actions of ALTER TABLE: null when another action stands there. @throws Unreadable */
export type ActionReader = (cursor: Cursor, relation: RelationName) => readonly Operation[] | null;

/** The action that began at index `start` and ends here, named and no more. */
export function otherAction(cursor: Cursor, relation: RelationName, start: number, what: string): readonly Operation[] {
  return [other(what, relation, spanFrom(cursor, start))];
}
