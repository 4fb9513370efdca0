import type { Effect } from "../model/effect.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";

/** What the statements of a file so far mean for the next one. */
export interface FileState {
  /** The operation is about a table that this file created: no code knows it and it holds no rows to speak of. */
  isFresh(operation: Operation): boolean;
  /** An effect without its locks on such tables: nobody waits for them. */
  seenByOthers(effect: Effect): Effect;
  inTransaction(): boolean;
  /** An unqualified name no longer means what the catalog says: what is known of tables is not to be used. */
  schemaChanged(): boolean;
  /** Takes note of an operation, after it was judged. `sql` is its statement. */
  note(operation: Operation, sql: string): void;
}

const BEGINS: ReadonlySet<string> = new Set(["begin", "start", "start-transaction"]);
const ENDS: ReadonlySet<string> = new Set(["commit", "end", "rollback", "abort", "prepare", "prepare-transaction"]);
/** What may end a fresh table, or give its name to another one. */
const UNMAKES = /^(?:drop-(?:table|schema|database|owned)|rename-(?:table|schema)|set-schema|move|rollback)/;
/** `SET search_path`, `set_config('search_path', ...)`, MySQL's `USE`. */
const CHANGES_SCHEMA = /\bsearch_path\b|^\s*use\s/i;

/** The state at the beginning of a file. */
export function fileState(defaultSchema: string | null): FileState {
  const fresh = new Set<string>();
  let transaction = false;
  let moved = false;
  const key = ({ schema, name }: RelationName): string => `${schema ?? defaultSchema ?? ""}\0${name}`;
  return {
    isFresh: ({ relation }) => relation !== null && fresh.has(key(relation)),
    seenByOthers: (effect) => ({ ...effect, locks: effect.locks.filter((lock) => !fresh.has(key(lock.relation))) }),
    inTransaction: () => transaction,
    schemaChanged: () => moved,
    note(operation, sql) {
      if (operation.kind === "create-table" && !operation.ifNotExists) fresh.add(key(operation.relation));
      if (operation.kind !== "other") return;
      if (BEGINS.has(operation.what)) transaction = true;
      if (ENDS.has(operation.what)) transaction = false;
      const moves = CHANGES_SCHEMA.test(sql);
      if (moves) moved = true;
      if (moves || UNMAKES.test(operation.what)) fresh.clear();
    },
  };
}
