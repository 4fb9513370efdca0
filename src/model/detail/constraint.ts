import type { TableConstraint } from "../operation.js";

/** Any constraint that is added to a table that exists, whatever its kind: `constraint.kind` says which. */
export interface AddConstraint {
  readonly kind: "add-constraint";
  readonly constraint: TableConstraint;
  /** A check's condition, an exclusion's elements; null for the other kinds. */
  readonly expression: string | null;
  /** False for `NOT ENFORCED`: rows are neither looked at now nor later. */
  readonly enforced: boolean;
  /** False for PostgreSQL's `NOT VALID`: the rows that are there are not looked at. */
  readonly validated: boolean;
  /** PostgreSQL's `USING INDEX`: the index that is there already. */
  readonly usingIndex: string | null;
  readonly ifNotExists: boolean;
}

export interface DropConstraint {
  readonly kind: "drop-constraint";
  /** Null where the statement does not say what it is: `DROP CONSTRAINT c`. */
  readonly constraint: TableConstraint["kind"] | null;
  /** Null for `DROP PRIMARY KEY`. */
  readonly name: string | null;
  readonly ifExists: boolean;
  readonly cascade: boolean;
}

export interface AlterConstraint {
  readonly kind: "alter-constraint";
  readonly name: string;
  /** Null when its enforcement stays as it is. */
  readonly enforced: boolean | null;
  /** What else is set, as written: `DEFERRABLE INITIALLY DEFERRED`. */
  readonly actions: string;
}

/** PostgreSQL's `VALIDATE CONSTRAINT`. */
export interface ValidateConstraint {
  readonly kind: "validate-constraint";
  readonly name: string;
}

export interface RenameConstraint {
  readonly kind: "rename-constraint";
  readonly from: string;
  readonly to: string;
}

export type ConstraintDetail = AddConstraint | DropConstraint | AlterConstraint | ValidateConstraint | RenameConstraint;
