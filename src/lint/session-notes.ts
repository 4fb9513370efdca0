import type { EnumValue, HeldLock } from "../../rules/rule.js";
import { findTable, sameRelation } from "../engines/engine.js";
import { lookUpType, tableOfIndex } from "../engines/table-lookup.js";
import { get } from "../history/persistent-map.js";
import type { Catalog } from "../model/catalog.js";
import type { DropIndex } from "../model/detail/index-change.js";
import type { AlterObject, RenameObject } from "../model/detail/object.js";
import type { Setting } from "../model/detail/session.js";
import type { Effect, Lock } from "../model/effect.js";
import type { RelationName } from "../model/name.js";
import type { AddColumn, Operation, OtherOperation } from "../model/operation.js";
import { emptyAfter } from "./empty-columns.js";
import { firstMade } from "./first-made.js";
import { freshAfter, NOTHING_FRESH } from "./fresh.js";
import { nameKey } from "./made-names.js";
import { type Lists, noLists, push, type SessionState } from "./session-state.js";
import { begun, transactionAfter, transactionOf, withAutocommit } from "./session-transaction.js";
import { locksAfter } from "./table-locks.js";

/**
 * The state at the beginning of a file.
 *
 * @param inTransaction the tool that runs it has begun one, or its message is one
 * @param oneMessage the tool sends it as one message
 * @param asNew what the file may be the first to make is taken to be new
 */
export function sessionStart(inTransaction: boolean, oneMessage: boolean, asNew: boolean): SessionState {
  const start = {
    fresh: NOTHING_FRESH,
    asNew,
    firstMade: [],
    passing: false,
    settings: new Map(),
    local: new Map(),
    lists: noLists(),
    own: noLists(),
    marks: [],
    enumValues: [],
    notNullChecks: [],
    emptyColumns: [],
    lockedTables: [],
    tableLocks: [],
    oneMessage: inTransaction && oneMessage,
    implicit: inTransaction && oneMessage,
  };
  return inTransaction ? begun({ ...start, inTransaction: false }) : { ...start, inTransaction };
}

/**
 * The state behind an operation.
 *
 * @param effect as others see it
 * @param known the schema before the operation
 * @param after the default schema behind it: when it changes, names without a schema mean other tables
 */
export function noted(
  state: SessionState,
  operation: Operation,
  effect: Effect,
  known: Catalog,
  after: string | null,
): SessionState {
  const before = known.defaultSchema;
  if (operation.kind === "other" && operation.detail?.kind === "drop-index")
    dropIndex(state.own, operation.detail, operation.relation, known);
  const fresh = before === after ? freshAfter(state.fresh, operation, known, state.asNew) : NOTHING_FRESH;
  const goes = operation.kind === "create-table" && operation.untilCommit === true;
  // Where no transaction is open, the statement is one: the table is gone at its end.
  const emptyColumns = emptyAfter(state.emptyColumns, operation, known);
  const first = firstMade(operation, known);
  const made = first.length === 0 ? state : { ...state, firstMade: [...state.firstMade, ...first] };
  const tables = goes && !state.inTransaction ? made : { ...made, fresh, emptyColumns, passing: state.passing || goes };
  if (state.inTransaction) push(state.own.held, strong(effect, operation));
  else if (state.lists.held.length > 0) state.lists.held.length = 0;
  return sessionAfter({ ...tables, tableLocks: locksAfter(tables.tableLocks, operation, known) }, operation, known);
}

/**
 * IF EXISTS of an index that the history does not have drops none, where the history would have it: its table is known, or
 * what is dropped CONCURRENTLY, with IF EXISTS, is the rest of a build that failed.
 */
function dropIndex(own: Lists, detail: DropIndex, relation: RelationName | null, known: Catalog): void {
  const { index, ifExists, concurrently } = detail;
  const named = relation === null ? null : findTable(known, relation);
  const owned =
    tableOfIndex(known, index) !== null ||
    named?.indexes.some((i) => i.name.toLowerCase() === index.name.toLowerCase()) === true;
  const dropped = { index, table: known.dialect === undefined ? null : relation };
  if (owned || !ifExists) own.droppedIndexes.push(dropped);
  else if (!concurrently && named === null) own.perhapsDropped.push(dropped);
}

const strong = (effect: Effect, operation: Operation): HeldLock[] =>
  effect.locks
    .flatMap((lock) => [lock, ...byNewName(lock, operation)])
    .filter((lock) => lock.blocks === "reads" || lock.blocks === "writes")
    .map((lock) => ({
      ...lock,
      by: operation.kind === "other" ? operation.what : operation.kind,
      drops: nameDropped(operation),
    }));

