import type { RelationName } from "../model/name.js";

/** A trigger that files have made on a table that none of them makes, or on a view (PostgreSQL). */
export interface KnownTrigger {
  readonly name: string;
  readonly relation: RelationName;
  /** The function that it calls. */
  readonly calls: RelationName;
  /** Present, and true, on a view. */
  readonly onView?: true;
  /** Present, and true, where its table has been changed by what is not told, and it may be gone. */
  readonly unsure?: true;
}
