import type { LockStmt, RangeVar, ReindexStmt, VacuumStmt } from "libpg-query";
import type { Reindex } from "../../../../model/detail/index-change.js";
import type { RelationName } from "../../../../model/name.js";
import type { OperationDetail } from "../../../../model/operation-detail.js";
import { bodies, relationOf } from "../ast.js";
import { isSet } from "../def-elem.js";
import { one, type Part, type PartReader, reader } from "./part.js";

/** What locks, empties, rewrites or looks after tables. */
export const MAINTENANCE_READERS: readonly (readonly [string, PartReader])[] = [
  reader("TruncateStmt", (stmt) => {
    const detail: OperationDetail = {
      kind: "truncate",
      cascade: stmt.behavior === "DROP_CASCADE",
      restartIdentity: stmt.restart_seqs ?? false,
    };
    return bodies(stmt.relations, "RangeVar").map((r) => part(r, detail));
  }),
  reader("LockStmt", (stmt) => bodies(stmt.relations, "RangeVar").map((r) => part(r, lockOf(stmt, relationOf(r))))),
  reader("ClusterStmt", (stmt) => one(named(stmt.relation), { kind: "rebuild-table" })),
  reader("VacuumStmt", vacuumed),
  reader("ReindexStmt", (stmt) => one(named(stmt.relation), reindexOf(stmt))),
  reader("RefreshMatViewStmt", (stmt) => {
    const concurrently = stmt.concurrent ?? false;
    return one(named(stmt.relation), { kind: "refresh-view", concurrently, withData: stmt.skipData !== true });
  }),
];

function part(range: RangeVar, detail: OperationDetail): Part {
  return { relation: relationOf(range), detail, only: range.inh !== true };
}

function named(range: RangeVar | undefined): RelationName | null {
  return range === undefined ? null : relationOf(range);
}

/** By the number that the tree has, as the server's headers do (AccessShareLock is 1). */
const MODES = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
];

function lockOf(stmt: LockStmt, relation: RelationName): OperationDetail {
  const mode = MODES[(stmt.mode ?? MODES.length) - 1] ?? "ACCESS EXCLUSIVE";
  return { kind: "lock-tables", tables: Object.freeze([Object.freeze({ relation, mode })]) };
}

/** VACUUM FULL writes the table anew. Without a table all of the database's are meant. */
function vacuumed(stmt: VacuumStmt): readonly Part[] {
  const options = bodies(stmt.options, "DefElem");
  const names = options.map((o) => o.defname ?? "").filter((name) => isSet(options, name));
  const detail: OperationDetail =
    stmt.is_vacuumcmd === true && isSet(options, "full")
      ? { kind: "rebuild-table" }
      : {
          kind: "maintain-table",
          verb: stmt.is_vacuumcmd === true ? "vacuum" : "analyze",
          options: Object.freeze(names.map((n) => n.replaceAll("_", " ").toUpperCase())),
        };
  const relations = bodies(stmt.rels, "VacuumRelation").flatMap((r) => r.relation ?? []);
  return relations.length === 0 ? one(null, detail) : relations.map((r) => ({ relation: relationOf(r), detail }));
}

const REINDEXED: Readonly<Record<string, Reindex["what"]>> = Object.freeze({
  REINDEX_OBJECT_INDEX: "index",
  REINDEX_OBJECT_TABLE: "table",
  REINDEX_OBJECT_SCHEMA: "schema",
  REINDEX_OBJECT_SYSTEM: "system",
});

function reindexOf(stmt: ReindexStmt): Reindex {
  const concurrently = isSet(bodies(stmt.params, "DefElem"), "concurrently");
  return { kind: "reindex", what: REINDEXED[stmt.kind ?? ""] ?? "database", concurrently };
}
