import type { Node, ObjectType as Tree } from "libpg-query";
import type { ObjectType } from "../../../../../model/detail/object.js";
import type { RelationName } from "../../../../../model/name.js";
import { body, relationFrom, strings } from "../../ast.js";

const KINDS: Partial<Readonly<Record<Tree, ObjectType>>> = Object.freeze({
  OBJECT_AGGREGATE: "aggregate",
  OBJECT_COLLATION: "collation",
  OBJECT_DATABASE: "database",
  OBJECT_DOMAIN: "domain",
  OBJECT_EXTENSION: "extension",
  OBJECT_FOREIGN_SERVER: "foreign-server",
  OBJECT_FOREIGN_TABLE: "foreign-table",
  OBJECT_FUNCTION: "function",
  OBJECT_INDEX: "index",
  OBJECT_MATVIEW: "materialized-view",
  OBJECT_POLICY: "policy",
  OBJECT_PROCEDURE: "procedure",
  OBJECT_PUBLICATION: "publication",
  OBJECT_ROLE: "role",
  OBJECT_ROUTINE: "function",
  OBJECT_RULE: "rule",
  OBJECT_SCHEMA: "schema",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_STATISTIC_EXT: "statistics",
  OBJECT_SUBSCRIPTION: "subscription",
  OBJECT_TABLESPACE: "tablespace",
  OBJECT_TRIGGER: "trigger",
  OBJECT_TYPE: "type",
  OBJECT_VIEW: "view",
});

/** What an object is, in the model's words; "other" for what the model has no word for. */
export function objectKind(type: Tree | undefined): ObjectType {
  return (type === undefined ? undefined : KINDS[type]) ?? "other";
}

/** An object's dotted name; null for what is not named like a relation: a cast, an operator class. */
export function objectName(object: Node | undefined): RelationName | null {
  const word = body(object, "String")?.sval;
  const parts = word === undefined ? partsOf(object) : [word];
  return parts.length === 0 ? null : relationFrom(parts);
}

function partsOf(object: Node | undefined): string[] {
  const items = body(object, "List")?.items;
  const names = items ?? body(object, "TypeName")?.names ?? body(object, "ObjectWithArgs")?.objname;
  return strings(names);
}
