import type { DataChange } from "../src/model/detail/data.js";
import type { Operation } from "../src/model/operation.js";
import type { DetailKind, OperationDetail } from "../src/model/operation-detail.js";

/**
 * False for what was only recognised by its first words, and for text that is run as SQL or a routine that is called
 * unseen: its effect is a guess, and `not-supported-yet` speaks.
 */
export function isUnderstood(operation: Operation): boolean {
  if (operation.kind !== "other") return true;
  const { detail } = operation;
  if (detail?.kind === "opaque") return detail.code?.unknown.length === 0;
  return detail !== undefined;
}

/** The details whose kind may be this one. */
type Of<K extends DetailKind, D = OperationDetail> = D extends OperationDetail
  ? K extends D["kind"]
    ? D
    : never
  : never;

/** What an operation changes, when it is of that kind; else null. */
export function detailOf<K extends DetailKind>(operation: Operation, kind: K): Of<K> | null {
  if (operation.kind !== "other" || operation.detail?.kind !== kind) return null;
  return operation.detail as Of<K>;
}

/** The change of data that an operation is, or that EXPLAIN ANALYZE carries out; else null. */
export function dataChangeOf(operation: Operation): DataChange | null {
  const explained = detailOf(operation, "explain");
  if (explained?.runs === true && explained.of?.kind === "data-change") return explained.of;
  return detailOf(operation, "data-change");
}
