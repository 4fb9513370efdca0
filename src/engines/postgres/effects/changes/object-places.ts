import type { ObjectType } from "../../../../model/detail/object.js";
import type { Effect, Lock } from "../../../../model/effect.js";
import { lock, type Mode } from "../locks.js";
import type { Subject } from "../subject.js";

/** Where an object's lock is taken: on itself, on the table that it hangs on, or nowhere that statements wait. */
export type Place = "itself" | "table" | "nowhere" | "unknown";

/** Every kind of object: what does not exist on PostgreSQL is not understood. */
export const PLACES: Readonly<Record<ObjectType, Place>> = Object.freeze({
  aggregate: "nowhere",
  collation: "nowhere",
  database: "nowhere",
  domain: "nowhere",
  event: "unknown",
  extension: "nowhere",
  "foreign-table": "itself",
  "foreign-server": "nowhere",
  function: "nowhere",
  index: "itself",
  library: "unknown",
  "logfile-group": "unknown",
  "materialized-view": "itself",
  package: "unknown",
  "package-body": "unknown",
  plugin: "unknown",
  policy: "table",
  procedure: "nowhere",
  publication: "nowhere",
  "resource-group": "unknown",
  role: "nowhere",
  rule: "table",
  schema: "nowhere",
  sequence: "itself",
  "spatial-reference-system": "unknown",
  statistics: "table",
  subscription: "nowhere",
  tablespace: "nowhere",
  trigger: "table",
  type: "nowhere",
  "undo-tablespace": "unknown",
  user: "nowhere",
  view: "itself",
  other: "nowhere",
});

/** Servers do these outside of any transaction. */
const NEVER: ReadonlySet<ObjectType> = new Set<ObjectType>(["database", "tablespace", "subscription"]);

/** Whether the server takes a transaction around a change of such an object. */
export function transactionOf(object: ObjectType): Effect["transaction"] {
  return NEVER.has(object) ? "never" : "any";
}

/** CREATE TRIGGER lets reads go on; rules and policies are part of every query's plan. */
export const ON_TABLE: Partial<Readonly<Record<ObjectType, Mode>>> = Object.freeze({
  trigger: "SHARE ROW EXCLUSIVE",
  statistics: "SHARE UPDATE EXCLUSIVE",
});

/** The lock on the table that an object hangs on; none where the statement names no table. */
export function onTable({ operation, relation }: Subject, mode: Mode): Lock[] {
  return operation.relation === null ? [] : [lock(relation, mode, "brief")];
}
