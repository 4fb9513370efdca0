import { isOff } from "../../rules/commits-itself.js";
import type { ColumnName, HeldLock } from "../../rules/rule.js";
import { findTable } from "../engines/engine.js";
import { tableOfIndex } from "../engines/table-lookup.js";
import type { Catalog } from "../model/catalog.js";
import type { DropIndex } from "../model/detail/index-change.js";
import type { AlterObject } from "../model/detail/object.js";
import type { Setting, Transaction } from "../model/detail/session.js";
import type { Effect } from "../model/effect.js";
import type { RelationName } from "../model/name.js";
import type { AddColumn, Operation, OtherOperation } from "../model/operation.js";
import { type Fresh, freshAfter, NOTHING_FRESH, withoutTemporary } from "./fresh.js";

/** What ROLLBACK goes back to. Null is the beginning of the transaction. */
interface Mark {
  readonly name: string | null;
  readonly fresh: Fresh;
  readonly settings: ReadonlyMap<string, string>;
  /** How long the lists were. */
  readonly lengths: Readonly<Record<keyof Lists, number>>;
}

/** What a file has thousands of: each list is one, which grows with the file, and is cut where a transaction is undone. */
interface Lists {
  readonly held: HeldLock[];
  /** Names of indexes that the file has dropped. */
  readonly droppedIndexes: string[];
  /** Those that it has dropped if they were there, which is not known. */
  readonly perhapsDropped: string[];
  readonly addedColumns: ColumnName[];
}

const noLists = (): Lists => ({ held: [], droppedIndexes: [], perhapsDropped: [], addedColumns: [] });

/** What the statements of a file so far mean for the next one. Each note gives the next state; only the last is used. */
export interface SessionState {
  /** What this file made: no code knows it, and its tables hold no rows to speak of. */
  readonly fresh: Fresh;
  /** Tables among it go with the transaction (ON COMMIT DROP). */
  readonly passing: boolean;
  /** By name in lower case. */
  readonly settings: ReadonlyMap<string, string>;
  /** Those that end with the transaction, and what they were before it; null for not set. */
  readonly local: ReadonlyMap<string, string | null>;
  readonly lists: Lists;
  /** What the statement that is being judged adds to the lists: its own operations do not see it. */
  readonly own: Lists;
  readonly inTransaction: boolean;
  readonly marks: readonly Mark[];
  /** Added to enums by this transaction. */
  readonly enumValues: readonly string[];
  /** Columns that the file has put a CHECK (... IS NOT NULL) NOT VALID on. */
  readonly notNullChecks: readonly ColumnName[];
}

