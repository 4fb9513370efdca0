import { type RelationName, show } from "../../../../model/name.js";
import type { Step } from "../../../../model/step.js";
import { quote, quoteRelation } from "../../names.js";
import { ddl } from "../ddl.js";
import { all, hasColumnGrant, stateOf } from "../facts.js";
import { guarded } from "../guarded.js";
import * as locks from "../locks.js";
import { type Rename, stepId } from "./subject.js";

/** One privilege on one column. */
interface ColumnGrant {
  readonly privilege: string;
  /** As GRANT takes it. */
  readonly grantee: string;
}

const TEMPLATE = /^GRANT (.+?) \(%column%\) ON %table% TO (.+)$/s;

const grantsOf = (r: Rename): ColumnGrant[] =>
  r.old.grants.map((text) => {
    const [, privilege = "", grantee = ""] = TEMPLATE.exec(text) ?? [];
    return { privilege, grantee };
  });

const on = (relation: RelationName, column: string, privilege: string) =>
  `${privilege} (${quote(column)}) ON ${quoteRelation(relation)}`;

const give = (r: Rename, g: ColumnGrant) => `GRANT ${on(r.relation, r.to, g.privilege)} TO ${g.grantee}`;
const take = (r: Rename, column: string, g: ColumnGrant) =>
  `REVOKE ${on(r.relation, column, g.privilege)} FROM ${g.grantee}`;

/**
 * What is granted on the old column alone is granted on the new one. The servers keep such privileges by the name, so the
 * exchange of names changes nobody's; they outlive a column, and are revoked when the new one is taken back.
 */
export function grantSteps(r: Rename): Step[] {
  const grants = grantsOf(r);
  if (grants.length === 0) return [];
  const there = (g: ColumnGrant) => hasColumnGrant(r.relation, r.to, g);
  return [
    ddl({
      id: stepId(r, "grants"),
      phase: "expand",
      sql: grants.map((g) => give(r, g)),
      undo: grants.flatMap((g) => guarded(there(g), take(r, r.to, g))),
      probe: { sql: stateOf(all(...grants.map(there))), repair: [] },
      locks: [locks.brief(r.relation)],
      reason: `Who may read or write ${r.old.name} alone may do so with ${r.to}: such privileges belong to a name, and new code would be denied.`,
    }),
  ];
}

/** What people should know of privileges on single columns. */
export function notesOnGrants(r: Rename): string[] {
  const grants = grantsOf(r);
  const { catalog } = r.context;
  if (catalog.columnGrantsHidden === true)
    return [
      `Privileges on ${r.old.name} alone (GRANT SELECT (${r.old.name}) ...) are not carried over: this user may not read mysql.columns_priv. Where there are any, grant them on ${r.to} after expand and before new code runs, or let this user read that table.`,
    ];
  if (grants.length === 0) return [];
  return [
    `Privileges on ${r.old.name} alone are granted on ${r.to} in expand: ${grants.map((g) => give(r, g)).join("; ")}.`,
    `The servers keep the privileges on ${r.old.name} when it is gone from ${show(r.relation)}. After contract they can go: ${grants.map((g) => take(r, r.old.name, g)).join("; ")}.`,
  ];
}
