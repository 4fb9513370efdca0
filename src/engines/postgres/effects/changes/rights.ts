import type { CommentOn, Privileges } from "../../../../model/detail/object.js";
import type { Effect } from "../../../../model/effect.js";
import type { RelationName } from "../../../../model/name.js";
import { effect } from "../../../effect.js";
import { bodies, body, relationOf } from "../../parse/ast.js";
import { readFragment } from "../../parse/fragment.js";
import { lock } from "../locks.js";
import { broken, type Subject } from "../subject.js";
import { onTable } from "./object-places.js";

/** GRANT and REVOKE wait for nobody who reads or writes. Default rights are those of what is made later. */
export function privilegesEffect({ action, on, defaultIn, optionOnly }: Privileges): Effect {
  if (defaultIn !== undefined) return effect({});
  const right = `the right${on === null ? "" : ` on ${on}`}`;
  const why =
    optionOnly === true ? `whoever grants ${right} to others gives nothing` : `what needs ${right} fails (42501)`;
  const breaks = action === "revoke" ? [broken("both", why)] : [];
  const tables = on === null ? [] : namedTables(on);
  return effect({ locks: tables.map((r) => lock(r, "ACCESS SHARE", "brief")), breaks });
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
