import type {
  AlterObject,
  CommentOn,
  CreateObject,
  DropObject,
  ObjectType,
  Privileges,
  RefreshView,
  RenameObject,
} from "../../../../model/detail/object.js";
import type { Effect } from "../../../../model/effect.js";
import { effect } from "../../../effect.js";
import { lock, type Mode } from "../locks.js";
import { shown } from "../relations.js";
import { broken, type Subject } from "../subject.js";
import { worst } from "../worst.js";
import { domainEffect } from "./domain-change.js";

/** Where an object's lock is taken: on itself, on the table that it hangs on, or nowhere that statements wait. */
type Place = "itself" | "table" | "nowhere" | "unknown";

/** Every kind of object: what does not exist on PostgreSQL is not understood. */
const PLACES: Readonly<Record<ObjectType, Place>> = Object.freeze({
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

function transactionOf(object: ObjectType): Effect["transaction"] {
  return NEVER.has(object) ? "never" : "any";
}

/** CREATE TRIGGER lets reads go on; rules and policies are part of every query's plan. */
const ON_TABLE: Partial<Readonly<Record<ObjectType, Mode>>> = Object.freeze({
  trigger: "SHARE ROW EXCLUSIVE",
  statistics: "SHARE UPDATE EXCLUSIVE",
});

/** CREATE, or CREATE OR REPLACE, of what is no table. */
export function createObjectEffect(detail: CreateObject, subject: Subject): Effect {
  const { object, reads } = detail;
  if (PLACES[object] === "unknown") return worst(subject.operation);
  if (object === "materialized-view") return materialized(detail);
  if (object === "publication") return effect({ locks: reads.map((r) => lock(r, "SHARE UPDATE EXCLUSIVE", "brief")) });
  const own = PLACES[object] === "table" ? onTable(subject, ON_TABLE[object] ?? "ACCESS EXCLUSIVE") : [];
  const replaced = PLACES[object] === "itself" && detail.orReplace && detail.name !== null;
  return effect({
    locks: [
      ...own,
      ...(replaced && detail.name !== null ? [lock(detail.name, "ACCESS EXCLUSIVE", "brief")] : []),
      ...(object === "view" ? reads.map((r) => lock(r, "ACCESS SHARE", "brief")) : []),
    ],
    transaction: transactionOf(object),
    assumes: object === "extension" ? ["what the extension's own script does is not seen"] : [],
  });
}

function onTable({ operation, relation }: Subject, mode: Mode) {
  return operation.relation === null ? [] : [lock(relation, mode, "brief")];
}

/** The query runs while the tables that it reads are marked as read. */
function materialized({ reads, withData }: CreateObject): Effect {
  const runs = withData !== false;
  return effect({
    locks: reads.map((r) => lock(r, "ACCESS SHARE", runs ? "scan" : "brief")),
    scan: runs,
    replicaCost: runs ? "replay" : "none",
  });
}

/** ALTER of what is no table. */
export function alterObjectEffect(detail: AlterObject, subject: Subject): Effect {
  const { object } = detail;
  if (PLACES[object] === "unknown") return worst(subject.operation);
  const own = ALTERED[object];
  if (own !== undefined) return own(detail, subject);
  if (PLACES[object] === "table") return effect({ locks: onTable(subject, ON_TABLE[object] ?? "ACCESS EXCLUSIVE") });
  const locks =
    PLACES[object] === "itself" && detail.name !== null ? [lock(detail.name, "ACCESS EXCLUSIVE", "brief")] : [];
  return effect({ locks, transaction: transactionOf(object) });
}

const ALTERED: Partial<Readonly<Record<ObjectType, (detail: AlterObject, subject: Subject) => Effect>>> = Object.freeze(
  {
    domain: domainEffect,
    extension: () => effect({ assumes: ["what the extension's own script does is not seen"] }),
    index: alterIndex,
    "materialized-view": alterMaterialized,
    publication: (detail: AlterObject) =>
      effect({ locks: detail.reads.map((r) => lock(r, "SHARE UPDATE EXCLUSIVE", "brief")) }),
    sequence: (detail: AlterObject) => alterSequence(detail),
    schema: (detail: AlterObject, subject: Subject) => movedObject(detail, subject),
    type: alterType,
    trigger: (_: AlterObject, subject: Subject) => effect({ locks: onTable(subject, "ACCESS EXCLUSIVE") }),
  },
);

/** Settings of an index leave reads and writes alone; another tablespace copies it. */
function alterIndex({ name, changes, reads }: AlterObject): Effect {
  if (name === null) return effect({});
  const words = changes.join(" ");
  if (/\bTABLESPACE\b/.test(words)) {
    return effect({ locks: [lock(name, "ACCESS EXCLUSIVE", "rewrite")], scan: true, replicaCost: "replay" });
  }
  const attached = /\bATTACH\b/.test(words) ? reads.map((r) => lock(r, "ACCESS EXCLUSIVE", "brief")) : [];
  return effect({ locks: [lock(name, "SHARE UPDATE EXCLUSIVE", "brief"), ...attached] });
}

function alterMaterialized({ name, changes }: AlterObject): Effect {
  if (name === null) return effect({});
  const words = changes.join(" ");
  if (/\bTABLESPACE|ACCESS METHOD\b/.test(words)) {
    return effect({
      locks: [lock(name, "ACCESS EXCLUSIVE", "rewrite")],
      rewrite: true,
      scan: true,
      replicaCost: "replay",
    });
  }
  const gentle = /^(SET|RESET|CLUSTER ON|SET WITHOUT CLUSTER|ALTER COLUMN (SET|RESET)( STATISTICS)?)$/.test(words);
  return effect({ locks: [lock(name, gentle ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE", "brief")] });
}

/** A sequence gives out no value while it is changed. */
function alterSequence({ name, changes }: AlterObject): Effect {
  if (name === null) return effect({});
  const moved = /\b(OWNER TO|SET SCHEMA|SET LOGGED|SET UNLOGGED)\b/.test(changes.join(" "));
  return effect({ locks: [lock(name, moved ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE", "brief")] });
}

function movedObject({ name, changes }: AlterObject, _: Subject): Effect {
  const moved = changes.some((c) => /^(SET SCHEMA|RENAME)/.test(c));
  return effect({ breaks: moved ? [broken("both", `statements that name ${name?.name ?? "it"} fail`)] : [] });
}

/** An enum's values need no table's lock. An attribute rewrites the tables that are made of the type. */
function alterType({ name, changes, values }: AlterObject): Effect {
  const words = changes.join(" ");
  if (/\bRENAME VALUE\b/.test(words)) {
    return effect({ breaks: [broken("both", `statements that have the value '${values?.[0] ?? ""}' fail (22P02)`)] });
  }
  if (name === null || !/\bATTRIBUTE\b/.test(words)) return movedType({ name, words });
  const rewrites = /\bALTER ATTRIBUTE\b/.test(words);
  const cascades = /\bCASCADE\b/.test(words);
  return effect({
    locks: [lock(name, "ACCESS EXCLUSIVE", rewrites && cascades ? "rewrite" : "brief")],
    rewrite: rewrites && cascades,
    scan: rewrites && cascades,
    breaks: /\b(DROP|RENAME)\b/.test(words)
      ? [broken("both", `code that knows the attributes of ${shown(name)} fails`)]
      : [],
    destroys: /\bDROP\b/.test(words),
    replicaCost: rewrites && cascades ? "replay" : "none",
    assumes: cascades
      ? [`tables OF ${shown(name)} are locked against all use${rewrites ? " and written anew" : ""}`]
      : [],
  });
}

function movedType({ name, words }: { readonly name: AlterObject["name"]; readonly words: string }): Effect {
  const moved = /^SET SCHEMA/.test(words) && name !== null;
  return effect({ breaks: moved ? [broken("both", `statements that name type ${shown(name)} fail (42704)`)] : [] });
}

/** DROP of what is no table: what names it fails. */
export function dropObjectEffect(detail: DropObject, subject: Subject): Effect {
  const { object, name, cascade } = detail;
  if (PLACES[object] === "unknown") return worst(subject.operation);
  const itself = PLACES[object] === "itself" && name !== null;
  const mode = object === "statistics" ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE";
  const called = name === null ? `the ${object}` : `${object} ${shown(name)}`;
  return effect({
    locks: [
      ...(PLACES[object] === "table" ? onTable(subject, mode) : []),
      ...(itself ? [lock(name, "ACCESS EXCLUSIVE", "brief")] : []),
    ],
    breaks: NAMED.has(object) ? [broken("both", `statements that name ${called} fail`)] : [],
    fails: cascade || !HOLDABLE.has(object) ? null : `it is refused (2BP01) where anything needs ${called}`,
    destroys: object === "database" || (cascade && HOLDABLE.has(object)),
    transaction: transactionOf(object),
    assumes: cascade ? [`CASCADE takes with it whatever needs ${called}`] : [],
  });
}

/** What statements of the application name. */
const NAMED: ReadonlySet<ObjectType> = new Set<ObjectType>([
  "aggregate",
  "database",
  "domain",
  "extension",
  "foreign-table",
  "function",
  "materialized-view",
  "procedure",
  "schema",
  "sequence",
  "type",
  "view",
]);

/** What other objects are made of. */
const HOLDABLE: ReadonlySet<ObjectType> = new Set<ObjectType>([...NAMED, "collation", "foreign-server"]);

/** RENAME of what is no table. */
export function renameObjectEffect({ object, name }: RenameObject, subject: Subject): Effect {
  if (PLACES[object] === "unknown") return worst(subject.operation);
  const itself = PLACES[object] === "itself" && name !== null ? [lock(name, "ACCESS EXCLUSIVE", "brief")] : [];
  const mode = object === "statistics" ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE";
  const breaks = NAMED.has(object) ? [broken("both", `statements that name ${object} ${name?.name ?? ""} fail`)] : [];
  return effect({ locks: [...(PLACES[object] === "table" ? onTable(subject, mode) : []), ...itself], breaks });
}

/** GRANT and REVOKE wait for nobody who reads or writes. */
export function privilegesEffect({ action, on }: Privileges, subject: Subject): Effect {
  const breaks =
    action === "revoke" ? [broken("both", `what needs the right${on === null ? "" : ` on ${on}`} fails (42501)`)] : [];
  return effect({ locks: onTable(subject, "ACCESS SHARE"), breaks });
}

/** COMMENT waits for other DDL only. */
export function commentEffect(_: CommentOn, subject: Subject): Effect {
  return effect({ locks: onTable(subject, "SHARE UPDATE EXCLUSIVE") });
}

/** REFRESH MATERIALIZED VIEW: who reads it waits for the query; CONCURRENTLY only who writes, and needs a unique index. */
export function refreshEffect({ concurrently, withData }: RefreshView, subject: Subject): Effect {
  const name = shown(subject.relation);
  if (concurrently) {
    return effect({
      locks: [lock(subject.relation, "EXCLUSIVE", "scan")],
      scan: true,
      fails: `without a unique index over all rows of ${name} it is refused (55000)`,
      replicaCost: "replay",
      assumes: [`the tables that ${name} reads are marked as read`],
    });
  }
  const unread = withData ? [] : [broken("reads", `${name} cannot be read until it is refreshed (55000)`)];
  return effect({
    locks: [lock(subject.relation, "ACCESS EXCLUSIVE", withData ? "rewrite" : "brief")],
    rewrite: withData,
    scan: withData,
    indexesRebuilt: withData,
    breaks: unread,
    replicaCost: withData ? "replay" : "none",
    assumes: withData ? [`the tables that ${name} reads are marked as read`] : [],
  });
}
