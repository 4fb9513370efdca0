import type { RelationName } from "../name.js";
import type { PartitionNames, TableOption } from "./table.js";

/** How a table is cut into partitions. */
export interface Partitioning {
  readonly method: "range" | "list" | "hash" | "key" | "system-time";
  /** `RANGE COLUMNS`, `LINEAR HASH`: the variant, in upper case; null for the plain one. */
  readonly variant: "COLUMNS" | "LINEAR" | null;
  /** Columns that are named as such; empty where there is an expression, and for KEY () (the primary key). */
  readonly columns: readonly string[];
  /** As written; null where columns are named. */
  readonly expression: string | null;
  /** `PARTITIONS 4`; null when not said. */
  readonly count: number | null;
  readonly subpartitioning: Omit<Partitioning, "subpartitioning" | "partitions"> | null;
  readonly partitions: readonly PartitionDefinition[];
}

export interface PartitionDefinition {
  readonly name: string;
  readonly bound: PartitionBound | null;
  readonly options: readonly TableOption[];
  readonly subpartitions: readonly PartitionDefinition[];
  /** As written. */
  readonly text: string;
}

export interface PartitionBound {
  /** `less-than` and `in` are MySQL's RANGE and LIST; `from-to`, `in`, `modulus` PostgreSQL's. */
  readonly kind: "less-than" | "in" | "default" | "history" | "current" | "from-to" | "modulus";
  /** What stands in the parentheses, or MAXVALUE; empty where nothing does. */
  readonly text: string;
  /** It takes all rows that no other partition takes: MAXVALUE alone, DEFAULT. */
  readonly rest: boolean;
}

export interface PartitionBy {
  readonly kind: "partition-by";
  readonly partitioning: Partitioning;
}

export interface RemovePartitioning {
  readonly kind: "remove-partitioning";
}

/** MySQL's ADD PARTITION: definitions for RANGE and LIST, a number for HASH and KEY. */
export interface AddPartition {
  readonly kind: "add-partition";
  readonly partitions: readonly PartitionDefinition[];
  readonly count: number | null;
  readonly ifNotExists: boolean;
}

export interface DropPartition {
  readonly kind: "drop-partition";
  readonly partitions: PartitionNames;
  readonly ifExists: boolean;
}

export interface TruncatePartition {
  readonly kind: "truncate-partition";
  readonly partitions: PartitionNames;
}

export interface CoalescePartition {
  readonly kind: "coalesce-partition";
  /** By how many. */
  readonly count: number;
}

export interface ReorganizePartition {
  readonly kind: "reorganize-partition";
  readonly from: PartitionNames;
  readonly into: readonly PartitionDefinition[];
}

/** `optimize` rebuilds the whole table on InnoDB. */
export interface MaintainPartition {
  readonly kind: "maintain-partition";
  readonly verb: "analyze" | "check" | "optimize" | "repair" | "rebuild";
  readonly partitions: PartitionNames;
  readonly options: readonly string[];
}

export interface ExchangePartition {
  readonly kind: "exchange-partition";
  readonly partition: string;
  readonly table: RelationName;
  readonly validated: boolean;
}

/** MariaDB's `CONVERT PARTITION p TO TABLE t`. */
export interface ConvertPartition {
  readonly kind: "convert-partition";
  readonly partition: string;
  readonly table: RelationName;
}

/** MariaDB's `CONVERT TABLE t TO PARTITION p ...`. */
export interface ConvertTable {
  readonly kind: "convert-table";
  readonly table: RelationName;
  readonly partition: PartitionDefinition;
  readonly validated: boolean;
}

/** PostgreSQL: a table becomes a partition of the operation's relation. */
export interface AttachPartition {
  readonly kind: "attach-partition";
  readonly partition: RelationName;
  readonly bound: PartitionBound;
}

export interface DetachPartition {
  readonly kind: "detach-partition";
  readonly partition: RelationName;
  readonly mode: "plain" | "concurrently" | "finalize";
}

/** PostgreSQL's INHERIT and NO INHERIT: the operation's relation is the child. */
export interface Inherit {
  readonly kind: "inherit";
  readonly parent: RelationName;
  readonly enabled: boolean;
}

export type PartitionDetail =
  | PartitionBy
  | RemovePartitioning
  | AddPartition
  | DropPartition
  | TruncatePartition
  | CoalescePartition
  | ReorganizePartition
  | MaintainPartition
  | ExchangePartition
  | ConvertPartition
  | ConvertTable
  | AttachPartition
  | DetachPartition
  | Inherit;
