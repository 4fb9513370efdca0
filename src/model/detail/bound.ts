import type { RelationName } from "../name.js";

/** A column as a condition names it. */
export interface NamedInCondition {
  /** What stands in front of it; null for nothing. */
  readonly table: string | null;
  readonly name: string;
}

/** What a column is compared with; but for a name it is the same for all rows. */
export type Constant =
  /** A column of this or another table, or a variable of the code that it stands in. */
  | { readonly kind: "name"; readonly of: NamedInCondition }
  | { readonly kind: "number" | "text" }
  /** A parameter, or a user's variable: one value. */
  | { readonly kind: "passed" }
  /** `(SELECT id FROM orgs WHERE ...)`: one value, where the column is one of that table; of the outer one it would be any. */
  | { readonly kind: "looked-up"; readonly relation: RelationName; readonly column: string }
  /** `IN (SELECT id FROM orgs WHERE ...)`: as many values as rows are found there, where the column is one of that table. */
  | {
      readonly kind: "found";
      readonly relation: RelationName;
      readonly column: string;
      readonly bounds: readonly Bound[];
    };

/**
 * A condition that bounds rows by what a text holds. Those of a list are joined by AND, and what bounds nothing so (a NOT,
 * a function, an OR of different columns) is left out of it.
 *
 * - `is`: the column is one of these: `a = 1`, `a IN (1, 2)`, `a = ANY (ARRAY[1, 2])`
 * - `least`, `most`: `a >= 1`, `a < 5`, both of `a BETWEEN 1 AND 5`
 * - `never`: `false`, `1 = 0`
 */
export type Bound =
  | { readonly kind: "is"; readonly column: NamedInCondition; readonly values: readonly Constant[] }
  | { readonly kind: "least" | "most"; readonly column: NamedInCondition; readonly value: number }
  | { readonly kind: "never" };
