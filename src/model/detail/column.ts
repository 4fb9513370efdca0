import type { AddColumn, ColumnDefinition } from "../operation.js";

/**
 * A column is defined anew (MySQL's MODIFY and CHANGE). What the definition does not say is lost: NOT NULL, default,
 * comment, character set, AUTO_INCREMENT. Whether the type changes is seen by comparing with the catalog.
 */
export interface ModifyColumn {
  readonly kind: "modify-column";
  readonly column: string;
  /** The whole new definition; another name than `column` renames it. */
  readonly definition: ColumnDefinition;
  readonly position: AddColumn["position"];
  readonly ifExists: boolean;
}

/** PostgreSQL's `ALTER COLUMN ... TYPE`: everything but the type and its collation stays. */
export interface AlterColumnType {
  readonly kind: "alter-column-type";
  readonly column: string;
  /** As written, without COLLATE. */
  readonly type: string;
  readonly collation: string | null;
  /** The expression behind USING. */
  readonly using: string | null;
}

export interface SetDefault {
  readonly kind: "set-default";
  readonly column: string;
  /** As written. */
  readonly default: string;
  readonly ifExists: boolean;
}

/** Nothing but the column's name matters. */
export interface ColumnChange {
  readonly kind: "drop-default" | "set-not-null" | "drop-not-null" | "drop-identity" | "drop-expression";
  readonly column: string;
  readonly ifExists: boolean;
}

/** PostgreSQL: a column becomes an identity column, or changes how. */
export interface SetIdentity {
  readonly kind: "add-identity" | "set-identity";
  readonly column: string;
  /** Null when it stays as it is. */
  readonly generated: "always" | "by default" | null;
  /** What else is said of its sequence, as written: `(START WITH 5)`, `SET INCREMENT 2 RESTART`; absent where nothing is. */
  readonly options?: string;
}

/** PostgreSQL 17's `SET EXPRESSION AS (...)`. */
export interface SetExpression {
  readonly kind: "set-expression";
  readonly column: string;
  readonly expression: string;
}

/** A setting of a column that touches no row: STATISTICS, STORAGE, COMPRESSION, attribute options. */
export interface SetColumnOption {
  readonly kind: "set-column-option";
  readonly column: string;
  /** In upper case. */
  readonly option: string;
  /** Null when it is reset. */
  readonly value: string | null;
}

/** MySQL's `ALTER COLUMN c SET INVISIBLE`. MariaDB says it with MODIFY: `ColumnDefinition.attributes`. */
export interface SetColumnVisibility {
  readonly kind: "set-column-visibility";
  readonly column: string;
  readonly visible: boolean;
}

/** MariaDB's `RENAME COLUMN IF EXISTS`. */
export interface RenameColumnIfExists {
  readonly kind: "rename-column-if-exists";
  readonly from: string;
  readonly to: string;
}

export type ColumnDetail =
  | ModifyColumn
  | AlterColumnType
  | SetDefault
  | ColumnChange
  | SetIdentity
  | SetExpression
  | SetColumnOption
  | SetColumnVisibility
  | RenameColumnIfExists;
