import type { Catalog, Table } from "../model/catalog.js";
import type { Setting } from "../model/detail/session.js";
import type { Effect, Lock } from "../model/effect.js";
import type { Blocker } from "../model/event.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { ParsedSql } from "../model/statement.js";
import type { BackfillWork } from "../model/step.js";
import type { ConnectOptions, Database, Timeouts } from "./database.js";
import type { Shadow, ShadowServer } from "./shadow.js";
import type { EffectContext, Phased, StrategyContext } from "./strategy.js";
import { lookUp } from "./table-lookup.js";

export type * from "./database.js";
export type * from "./rows.js";
export * from "./strategy.js";
export type { Blocker };

/** The databases that there is an engine for. */
export type EngineName = "postgres" | "mysql" | "mariadb";

/** A server version, comparable part by part: `{ text: "8.0.36", parts: [8, 0, 36] }`. */
export interface Version {
  readonly text: string;
  readonly parts: readonly number[];
}

/** How a person runs with the database's own client what zmigrate would run. Each text ends without a line break. */
export interface Script {
  /** A command that runs a file and stops at the first error. */
  readonly command: string;
  /** What goes before the first statement. */
  readonly settings: readonly string[];
  /** The lines around statements that commit together; null where DDL commits by itself. */
  readonly transaction: { readonly begin: string; readonly commit: string } | null;
  /** A statement with its end, between lines that change the delimiter where it holds semicolons of its own. */
  statement(sql: string): string;
  /** How long the statements behind it wait for locks, and run: for this session. */
  limits(timeouts: Timeouts): string;
  /** A whole backfill, in batches that commit one by one. Statements, ended. */
  batches(work: BackfillWork): readonly string[];
}

/** A query of an application as it stands in a text. */
export interface WrittenQuery {
  /** As it is written, without its semicolon. */
  readonly text: string;
  /** UTF-16 offset in the text. */
  readonly start: number;
  /** What a comment in front of it calls it (`-- name: GetUser :one`); null where there is none. */
  readonly name: string | null;
  /** With the server's own parameters, for `Shadow.prepare`; else why it cannot be prepared, or that it is no query. */
  readonly read:
    | { readonly kind: "query"; readonly sql: string }
    | { readonly kind: "unreadable" | "no-query"; readonly reason: string };
}

/** A column by its table; the table itself where the column is null. */
export interface Named {
  readonly relation: RelationName;
  readonly column: string | null;
}

/** A column by its table, as it is written. */
export interface NamedColumn {
  readonly relation: RelationName;
  readonly column: string;
}

/** What an operation may stay with when columns change their names. */
export interface ColumnsHeld {
  readonly relations: readonly RelationName[];
  /** Names of columns among others, of whichever of the relations. */
  readonly names: ReadonlySet<string>;
  /** It stays with all columns that one of the relations has by then: `SELECT *`. */
  readonly all: boolean;
}

/** What keeps a server from dropping columns of a table while it is written. */
export interface ColumnsKept {
  readonly relation: RelationName;
  /** The index, the storage engine, or the column with the default. */
  readonly name: string;
  readonly kind: "fulltext-index" | "index" | "sequence-default" | "storage-engine" | "unique-hash";
  /** The virtual column that an index is over; null for the others. */
  readonly column: string | null;
}

/**
 * One database family as the rest of zmigrate sees it. Nothing outside `engines/<engine>/` knows which one it is.
 */