/** The state at the beginning of a file. @param inTransaction the tool that runs it has begun one */
export function sessionStart(inTransaction: boolean): SessionState {
  const start = {
    fresh: NOTHING_FRESH,
    passing: false,
    settings: new Map(),
    local: new Map(),
    lists: noLists(),
    own: noLists(),
    marks: [],
    enumValues: [],
    notNullChecks: [],
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
  const fresh = before === after ? freshAfter(state.fresh, operation, before) : NOTHING_FRESH;
  const goes = operation.kind === "create-table" && operation.untilCommit === true;
  // Where no transaction is open, the statement is one: the table is gone at its end.
  const tables = goes && !state.inTransaction ? state : { ...state, fresh, passing: state.passing || goes };
  if (state.inTransaction) push(state.own.held, strong(effect, operation));
  else if (state.lists.held.length > 0) state.lists.held.length = 0;
  return sessionAfter(tables, operation);
}

/**
 * IF EXISTS of an index that the history does not have drops none, where the history would have it: its table is known, or
 * what is dropped CONCURRENTLY, with IF EXISTS, is the rest of a build that failed.
 */
function dropIndex(own: Lists, detail: DropIndex, relation: RelationName | null, known: Catalog): void {
  const { index, ifExists, concurrently } = detail;
  const named = relation === null ? null : findTable(known, relation);
  const owned = tableOfIndex(known, index) !== null || named?.indexes.some((i) => i.name === index.name) === true;
  if (owned || !ifExists) own.droppedIndexes.push(index.name);
  else if (!concurrently && named === null) own.perhapsDropped.push(index.name);
}

/** The state before the next statement, which sees what this one has added. */
export function nextStatement(state: SessionState): SessionState {
  const { lists, own } = state;
  if (own.held.length + own.droppedIndexes.length + own.perhapsDropped.length + own.addedColumns.length === 0)
    return state;
  push(lists.held, own.held);
  push(lists.droppedIndexes, own.droppedIndexes);
  push(lists.perhapsDropped, own.perhapsDropped);
  push(lists.addedColumns, own.addedColumns);
  return { ...state, own: noLists() };
}

/** One by one: a spread of thousands is too many arguments. */
function push<T>(list: T[], more: readonly T[]): void {
  for (const one of more) list.push(one);
}

const strong = (effect: Effect, operation: Operation): HeldLock[] =>
  effect.locks
    .filter((lock) => lock.blocks === "reads" || lock.blocks === "writes")
    .map((lock) => ({ ...lock, by: operation.kind === "other" ? operation.what : operation.kind }));

/** Parsers that do not tell a transaction's details still name it. */
const ACTIONS: Readonly<Record<string, Transaction["action"]>> = {
  begin: "begin",
  start: "begin",
  "start-transaction": "begin",
  commit: "commit",
  end: "commit",
  rollback: "rollback",
  abort: "rollback",
  prepare: "prepare",
  "prepare-transaction": "prepare",
};

function sessionAfter(state: SessionState, operation: Operation): SessionState {
  if (operation.kind === "add-column") return withColumn(state, operation);
  if (operation.kind !== "other") return state;
  const { detail, what } = operation;
  if (detail?.kind === "alter-object") return withEnumValue(state, detail);
  if (detail?.kind === "add-constraint") return withNotNullCheck(state, operation);
  if (detail?.kind === "set-variables")
    return withAutocommit(detail.settings.reduce(withSetting, state), detail.settings);
  if (detail?.kind === "transaction") return transactionAfter(state, detail);
  const action = detail === undefined ? ACTIONS[what] : undefined;
  if (action === undefined) return state;
  return transactionAfter(state, {
    kind: "transaction",
    action,
    chain: false,
    name: null,
    distributed: false,
    readOnly: null,
  });
}

const withColumn = (state: SessionState, { relation, column }: AddColumn): SessionState =>
  noting(state, () => state.own.addedColumns.push({ relation, column: column.name }));

function noting(state: SessionState, add: () => void): SessionState {
  add();
  return state;
}

/** A value may be used at once where no transaction is open. */
function withEnumValue(state: SessionState, { object, changes, values = [] }: AlterObject): SessionState {
  const [value] = values;
  if (!state.inTransaction || object !== "type" || !changes.includes("ADD VALUE") || value === undefined) return state;
  return { ...state, enumValues: [...state.enumValues, value] };
}

const IS_NOT_NULL = /^\s*\(*\s*(?:"((?:[^"]|"")+)"|(\w+))\s+is\s+not\s+null\s*\)*\s*$/i;

function withNotNullCheck(state: SessionState, { detail, relation }: OtherOperation): SessionState {
  if (detail?.kind !== "add-constraint" || relation === null || detail.validated || !detail.enforced) return state;
  const [, quoted, bare] = IS_NOT_NULL.exec(detail.expression ?? "") ?? [];
  const column = quoted?.replaceAll('""', '"') ?? bare?.toLowerCase();
  return column === undefined ? state : { ...state, notNullChecks: [...state.notNullChecks, { relation, column }] };
}

