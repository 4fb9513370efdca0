import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import type { OperationDetail } from "../../../../model/operation-detail.js";
import { type Cursor, spanFrom } from "../cursor.js";
import { other } from "../operations.js";

/** One reader of actions of ALTER TABLE: null when another action stands there. @throws Unreadable */
export type ActionReader = (cursor: Cursor, relation: RelationName) => readonly Operation[] | null;

/** An action with its name and what it changes. */
export interface Action {
  readonly what: string;
  readonly detail: OperationDetail;
}

/** The action that began at index `start` and ends here. */
export function otherAction(
  cursor: Cursor,
  relation: RelationName,
  start: number,
  { what, detail }: Action,
): readonly Operation[] {
  return [other(what, relation, spanFrom(cursor, start), detail)];
}
