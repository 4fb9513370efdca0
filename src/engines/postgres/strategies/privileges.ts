import type { Privileges } from "../../../model/detail/object.js";
import type { RelationName } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { findTable, type Phased, type StrategyContext, type Version } from "../../engine.js";
import { quote, quoteRelation } from "../names.js";
import { bodies, body, relationOf } from "../parse/ast.js";
import { roleName } from "../parse/def-elem.js";
import { readFragment } from "../parse/fragment.js";
import { isAtLeast } from "./versions.js";
import { stepOf } from "./written.js";

/** One privilege of one role on one table. */
interface Right {
  readonly relation: RelationName;
  readonly privilege: string;
  /** As a catalog's grants have it: `"reader"`, `PUBLIC`. */
  readonly role: string;
}

const ALL = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"];

/** What ALL means on a table. */
const allOf = (version: Version): readonly string[] => (isAtLeast(version, 17) ? [...ALL, "MAINTAIN"] : ALL);

/** The rights that a plain GRANT or REVOKE on tables is about; null for any other. */
function rightsOf(detail: Privileges, { statement, version }: StrategyContext): readonly Right[] | null {
  const fragment = detail.special === true ? "" : readFragment("", statement, "");
  const grant = typeof fragment === "string" ? null : body(fragment.node, "GrantStmt");
  if (grant?.objtype !== "OBJECT_TABLE" || grant.targtype !== "ACL_TARGET_OBJECT") return null;
  const roles = bodies(grant.grantees, "RoleSpec");
  if (roles.some((r) => r.roletype !== "ROLESPEC_CSTRING" && r.roletype !== "ROLESPEC_PUBLIC")) return null;
  const names = roles.map((r) => (r.roletype === "ROLESPEC_PUBLIC" ? "PUBLIC" : quote(roleName(r))));
  const privileges = detail.privileges.includes("ALL") ? allOf(version) : detail.privileges;
  const tables = bodies(grant.objects, "RangeVar").map(relationOf);
  return tables.flatMap((relation) =>
    privileges.flatMap((privilege) => names.map((role) => ({ relation, privilege, role }))),
  );
}

const revoke = ({ relation, privilege, role }: Right): string =>
  `REVOKE ${privilege} ON ${quoteRelation(relation)} FROM ${role}`;

/** The statement by which a role has a right; null when it has none; undefined where the table's rights are not known. */
function granted(right: Right, context: StrategyContext): string | null | undefined {
  const table = findTable(context.catalog, right.relation);
  if (table?.grants === undefined) return undefined;
  const given = `GRANT ${right.privilege} ON %table% TO ${right.role}`;
  const found = table.grants.find((g) => g === given || g === `${given} WITH GRANT OPTION`);
  return found?.replace("%table%", () => quoteRelation(table.relation)) ?? null;
}

/** What takes it back: only what was not there before is revoked, only what was there is granted again. */
function undoOf(detail: Privileges, rights: readonly Right[], context: StrategyContext): readonly string[] | null {
  const before = rights.map((right) => ({ right, grant: granted(right, context) }));
  if (before.some((b) => b.grant === undefined)) return null;
  if (detail.action === "revoke") return before.flatMap((b) => b.grant ?? []);
  return before.filter((b) => b.grant === null).map((b) => revoke(b.right));
}

/** GRANT in expand, since new code may need it at once; REVOKE in contract, since old code may have used it. */
export function privileges(detail: Privileges, operation: OtherOperation, context: StrategyContext): Phased {
  const rights = rightsOf(detail, context);
  const undo = rights === null ? null : undoOf(detail, rights, context);
  const gives = detail.action === "grant";
  const made = stepOf(operation, context, {
    name: detail.action,
    sql: [context.statement],
    undo: undo ?? [],
    ...(gives ? {} : ({ phase: "contract", stage: "swap" } as const)),
    reason: gives ? "Nobody waits for it, and nobody loses anything." : "Old code may have needed the right.",
  });
  const note = `A rollback leaves the rights${detail.on === null ? "" : ` on ${detail.on}`} as this statement makes them: which there were before is not known.`;
  return { steps: [made], retires: [], gates: [], notes: undo === null ? [note] : [] };
}
