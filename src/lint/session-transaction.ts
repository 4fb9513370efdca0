import { isOff } from "../../rules/commits-itself.js";
import type { Setting, Transaction } from "../model/detail/session.js";
import type { Operation, OtherOperation } from "../model/operation.js";
import { NOTHING_FRESH, withoutTemporary } from "./fresh.js";
import { type Mark, nextStatement, type SessionState } from "./session-state.js";

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

/** What an operation does to transactions; null for nothing. */
export function transactionOf({ detail, what }: OtherOperation): Transaction | null {
  if (detail?.kind === "transaction") return detail;
  const action = detail === undefined ? ACTIONS[what] : undefined;
  if (action === undefined) return null;
  return { kind: "transaction", action, chain: false, name: null, distributed: false, readOnly: null };
}

/** COMMIT, ROLLBACK, PREPARE TRANSACTION: what was begun does not stay open. */
export function endsTransaction(operation: Operation): boolean {
  if (operation.kind !== "other") return false;
  const { detail } = operation;
  if (detail?.kind === "set-variables")
    return detail.settings.some((s) => s.name === "autocommit" && !isOff(s.value ?? "1"));
  const action = transactionOf(operation)?.action;
  return action === "commit" || action === "rollback" || action === "prepare";
}

/** Where autocommit is off a transaction is always open; to switch it on commits (MySQL and MariaDB). */
export function withAutocommit(state: SessionState, settings: readonly Setting[]): SessionState {
  if (!settings.some(({ name }) => name === "autocommit")) return state;
  const off = isOff(state.settings.get("autocommit") ?? "1");
  if (off) return state.inTransaction ? state : begun(state);
  return state.inTransaction ? ended(state) : state;
}

/** The state behind what begins or ends a transaction, or a part of one. */
export function transactionAfter(before: SessionState, transaction: Transaction): SessionState {
  const state = nextStatement(before);
  switch (transaction.action) {
    case "begin":
      // It gives back what LOCK TABLES holds (MySQL, MariaDB).
      return state.inTransaction ? { ...state, implicit: false } : begun({ ...state, lockedTables: [] });
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

/** A transaction is open from here on. */
export const begun = (state: SessionState): SessionState => ({
  ...state,
  inTransaction: true,
  marks: [markOf(state, null)],
});

function chained(state: SessionState, { chain }: Transaction): SessionState {
  // Behind COMMIT the message goes on in a transaction of its own.
  if (state.oneMessage) return begun({ ...state, implicit: !chain });
  return chain || isOff(state.settings.get("autocommit") ?? "1") ? begun(state) : state;
}

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
