import type { RelationName } from "../name.js";
import type { Span } from "../span.js";
import type { Code } from "./code.js";
import type { PolicyChange, PolicyShape } from "./policy.js";
import type { PublicationShape } from "./publication.js";
import type { ViewCondition, ViewShape } from "./view-shape.js";

/** Things that are no tables, in the words of SQL. */
export type ObjectType =
  | "aggregate"
  | "collation"
  | "database"
  | "domain"
  | "event"
  | "extension"
  | "foreign-table"
  | "foreign-server"
  | "function"
  | "index"
  | "library"
  | "logfile-group"
  | "materialized-view"
  | "package"
  | "package-body"
  | "plugin"
  | "policy"
  | "procedure"
  | "publication"
  | "resource-group"
  | "role"
  | "rule"
  | "schema"
  | "sequence"
  | "spatial-reference-system"
  | "statistics"
  | "subscription"
  | "tablespace"
  | "trigger"
  | "type"
  | "undo-tablespace"
  | "user"
  | "view"
  | "other";

interface ObjectBase {
  readonly object: ObjectType;
  /** Null for what is not named like a relation: a user, a server. */
  readonly name: RelationName | null;
}

/** CREATE, or CREATE OR REPLACE. */
export interface CreateObject extends ObjectBase {
  readonly kind: "create-object";
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  /** Present, and true, where it is the session's own (PostgreSQL's TEMPORARY views and sequences). */
  readonly temporary?: true;
  /** Present, and true, of a sequence that a column owns (PostgreSQL): it goes with that. */
  readonly owned?: true;
  /** Null when not written. */
  readonly definer: string | null;
  /** Of CREATE USER and CREATE ROLE, whom it makes, as written (MySQL, MariaDB); absent for everything else. */
  readonly accounts?: readonly string[];
  /** Of a view the query, of a routine, trigger or event what it runs; null where nothing of the kind is written. */
  readonly body: Span | null;
  /** The relations that a view's query names. Empty for bodies, which are not looked into. */
  readonly reads: readonly RelationName[];
  /** The columns that a view's query names, `*` for all of a row; absent where they are not read. */
  readonly columns?: readonly string[];
  /** The same with the relations that each may be of (PostgreSQL); absent where they are not told. */
  readonly uses?: readonly ColumnUse[];
  /** The names of a view's own columns, in order: null for one that is not told, `*` for all of the table that it reads; absent where they are not read. */
  readonly outputs?: readonly (string | null)[];
  /** The same of a view that shows all columns of one of several tables (PostgreSQL), which stands in their place: `b.*`. Absent for any other. */
  readonly starred?: readonly (string | null | RelationName)[];
  /** The types of those columns (PostgreSQL): one that a cast says, or `{ column }` of the table that it reads; null for one that is not told. */
  readonly outputTypes?: readonly (string | { readonly column: string } | null)[];
  /** The functions that a view's query calls (PostgreSQL); absent for none. */
  readonly calls?: readonly RelationName[];
  /** What a view's query lets through; absent where that is not told. */
  readonly shape?: ViewShape;
  /** Of a view (PostgreSQL), present and true where it shows each row of the one table that it reads, and behind that table's own columns at most more. */
  readonly everyRow?: boolean;
  /** Only of a trigger. */
  readonly trigger: TriggerShape | null;
  /** Of a rule (PostgreSQL) that runs in the place of a statement, which; absent for everything else. */
  readonly insteadOf?: "insert" | "update" | "delete";
  /** Of a policy (PostgreSQL), present and true where it takes rows away: AS RESTRICTIVE. */
  readonly restrictive?: boolean;
  /** Of a policy (PostgreSQL), what it lets through; absent for everything else. */
  readonly policy?: PolicyShape;
  /** Of a publication (PostgreSQL), what it takes; absent for everything else. */
  readonly publishes?: PublicationShape;
  /** Of a type or a domain (PostgreSQL), what it is; absent for everything else. */
  readonly type?: TypeShape;
  /** Of a routine whose body was read (PostgreSQL), what it does; absent where it was not. */
  readonly code?: Code;
  /** Of an event (MySQL, MariaDB) that is not DISABLEd: its body runs at a time, or again and again, from a time on or at once. */
  readonly runs?: "once" | "again" | "at-once-and-again";
  /** Of an event (MySQL, MariaDB), present and true where it is there until somebody drops it: no end of its time does. */
  readonly lasts?: true;
  /** Of a routine (PostgreSQL), what it takes and gives back; absent where a type cannot be told. */
  readonly routine?: RoutineShape;
  /** Of a function, present and true where it is said to be IMMUTABLE or STABLE (PostgreSQL), DETERMINISTIC (MySQL, MariaDB). */
  readonly steady?: boolean;
  /** Of a view, its options that are on: `security_invoker` (PostgreSQL), `sql_security_invoker` (MySQL, MariaDB: of a routine, too); absent for none. */
  readonly options?: readonly string[];
  /** Present, and false, for a materialized view `WITH NO DATA`. */
  readonly withData?: boolean;
}

