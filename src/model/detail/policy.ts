import type { RelationName } from "../name.js";
import type { ViewCondition } from "./view-shape.js";

export type PolicyCommand = "select" | "insert" | "update" | "delete";

/** What a policy of row security lets through (PostgreSQL), as far as its text tells. */
export interface PolicyShape {
  /** It takes rows away that others let through: AS RESTRICTIVE. */
  readonly restrictive: boolean;
  /** The statements that it is for. */
  readonly commands: readonly PolicyCommand[];
  /** What a row must meet to be found, each; null for a policy that finds none, absent where it is not told. */
  readonly using?: readonly ViewCondition[] | null;
  /** What a row must meet to be written, each; as `using`. */
  readonly check?: readonly ViewCondition[] | null;
  /** Present, and true, where it has a WITH CHECK: `check` is not what USING says. */
  readonly ownCheck?: true;
  /** The statements to which it leaves every row: `USING (true)`. */
  readonly open: readonly PolicyCommand[];
  /** The functions that its conditions call; absent where that is not told. */
  readonly calls?: readonly RelationName[];
  /** For whom it is; empty for every role. */
  readonly roles: readonly string[];
}

/** What a row must meet, each, and whether that is nothing: `true`. */
export interface PolicyCondition {
  readonly conditions: readonly ViewCondition[];
  readonly open: boolean;
}

/** What ALTER POLICY gives a policy (PostgreSQL); what is absent stays. */
export interface PolicyChange {
  readonly using?: PolicyCondition;
  readonly check?: PolicyCondition;
  /** Empty for every role. */
  readonly roles?: readonly string[];
  /** The columns of its own table that the new conditions name. */
  readonly columns: readonly string[];
  /** The functions that they call. */
  readonly calls: readonly RelationName[];
}
