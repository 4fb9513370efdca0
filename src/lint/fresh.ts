import { findTable } from "../engines/engine.js";
import { hasHistory } from "../engines/table-lookup.js";
import { emptyMap, get, type PersistentMap, set, valuesOf, without } from "../history/persistent-map.js";
import type { Catalog } from "../model/catalog.js";
import type { DataChange } from "../model/detail/data.js";
import type { CreateObject } from "../model/detail/object.js";
import type { Effect, Lock } from "../model/effect.js";
import type { RelationName } from "../model/name.js";
import type { CreateTable, Operation, OtherOperation } from "../model/operation.js";

/** Tables, views, sequences and types that a file made, by schema and name: they share their names (PostgreSQL). */
export type Fresh = PersistentMap<Made>;

interface Made {
  readonly key: string;
  /** When it goes by itself. Whoever has its name then is not fresh. */
  readonly until: "never" | "session" | "commit";
  /** The file has put rows into it, and how many is not said. */
  readonly filled: boolean;
}

export const NOTHING_FRESH: Fresh = emptyMap();

const key = ({ schema, name }: RelationName, defaultSchema: string | null): string =>
  `${schema ?? defaultSchema ?? ""}\0${name}`;

/** A temporary table stands before one of the same name that is not, and has a schema of its own. */
const temporaryKey = ({ schema, name }: RelationName): string | null =>
  schema === null || schema === "pg_temp" ? `pg_temp\0${name}` : null;

/** Of something that the file made, where it is noted; else null. */
function freshKey(fresh: Fresh, relation: RelationName, defaultSchema: string | null): string | null {
  const keys = [temporaryKey(relation), key(relation, defaultSchema)];
  return keys.find((one) => one !== null && get(fresh, one) !== undefined) ?? null;
}

const MADE: ReadonlySet<string> = new Set(["view", "materialized-view", "sequence", "type", "domain"]);

/** What an operation is about: its table, or the type that it names. */
function subjectOf(operation: Operation): RelationName | null {
  if (operation.kind !== "other" || operation.relation !== null) return operation.relation;
  const { detail } = operation;
  if (detail === undefined || !("object" in detail) || detail.name === null) return null;
  if (detail.object === "role") return asRole(detail.name);
  return MADE.has(detail.object) ? detail.name : null;
}

/** Roles have their names for themselves. */
const asRole = ({ name }: RelationName): RelationName => ({ schema: "\0role", name });

/**
 * Whether an operation is about what the file made, and holds nobody up who uses another table: what a new table is
 * filled from, or what a new table that is full by now points at.
 *
 * @param effect as others see it
 */
export function isFresh(fresh: Fresh, operation: Operation, effect: Effect, defaultSchema: string | null): boolean {
  const made = madeOf(fresh, operation, defaultSchema);
  if (made === null) return false;
  const waits = effect.locks.some(
    ({ blocks, held }) => held !== "brief" && (blocks === "reads" || blocks === "writes"),
  );
  return !waits || !(made.filled || changeOf(operation) !== null);
}

/** Whether the file has filled what an operation is about; null where the file did not make it. */
export function isFilled(fresh: Fresh, operation: Operation, defaultSchema: string | null): boolean | null {
  return madeOf(fresh, operation, defaultSchema)?.filled ?? null;
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

/** An effect without its locks on what the file made: nobody waits for them. */
export function seenByOthers(fresh: Fresh, effect: Effect, operation: Operation, defaultSchema: string | null): Effect {
  if (fresh.size === 0) return effect;
  const locks = effect.locks.filter((lock) => freshKey(fresh, lock.relation, defaultSchema) === null);
  const detail = operation.kind === "other" ? operation.detail : undefined;
  const attached = detail?.kind === "attach-partition" && freshKey(fresh, detail.partition, defaultSchema) !== null;
  return attached ? attachedEmpty(effect, locks) : { ...effect, locks };
}

/** No row of the partition can be outside of its bound, nor point at a row that is missing; a DEFAULT partition is read. */
function attachedEmpty(effect: Effect, all: readonly Lock[]): Effect {
  const locks = all.map((lock) => (lock.mode === "ACCESS EXCLUSIVE" ? lock : { ...lock, held: "brief" as const }));
  return { ...effect, locks, fails: null, scan: locks.some(({ held }) => held !== "brief") };
}

/** What may end fresh tables, or give their names to others. */
const UNMAKES = /^(?:drop-(?:schema|database|owned)|rename-schema|set-schema|move)/;

/** What is fresh behind an operation. @param known the schema before it */
export function freshAfter(fresh: Fresh, operation: Operation, known: Catalog): Fresh {
  const schema = known.defaultSchema;
  if (operation.kind === "create-table")
    return mayBeThere(operation, known) ? fresh : withTable(fresh, operation, schema);
  if (operation.kind !== "other") return fresh;
  if (operation.detail?.kind === "create-object") return withObject(fresh, operation.detail, schema);
  if (fresh.size === 0) return fresh;
  const change = changeOf(operation);
  if (change !== null) return withRows(fresh, change, schema);
  if (isDiscard(operation)) return withoutTemporary(fresh, ["session", "commit"]);
  if (UNMAKES.test(operation.what)) return NOTHING_FRESH;
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
  if (change.source === null || few) return fresh;
  return change.writes.reduce((all, relation) => {
    const own = freshKey(all, relation, schema);
    const made = own === null ? undefined : get(all, own);
    return made === undefined || made.filled ? all : set(all, made.key, { ...made, filled: true });
  }, fresh);
}

/** What is fresh behind the end of a transaction, or behind DISCARD, which ends what is temporary. */
export function withoutTemporary(fresh: Fresh, until: readonly Made["until"][]): Fresh {
  return valuesOf(fresh).reduce((left, made) => (until.includes(made.until) ? without(left, made.key) : left), fresh);
}

function withObject(fresh: Fresh, { object, name, ...how }: CreateObject, schema: string | null): Fresh {
  if (object === "role") return name === null ? fresh : withMade(fresh, key(asRole(name), schema), "never");
  const made = MADE.has(object) && name !== null && !how.orReplace && !how.ifNotExists;
  return made ? withMade(fresh, key(name, schema), "never") : fresh;
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
  const isMade = detail?.kind === "drop-object" && (MADE.has(detail.object) || detail.object === "role");
  return isMade && detail.name?.name === name;
}

function newName({ detail }: OtherOperation, { schema }: RelationName): RelationName | null {
  if (detail?.kind === "rename-table") return { ...detail.to, schema: detail.to.schema ?? schema };
  if (detail?.kind !== "rename-object" || !(MADE.has(detail.object) || detail.object === "role")) return null;
  return { schema, name: detail.to };
}
