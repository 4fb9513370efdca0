import type { RelationName } from "../../../../model/name.js";
import type { OtherOperation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";

/** A change that is named and not modelled. */
export function otherOperation(
  what: string,
  relation: RelationName | null,
  span: Span,
  harmless = false,
): OtherOperation {
  return Object.freeze({ kind: "other", what, relation, harmless, span: Object.freeze(span) });
}
