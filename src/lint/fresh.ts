import { findTable } from "../engines/engine.js";
import { isNewView } from "../engines/new-view.js";
import { tablesNamed } from "../engines/rights.js";
import { hasHistory } from "../engines/table-lookup.js";
import { emptyMap, get, type PersistentMap, set, valuesOf, without } from "../history/persistent-map.js";
import type { Catalog } from "../model/catalog.js";
import type { Code } from "../model/detail/code.js";
import type { DataChange } from "../model/detail/data.js";
import type { CreateObject } from "../model/detail/object.js";
import type { Effect, Lock } from "../model/effect.js";
import type { RelationName } from "../model/name.js";
import type { CreateTable, Operation, OtherOperation } from "../model/operation.js";
import { firstMade } from "./first-made.js";
import { isHanging, LIKE_TABLES, nameKey } from "./made-names.js";
import { isInPlaceOfOther, isOwn, type Made, ownAfter, replacesOwn } from "./own.js";

/**
 * What a file made, by its name: tables, views, sequences and types share theirs (PostgreSQL), what else there is has keys of
 * its own.
 */
export type Fresh = PersistentMap<Made>;

export const NOTHING_FRESH: Fresh = emptyMap();

const key = nameKey;

/** A temporary table stands before one of the same name that is not, and has a schema of its own. */
const temporaryKey = ({ schema, name }: RelationName): string | null =>
  schema === null || schema === "pg_temp" ? `pg_temp\0${name}` : null;

/** Of something that the file made, where it is noted; else null. */
function freshKey(fresh: Fresh, relation: RelationName, defaultSchema: string | null): string | null {
  const keys = [temporaryKey(relation), key(relation, defaultSchema)];
  return keys.find((one) => one !== null && get(fresh, one) !== undefined) ?? null;
}

/** What an operation is about: its table, or the type that it names. */
function subjectOf(operation: Operation): RelationName | null {
  if (operation.kind !== "other" || operation.relation !== null) return operation.relation;
  const { detail } = operation;
  if (detail === undefined || !("object" in detail) || detail.name === null) return null;
  if (detail.object === "role") return asRole(detail.name);
  return LIKE_TABLES.has(detail.object) ? detail.name : null;
}

/** Roles have their names for themselves. */
const asRole = ({ name }: RelationName): RelationName => ({ schema: "\0role", name });

/** Who made what an operation is about. */
export interface Standing {
  /** The file did, and nobody else is held up. */
  readonly isFresh: boolean;
  /** The file made what it takes away, replaces, renames, or takes rights on, though the table that this hangs on is others'. */
  readonly isOwn: boolean;
}

/**
 * Nobody has what an operation is about: it drops what the file makes behind it (`first`), or is about what files have dropped
 * (`gone`).
 */
export type Nobodys = "first" | "gone" | null;

export function standing(
  fresh: Fresh,
  operation: Operation,
  effect: Effect,
  known: Catalog,
  nobodys: Nobodys = null,
): Standing {
  if (nobodys !== null) return { isFresh: nobodys === "gone" || !isHanging(operation), isOwn: true };
  const own = isOwn(fresh, operation, known) || replacesOwn(fresh, operation, known);
  return { isFresh: isFresh(fresh, operation, effect, known), isOwn: own };
}

/**
 * Whether an operation is about what the file made, and holds nobody up who uses another table: what a new table is
 * filled from, or what a new table that is full by now points at.
 *
 * @param effect as others see it
 */
function isFresh(fresh: Fresh, operation: Operation, effect: Effect, known: Catalog): boolean {
  if (isOwn(fresh, operation, known)) return !isHanging(operation);
  if (isCallOnOwn(fresh, operation, known)) return true;
  const made = madeOf(fresh, operation, known.defaultSchema);
  if (made === null || (takesAway(operation) && isInPlaceOfOther(fresh, made.key))) return false;
  if (joinsOthers(fresh, operation, made, known)) return false;
  const waits = effect.locks.some(
    ({ blocks, held }) => held !== "brief" && (blocks === "reads" || blocks === "writes"),
  );
  return !waits || !(made.filled || changeOf(operation) !== null);
}

/** `SELECT create_hypertable('metrics', 'time')`: each function is told of a table of the file's own, and of no other one. */
function isCallOnOwn(fresh: Fresh, operation: Operation, known: Catalog): boolean {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind !== "query" || detail.passed === undefined || detail.passed.length === 0) return false;
  const isMade = (relation: RelationName) => freshKey(fresh, relation, known.defaultSchema) !== null;
  return detail.passed.every((texts) => {
    const named = texts.flatMap(tablesNamed);
    return named.some(isMade) && named.every((one) => isMade(one) || findTable(known, one) === null);
  });
}

/** INHERIT with rows in it: running code finds them in the parent (PostgreSQL). */
function joinsOthers(fresh: Fresh, operation: Operation, made: Made, known: Catalog): boolean {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind !== "inherit" || !detail.enabled) return false;
  return (made.filled || made.hasRows === true) && freshKey(fresh, detail.parent, known.defaultSchema) === null;
}

