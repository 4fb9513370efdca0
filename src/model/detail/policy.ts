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
  /** The statements to which it leaves every row: `USING (true)`. */
  readonly open: readonly PolicyCommand[];
  /** For whom it is; empty for every role. */
  readonly roles: readonly string[];
}
