import type { RelationName } from "../name.js";
import type { Bound } from "./bound.js";
import type { Code } from "./code.js";
import type { TextValue } from "./text-value.js";

/**
 * A change of data as text around a condition, which a range of a key can be put into: `head WHERE where tail`. Its texts
 * are as written, without comments.
 */
export interface Walk {
  /** The table whose rows are met one after the other: the one that is written, or the only one that an INSERT reads. */
  readonly relation: RelationName;
  /** What the statement calls that table: its alias, or its name. */
  readonly alias: string;
  /** Everything in front of WHERE. */
  readonly head: string;
  /** What stands behind WHERE; null without one. */
  readonly where: string | null;
  /** What stands behind the condition: `ON CONFLICT DO NOTHING`; empty for nothing. */
  readonly tail: string;
  /** It reads the table that it writes in another place, too: what becomes of a row may depend on other rows. */
  readonly readsItself: boolean;
  /** PostgreSQL: ONLY that table, without those that inherit from it. */
  readonly only: boolean;
  /** MySQL and MariaDB: it reads or sets a variable, which is its session's. */
  readonly variables: boolean;
  /** The words in it that may be columns, each once. */
  readonly names: readonly string[];
  /** What it calls the moment at which it runs: `now`, `CURRENT_DATE`; absent where it does not ask. */
  readonly moment?: string;
  /** What it calls that tells of the session or transaction it runs in: `pg_backend_pid`, `CONNECTION_ID`; absent for nothing. */
  readonly teller?: string;
  /** What it calls that carries something from one row to the next, or from an earlier statement: each batch begins it anew; absent for nothing. */
  readonly carried?: readonly Carried[];
  /** What the queries in it do that do not plainly depend on the row; absent where there are none, or they do nothing of this. */
  readonly asked?: Asked;
}

/** A function that carries something from row to row: `ROWNUM()` a count, `RAND(5)` a place in a series, `setseed(0.5)` what others give. */
export interface Carried {
  /** As it is written. */
  readonly name: string;
  /** It does not where these words of its argument name a column, of which each row has another value; absent where it always does. */
  readonly unlessOf?: readonly string[];
}

/** What queries do by which they may answer otherwise each time they are asked. */
export interface Asked {
  /** The functions that they call, each once; of MySQL's and MariaDB's only those that may give another value each time. */
  readonly calls: readonly RelationName[];
  /** The queries that take some of their rows where no ORDER BY says which; absent where none does. */
  readonly some?: readonly TakesSome[];
}

/** A query that takes some of its rows in no order. */
export interface TakesSome {
  /** By what: `LIMIT`, `TABLESAMPLE`. */
  readonly by: string;
  /** The only table that it reads, where each row of that gives one of its own: it may find no more than one; absent for any other. */
  readonly of?: Lookup;
}

/** A table whose rows a query finds by itself: nothing is joined to it. */
export interface Lookup {
  readonly relation: RelationName;
  /** What its rows are bounded by; of several tables that are joined, only what names this one. */
  readonly bounds: readonly Bound[];
}

/** What rows are joined to. */
export interface Joined {
  /** What it is called there; empty where it has no name of its own. */
  readonly alias: string;
  /** The table that it is; absent for anything else. */
  readonly relation?: RelationName;
  /** Of a query: all that it reads, which is nothing where its rows are written out; absent where that is not told. */
  readonly found?: readonly Lookup[];
  /** What the condition of a LEFT JOIN bounds its rows by, and no others (MySQL, MariaDB); absent for nothing. */
  readonly bounds?: readonly Bound[];
}

/** The rows that UPDATE, DELETE and MERGE find in joins. */
export interface Joins {
  /** What the written table is called; null where no row that is there is written: a MERGE that only inserts. */
  readonly alias: string | null;
  readonly others: readonly Joined[];
  /** What WHERE and the conditions of inner joins bound together. */
  readonly bounds: readonly Bound[];
  /** Present, and true, where more is read than these: by queries in its conditions or values. */
  readonly more?: true;
}

/** An UPDATE that gives each row columns of the rows of another table that it is joined to, as they are. */
export interface RowCopy {
  readonly from: RelationName;
  /** What is written, and the column of the other table that it is. */
  readonly columns: readonly { readonly to: string; readonly from: string }[];
  /** The columns that are equal in both, by which the other row is found; empty where there are none. */
  readonly on: readonly { readonly to: string; readonly from: string }[];
  /** Present, and true, where the condition says more than that: not every row is given its value. */
  readonly more?: true;
  /** Present, and true, where rows that find no other one become NULL, as by `SET a = (SELECT ...)`. */
  readonly empties?: true;
}

