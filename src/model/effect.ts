import type { RelationName } from "./name.js";

/** What other sessions cannot do while a lock is held. */
export type Blocks = "reads" | "writes" | "ddl" | "nothing";

export interface Lock {
  readonly relation: RelationName;
  /** The engine's own name: `ACCESS EXCLUSIVE`, `SHARE UPDATE EXCLUSIVE`, `MDL EXCLUSIVE`. */
  readonly mode: string;
  /** The strongest thing it blocks; "reads" blocks writes too. */
  readonly blocks: Blocks;
  /** brief: catalog change; the others last as long as the data is large. */
  readonly held: "brief" | "scan" | "rewrite" | "build";
}

/** What running code loses. N-1 is the code that runs before the deploy, N the code that comes with it. */
export interface Breakage {
  readonly what: "reads" | "writes" | "both";
  readonly who: "N-1" | "N";
  readonly why: string;
  /** Present where it is the rename, or INVISIBLE, in a statement that also does something else (MySQL's CHANGE, MODIFY). */
  readonly by?: "rename" | "visibility";
  /** Present where it is for want of a column, or with null of a table, which may still be made behind it. */
  readonly needs?: { readonly relation: RelationName; readonly column: string | null };
  /** Present, and true, where a routine's body names things without a schema, and its search_path does not find them (PostgreSQL). */
  readonly unfound?: true;
  /** Present, and true, where a foreign key sets a column NULL that may not be NULL (PostgreSQL). */
  readonly nulled?: true;
  /** Present, and true, where statements that know a column by its type meet another one (PostgreSQL). */
  readonly meets?: true;
  /** The table that it is about, where that is not the operation's own. */
  readonly of?: RelationName;
  /** The table (PostgreSQL) whose published changes fail because nothing tells its rows apart; absent for everything else. */
  readonly unidentified?: RelationName;
  /** Present, and true, where it is because a publication takes some of its rows or columns. */
  readonly partly?: true;
  /** Present where a trigger of that table does it. */
  readonly trigger?: string;
}

/** Why a server does not let go of something: what is there needs it, as far as is known. */
export interface Need {
  /** `2BP01`; the codes that it has for it, where they are several. */
  readonly code: string;
  /** Who needs it: `foreign key a_fk of a points at it`. */
  readonly why: string;
}

/** What one operation does to a database and to running code. The one place that says what a statement locks. */
export interface Effect {
  readonly locks: readonly Lock[];
  readonly rewrite: boolean;
  readonly scan: boolean;
  readonly indexesRebuilt: boolean;
  readonly breaks: readonly Breakage[];
  /** It can fail on the data that is there, and why. */
  readonly fails: string | null;
  /** It takes away what is needed, and certainly fails; `fails` says so too. Absent where nothing is known to need it. */
  readonly needed?: Need;
  /**
   * What every write must satisfy from now on, which running code may or may not do: `CHECK (a > 0)`, `a is not NULL`.
   * Absent when nothing new is asked.
   */
  readonly enforces?: readonly string[];
  /**
   * Those of them that rows which are there may violate, as the server looks at none: every later UPDATE of such a row fails
   * (MariaDB's CHECK in a column's new definition, where nothing is copied). Absent for none.
   */
  readonly unchecked?: readonly string[];
  /**
   * What a column has and its new definition does not repeat (MySQL's MODIFY and CHANGE): `NOT NULL`, `DEFAULT 'x'`,
   * `COMMENT 'y'`. Absent when nothing is lost, or the column is not known.
   */
  readonly loses?: readonly string[];
  readonly destroys: boolean;
  /** The routines that it calls, and of which no file has the text: what they do is not known. Absent where there are none. */
  readonly unknownCalls?: readonly string[];
  readonly transaction: "any" | "never" | "alone";
  readonly replicaCost: "none" | "replay";
  /** MySQL and MariaDB. */
  readonly algorithm: "INSTANT" | "INPLACE" | "COPY" | null;
  /** What was not known and was taken as the worse case. */
  readonly assumes: readonly string[];
  /**
   * What is assumed where it locks for long, reads or writes the table: where it is otherwise, it does less. Findings about that
   * say it. Absent where that rests on nothing.
   */
  readonly rests?: readonly string[];
}
