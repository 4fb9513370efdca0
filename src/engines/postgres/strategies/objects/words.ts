import type { ObjectType } from "../../../../model/detail/object.js";

/** What SQL calls a kind of object in CREATE, ALTER and DROP; absent for what zmigrate does not name itself. */
export const WORDS: Partial<Readonly<Record<ObjectType, string>>> = Object.freeze({
  aggregate: "AGGREGATE",
  collation: "COLLATION",
  domain: "DOMAIN",
  extension: "EXTENSION",
  "foreign-server": "SERVER",
  "foreign-table": "FOREIGN TABLE",
  function: "FUNCTION",
  "materialized-view": "MATERIALIZED VIEW",
  policy: "POLICY",
  procedure: "PROCEDURE",
  publication: "PUBLICATION",
  role: "ROLE",
  rule: "RULE",
  schema: "SCHEMA",
  sequence: "SEQUENCE",
  statistics: "STATISTICS",
  trigger: "TRIGGER",
  type: "TYPE",
  view: "VIEW",
});

/** For people: `materialized view`. */
export const called = (object: ObjectType): string => object.replace("-", " ");

/** What belongs to a server or a cluster: no transaction holds it, or other databases see it too. */
export const OF_SERVER: ReadonlySet<ObjectType> = new Set<ObjectType>(["database", "subscription", "tablespace"]);

/** What is told apart by its parameters, where several have one name. */
export const ROUTINES: ReadonlySet<ObjectType> = new Set<ObjectType>(["aggregate", "function", "procedure"]);

/** What hangs on a table and is named behind it. */
export const HANGING: ReadonlySet<ObjectType> = new Set<ObjectType>(["policy", "rule", "trigger"]);
