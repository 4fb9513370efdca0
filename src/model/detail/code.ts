import type { RelationName } from "../name.js";
import type { Operation } from "../operation.js";
import type { Span } from "../span.js";
import type { GivenPart, Query } from "./data.js";
import type { TriggerBody } from "./trigger-step.js";

/**
 * What the code of a block or a routine may do. Its operations have their spans in the file, and are those of every
 * path through the code: a branch that is never taken counts too.
 */
export interface Code {
  /** In lower case: `sql`, `plpgsql`. */
  readonly language: string;
  /** What stands between the quotes, or from BEGIN ATOMIC to END. */
  readonly span: Span;
  readonly operations: readonly CodeOperation[];
  /** Places that may do anything. Without any, `operations` is all that the code does by itself. */
  readonly unknown: readonly UnknownCode[];
  /** The routines that it calls and of which no file tells what they do (MySQL, MariaDB), where that was looked for; absent for none. */
  readonly untold?: readonly string[];
  /** Present, and true, where it has a handler of errors (MySQL, MariaDB). */
  readonly handled?: true;
  /** Present, and true, of a routine in which the server takes no COMMIT or ROLLBACK (PostgreSQL). */
  readonly oneTransaction?: true;
  /** Present, and true, from BEGIN ATOMIC to END (PostgreSQL): what its names and `*` mean was settled when it was made. */
  readonly settled?: true;
  /** The schemas in which a routine that sets search_path finds names (PostgreSQL); absent where it goes by its caller's. */
  readonly path?: readonly string[];
  /** The tables of which variables hold a row (PL/pgSQL), by the variables' names; absent for none. */
  readonly rows?: Readonly<Record<string, RelationName>>;
  /** The types of variables that stand where the server takes a value and no row (PL/pgSQL), by the variables' names; absent for none. */
  readonly values?: Readonly<Record<string, RelationName>>;
  /** The names of its variables and parameters (PL/pgSQL), and whether it gives them or columns precedence by `#variable_conflict`. */
  readonly variables?: {
    readonly names: readonly string[];
    readonly conflict: "error" | "use_column" | "use_variable";
  };
  /** The words of its text, each once, which may be names of what it reads or calls (MySQL, MariaDB); absent where the operations tell. */
  readonly words?: readonly string[];
  /** Of a function that RETURNS trigger (PL/pgSQL), what it does with its row; absent where that is not told. */
  readonly trigger?: TriggerBody;
}

/** An operation that code carries out. */
export interface CodeOperation {
  readonly operation: Operation;
  /** The whole statement that it stands in, as the server sees it. */
  readonly statement: string;
  /** What the routine gives back by it (PostgreSQL); absent where it gives back nothing by it, and where that is not told. */
  readonly result?: readonly GivenPart[];
  /** It runs more than once, once for each turn of a loop. */
  readonly repeated: boolean;
  /** Present, and true, where the text of the loops says how many turns they have, and these are few (PL/pgSQL). */
  readonly fewTurns?: boolean;
  /** Where the loops have as many turns as queries find rows, besides such loops: the queries (PL/pgSQL); absent for any other. */
  readonly turns?: readonly Query[];
  /** It depends on a condition, or runs only after an error. */
  readonly conditional: boolean;
  /** The branches that it stands in, the outermost first: what stands in front of it in the same one has run. Absent for none. */
  readonly branch?: readonly number[];
  /**
   * Present, and true, where it runs unless what it would do is done already: behind `IF NOT EXISTS (SELECT FROM
   * pg_constraint ...)`, or in front of `EXCEPTION WHEN duplicate_object`.
   */
  readonly settled?: true;
  /** Present, and true, in a block in front of its EXCEPTION (PL/pgSQL), which is a transaction inside of another one. */
  readonly guarded?: boolean;
  /** Present, and true, behind a place where the code may have ended by itself: `IF ... THEN RETURN; END IF`. */
  readonly behindExit?: boolean;
  /** How many places stand in front of it where the code, or a loop, may have ended by itself; null where that is not told, absent for none. */
  readonly exits?: number | null;
  /** Present, and true, in a loop over the rows of a statement that writes (PL/pgSQL): the server takes no COMMIT in there. */
  readonly overWrites?: boolean;
}

export interface UnknownCode {
  readonly span: Span;
  /**
   * `dynamic`: text that is only known when it runs; `unreadable`: it does not parse, as `message` says; `language`: one
   * that is not read (C, Python).
   */
  readonly why: "dynamic" | "unreadable" | "language";
  readonly message: string;
}
