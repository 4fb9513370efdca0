import type { RelationName } from "../name.js";
import type { CreateIndex } from "../operation.js";

export interface DropIndex {
  readonly kind: "drop-index";
  /** Its schema is null where an index belongs to its table (MySQL), which is the operation's relation then. */
  readonly index: RelationName;
  readonly ifExists: boolean;
  readonly concurrently: boolean;
  readonly cascade: boolean;
}

export interface RenameIndex {
  readonly kind: "rename-index";
  readonly from: string;
  readonly to: string;
  readonly ifExists: boolean;
}

/** MySQL's INVISIBLE, MariaDB's IGNORED: the index is kept, and no query uses it. */
export interface SetIndexVisibility {
  readonly kind: "set-index-visibility";
  readonly index: string;
  readonly visible: boolean;
  readonly ifExists: boolean;
}

/** MariaDB's `CREATE OR REPLACE INDEX`: the index of that name is dropped and built again. */
export interface ReplaceIndex {
  readonly kind: "replace-index";
  readonly index: CreateIndex;
}

/** PostgreSQL's REINDEX. */
export interface Reindex {
  readonly kind: "reindex";
  readonly what: "index" | "table" | "schema" | "database" | "system";
  readonly concurrently: boolean;
}

export type IndexDetail = DropIndex | RenameIndex | SetIndexVisibility | ReplaceIndex | Reindex;
