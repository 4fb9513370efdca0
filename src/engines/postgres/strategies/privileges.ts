import type { GrantStmt, ObjectWithArgs } from "libpg-query";
import type { Table } from "../../../model/catalog.js";
import type { ObjectType, Privileges } from "../../../model/detail/object.js";
import type { RelationName } from "../../../model/name.js";
import type { Operation, OtherOperation } from "../../../model/operation.js";
import type { Claim } from "../../../model/plan.js";
import { findTable, type Phased, type StrategyContext, sameRelation, type Version } from "../../engine.js";
import { rightsClaims, tablesNamed } from "../../rights.js";
import { quote, quoteRelation } from "../names.js";
import { bodies, body, relationOf, strings } from "../parse/ast.js";
import { roleName } from "../parse/def-elem.js";
import { readFragment } from "../parse/fragment.js";
import { storedOf } from "./objects/known.js";
import { WORDS } from "./objects/words.js";
import { onRenamed } from "./rights-on-renamed.js";
import { isAtLeast } from "./versions.js";
import { stepOf } from "./written.js";

/** What a privilege is on, and what it takes to say so. */
interface Target {
  /** As GRANT takes it: `"public"."v"`, `SEQUENCE "public"."s"`. */
  readonly address: string;
  /** The statements by which who has what on it, and on its columns; undefined where that is not known. */
  readonly grants: readonly string[] | undefined;
}

/** One privilege of one role on one thing. */
interface Right {
  readonly target: Target;
  readonly privilege: string;
  /** As a catalog's grants have it: `"reader"`, `PUBLIC`. */
  readonly role: string;
}

const OF_TABLES = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"];

/** What ALL means, by what it is on; null for what is not known here. */
function allOf(grant: GrantStmt, version: Version): readonly string[] | null {
  switch (grant.objtype) {
    case "OBJECT_TABLE":
      return isAtLeast(version, 17) ? [...OF_TABLES, "MAINTAIN"] : OF_TABLES;
    case "OBJECT_SEQUENCE":
      return ["SELECT", "UPDATE", "USAGE"];
    case "OBJECT_SCHEMA":
      return ["CREATE", "USAGE"];
    case "OBJECT_FUNCTION":
    case "OBJECT_PROCEDURE":
      return ["EXECUTE"];
    default:
      return null;
  }
}

/** What privileges on an object other than a table are on. */
export function object(kind: ObjectType, name: RelationName, context: StrategyContext): Target {
  const schema = kind === "schema" ? null : (name.schema ?? context.catalog.defaultSchema);
  const named = { object: kind, name: { schema, name: name.name }, on: null };
  const word = kind === "view" || kind === "materialized-view" ? "" : `${WORDS[kind]} `;
  const address = `${word}${quoteRelation(named.name)}`;
  const grants = storedOf(named, context)?.grants;
  return { address, grants: grants?.map((grant) => grant.replace("%object%", () => address)) };
}

/** The statements by which who has what on a table, and on its columns; undefined where that is not known. */
export function grantsOnTable({ relation, grants, columns }: Table): readonly string[] | undefined {
  const at = (grant: string) => grant.replace("%table%", () => quoteRelation(relation));
  const onColumns = columns.flatMap((c) => c.grants.map((g) => at(g).replace("%column%", () => quote(c.name))));
  return grants === undefined ? undefined : [...grants.map(at), ...onColumns];
}

/** A table, or what is written like one. */
function relation(name: RelationName, context: StrategyContext): Target {
  const table = findTable(context.catalog, name);
  if (table !== null) return { address: quoteRelation(table.relation), grants: grantsOnTable(table) };
  const view = object("view", name, context);
  return view.grants === undefined ? object("materialized-view", name, context) : view;
}

function routine(kind: "function" | "procedure", { objname }: ObjectWithArgs, context: StrategyContext): Target {
  const [name = "", schema = null] = strings(objname).reverse();
  return object(kind, { schema, name }, context);
}

function targetsOf(grant: GrantStmt, context: StrategyContext): readonly Target[] {
  const { objects } = grant;
  switch (grant.objtype) {
    case "OBJECT_TABLE":
      return bodies(objects, "RangeVar").map((r) => relation(relationOf(r), context));
    case "OBJECT_SEQUENCE":
      return bodies(objects, "RangeVar").map((r) => object("sequence", relationOf(r), context));
    case "OBJECT_SCHEMA":
      return strings(objects).map((name) => object("schema", { schema: null, name }, context));
    case "OBJECT_FUNCTION":
      return bodies(objects, "ObjectWithArgs").map((o) => routine("function", o, context));
    case "OBJECT_PROCEDURE":
      return bodies(objects, "ObjectWithArgs").map((o) => routine("procedure", o, context));
    default:
      return [];
  }
}