/** What is written out for columns, by VALUES or SET. Places are counted from 0. */
export interface GivenValues {
  /** How many values a row has. */
  readonly width: number;
  /** Where some row has NULL. */
  readonly nulls: readonly number[];
  /** Where some row has DEFAULT. */
  readonly defaults: readonly number[];
  /** Where some row has a column of a trigger's NEW or OLD (PostgreSQL); absent for none. */
  readonly fromNew?: readonly number[];
  readonly fromOld?: readonly number[];
}

/** Of the constants that are written for a column, by its place, those that fit least. */
export interface Extremes {
  readonly at: number;
  readonly longest?: string;
  readonly least?: number;
  readonly greatest?: number;
}

/**
 * What a query gives, in its order, as far as a change of a table matters: one value, NULL as it is written, all columns of a table (`t.*`), all of the
 * row that a trigger is called for (PostgreSQL's `NEW.*`), or all of a variable that holds a row (PL/pgSQL).
 */
export type GivenPart = "value" | "null" | "row" | RelationName | { readonly variable: string };

/** Rows are written. */
export interface DataChange {
  readonly kind: "data-change";
  readonly verb: "insert" | "replace" | "update" | "delete" | "merge" | "load";
  /** The tables that are written, in the order of the text; aliases are resolved. */
  readonly writes: readonly RelationName[];
  /** The other relations that are read, each once, without CTEs. */
  readonly reads: readonly RelationName[];
  /** All that is read besides the rows that UPDATE and DELETE write; absent where any of it is read in another way, or it is not told. */
  readonly found?: readonly Lookup[];
  /**
   * Of UPDATE and DELETE: the columns of the written table by which its rows are those of a query that gives so many at most:
   * `id IN (SELECT id FROM t LIMIT 1000)`; absent where there is none, or it is not told. `written` is present, and true,
   * where those rows are written out: `FROM (VALUES (1), (2)) AS v (id) WHERE t.id = v.id`.
   */
  readonly batch?: { readonly columns: readonly string[]; readonly rows: number; readonly written?: true };
  /** The columns that are named as written; empty when none are. */
  readonly columns: readonly string[];
  /**
   * The values of `columns`, or of the table's own in their order where none are named. Absent where rows come from elsewhere,
   * and where columns are named and none of them is given NULL, DEFAULT, or a column of NEW or OLD.
   */
  readonly given?: GivenValues;
  /**
   * Of an INSERT, what it gives, where that depends on the columns of a table: it has a `*`, is a query and names no columns, or has a
   * written NULL. Absent where it does not, and where it is not told.
   */
  readonly gives?: readonly GivenPart[];
  /** Present where a row, written out or of a query without `*`, has more or fewer values than columns are named. */
  readonly uneven?: { readonly columns: number; readonly values: number };
  /** The texts that are written for columns, by their places, as far as they are a few; absent where there are none. */
  readonly texts?: readonly { readonly at: number; readonly values: readonly string[] }[];
  /** The longest texts, and the least and greatest numbers, that are written out as such; absent where there are none. */
  readonly extremes?: readonly Extremes[];
  /** Present, and true, of an INSERT with OVERRIDING (PostgreSQL). */
  readonly overriding?: true;
  /** It has a WHERE of its own, which is not always true (`WHERE true`, `WHERE 1 = 1`). */
  readonly filtered: boolean;
  /** Present, and true, of a DELETE that joins tables in front of its WHERE (MySQL, MariaDB): its rows are those that they have together. */
  readonly joined?: true;
  /** What stands behind WHERE, as written; null without one, absent where it is not read. */
  readonly where?: string | null;
  /** What WHERE bounds its rows by; absent where it is not read. */
  readonly bounds?: readonly Bound[];
  /** Which rows UPDATE, DELETE and MERGE find; absent where it is not told. */
  readonly joins?: Joins;
  /** The functions that are called, each once; absent where they are not read. */
  readonly calls?: readonly RelationName[];
  readonly ordered: boolean;
  /** Of UPDATE and DELETE with ORDER BY (MySQL, MariaDB), its columns in order; absent where others than plain columns are among them. */
  readonly orderedBy?: readonly string[];
  readonly limited: boolean;
  /** Where the new rows come from: written out, read from elsewhere, or from a file. Null for UPDATE and DELETE. */
  readonly source: "rows" | "query" | "file" | null;
  /** Present and true for an INSERT whose query reads nothing in FROM, and so gives one row or none. */
  readonly oneRow?: boolean;
  /** What happens to a row whose key is there: ON DUPLICATE KEY UPDATE, IGNORE or DO NOTHING, REPLACE. */
  readonly conflict: "update" | "ignore" | "replace" | null;
  /** The columns of PostgreSQL's `ON CONFLICT (a, b)`, without a WHERE of its own; absent where none, or others, are written. */
  readonly conflictOn?: readonly string[];
  /** The name in PostgreSQL's `ON CONFLICT ON CONSTRAINT`; absent where none is written. */
  readonly conflictConstraint?: string;
  /**
   * Of an INSERT (PostgreSQL), present and true where its query reads nothing but what a statement of its WITH returns, which
   * is an operation of its own: `WITH m AS (DELETE ... RETURNING *) INSERT ... SELECT * FROM m`.
   */
  readonly movesWritten?: true;
  readonly returning: boolean;
  /** It begins with WITH, or its query does. */
  readonly cte: boolean;
  /** Of an INSERT whose query begins with WITH (MySQL, MariaDB), present and true where nothing of it is RECURSIVE. */
  readonly plainCte?: true;
  /** What an UPDATE copies from another table; absent where it does more, or anything else. */
  readonly copies?: RowCopy;
  /**
   * Of an INSERT that names its columns, those that it may name, of any table; absent where it reads all columns of one, or it is
   * not told.
   */
  readonly names?: readonly string[];
  /** How its rows can be walked; absent where it writes rows out, or takes more than one row of a table for an outcome. */
  readonly walk?: Walk;
}

