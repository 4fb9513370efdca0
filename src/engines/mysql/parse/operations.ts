import type { RelationName } from "../../../model/name.js";
import type { CreateIndex, OtherOperation } from "../../../model/operation.js";
import type { OperationDetail } from "../../../model/operation-detail.js";
import type { Span } from "../../../model/span.js";
import type { IndexDefinition } from "./index-definition.js";

/** A change that has no strategy. Without a detail nothing but its name is known. */
export function other(
  what: string,
  relation: RelationName | null,
  span: Span,
  detail: OperationDetail | null = null,
): OtherOperation {
  return Object.freeze({ kind: "other", span, what, relation, harmless: false, ...detailField(detail) });
}

/** What changes neither schema nor data. */
export function harmless(what: string, span: Span, detail: OperationDetail | null = null): OtherOperation {
  return Object.freeze({ kind: "other", span, what, relation: null, harmless: true, ...detailField(detail) });
}

function detailField(detail: OperationDetail | null): Pick<OtherOperation, "detail"> {
  return detail === null ? {} : { detail: Object.freeze(detail) };
}

/** Both servers build indexes while others read and write where they can; neither has CONCURRENTLY, WHERE or ONLY. */
export function createIndex(
  relation: RelationName,
  index: IndexDefinition,
  said: { readonly unique: boolean; readonly ifNotExists: boolean; readonly span: Span },
): CreateIndex {
  const { name, keys, method, definition } = index;
  const never = { concurrently: false, where: null, only: false } as const;
  return Object.freeze({ kind: "create-index", relation, name, keys, method, definition, ...said, ...never });
}