/** The rights that a plain GRANT or REVOKE is about; null for any other. */
function rightsOf(detail: Privileges, context: StrategyContext): readonly Right[] | null {
  const fragment = detail.special === true ? "" : readFragment("", context.statement, "");
  const grant = typeof fragment === "string" ? null : body(fragment.node, "GrantStmt");
  if (grant === null || grant.targtype !== "ACL_TARGET_OBJECT") return null;
  const roles = bodies(grant.grantees, "RoleSpec");
  if (roles.some((r) => r.roletype !== "ROLESPEC_CSTRING" && r.roletype !== "ROLESPEC_PUBLIC")) return null;
  const names = roles.map((r) => (r.roletype === "ROLESPEC_PUBLIC" ? "PUBLIC" : quote(roleName(r))));
  const all = allOf(grant, context.version);
  if (all === null) return null;
  const privileges = detail.privileges.includes("ALL") ? all : detail.privileges;
  return targetsOf(grant, context).flatMap((target) =>
    privileges.flatMap((privilege) => names.map((role) => ({ target, privilege, role }))),
  );
}

const revoke = ({ target, privilege, role }: Right): string => `REVOKE ${privilege} ON ${target.address} FROM ${role}`;

/** The statements by which a role has a right, on the whole and on columns; null where that is not known. */
function given({ target, privilege, role }: Right): { whole: readonly string[]; columns: readonly string[] } | null {
  if (target.grants === undefined) return null;
  const to = ` ON ${target.address} TO ${role}`;
  const theirs = target.grants.filter((g) => g.endsWith(to) || g.endsWith(`${to} WITH GRANT OPTION`));
  return {
    whole: theirs.filter((g) => g.startsWith(`GRANT ${privilege}${to}`)),
    columns: theirs.filter((g) => g.startsWith(`GRANT ${privilege} (`)),
  };
}

/**
 * What takes it back: only what was not there before is revoked, only what was there is granted again. A REVOKE on the whole
 * takes the same right on each column with it (seen on servers), and so does one that takes a GRANT back.
 */
function undoOf({ action }: Privileges, rights: readonly Right[]): readonly string[] | null {
  const before = rights.map((right) => ({ right, had: given(right) }));
  const undo: string[] = [];
  for (const { right, had } of before) {
    if (had === null) return null;
    if (action === "revoke") undo.push(...had.whole, ...had.columns);
    else if (had.whole.length === 0) undo.push(revoke(right), ...had.columns);
  }
  return undo;
}

/** On nothing but tables that this file makes: no running code has a right on them that it could miss. */
function isOnNew({ on }: Privileges, { file, catalog }: StrategyContext): boolean {
  const tables = tablesNamed(on ?? "");
  const makes = (name: RelationName) => (o: Operation) =>
    o.kind === "create-table" && !o.ifNotExists && sameRelation(o.relation, name, catalog.defaultSchema);
  return tables.length > 0 && tables.every((t) => file.some(({ operation }) => makes(t)(operation)));
}

/** What is taken to itself of what the rights are on. */
function claimsOf(detail: Privileges, { catalog }: StrategyContext): readonly Claim[] {
  const tables = (detail.targets ?? []).filter((target) => target.object === "table");
  return tables.flatMap(({ name }) => rightsClaims(detail, findTable(catalog, name)?.relation ?? name));
}

function reasonOf(detail: Privileges, context: StrategyContext): string {
  if (detail.action === "grant") return "Nobody waits for it, and nobody loses anything.";
  return isOnNew(detail, context) ? "No running code knows the table." : "Old code may have needed the right.";
}

/** GRANT in expand, since new code may need it at once; REVOKE in contract, since old code may have used it. */
export function privileges(detail: Privileges, operation: OtherOperation, context: StrategyContext): Phased {
  const rights = rightsOf(detail, context);
  const before = rights === null ? null : undoOf(detail, rights);
  const gives = detail.action === "grant";
  const renamed = gives ? onRenamed(detail, context) : null;
  const undo = before === null ? null : [...before, ...(renamed?.undo(before) ?? [])];
  const made = stepOf(operation, context, {
    name: detail.action,
    sql: [context.statement, ...(renamed?.sql ?? [])],
    undo: undo ?? [],
    ...(gives || isOnNew(detail, context) ? {} : ({ phase: "contract", stage: "swap" } as const)),
    reason: reasonOf(detail, context),
  });
  const left = `A rollback leaves the rights${detail.on === null ? "" : ` on ${detail.on}`} as this statement makes them: which there were before is not known.`;
  const claims = isOnNew(detail, context) ? [] : claimsOf(detail, context);
  return { steps: [made], retires: [], claims, gates: [], notes: [], ...(undo === null ? { leaves: [left] } : {}) };
}
