import type { Privileges } from "../../../model/detail/object.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Phased } from "../../engine.js";
import { rightsClaims } from "../../rights.js";
import type { MysqlContext } from "./algorithms.js";
import { stepOf } from "./written.js";

/** GRANT in expand, since new code may need it at once; REVOKE in contract, since old code may have used it. */
export function privileges(detail: Privileges, operation: OtherOperation, context: MysqlContext): Phased {
  const gives = detail.action === "grant";
  const made = stepOf(operation, context, {
    name: detail.action,
    sql: [context.statement],
    ...(gives ? {} : ({ phase: "contract", stage: "drop" } as const)),
    reason: gives ? "Nobody waits for it, and nobody loses anything." : "Old code may have needed the right.",
  });
  const left = `A rollback leaves the rights${detail.on === null ? "" : ` on ${detail.on}`} as this statement makes them: which there were before, the servers do not tell apart from those on a database or on everything.`;
  // What is given on the old name stays there, as it does without zmigrate; what is taken would stay on the new one.
  const claims = gives || detail.table === undefined ? [] : rightsClaims(detail, detail.table);
  return { steps: [made], retires: [], claims, gates: [], notes: [], leaves: [left] };
}
