export type PolicyCommand = "select" | "insert" | "update" | "delete";

/** What a policy of row security lets through (PostgreSQL), as far as its text tells. */
export interface PolicyShape {
  /** It takes rows away that others let through: AS RESTRICTIVE. */
  readonly restrictive: boolean;
  /** The statements to which it leaves every row: `USING (true)`. */
  readonly open: readonly PolicyCommand[];
  /** For whom it is; empty for every role. */
  readonly roles: readonly string[];
}
