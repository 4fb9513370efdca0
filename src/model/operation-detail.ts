import type { ColumnDetail } from "./detail/column.js";
import type { ConstraintDetail } from "./detail/constraint.js";
import type { DataDetail } from "./detail/data.js";
import type { IndexDetail } from "./detail/index-change.js";
import type { ObjectDetail } from "./detail/object.js";
import type { PartitionDetail } from "./detail/partition.js";
import type { SessionDetail } from "./detail/session.js";
import type { TableDetail } from "./detail/table.js";

/**
 * What an operation of kind "other" changes, precise enough to decide upon without reading its text again. Frozen
 * data with a `kind`, the same for every engine where the thing is the same. The table is the operation's `relation`.
 *
 * A detail means that the whole statement was read and understood. What is only known by its first words has none.
 */
export type OperationDetail =
  | ColumnDetail
  | ConstraintDetail
  | IndexDetail
  | TableDetail
  | PartitionDetail
  | ObjectDetail
  | DataDetail
  | SessionDetail;

export type {
  ColumnDetail,
  ConstraintDetail,
  DataDetail,
  IndexDetail,
  ObjectDetail,
  PartitionDetail,
  SessionDetail,
  TableDetail,
};
export type DetailKind = OperationDetail["kind"];
/** The details of one kind. */
export type DetailOf<K extends DetailKind> = Extract<OperationDetail, { readonly kind: K }>;
