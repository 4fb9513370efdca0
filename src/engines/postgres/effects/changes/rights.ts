import type { Catalog } from "../../../../model/catalog.js";
import type { CommentOn, Privileges } from "../../../../model/detail/object.js";
import type { Effect } from "../../../../model/effect.js";
import type { RelationName } from "../../../../model/name.js";
import { effect } from "../../../effect.js";
import { takenRights } from "../../../table-lookup.js";
import { bodies, body, relationOf } from "../../parse/ast.js";
import { readFragment } from "../../parse/fragment.js";
import { lock } from "../locks.js";
import { broken, type Subject } from "../subject.js";
import { onTable } from "./object-places.js";

/** GRANT and REVOKE wait for nobody who reads or writes. Default rights are those of what is made later. */
export function privilegesEffect(detail: Privileges, { context }: Subject): Effect {
  const { action, on, defaultIn, optionOnly } = detail;
  if (defaultIn !== undefined) return effect({});
  const right = `the right${on === null ? "" : ` on ${on}`}`;
  const why =
    optionOnly === true ? `whoever grants ${right} to others gives nothing` : `what needs ${right} fails (42501)`;
  const breaks = action === "revoke" && !takesNothing(detail, context.catalog) ? [broken("both", why)] : [];
  const tables = on === null ? [] : namedTables(on);
  return effect({ locks: tables.map((r) => lock(r, "ACCESS SHARE", "brief")), breaks });
}

/** Files show that nobody has what is taken. */
function takesNothing(revoke: Privileges, catalog: Catalog): boolean {
  const taken = takenRights(catalog, revoke);
  return taken !== null && taken.held.length === 0 && taken.unknown.length === 0;
}

/** The tables of `GRANT ... ON t, TABLE u`; what else rights are given on is not locked. */
function namedTables(on: string): RelationName[] {
  const fragment = readFragment("LOCK TABLE ", on.replace(/^\s*table\s/i, ""), "");
  if (typeof fragment === "string") return [];
  return bodies(body(fragment.node, "LockStmt")?.relations, "RangeVar").map(relationOf);
}

/** COMMENT waits for other DDL only. */
export function commentEffect(_: CommentOn, subject: Subject): Effect {
  return effect({ locks: onTable(subject, "SHARE UPDATE EXCLUSIVE") });
}
