import { bodies, kebab, type NodeKind } from "../../ast.js";
import { roleName } from "../../def-elem.js";
import { one, type PartReader, reader } from "../part.js";
import { settingsOf } from "./set.js";
import { transactionOf } from "./transaction.js";

/** What is about the session or the server. */
export const SESSION_READERS: readonly (readonly [string, PartReader])[] = [
  reader("TransactionStmt", (stmt) => {
    const detail = transactionOf(stmt);
    return detail === null ? null : one(null, detail);
  }),
  reader("VariableSetStmt", (stmt, reading) =>
    one(null, { kind: "set-variables", settings: Object.freeze(settingsOf(stmt, reading)) }),
  ),
  reader("ConstraintsSetStmt", (stmt) => {
    const value = stmt.deferred === true ? "deferred" : "immediate";
    const setting = Object.freeze({ scope: "transaction", name: "constraints", value } as const);
    return one(null, { kind: "set-variables", settings: Object.freeze([setting]) });
  }),
  reader("VariableShowStmt", () => one(null, { kind: "query", reads: Object.freeze([]), locks: null, into: null })),
  reader("ReassignOwnedStmt", (stmt) => {
    const from = bodies(stmt.roles, "RoleSpec").map(roleName);
    const owners = Object.freeze({ from: Object.freeze(from), to: roleName(stmt.newrole) });
    return one(null, { kind: "administration", action: "reassign-owned-stmt", owners });
  }),
  reader("DiscardStmt", (stmt) => administration((stmt.target ?? "").replaceAll("_", "-").toLowerCase())),
  ...(
    [
      "AlterSystemStmt",
      "CheckPointStmt",
      "ClosePortalStmt",
      "DeallocateStmt",
      "FetchStmt",
      "ListenStmt",
      "LoadStmt",
      "NotifyStmt",
      "SecLabelStmt",
      "UnlistenStmt",
    ] satisfies readonly NodeKind[]
  ).map((kind) => reader(kind, () => administration(kebab(kind)))),
];

function administration(action: string) {
  return one(null, { kind: "administration", action });
}
