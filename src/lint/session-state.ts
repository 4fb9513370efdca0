import type { ColumnName, DroppedIndex, EnumValue, HeldLock, TableLock } from "../../rules/rule.js";
import type { RelationName } from "../model/name.js";
import type { Fresh } from "./fresh.js";

/** What ROLLBACK goes back to. Null is the beginning of the transaction. */
export interface Mark {
  readonly name: string | null;
  readonly fresh: Fresh;
  readonly settings: ReadonlyMap<string, string>;
  /** How long the lists were. */
  readonly lengths: Readonly<Record<keyof Lists, number>>;
}

/** What a file has thousands of: each list is one, which grows with the file, and is cut where a transaction is undone. */
export interface Lists {
  readonly held: HeldLock[];
  /** Indexes that the file has dropped. */
  readonly droppedIndexes: DroppedIndex[];
  /** Those that it has dropped if they were there, which is not known. */
  readonly perhapsDropped: DroppedIndex[];
  readonly addedColumns: ColumnName[];
}

export const noLists = (): Lists => ({ held: [], droppedIndexes: [], perhapsDropped: [], addedColumns: [] });

/** What the statements of a file so far mean for the next one. Each note gives the next state; only the last is used. */
export interface SessionState {
  /** What this file made: no code knows it, and its tables hold no rows to speak of. */
  readonly fresh: Fresh;
  /** What it may be the first to make is taken to be new. */
  readonly asNew: boolean;
  /** What it may be the first to make: nothing in front tells whether it was there. */
  readonly firstMade: readonly RelationName[];
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
  /** The file is sent as one message (PostgreSQL): what stands in no transaction of its own is in that of the message. */
  readonly oneMessage: boolean;
  /** The transaction is that of the message: BEGIN makes it an ordinary one. */
  readonly implicit: boolean;
  readonly marks: readonly Mark[];
  /** Added to enums by this transaction. */
  readonly enumValues: readonly EnumValue[];
  /** Columns that the file has put a CHECK (... IS NOT NULL) NOT VALID on. */
  readonly notNullChecks: readonly ColumnName[];
  /** Columns that the file has added, and that are NULL in every row still (MySQL, MariaDB). */
  readonly emptyColumns: readonly ColumnName[];
  /** Tables that the session has for itself: LOCK TABLES ... WRITE (MySQL, MariaDB). */
  readonly lockedTables: readonly RelationName[];
  /** What LOCK TABLES holds, under which nothing else can be named (MySQL, MariaDB). */
  readonly tableLocks: readonly TableLock[];
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
export function push<T>(list: T[], more: readonly T[]): void {
  for (const one of more) list.push(one);
}