/** A table that gets another name is locked under that, too, from then on. */
function byNewName(lock: Lock, operation: Operation): Lock[] {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind !== "rename-table" || operation.relation?.name !== lock.relation.name) return [];
  return [{ ...lock, relation: detail.to }];
}

function nameDropped(operation: Operation): string | null {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "drop-table") return operation.relation?.name ?? null;
  if (detail?.kind === "drop-constraint") return detail.name;
  return detail?.kind === "drop-object" ? (detail.name?.name ?? null) : null;
}

function sessionAfter(state: SessionState, operation: Operation, known: Catalog): SessionState {
  if (operation.kind === "add-column") return withColumn(state, operation);
  if (operation.kind !== "other") return state;
  const { detail } = operation;
  if (detail?.kind === "alter-object") return withEnumValue(state, detail, known);
  if (detail?.kind === "rename-object") return withRenamed(state, detail, known);
  if (detail?.kind === "add-constraint") return withNotNullCheck(state, operation);
  if (detail?.kind === "set-variables")
    return withAutocommit(detail.settings.reduce(withSetting, state), detail.settings);
  // On PostgreSQL a lock ends with its transaction, in which what is made again is seen by itself.
  if (detail?.kind === "lock-tables" && !state.inTransaction)
    return { ...state, lockedTables: detail.tables.filter(({ mode }) => /^WRITE/i.test(mode)).map((t) => t.relation) };
  const transaction = transactionOf(operation);
  return transaction === null ? state : transactionAfter(state, transaction);
}

const withColumn = (state: SessionState, { relation, column }: AddColumn): SessionState =>
  noting(state, () => state.own.addedColumns.push({ relation, column: column.name }));

function noting(state: SessionState, add: () => void): SessionState {
  add();
  return state;
}

/** A value may be used at once where no transaction is open, or where the same transaction has made the type. */
function withEnumValue(state: SessionState, detail: AlterObject, known: Catalog): SessionState {
  const { object, name, changes, values = [] } = detail;
  const [value] = values;
  if (!state.inTransaction || object !== "type" || !changes.includes("ADD VALUE") || value === undefined) return state;
  if (name === null || isMadeSince(state, nameKey(name, known.defaultSchema))) return state;
  // IF NOT EXISTS adds nothing then.
  if (lookUpType(known, name)?.values?.includes(value) === true) return state;
  const type = { schema: name.schema ?? known.defaultSchema, name: name.name };
  return { ...state, enumValues: [...state.enumValues, { type, value }] };
}

/** The values of an enum stay new under its new name. */
function withRenamed(state: SessionState, { object, name, to }: RenameObject, known: Catalog): SessionState {
  if (object !== "type" || name === null) return state;
  const renamed = (one: EnumValue): EnumValue =>
    sameRelation(one.type, name, known.defaultSchema) ? { ...one, type: { ...one.type, name: to } } : one;
  return { ...state, enumValues: state.enumValues.map(renamed) };
}

/** Whether the transaction that is open has made it. */
function isMadeSince({ fresh, marks: [begin] }: SessionState, key: string): boolean {
  return begin !== undefined && get(fresh, key) !== undefined && get(begin.fresh, key) === undefined;
}

const IS_NOT_NULL = /^\s*\(*\s*(?:"((?:[^"]|"")+)"|(\w+))\s+is\s+not\s+null\s*\)*\s*$/i;

function withNotNullCheck(state: SessionState, { detail, relation }: OtherOperation): SessionState {
  if (detail?.kind !== "add-constraint" || relation === null || detail.validated || !detail.enforced) return state;
  const [, quoted, bare] = IS_NOT_NULL.exec(detail.expression ?? "") ?? [];
  const column = quoted?.replaceAll('""', '"') ?? bare?.toLowerCase();
  return column === undefined ? state : { ...state, notNullChecks: [...state.notNullChecks, { relation, column }] };
}

function withSetting(state: SessionState, { scope, name, value }: Setting): SessionState {
  if (scope !== "session" && scope !== "transaction") return state;
  if (scope === "transaction" && !state.inTransaction) return state;
  const settings = new Map(name === "all" ? [] : state.settings);
  if (name !== "all" && value === null) settings.delete(name);
  else if (value !== null) settings.set(name, value);
  const local = new Map(state.local);
  if (scope === "session") local.delete(name);
  else if (!local.has(name)) local.set(name, state.settings.get(name) ?? null);
  return { ...state, settings, local };
}
