import type { DropStmt, Node, ObjectType } from "libpg-query";
import type { RelationName } from "../../../../../model/name.js";
import type { OperationDetail } from "../../../../../model/operation-detail.js";
import { body, relationFrom, strings } from "../../ast.js";
import { roleName } from "../../def-elem.js";
import { takenTypes } from "../code/routine-shape.js";
import { one, type Part, type PartReader, reader } from "../part.js";
import { objectKind, objectName } from "./name.js";

/** DROP of anything. */
export const DROP_READERS: readonly (readonly [string, PartReader])[] = [
  reader("DropStmt", (stmt) => (stmt.objects ?? []).map((object) => dropped(stmt, object))),
  reader("DropRoleStmt", (stmt) =>
    (stmt.roles ?? []).map((r) => gone("role", roleName(body(r, "RoleSpec") ?? undefined), stmt.missing_ok)),
  ),
  reader("DropdbStmt", (stmt) => [gone("database", stmt.dbname, stmt.missing_ok)]),
  reader("DropSubscriptionStmt", (stmt) => [gone("subscription", stmt.subname, stmt.missing_ok)]),
  reader("DropTableSpaceStmt", (stmt) => [gone("tablespace", stmt.tablespacename, stmt.missing_ok)]),
  reader("DropUserMappingStmt", (stmt) => [gone("other", stmt.servername, stmt.missing_ok)]),
  reader("DropOwnedStmt", () => one(null, { kind: "administration", action: "drop-owned" })),
];

type Dropped = Extract<OperationDetail, { kind: "drop-object" }>;

function gone(object: Dropped["object"], name: string | undefined, ifExists: boolean | undefined): Part {
  const named = name === undefined ? null : Object.freeze({ schema: null, name });
  return {
    relation: null,
    detail: { kind: "drop-object", object, name: named, ifExists: ifExists ?? false, cascade: false },
  };
}

const RELATIONS: ReadonlySet<ObjectType> = new Set<ObjectType>([
  "OBJECT_VIEW",
  "OBJECT_MATVIEW",
  "OBJECT_SEQUENCE",
  "OBJECT_FOREIGN_TABLE",
]);

/** What hangs on a table and is named behind it: `DROP TRIGGER x ON t`. */
const ON_TABLE: ReadonlySet<ObjectType> = new Set<ObjectType>(["OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"]);

function dropped(stmt: DropStmt, node: Node): Part {
  const type = stmt.removeType ?? "OBJECT_TABLE";
  const how = { ifExists: stmt.missing_ok ?? false, cascade: stmt.behavior === "DROP_CASCADE" };
  const name = objectName(node);
  if (type === "OBJECT_TABLE" && name !== null) {
    return { relation: name, detail: { kind: "drop-table", temporary: isTemporary(name), ...how } };
  }
  if (type === "OBJECT_INDEX" && name !== null) {
    const concurrently = stmt.concurrent ?? false;
    return { relation: name, detail: { kind: "drop-index", index: name, concurrently, ...how } };
  }
  const object = objectKind(type);
  if (ON_TABLE.has(type)) {
    const parts = strings(body(node, "List")?.items);
    const own = Object.freeze({ schema: null, name: parts.at(-1) ?? "" });
    return { relation: relationFrom(parts.slice(0, -1)), detail: { kind: "drop-object", object, name: own, ...how } };
  }
  const types = takenTypes(node);
  const takes = types === null ? {} : { takes: types };
  const detail: OperationDetail = {
    kind: "drop-object",
    object,
    name: object === "other" ? null : name,
    ...how,
    ...takes,
  };
  return { relation: RELATIONS.has(type) ? name : null, detail };
}

function isTemporary(name: RelationName): boolean {
  return name.schema === "pg_temp";
}
