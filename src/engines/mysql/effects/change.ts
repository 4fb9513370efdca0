import type { Effect } from "../../../model/effect.js";
import type { RelationName } from "../../../model/name.js";
import type { Way } from "./ways.js";

/**
 * What matters about a part of an ALTER to its other parts: columns that are computed when they are read do not go
 * with everything, and MariaDB pays no heed to ALGORITHM when the rows go elsewhere.
 */
export type Part = "add" | "add-virtual" | "drop" | "drop-virtual" | "rename" | "index" | "moved" | "default" | "plain";

/** What an operation does by itself, before its statement says what is done besides and how. */
export interface Change {
  /** The table that is altered; null for what alters none. */
  readonly relation: RelationName | null;
  readonly way: Way | null;
  readonly part: Part;
  /** A column that takes its own indexes with it. */
  readonly without: string | null;
  /** What is said of it apart from the way. */
  readonly said: Partial<Effect>;
  /** The conditions of new CHECKs that MariaDB asks of the rows only where it copies them; absent for none. */
  readonly checks?: readonly string[];
}

/** A part of an ALTER of a table. */
export function altered(
  relation: RelationName,
  way: Way,
  said: Partial<Effect> = {},
  part: Part = "plain",
  without: string | null = null,
): Change {
  return Object.freeze({ relation, way, said, part, without });
}

/** What is no ALTER of a table. */
export function unaltered(said: Partial<Effect>): Change {
  return Object.freeze({ relation: null, way: null, said, part: "plain", without: null });
}