/** A column that a query names, `*` for all. */
export interface ColumnUse {
  readonly column: string;
  /** The relations that may have it, those of the innermost query first: it is of the first that has one of the name. */
  readonly of: readonly (readonly RelationName[])[];
}

/** What callers of a routine rely on. */
export interface RoutineShape {
  /** The types of what is passed to it, without schemas and lengths: `int4`, `text[]`. */
  readonly takes: readonly string[];
  /** What those are called; null for one without a name. */
  readonly names: readonly (string | null)[];
  /** How many of them have a default. */
  readonly defaults: number;
  /** `int4`, `setof users`, `record, a int4`; empty for a procedure that gives nothing back. */
  readonly returns: string;
  /** The type behind RETURNS, with the schema that it is written with, lists and SETOF left out; absent without RETURNS. */
  readonly returnsType?: RelationName;
  /** Present where it gives a row, or a set of them, whose columns are named: RETURNS TABLE, OUT, INOUT. */
  readonly rows?: {
    readonly set: boolean;
    readonly columns: readonly { readonly name: string; readonly type: string }[];
  };
  /** All that its result depends on, without comments and spaces: its language, body and settings. Routines with the same do the same. */
  readonly text: string;
  /** What it does, where files have made it and its body was read; absent otherwise. */
  readonly code?: Code;
  /** Where files have made it, in the order of what they make, and no other was in its place; absent where there may have been one. */
  readonly newAt?: number;
  /** Present, and true, for SECURITY DEFINER: it runs with the rights of its owner. */
  readonly definer?: true;
}

/** A type as CREATE TYPE and CREATE DOMAIN define it. */
export interface TypeShape {
  readonly kind: "enum" | "domain" | "composite" | "range" | "base";
  /** Only of a domain: the type that it is over, as written. */
  readonly base: string | null;
  /** Only of a domain: it has a CHECK or NOT NULL of its own. */
  readonly constrained: boolean;
  /** Only of a domain: its DEFAULT; absent where none is written. */
  readonly default?: string;
  /** Only of an enum: its values in order. */
  readonly values: readonly string[];
  /** Only of a composite type: its attributes in order. */
  readonly attributes?: readonly TypeAttribute[];
}

/** What a row of a composite type has (PostgreSQL). */
export interface TypeAttribute {
  readonly name: string;
  /** The name of its type, or of an array's elements. */
  readonly of: RelationName;
}

export interface TriggerShape {
  readonly timing: "before" | "after" | "instead of";
  readonly events: readonly ("insert" | "update" | "delete" | "truncate")[];
  /** UPDATE OF these columns; empty for any. */
  readonly columns: readonly string[];
  /** The function that it calls (PostgreSQL). */
  readonly calls?: RelationName;
  /** What it passes to that; absent for nothing. */
  readonly args?: readonly string[];
  /** Its WHEN (PostgreSQL); absent without one. */
  readonly when?: TriggerWhen;
  /** The trigger that it FOLLOWS or PRECEDES (MySQL, MariaDB); absent for none. */
  readonly beside?: string;
  /** Present, and true, FOR EACH ROW (PostgreSQL). */
  readonly eachRow?: boolean;
}

/** Which rows a WHEN is for: those that give a column a value, or change it (`*` for any), or others; and what they meet, each. */
export type TriggerWhen = {
  readonly conditions: readonly ViewCondition[];
  /** The columns of NEW and OLD that it names. */
  readonly names: readonly string[];
} & ({ readonly kind: "not-null" | "changes"; readonly column: string } | { readonly kind: "other" });