/** A view that the file made in the place of another one is what running code names. */
const takesAway = (operation: Operation): boolean =>
  operation.kind === "other" && operation.detail?.kind === "drop-object";

/** Whether the file has filled what an operation is about; null where the file did not make it. */
export function isFilled(fresh: Fresh, operation: Operation, defaultSchema: string | null): boolean | null {
  return madeOf(fresh, operation, defaultSchema)?.filled ?? null;
}

/** Whether the file has made all tables that an INSERT ... SELECT reads, and has put into them what it writes out, if anything. */
export function readsFew(fresh: Fresh, operation: Operation, defaultSchema: string | null): boolean {
  const change = changeOf(operation);
  if (change === null || change.source !== "query" || change.reads.length === 0 || fresh.size === 0) return false;
  return change.reads.every((relation) => {
    const own = freshKey(fresh, relation, defaultSchema);
    return own !== null && get(fresh, own)?.filled === false;
  });
}

function madeOf(fresh: Fresh, operation: Operation, defaultSchema: string | null): Made | null {
  if (fresh.size === 0) return null;
  const subject = subjectOf(operation);
  const found = subject === null ? null : freshKey(fresh, subject, defaultSchema);
  return found === null ? null : (get(fresh, found) ?? null);
}

function changeOf(operation: Operation): DataChange | null {
  return operation.kind === "other" && operation.detail?.kind === "data-change" ? operation.detail : null;
}

/** An effect without its locks on what the file made: nobody waits for them, nor misses what the file takes away again. */
export function seenByOthers(
  fresh: Fresh,
  whole: Effect,
  operation: Operation,
  known: Catalog,
  nobodys: Nobodys = null,
): Effect {
  if (nobodys === "gone") return { ...whole, locks: [], breaks: [], destroys: false };
  if (fresh.size === 0 && nobodys === null) return whole;
  const { defaultSchema } = known;
  const own = nobodys === "first" || isOwn(fresh, operation, known);
  // A publication of the file's own takes the tables of others.
  const left = nobodys === "first" ? [] : whole.breaks.filter(({ unidentified }) => unidentified !== undefined);
  const effect = own ? { ...whole, breaks: left, destroys: false } : whole;
  const isOthers = (relation: RelationName) => freshKey(fresh, relation, defaultSchema) === null;
  const locks = effect.locks.filter((lock) => isOthers(lock.relation));
  const breaks = effect.breaks.filter(({ of }) => of === undefined || isOthers(of));
  const detail = operation.kind === "other" ? operation.detail : undefined;
  const attached = detail?.kind === "attach-partition" && freshKey(fresh, detail.partition, defaultSchema) !== null;
  return attached ? attachedEmpty(effect, locks) : { ...effect, locks, breaks };
}

/** No row of the partition can be outside of its bound, nor point at a row that is missing; a DEFAULT partition is read. */
function attachedEmpty(effect: Effect, all: readonly Lock[]): Effect {
  const locks = all.map((lock) => (lock.mode === "ACCESS EXCLUSIVE" ? lock : { ...lock, held: "brief" as const }));
  return { ...effect, locks, fails: null, scan: locks.some(({ held }) => held !== "brief") };
}

/** What may end fresh tables, or give their names to others. */
const UNMAKES = /^(?:drop-(?:schema|database|owned)|rename-schema|set-schema|move)/;

/**
 * What is fresh behind an operation.
 *
 * @param known the schema before it
 * @param asNew what it may be the first to make is taken to be new
 */
export function freshAfter(fresh: Fresh, operation: Operation, known: Catalog, asNew = false): Fresh {
  const code = operation.kind === "other" && operation.detail?.kind === "opaque" ? operation.detail.code : undefined;
  if (code !== undefined && code.unknown.length === 0) return freshBehind(fresh, code, known, asNew);
  const first = asNew && firstMade(operation, known).length > 0;
  const own = ownAfter(fresh, operation, known, first);
  return tablesAfter(own, operation, known, isOwn(fresh, operation, known), first);
}

/** What a block makes for certain is the file's own; what it may take away is not any more. */
function freshBehind(fresh: Fresh, { operations }: Code, known: Catalog, asNew: boolean): Fresh {
  const makes = (o: Operation) =>
    o.kind === "create-table" || o.kind === "add-column" || (o.kind === "other" && /^create-|^rename-/.test(o.what));
  // What is temporary may go with the block.
  const stays = (o: Operation) => o.kind !== "create-table" || !o.temporary;
  const certain = operations.filter(
    ({ operation, conditional, repeated }) => (!(conditional || repeated) || !makes(operation)) && stays(operation),
  );
  return certain.reduce((all, { operation }) => freshAfter(all, operation, known, asNew), fresh);
}

/**
 * @param isOwn it takes away what the file made, and nothing that is in it was there before
 * @param isNew what it makes was not there
 */