export interface Engine {
  readonly name: EngineName;
  /** The version that is assumed without a database: the oldest supported. */
  readonly oldestVersion: Version;
  /** The oldest that effects are known for: older than `oldestVersion` where only lint still serves it. */
  readonly oldestKnown: Version;
  /** The newest that is supported: with `oldestVersion` the range that lint answers for where no version is named. */
  readonly newestVersion: Version;
  /** Among what the name of an index must be another one: all tables and indexes of its schema, or the indexes of its table. */
  readonly indexNames: "schema" | "table";
  /** Does a replica hold all that its primary holds? Those of MySQL and MariaDB may leave tables and rows out. */
  readonly replicasAreWhole: boolean;
  /** Loads what parsing needs; cheap when called again. All works after it but `plan`, which linting has no use for. */
  loadParser(): Promise<void>;
  /** Loads what parsing and planning need; cheap when called again. */
  load(): Promise<void>;
  /** Never throws: what cannot be read is in `problems`. */
  parse(text: string): ParsedSql;
  effects(operation: Operation, context: EffectContext): Effect;
  /**
   * The columns that the expressions and queries of an operation name for certain: where an alias or another table's
   * column could be meant, it is not among them. `sql` is the whole statement. Call `load` before.
   */
  columnsNamed(operation: Operation, sql: string): readonly NamedColumn[];
  /**
   * The relations that an operation names and that a view cannot stand in for: what it does needs a table, or what it makes
   * would go with the view. Rows are read and written through a view as well. `sql` is the whole statement. Call `load` before.
   */
  tablesNeeded(operation: Operation, sql: string): readonly RelationName[];
  /**
   * What an operation hangs on columns, so that it stays with these when others get their names; null for nothing. Absent
   * where columns are found by name. `sql` is the whole statement. Call `load` before.
   */
  columnsHeld?(operation: Operation, sql: string): ColumnsHeld | null;
  /** Can the rows of a table without a key be walked by the places where they lie? Absent where they have none that hold. */
  walksByPlace?(table: Table): boolean;
  /**
   * Whether a setting of a file may be left out, whose steps run in sessions of their own; `before` are those in front of it.
   * Absent where none but what every script sets may.
   */
  leavesOut?(setting: Setting, before: readonly Setting[]): boolean;
  /** @throws Refusal */
  plan(operation: Operation, context: StrategyContext): Phased;
  /**
   * What keeps the server from carrying out those of the statements that drop a column of the table, or make one NOT NULL
   * (beside `unique-hash`, that change it in any way);
   * null where nothing does, or none of them is such a statement. Absent where there is no such thing.
   */
  keepsColumns?(table: Table, statements: readonly string[]): ColumnsKept | null;
  /**
   * The statements of one transaction in which a column has another name, and the lock that this takes: what they make over
   * that name goes on naming the column. Null where they make something that finds it by its name alone, as all does where
   * this is absent.
   */
  whileCalled?(
    relation: RelationName,
    column: string,
    name: string,
    statements: readonly string[],
  ): { readonly sql: readonly string[]; readonly lock: Lock } | null;
  /**
   * An empty database in this process; null where there is none for this engine.
   *
   * @param texts what will be run in it
   * @param version the one that plans are made for
   */
  readonly openShadow: ((texts: readonly string[], version: Version) => Promise<Shadow>) | null;
  /** Shadows on a server that the user names, in schemas of their own; null where `openShadow` is there. */
  readonly shadowServer: ((url: string, options: ConnectOptions) => Promise<ShadowServer>) | null;
  /**
   * The queries of a text, with placeholders as the server has them or as libraries write them. Never throws; call `load`
   * before.
   */
  readQueries(text: string): readonly WrittenQuery[];
  /** An identifier as SQL of this engine writes it. */
  quote(identifier: string): string;
  quoteRelation(relation: RelationName): string;
  readonly script: Script;
  /** Connects once to see that it works and what it is. @throws ZmigrateError cannot-connect, wrong-server */
  connect(url: string, options: ConnectOptions): Promise<Database>;
}

/** Whether two names mean the same table. An unqualified one means the default schema. */
export const sameRelation = (a: RelationName, b: RelationName, defaultSchema: string | null): boolean =>
  a.name === b.name && (a.schema ?? defaultSchema) === (b.schema ?? defaultSchema);

/** The table of a catalog, or null when it is not listed. An unqualified name means the default schema. */
export function findTable(catalog: Catalog, relation: RelationName): Table | null {
  const found = lookUp(catalog, relation);
  if (found !== undefined) return found;
  return catalog.tables.find((t) => sameRelation(t.relation, relation, catalog.defaultSchema)) ?? null;
}
