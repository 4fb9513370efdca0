import type { AlterDefaultPrivilegesStmt, CommentStmt, GrantRoleStmt, GrantStmt, Node } from "libpg-query";
import type { CommentOn, Privileges, PrivilegeTarget } from "../../../../../model/detail/object.js";
import type { OperationDetail } from "../../../../../model/operation-detail.js";
import { bodies, body, kebab, relationOf, strings } from "../../ast.js";
import { roleName } from "../../def-elem.js";
import { findKeyword, type Run, type Source, textOf } from "../../source.js";
import { takenTypes } from "../code/routine-shape.js";
import type { Reading } from "../context.js";
import { one, type PartReader, reader } from "../part.js";
import { targetsOf } from "../targets.js";
import { objectKind, objectName } from "./name.js";

/** Rights, and what is said of an object. */
export const PRIVILEGE_READERS: readonly (readonly [string, PartReader])[] = [
  reader("GrantStmt", (stmt, reading) => one(null, granted(stmt, reading))),
  reader("AlterDefaultPrivilegesStmt", (stmt, reading) =>
    one(null, { ...granted(stmt.action ?? {}, reading), special: true, ...defaultsOf(stmt) }),
  ),
  reader("GrantRoleStmt", (stmt) => one(null, grantedRole(stmt))),
  reader("CommentStmt", (stmt, reading) => {
    const [relation] = targetsOf({ CommentStmt: stmt });
    const text = stmt.comment === undefined || stmt.comment === "" ? null : stmt.comment;
    return one(relation ?? null, { kind: "comment", on: kebab(stmt.objtype ?? ""), ...commented(stmt, reading), text });
  }),
];

/** What `FOR ROLE x` gives is taken to be given by the role that runs the files: else it would be said of nothing that they make. */
function defaultsOf({ options }: AlterDefaultPrivilegesStmt): Pick<Privileges, "defaultIn" | "otherRole"> {
  const all = bodies(options, "DefElem");
  const named = all.find(({ defname }) => defname === "schemas");
  const defaultIn = named === undefined ? null : Object.freeze(strings(body(named.arg, "List")?.items));
  return { defaultIn, ...(all.some(({ defname }) => defname === "roles") ? { otherRole: true as const } : {}) };
}

/** COMMENT ON what IS text: the text is one token, or NULL. */
function commented(stmt: CommentStmt, { source, run }: Reading): Pick<CommentOn, "target" | "names"> {
  const on = findKeyword(source, run, "ON");
  const target = on === null ? {} : { target: textOf(source, { from: on + 1, to: run.to - 2 }) };
  const list = body(stmt.object, "List")?.items ?? body(stmt.object, "ObjectWithArgs")?.objname;
  const word = body(stmt.object, "String")?.sval;
  const names = list === undefined ? (word === undefined ? [] : [word]) : strings(list);
  return { ...target, names: Object.freeze(names) };
}

function granted(stmt: GrantStmt, { source, run }: Reading): Privileges {
  const from = findKeyword(source, run, "GRANT", "REVOKE") ?? run.from;
  const on = findKeyword(source, { from, to: run.to }, "ON");
  const end = on === null ? null : findKeyword(source, { from: on, to: run.to }, "TO", "FROM");
  return {
    kind: "privileges",
    action: stmt.is_grant === true ? "grant" : "revoke",
    privileges: privilegesOf(stmt.privileges),
    on: on === null || end === null ? null : textOf(source, { from: on + 1, to: end }),
    targets: Object.freeze((stmt.objects ?? []).flatMap((object) => target(stmt, object) ?? [])),
    ...(end === null ? {} : { grantees: granteesOf(source, { from: end + 1, to: run.to }) }),
    ...columnsOf(stmt),
    ...(isSpecial(stmt) ? { special: true } : {}),
    ...(stmt.is_grant !== true && stmt.grant_option === true ? { optionOnly: true as const } : {}),
  };
}

function columnsOf({ privileges }: GrantStmt): Pick<Privileges, "columns"> {
  const columns = new Set(bodies(privileges, "AccessPriv").flatMap((p) => strings(p.cols)));
  return columns.size === 0 ? {} : { columns: Object.freeze([...columns]) };
}

function target({ objtype, targtype }: GrantStmt, object: Node): PrivilegeTarget | null {
  const range = body(object, "RangeVar");
  const name = range === null ? objectName(object) : relationOf(range);
  if (name === null) return null;
  if (targtype === "ACL_TARGET_ALL_IN_SCHEMA") return Object.freeze({ object: "schema", name });
  const takes = takenTypes(object);
  const kind = range === null ? objectKind(objtype) : "table";
  return Object.freeze({ object: kind, name, ...(takes === null ? {} : { takes }) });
}

/** The roles end where `WITH GRANT OPTION`, `GRANTED BY`, CASCADE or RESTRICT begin. */
function granteesOf(source: Source, run: Run): string {
  const end = findKeyword(source, run, "WITH", "GRANTED", "CASCADE", "RESTRICT");
  return textOf(source, { from: run.from, to: end ?? run.to });
}

/** What cannot be taken back by the same words with the other verb. */
function isSpecial(stmt: GrantStmt): boolean {
  const columns = bodies(stmt.privileges, "AccessPriv").some((p) => p.cols !== undefined);
  return stmt.grant_option === true || stmt.grantor !== undefined || columns || stmt.behavior === "DROP_CASCADE";
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
    grantees: bodies(stmt.grantee_roles, "RoleSpec").map(roleName).join(", "),
  };
}