/** COMMIT, ROLLBACK, PREPARE TRANSACTION: what was begun does not stay open. */
export function endsTransaction(operation: Operation): boolean {
  if (operation.kind !== "other") return false;
  const { detail, what } = operation;
  if (detail?.kind === "set-variables")
    return detail.settings.some((s) => s.name === "autocommit" && !isOff(s.value ?? "1"));
  const action = detail?.kind === "transaction" ? detail.action : detail === undefined ? ACTIONS[what] : undefined;
  return action === "commit" || action === "rollback" || action === "prepare";
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

/** Where autocommit is off a transaction is always open; to switch it on commits (MySQL and MariaDB). */
function withAutocommit(state: SessionState, settings: readonly Setting[]): SessionState {
  if (!settings.some(({ name }) => name === "autocommit")) return state;
  const off = isOff(state.settings.get("autocommit") ?? "1");
  if (off) return state.inTransaction ? state : begun(state);
  return state.inTransaction ? ended(state) : state;
}

function transactionAfter(before: SessionState, transaction: Transaction): SessionState {
  const state = nextStatement(before);
  switch (transaction.action) {
    case "begin":
      return state.inTransaction ? state : begun(state);
    case "savepoint":
      return { ...state, marks: [...state.marks, markOf(state, transaction.name)] };
    case "release-savepoint":
      return state;
    case "rollback-to-savepoint":
      return backTo(state, transaction);
    case "commit":
    case "prepare":
      return chained(ended(state), transaction);
    case "rollback":
      return chained(ended(rolledBack(state, transaction)), transaction);
  }
}

const markOf = (state: SessionState, name: string | null): Mark => {
  const { fresh, settings, lists } = state;
  const { held, droppedIndexes, perhapsDropped, addedColumns } = lists;
  const lengths = {
    held: held.length,
    droppedIndexes: droppedIndexes.length,
    perhapsDropped: perhapsDropped.length,
    addedColumns: addedColumns.length,
  };
  return { name, fresh, settings, lengths };
};

/** What of a mark a ROLLBACK brings back besides settings: all of it, or where DDL commits by itself nothing. */
function undone(mark: Mark, state: SessionState, { undoesSchema }: Transaction): Pick<SessionState, "fresh"> {
  if (undoesSchema !== true) return { fresh: state.fresh };
  state.lists.droppedIndexes.length = mark.lengths.droppedIndexes;
  state.lists.perhapsDropped.length = mark.lengths.perhapsDropped;
  state.lists.addedColumns.length = mark.lengths.addedColumns;
  return { fresh: mark.fresh };
}

const begun = (state: SessionState): SessionState => ({ ...state, inTransaction: true, marks: [markOf(state, null)] });

const chained = (state: SessionState, { chain }: Transaction): SessionState =>
  chain || isOff(state.settings.get("autocommit") ?? "1") ? begun(state) : state;

/** Settings that end with the transaction are again what they were. */
function ended(state: SessionState): SessionState {
  const settings = new Map(state.settings);
  for (const [name, value] of state.local)
    if (value === null) settings.delete(name);
    else settings.set(name, value);
  state.lists.held.length = 0;
  const fresh = state.passing ? withoutTemporary(state.fresh, ["commit"]) : state.fresh;
  const over = { passing: false, marks: [], enumValues: [], inTransaction: false };
  return { ...state, ...over, fresh, settings, local: new Map() };
}

/** Where DDL commits by itself, a table that the file made stays made. */
function rolledBack(state: SessionState, transaction: Transaction): SessionState {
  const [first] = state.marks;
  if (first === undefined) return transaction.undoesSchema === true ? { ...state, fresh: NOTHING_FRESH } : state;
  return { ...state, ...undone(first, state, transaction), settings: first.settings, local: new Map() };
}

function backTo(state: SessionState, transaction: Transaction): SessionState {
  const at = state.marks.findLastIndex((m) => m.name !== null && m.name === transaction.name);
  const mark = state.marks[at];
  if (mark === undefined) return state;
  state.lists.held.length = mark.lengths.held;
  const { settings } = mark;
  return { ...state, ...undone(mark, state, transaction), settings, marks: state.marks.slice(0, at + 1) };
}
