import { findTable, sameRelation } from "../engines/engine.js";
import { tableOfTrigger } from "../engines/stored-code.js";
import { isGoneTable, isWhole, knownView, mayHaveRoutine, tableOfIndex } from "../engines/table-lookup.js";
import { get, type PersistentMap, set, without } from "../history/persistent-map.js";
import type { Catalog } from "../model/catalog.js";
import type { DropObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import { keyAfter, keyReplaced, keysMade, keysNamed, LIKE_TABLES, nameKey, rolesNamed } from "./made-names.js";

/** Something that a file made. */
export interface Made {
  readonly key: string;
  /** When it goes by itself. Whoever has its name then is not fresh. */
  readonly until: "never" | "session" | "commit";
  /** The file has put rows into it, and how many is not said. */
  readonly filled: boolean;
  /** Present, and true, where the file has put rows into it, however few. */
  readonly hasRows?: true;
}

type All = PersistentMap<Made>;

/** A name that something had which the file took away: what the file makes under it is known to running code. */
const goneKey = (key: string): string => `gone\0${key}`;

export const isInPlaceOfOther = (made: All, key: string): boolean => get(made, goneKey(key)) !== undefined;

/** A routine whose name no other one has, whatever it takes. */
const withAnyTaken = (key: string): string => `${key.replace(/\0\([^\0]*$/, "")}\0(*`;

const note = (made: All, key: string): All => set(made, key, { key, until: "never", filled: false });

/**
 * Whether an operation takes away, renames, or takes rights on nothing but what the file made before it, which no running
 * code can name: functions, triggers, policies, columns, schemas, extensions and the like, and rights on tables and views.
 */
export function isOwn(made: All, operation: Operation, known: Catalog): boolean {
  if (made.size === 0) return false;
  const has = (key: string) => get(made, key) !== undefined && !isInPlaceOfOther(made, key);
  const isMade = (key: string) => has(key) || has(withAnyTaken(key));
  const names = keysNamed(operation, known);
  if (names?.every(isMade)) return true;
  const roles = rolesNamed(operation);
  return roles.length > 0 && roles.every(isMade);
}

/** Whether it puts a routine in the place of one that the file made before it. */
export function replacesOwn(made: All, operation: Operation, known: Catalog): boolean {
  const key = made.size === 0 ? null : keyReplaced(operation, known);
  return key !== null && get(made, key) !== undefined && !isInPlaceOfOther(made, key);
}

/**
 * What the file has made behind an operation, as far as it is no table.
 *
 * @param known the schema before it
 * @param isNew what it makes was not there
 */
export function ownAfter(made: All, operation: Operation, known: Catalog, isNew: boolean): All {
  const fresh = keysMade(operation, known, isNew).filter((key) => !isInPlaceOfOther(made, key));
  return fresh.reduce(note, withoutNamed(made, operation, known));
}

function withoutNamed(made: All, operation: Operation, known: Catalog): All {
  const names = namesGone(operation, known);
  if (names === null) return made;
  if (!isOwn(made, operation, known))
    return isNowhere(operation, known) ? made : names.reduce((all, key) => note(all, goneKey(key)), made);
  const left = names.reduce<All>(without, made);
  const to = keyAfter(operation, known);
  return to === null ? left : [to, withAnyTaken(to)].reduce(note, left);
}

/** The names that nobody has behind an operation. */
function namesGone(operation: Operation, known: Catalog): readonly string[] | null {
  if (operation.kind === "drop-column" || operation.kind === "rename-column") return keysNamed(operation, known);
  if (operation.kind !== "other") return null;
  const { detail } = operation;
  if (detail?.kind !== "drop-object" && detail?.kind !== "rename-object") return null;
  const { object, name } = detail;
  return LIKE_TABLES.has(object) && name !== null ? [nameKey(name, known.defaultSchema)] : keysNamed(operation, known);
}

/** IF EXISTS of what no file has made takes nothing away. */
function isNowhere(operation: Operation, known: Catalog): boolean {
  const dropped = operation.kind === "other" && operation.detail?.kind === "drop-object" ? operation.detail : null;
  return dropped?.ifExists === true && !isMadeByFiles(dropped, operation, known);
}

function isMadeByFiles({ object, name }: DropObject, { relation }: Operation, known: Catalog): boolean {
  if (name === null) return true;
  if (object === "function" || object === "procedure" || object === "aggregate")
    return mayHaveRoutine(known, object, name);
  if (object === "view" || object === "materialized-view") return knownView(known, name) !== null;
  const tables = relation === null ? known.tables : [findTable(known, relation) ?? []].flat();
  return HANGING.has(object) && tables.some((t) => t.dependents.some((d) => d.kind === object && d.name === name.name));
}

const HANGING: ReadonlySet<string> = new Set(["trigger", "rule", "policy"]);

/**
 * Whether DROP ... IF EXISTS is about something that nobody has, and that the file makes behind it: the files tell what there is,
 * and have not made it, or dropped it again. What no file says more of may be there for somebody else.
 *
 * @param behind operations behind it that make something of the name
 */
export function isFirst(operation: Operation, known: Catalog, behind: readonly Operation[]): boolean {
  if (operation.kind !== "other" || behind.length === 0 || !isWhole(known)) return false;
  const { detail, relation } = operation;
  if (detail?.kind === "drop-table") return detail.ifExists && relation !== null && isNewTable(relation, known, behind);
  if (detail?.kind !== "drop-object" || !TOLD.has(detail.object)) return false;
  return behind.some((later) => isMadeAs(detail, later, known)) && isNowhere(operation, known);
}

/**
 * Whether an operation is about nothing but what files have dropped before it, or given another name: IF EXISTS does nothing then,
 * and all else is refused. Of MySQL's triggers the files have to have made the table.
 */
export function isOnGone(operation: Operation, known: Catalog): boolean {
  const names = operation.kind === "create-table" ? [] : namesNeeded(operation, known);
  return names.length > 0 && names.every((name) => isGone(name, known));
}

const isGone = (name: RelationName, known: Catalog): boolean =>
  isGoneTable(known, name) && findTable(known, name) === null && tableOfIndex(known, name) === null;

function namesNeeded(operation: Operation, known: Catalog): readonly RelationName[] {
  if (operation.relation !== null) return [operation.relation];
  if (operation.kind !== "other") return [];
  const { detail } = operation;
  if (detail?.kind === "drop-index") return [detail.index];
  if (detail?.kind === "privileges") return (detail.targets ?? []).map(({ name }) => name);
  if (detail?.kind !== "drop-object" || detail.object !== "trigger" || detail.name === null) return [];
  const table = tableOfTrigger(detail.name, known);
  return table === null ? [] : [table];
}

const isNewTable = (relation: RelationName, known: Catalog, behind: readonly Operation[]): boolean =>
  findTable(known, relation) === null &&
  knownView(known, relation) === null &&
  behind.some((o) => o.kind === "create-table" && sameRelation(o.relation, relation, known.defaultSchema));

function isMadeAs({ object, name }: DropObject, later: Operation, known: Catalog): boolean {
  const made = later.kind === "other" && later.detail?.kind === "create-object" ? later.detail : null;
  if (made?.object !== object || made.name === null || name === null) return false;
  // A view of what no file has made shows that the files do not tell all.
  const isTold = made.reads.every((r) => findTable(known, r) !== null || knownView(known, r) !== null);
  return isTold && sameRelation(made.name, name, known.defaultSchema);
}

/** What a replay of files keeps. */
const TOLD: ReadonlySet<string> = new Set(["function", "procedure", "view", "materialized-view", ...HANGING]);
