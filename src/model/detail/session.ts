import type { RelationName } from "../name.js";
import type { TextValue } from "./text-value.js";

/** Where a transaction begins or ends. */
export interface Transaction {
  readonly kind: "transaction";
  readonly action:
    | "begin"
    | "commit"
    | "rollback"
    | "savepoint"
    | "release-savepoint"
    | "rollback-to-savepoint"
    | "prepare";
  /** `AND CHAIN`: the next one begins at once. */
  readonly chain: boolean;
  /** The savepoint's or the distributed transaction's name. */
  readonly name: string | null;
  /** MySQL's XA and PostgreSQL's PREPARE TRANSACTION: it lives on without its session. */
  readonly distributed: boolean;
  readonly readOnly: boolean | null;
  /** Present, and true, where ROLLBACK undoes changes of the schema too (PostgreSQL). */
  readonly undoesSchema?: boolean;
}

/** One assignment of a SET. */
export interface Setting {
  /** How long and how far it holds. `variable` is a user's `@x`; `persist-only` holds from the next start on. */
  readonly scope: "transaction" | "session" | "global" | "persist" | "persist-only" | "variable";
  /** In lower case: `foreign_key_checks`, `sql_mode`, `search_path`. */
  readonly name: string;
  /** As written, without the quotes of a lone string; null for DEFAULT. */
  readonly value: string | null;
  /** Of a user's variable, what text it is (MySQL, MariaDB); absent where that is not told. */
  readonly text?: TextValue;
}

export interface SetVariables {
  readonly kind: "set-variables";
  readonly settings: readonly Setting[];
}

export interface LockTables {
  readonly kind: "lock-tables";
  readonly tables: readonly {
    readonly relation: RelationName;
    /** What statements under the lock have to call it (MySQL, MariaDB); absent for its name. */
    readonly alias?: string;
    readonly mode: string;
  }[];
}

/** What unqualified names mean from here on. */
export interface UseDatabase {
  readonly kind: "use";
  readonly database: string;
}

/** FLUSH, KILL, INSTALL, replication, backup: about the server and not about a schema. */
export interface Administration {
  readonly kind: "administration";
  /** In kebab case: `flush-tables-with-read-lock`, `install-plugin`, `start-replica`. */
  readonly action: string;
  /** Of REASSIGN OWNED (PostgreSQL): who loses what they own, and who gets it; absent for everything else. */
  readonly owners?: { readonly from: readonly string[]; readonly to: string };
}

export type SessionDetail = Transaction | SetVariables | LockTables | UseDatabase | Administration;