/** A sequence as setval() is told it: `'users_id_seq'`, or `pg_get_serial_sequence('users', 'id')`. */
export type SequenceName = { readonly sequence: RelationName } | { readonly of: RelationName; readonly column: string };

/** Rows are read. A query that takes locks or writes a file is not harmless. */
export interface Query {
  readonly kind: "query";
  readonly reads: readonly RelationName[];
  /** No more rows than this come of it, as its text says: by VALUES, or by LIMIT (PostgreSQL); absent where that is not told. */
  readonly most?: number;
  /** All that is read; absent where any of it is read in another way, or it is not told. */
  readonly found?: readonly Lookup[];
  readonly locks: "update" | "share" | null;
  readonly into: "file" | "variables" | "table" | null;
  /**
   * What each of the users' variables behind INTO gets where there is a row, which is `always` so for some (MySQL, MariaDB); absent where
   * it is not told which get anything.
   */
  readonly gives?: readonly { readonly name: string; readonly text?: TextValue; readonly always?: true }[];
  /** Of a query that gives back nothing but what functions do (PostgreSQL), the texts that each is passed; absent for any other. */
  readonly passed?: readonly (readonly string[])[];
  /** Sequences that setval() begins again (PostgreSQL), as they are named; absent for none. */
  readonly restarts?: readonly string[];
  /**
   * Sequences that setval() lets count on from another number (PostgreSQL): by their names, or as the own one of a column;
   * absent for none.
   */
  readonly counts?: readonly SequenceName[];
  /** Of a query that does nothing but set sequences by setval() (PostgreSQL): these; absent for any other. */
  readonly sets?: readonly SequenceName[];
  /** Present where all that it reads are the least and greatest values of columns (PostgreSQL): of which. */
  readonly ends?: readonly { readonly relation: RelationName; readonly column: string }[];
  /** The functions that are called, each once: any of them may do anything. Absent where they are not read. */
  readonly calls?: readonly RelationName[];
}

/** A routine is called, or text is run as SQL: what it does cannot be seen. */
export interface Opaque {
  readonly kind: "opaque";
  readonly how: "call" | "prepared" | "do" | "compound";
  /** The routine, or the name of the prepared statement. */
  readonly name: string | null;
  /** The procedure that is called (PostgreSQL); absent for everything else. */
  readonly procedure?: RelationName;
  /** What is passed to a procedure, as it is written (MySQL, MariaDB); absent for everything else. */
  readonly passed?: readonly string[];
  /** What is prepared, or run at once (MySQL, MariaDB); absent where that is not told. */
  readonly text?: TextValue;
  /** What a block does; absent where it is not seen. */
  readonly code?: Code;
}

/** PREPARE: the statement is named, and does nothing yet. */
export interface Prepare {
  readonly kind: "prepare-statement";
  readonly name: string;
  readonly code: Code;
}

/** A statement is explained; with `runs` it is also carried out. */
export interface Explain {
  readonly kind: "explain";
  readonly runs: boolean;
  readonly of: DataChange | Query | null;
}

export type DataDetail = DataChange | Query | Opaque | Prepare | Explain;
