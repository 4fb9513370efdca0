import { findTable } from "../engines/engine.js";
import { tablesNamed } from "../engines/rights.js";
import { isWhole, mayHaveRoutine } from "../engines/table-lookup.js";
import type { Catalog } from "../model/catalog.js";
import type { CreateObject, ObjectType, Privileges } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { DetailOf } from "../model/operation-detail.js";

/** A name with its schema, as what the file makes is noted by. */
export const nameKey = ({ schema, name }: RelationName, defaultSchema: string | null): string =>
  `${schema ?? defaultSchema ?? ""}\0${name}`;

/** What shares its names with tables (PostgreSQL), and is noted as they are; so are roles, which have theirs for themselves. */
export const LIKE_TABLES: ReadonlySet<string> = new Set(["view", "materialized-view", "sequence", "type", "domain"]);

/** What hangs on a table that others use: its own name is its own, the locks on the table are not. */
const HANGING: ReadonlySet<string> = new Set(["trigger", "rule", "policy", "statistics"]);

export const ROUTINES: ReadonlySet<string> = new Set(["function", "procedure", "aggregate"]);

/** Named by all schemas alike. */
const GLOBAL: ReadonlySet<string> = new Set([
  "database",
  "extension",
  "foreign-server",
  "publication",
  "schema",
  "subscription",
]);

const BY_SCHEMA: ReadonlySet<string> = new Set(["collation", "event", "library", "package", "package-body"]);

/** Functions and procedures share their names on PostgreSQL, and are told apart by what they take. */
function routineKey(
  object: ObjectType,
  name: RelationName,
  takes: readonly string[] | undefined,
  known: Catalog,
): string {
  const kind = known.dialect === undefined ? "routine" : object;
  const own = `${kind}\0${nameKey(name, known.defaultSchema)}`;
  return takes === undefined ? own : `${own}\0(${takes.join()}`;
}

/** MySQL's and MariaDB's triggers are named without their table. */
function hangingKey(object: ObjectType, name: RelationName, table: RelationName | null, known: Catalog): string | null {
  if (object === "statistics" || known.dialect !== undefined) return `${object}\0${nameKey(name, known.defaultSchema)}`;
  return table === null ? null : `${object}\0${nameKey(table, known.defaultSchema)}\0${name.name}`;
}

interface Named {
  readonly object: ObjectType;
  readonly name: RelationName | null;
  readonly takes?: readonly string[] | undefined;
}

/** By what something that is no table is noted; null for what is not noted by a name of its own. */
function objectKey({ object, name, takes }: Named, table: RelationName | null, known: Catalog): string | null {
  if (name === null) return null;
  if (ROUTINES.has(object)) return routineKey(object, name, takes, known);
  if (HANGING.has(object)) return hangingKey(object, name, table, known);
  // MySQL and MariaDB call a database a schema.
  if (GLOBAL.has(object))
    return `${known.dialect === undefined ? object : object.replace("schema", "database")}\0${name.name}`;
  if (BY_SCHEMA.has(object)) return `${object}\0${nameKey(name, known.defaultSchema)}`;
  return null;
}

const columnKey = (table: RelationName, column: string, known: Catalog): string =>
  `column\0${nameKey(table, known.defaultSchema)}\0${known.dialect === undefined ? column : column.toLowerCase()}`;

/** The routine that OR REPLACE puts another one in the place of; null where an operation does none of this. */
export function keyReplaced(operation: Operation, known: Catalog): string | null {
  const made = operation.kind === "other" && operation.detail?.kind === "create-object" ? operation.detail : null;
  if (made === null || !made.orReplace || !ROUTINES.has(made.object)) return null;
  return objectKey({ ...made, takes: made.routine?.takes }, operation.relation, known);
}

/**
 * What an operation makes that no table is, by the keys that it is found by; none where it may have been there.
 *
 * @param isNew what it makes was not there
 */