export interface AlterObject extends ObjectBase {
  readonly kind: "alter-object";
  readonly ifExists: boolean;
  /**
   * Options and clauses by name, in upper case, in the order of the text: `CHARACTER SET`, `COLLATE`, `RESTART`. On
   * PostgreSQL the words of the clause, each by itself: `ADD CONSTRAINT`, `NOT VALID`; `ADD VALUE`, `BEFORE`.
   */
  readonly changes: readonly string[];
  /** Names and literals that the change is about: enum's values (old, new), the new schema or owner, a constraint. */
  readonly values?: readonly string[];
  /** Of a domain (PostgreSQL), what SET DEFAULT says; absent for everything else. */
  readonly default?: string;
  /** Of a composite type (PostgreSQL), the attribute that is added, or has another type; absent for everything else. */
  readonly attribute?: TypeAttribute;
  /** Of a view, the options that are set, and whether they are on then; absent for none. */
  readonly options?: readonly { readonly name: string; readonly on: boolean }[];
  /** Of a routine (PostgreSQL), the types that it takes, as `RoutineShape` has them; absent where they are not written, or not told. */
  readonly takes?: readonly string[];
  /** Of a routine (PostgreSQL), the search_path that it sets from then on, as `Code` has it; of a database or role, that of later sessions. Null for none, absent where that stays. */
  readonly path?: readonly string[] | null;
  readonly body: Span | null;
  readonly reads: readonly RelationName[];
  /** Of a publication (PostgreSQL) that gets tables, or other settings, what it takes; absent for everything else. */
  readonly publishes?: PublicationShape;
  /** Of a policy (PostgreSQL). */
  readonly policy?: PolicyChange;
  /** Of MySQL's ALTER VIEW, as those of CREATE VIEW. */
  readonly outputs?: readonly (string | null)[];
  readonly shape?: ViewShape;
}

export interface DropObject extends ObjectBase {
  readonly kind: "drop-object";
  /** Of a routine (PostgreSQL) the types that it takes, as `RoutineShape` has them; absent where they are not written, or not told. */
  readonly takes?: readonly string[];
  readonly ifExists: boolean;
  readonly cascade: boolean;
}

export interface RenameObject extends ObjectBase {
  readonly kind: "rename-object";
  readonly to: string;
}

export interface Privileges {
  readonly kind: "privileges";
  readonly action: "grant" | "revoke";
  /** In upper case and without column lists; roles as they are written. */
  readonly privileges: readonly string[];
  /** What they are on, as written (`*.*`, `s.t`, `FUNCTION f`); null for roles. */
  readonly on: string | null;
  /** What they are on, one by one (PostgreSQL): the schemas of `ALL TABLES IN SCHEMA` too. Absent where it is not read. */
  readonly targets?: readonly PrivilegeTarget[];
  /** The columns that they are on alone; absent for none. */
  readonly columns?: readonly string[];
  /** What they are on, where that is one name (MySQL, MariaDB): a table, a view, or a routine. */
  readonly table?: RelationName;
  /** Who gets or loses them, as written; absent where it is not read. */
  readonly grantees?: string;
  /** Who gets or loses privileges on something, one by one and as written (MySQL, MariaDB). */
  readonly accounts?: readonly string[];
  /** Of ALTER DEFAULT PRIVILEGES (PostgreSQL), whose rights are for what is made later: in which schemas, null for all; absent otherwise. */
  readonly defaultIn?: readonly string[] | null;
  /** Present, and true, of ALTER DEFAULT PRIVILEGES FOR ROLE (PostgreSQL): what this one makes, which may be nobody who runs files. */
  readonly otherRole?: true;
  /** Present, and true, for `WITH GRANT OPTION`, `GRANT OPTION FOR` and the like, and for privileges on columns. */
  readonly special?: boolean;
  /** Present, and true, for `REVOKE GRANT OPTION FOR` (PostgreSQL): the right itself stays. */
  readonly optionOnly?: true;
}

/** Something that rights are given on. */
export interface PrivilegeTarget {
  /** `table` is whatever shares its names with tables. */
  readonly object: ObjectType | "table";
  readonly name: RelationName;
  /** Of a routine the types that it takes, as `RoutineShape` has them; absent where they are not written, or not told. */
  readonly takes?: readonly string[];
}

/** PostgreSQL's REFRESH MATERIALIZED VIEW; the view is the operation's relation. */
export interface RefreshView {
  readonly kind: "refresh-view";
  readonly concurrently: boolean;
  readonly withData: boolean;
}

/** PostgreSQL's COMMENT ON; what hangs on a table has it as the operation's relation. */
export interface CommentOn {
  readonly kind: "comment";
  /** In kebab case: `table`, `column`, `function`. */
  readonly on: string;
  /** What it is on, as written: `COLUMN t.a`, `FUNCTION f(int)`. */
  readonly target?: string;
  /** The parts of its dotted name, of what hangs on a table with that table's in front: `["s", "t", "a"]`. */
  readonly names?: readonly string[];
  /** What is said; null takes it away. */
  readonly text: string | null;
}

export type ObjectDetail =
  | CreateObject
  | AlterObject
  | DropObject
  | RenameObject
  | Privileges
  | RefreshView
  | CommentOn;
