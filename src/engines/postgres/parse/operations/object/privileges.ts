import type { GrantRoleStmt, GrantStmt, Node } from "libpg-query";
import type { OperationDetail } from "../../../../../model/operation-detail.js";
import { bodies, kebab } from "../../ast.js";
import { findKeyword, textOf } from "../../source.js";
import type { Reading } from "../context.js";
import { one, type PartReader, reader } from "../part.js";
import { targetsOf } from "../targets.js";

/** Rights, and what is said of an object. */
export const PRIVILEGE_READERS: readonly (readonly [string, PartReader])[] = [
  reader("GrantStmt", (stmt, reading) => one(null, granted(stmt, reading))),
  reader("AlterDefaultPrivilegesStmt", (stmt, reading) => one(null, granted(stmt.action ?? {}, reading))),
  reader("GrantRoleStmt", (stmt) => one(null, grantedRole(stmt))),
  reader("CommentStmt", (stmt) => {
    const [relation] = targetsOf({ CommentStmt: stmt });
    return one(relation ?? null, { kind: "comment", on: kebab(stmt.objtype ?? "") });
  }),
];

function granted(stmt: GrantStmt, { source, run }: Reading): OperationDetail {
  const from = findKeyword(source, run, "GRANT", "REVOKE") ?? run.from;
  const on = findKeyword(source, { from, to: run.to }, "ON");
  const end = on === null ? null : findKeyword(source, { from: on, to: run.to }, "TO", "FROM");
  return {
    kind: "privileges",
    action: stmt.is_grant === true ? "grant" : "revoke",
    privileges: privilegesOf(stmt.privileges),
    on: on === null || end === null ? null : textOf(source, { from: on + 1, to: end }),
  };
}

/** None in the tree means all of them. */
function privilegesOf(nodes: readonly Node[] | undefined): readonly string[] {
  const names = bodies(nodes, "AccessPriv").map((p) => (p.priv_name ?? "ALL").toUpperCase());
  return Object.freeze(names.length === 0 ? ["ALL"] : names);
}

function grantedRole(stmt: GrantRoleStmt): OperationDetail {
  return {
    kind: "privileges",
    action: stmt.is_grant === true ? "grant" : "revoke",
    privileges: Object.freeze(bodies(stmt.granted_roles, "AccessPriv").map((p) => p.priv_name ?? "")),
    on: null,
  };
}
