import type { RelationName } from "../../../../model/name.js";
import type { OtherOperation } from "../../../../model/operation.js";
import type { OperationDetail } from "../../../../model/operation-detail.js";
import type { Span } from "../../../../model/span.js";

/** What is known of a change besides its name. */
export interface Known {
  readonly harmless?: boolean;
  /** Null and absent alike: it was not understood. */
  readonly detail?: OperationDetail | null;
  readonly only?: boolean;
  readonly ifTableExists?: boolean;
}

/** A change that is named, and whose detail says what it is. */
export function otherOperation(
  what: string,
  relation: RelationName | null,
  span: Span,
  { harmless = false, detail = null, only, ifTableExists }: Known = {},
): OtherOperation {
  const base = {
    kind: "other" as const,
    what,
    relation,
    harmless,
    span: Object.freeze(span),
    ...tableFlags({ only, ifTableExists }),
  };
  return Object.freeze(detail === null ? base : { ...base, detail: Object.freeze(detail) });
}

/** What `ALTER TABLE IF EXISTS ONLY t` says of the table: present only where it is said. */
export function tableFlags(table: {
  readonly only?: boolean | undefined;
  readonly ifTableExists?: boolean | undefined;
}): {
  readonly only?: true;
  readonly ifTableExists?: true;
} {
  return {
    ...(table.only === true ? { only: true } : {}),
    ...(table.ifTableExists === true ? { ifTableExists: true } : {}),
  };
}