export function keysMade(operation: Operation, known: Catalog, isNew: boolean): readonly string[] {
  if (operation.kind === "add-column") {
    const { relation, column, ifNotExists } = operation;
    return ifNotExists && mayHaveColumn(relation, column.name, known) ? [] : [columnKey(relation, column.name, known)];
  }
  const made = operation.kind === "other" && operation.detail?.kind === "create-object" ? operation.detail : null;
  if (made === null || (!isNew && mayBeThere(made, known))) return [];
  const key = objectKey({ ...made, takes: made.routine?.takes }, operation.relation, known);
  if (key === null) return [];
  // A routine is also named without what it takes; of an aggregate that is not told.
  if (made.object === "aggregate" && !mayHaveRoutine(known, made.object, made.name ?? NOBODY))
    return [key, `${key}\0(*`];
  return ROUTINES.has(made.object) ? [key, routineKey(made.object, made.name ?? NOBODY, undefined, known)] : [key];
}

const NOBODY: RelationName = Object.freeze({ schema: null, name: "" });

function mayHaveColumn(relation: RelationName, column: string, known: Catalog): boolean {
  const table = findTable(known, relation);
  return table === null || table.columns.some(({ name }) => name === column);
}

/** OR REPLACE of a routine that a whole history does not have makes it, as it does in every database that it made. */
function mayBeThere({ object, name, orReplace, ifNotExists }: CreateObject, known: Catalog): boolean {
  if (!orReplace && !ifNotExists) return false;
  return !ROUTINES.has(object) || name === null || !isWhole(known) || mayHaveRoutine(known, object, name);
}

/**
 * What an operation takes away, renames, or takes rights on, by the keys that it would be noted by where the file made it; null
 * where it does none of this, or to something that is not noted by a name.
 */
export function keysNamed(operation: Operation, known: Catalog): readonly string[] | null {
  if (operation.kind === "drop-column") return [columnKey(operation.relation, operation.column, known)];
  if (operation.kind === "rename-column") return [columnKey(operation.relation, operation.from, known)];
  if (operation.kind !== "other") return null;
  const { detail, relation } = operation;
  switch (detail?.kind) {
    case "drop-object":
    case "rename-object":
      return single(objectKey(detail, relation, known));
    case "alter-object":
      return takesNothing(detail) ? single(objectKey(detail, relation, known)) : null;
    case "switch":
      return switched(detail, relation, known);
    case "privileges":
      return detail.action === "revoke" ? rightsOn(detail, known) : null;
    default:
      return null;
  }
}

const single = (key: string | null): readonly string[] | null => (key === null ? null : [key]);

function switched({ what, name }: DetailOf<"switch">, table: RelationName | null, known: Catalog) {
  if (name === null || (what !== "trigger" && what !== "rule")) return null;
  return single(hangingKey(what, { schema: null, name }, table, known));
}

/** A publication that gets other tables changes what their writers may do; so may what hangs on a table. */
function takesNothing({ object, changes }: DetailOf<"alter-object">): boolean {
  if (HANGING.has(object) || object === "event" || object === "database") return false;
  return object !== "publication" || !changes.some((change) => /ADD|SET/.test(change));
}

/** What rights are taken on. */
function rightsOn({ targets = [] }: Privileges, known: Catalog): readonly string[] | null {
  if (targets.length === 0) return null;
  return targets.map((target) => {
    const { object } = target;
    const own = object === "table" ? null : objectKey({ ...target, object }, null, known);
    return own ?? nameKey(target.name, known.defaultSchema);
  });
}

/** By what roles are noted. */
export const roleKey = (name: string): string => `\0role\0${name}`;

/** From whom an operation takes rights; none where it takes none. */
export function rolesNamed(operation: Operation): readonly string[] {
  if (operation.kind !== "other" || operation.detail?.kind !== "privileges") return [];
  const { action, grantees = "" } = operation.detail;
  return action === "revoke" ? tablesNamed(grantees).map(({ name }) => roleKey(name)) : [];
}

/** What has another name behind an operation; null where none has. */
export function keyAfter(operation: Operation, known: Catalog): string | null {
  if (operation.kind === "rename-column") return columnKey(operation.relation, operation.to, known);
  if (operation.kind !== "other" || operation.detail?.kind !== "rename-object") return null;
  const { object, name, to } = operation.detail;
  return name === null ? null : objectKey({ object, name: { ...name, name: to } }, operation.relation, known);
}

/** Whether what an operation is about hangs on a table: the locks on that are others' concern, whoever made it. */
export function isHanging(operation: Operation): boolean {
  if (operation.kind !== "other") return true;
  const { detail } = operation;
  return detail?.kind === "switch" || (detail !== undefined && "object" in detail && HANGING.has(detail.object));
}
