import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";

/** What the statements of a file so far mean for the next one. */
export interface FileState {
  /** The operation is about a table that this file created: no code knows it and it holds no rows to speak of. */
  isFresh(operation: Operation): boolean;
  inTransaction(): boolean;
  /** Takes note of an operation, after it was judged. `sql` is its statement. */
  note(operation: Operation, sql: string): void;
}

const BEGINS: ReadonlySet<string> = new Set(["begin", "start", "start-transaction"]);
const ENDS: ReadonlySet<string> = new Set(["commit", "end", "rollback", "abort", "prepare", "prepare-transaction"]);
/** What may end a fresh table, or give its name to another one. */
const UNMAKES = /^(?:drop|rename|rollback)/;
const CHANGES_SCHEMA = /\bsearch_path\b|^\s*use\s/i;

/** The state at the beginning of a file. */
export function fileState(defaultSchema: string | null): FileState {
  const fresh = new Set<string>();
  let transaction = false;
  const key = ({ schema, name }: RelationName): string => `${schema ?? defaultSchema ?? ""}\0${name}`;
  return {
    isFresh: ({ relation }) => relation !== null && fresh.has(key(relation)),
    inTransaction: () => transaction,
    note(operation, sql) {
      if (operation.kind === "create-table" && !operation.ifNotExists) fresh.add(key(operation.relation));
      if (operation.kind !== "other") return;
      if (BEGINS.has(operation.what)) transaction = true;
      if (ENDS.has(operation.what)) transaction = false;
      if (UNMAKES.test(operation.what) || CHANGES_SCHEMA.test(sql)) fresh.clear();
    },
  };
}