function tablesAfter(fresh: Fresh, operation: Operation, known: Catalog, isOwn: boolean, isNew: boolean): Fresh {
  const schema = known.defaultSchema;
  if (operation.kind === "create-table")
    return !isNew && mayBeThere(operation, known) ? fresh : withTable(fresh, operation, schema);
  if (operation.kind !== "other") return fresh;
  if (operation.detail?.kind === "create-object") return withObject(fresh, operation.detail, known);
  if (fresh.size === 0) return fresh;
  const change = changeOf(operation);
  if (change !== null) return withRows(fresh, change, schema);
  if (isDiscard(operation)) return withoutTemporary(fresh, ["session", "commit"]);
  if (UNMAKES.test(operation.what) && !isOwn) return NOTHING_FRESH;
  return withoutGone(fresh, operation, schema);
}

/** DISCARD ALL and DISCARD TEMP: temporary tables are gone (PostgreSQL). */
function isDiscard({ detail }: OtherOperation): boolean {
  return detail?.kind === "administration" && /^discard-(?:all|temp)$/.test(detail.action);
}

/** IF NOT EXISTS of a table that a history does not have makes it, as it does in every database that the history made. */
function mayBeThere({ ifNotExists, relation }: CreateTable, known: Catalog): boolean {
  return ifNotExists && (findTable(known, relation) !== null || !hasHistory(known));
}

/** A table with the sequences of its columns, named as PostgreSQL does where nobody has the name. */
function withTable(fresh: Fresh, { relation, columns, ...table }: CreateTable, schema: string | null): Fresh {
  const made = table.temporary ? temporaryKey(relation) : null;
  const until = table.untilCommit === true ? "commit" : table.temporary ? "session" : "never";
  const counted = columns.filter((c) => c.autoIncrement || c.identity !== null);
  const sequences = counted.map((c) => key({ ...relation, name: `${relation.name}_${c.name}_seq` }, schema));
  const own = made ?? key(relation, schema);
  const filled = table.form === "as" && table.withData !== false;
  const grown = withMade(fresh, own, until, filled);
  return sequences.reduce((all, one) => withMade(all, one, "never"), grown);
}

const withMade = (fresh: Fresh, one: string, until: Made["until"], filled = false): Fresh =>
  set(fresh, one, { key: one, until, filled });

/** Rows that are written out are few, as are those of one batch. */
function withRows(fresh: Fresh, change: DataChange, schema: string | null): Fresh {
  const few = change.source === "rows" || change.oneRow === true || change.limited;
  if (change.source === null) return fresh;
  return change.writes.reduce((all, relation) => {
    const own = freshKey(all, relation, schema);
    const made = own === null ? undefined : get(all, own);
    if (made === undefined || made.filled || (few && made.hasRows)) return all;
    return set(all, made.key, { ...made, filled: !few, hasRows: true });
  }, fresh);
}

/** What is fresh behind the end of a transaction, or behind DISCARD, which ends what is temporary. */
export function withoutTemporary(fresh: Fresh, until: readonly Made["until"][]): Fresh {
  return valuesOf(fresh).reduce((left, made) => (until.includes(made.until) ? without(left, made.key) : left), fresh);
}

function withObject(fresh: Fresh, detail: CreateObject, known: Catalog): Fresh {
  const { object, name, orReplace, ifNotExists } = detail;
  const { defaultSchema: schema } = known;
  if (object === "role") return name === null ? fresh : withMade(fresh, key(asRole(name), schema), "never");
  const isNew = (!orReplace && !ifNotExists) || isNewView(detail, known);
  return isNew && LIKE_TABLES.has(object) && name !== null ? withMade(fresh, key(name, schema), "never") : fresh;
}

/** What is dropped is not fresh any more, and what has another name is fresh by that. */
function withoutGone(fresh: Fresh, operation: OtherOperation, schema: string | null): Fresh {
  const subject = subjectOf(operation);
  const gone = subject === null ? null : freshKey(fresh, subject, schema);
  if (subject === null || gone === null) return fresh;
  const to = newName(operation, subject);
  if (to === null)
    return /^(?:drop-table|rename-table)/.test(operation.what) || isDropped(operation, subject)
      ? without(fresh, gone)
      : fresh;
  const temporary = gone === temporaryKey(subject) ? temporaryKey(to) : null;
  const { until = "never", filled = false } = get(fresh, gone) ?? {};
  return withMade(without(fresh, gone), temporary ?? key(to, schema), until, filled);
}

/** A trigger's DROP names its table too, which stays. */
function isDropped({ detail }: OtherOperation, { name }: RelationName): boolean {
  const isMade = detail?.kind === "drop-object" && (LIKE_TABLES.has(detail.object) || detail.object === "role");
  return isMade && detail.name?.name === name;
}

function newName({ detail }: OtherOperation, { schema }: RelationName): RelationName | null {
  if (detail?.kind === "rename-table") return { ...detail.to, schema: detail.to.schema ?? schema };
  if (detail?.kind !== "rename-object" || !(LIKE_TABLES.has(detail.object) || detail.object === "role")) return null;
  return { schema, name: detail.to };
}
