import type { Dialect } from "kysely";
import type { Catalog, Table } from "../model/catalog.js";
import type { BatchSetting, GateSetting } from "../model/directive.js";
import type { Effect, Lock } from "../model/effect.js";
import type { Blocker } from "../model/event.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { PhaseName } from "../model/phase.js";
import type { Claim, Retired, RetiredTable, Side } from "../model/plan.js";
import type { RowPair } from "../model/row-pair.js";
import type { ParsedSql } from "../model/statement.js";
import type { BackfillWork, Step, VerifyWork } from "../model/step.js";
import type { ServerCheck } from "./examination.js";
import type { MissingTable } from "./missing-table.js";
import type { Rebuilder } from "./rebuild.js";
import type { Shadow, ShadowServer } from "./shadow.js";
import type { SignalKind } from "./signal.js";
import { lookUp } from "./table-lookup.js";

export type { Blocker };

export type EngineName = "postgres" | "mysql" | "mariadb";

/** A server version, comparable part by part: `{ text: "8.0.36", parts: [8, 0, 36] }`. */
export interface Version {
  readonly text: string;
  readonly parts: readonly number[];
}

/** What effects are derived from besides the operation. */
export interface EffectContext {
  readonly catalog: Catalog;
  /** The oldest that it may run on. */
  readonly version: Version;
  /** The newest, where a range is meant; absent when it is `version`. */
  readonly newestVersion?: Version;
  /** All operations of the statement, itself included: one ALTER TABLE takes the strongest of their locks at once. */
  readonly siblings?: readonly Operation[];
  /** How many routines deep the operation stands, where it is one of a body that is called; absent for none. */
  readonly callDepth?: number;
  /** The session's settings that are known, by name in lower case: `timezone` is `UTC`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** One operation of a file, with what directives say of it. */
export interface FileOperation {
  readonly operation: Operation;
  readonly up: string | null;
  readonly down: string | null;
  readonly fill: string | null;
  /** The phase that the author's directive names for its statement; absent or null where there is none. */
  readonly phase?: PhaseName | null;
  /** `-- zmigrate:batch` before it; absent or null where there is none. */
  readonly batch?: BatchSetting | null;
}

/** A table, or a view, that has its new name from the swap on, and until then is shown under it by a view. */
export interface StandIn {
  readonly view: RelationName;
  readonly of: RelationName;
}

/** What a strategy may know. */
export interface StrategyContext extends EffectContext {
  readonly migrationId: string;
  /** The whole statement that the operation stands in, as written, without its semicolon. */
  readonly statement: string;
  /** How many operations the statement holds; absent for one. What stands alone can be run as it is written. */
  readonly operationsInStatement?: number;
  /** Unique among the operations of the migration, from 1: step ids begin with it. */
  readonly ordinal: number;
  readonly batch: BatchSetting | null;
  /** The operation's table was created for this very release: no running code knows it, and nothing need be phased. */
  readonly newTable: boolean;
  /** Present, and true, where the operation is about something other than a table that no running code knows either. */
  readonly newObject?: true;
  /** New tables that hold at most the rows that files write out; absent for none. */
  readonly unfilled?: readonly RelationName[];
  /** Present, and true, where rows are met one by one whatever the table's size: no statement over all of them will do. */
  readonly batchesOnly?: true;
  /** `-- zmigrate:up`, `down`, `fill` before this operation. */
  readonly up: string | null;
  readonly down: string | null;
  readonly fill: string | null;
  /** Present, and true, where a gate of the file asks who still writes what goes: see `Database.lastWriter`. */
  readonly watchesWriters?: true;
  /** The phase that the author's directive names for the statement; absent or null where it is split for them. */
  readonly phase?: PhaseName | null;
  /** All operations of the migration in order, this one included: what it adds is new to running code too. */
  readonly file: readonly FileOperation[];
  /** What earlier statements of the file give another name; absent for nothing. */
  readonly standIns?: readonly StandIn[];
}

/** What a strategy makes of an operation. */
export interface Phased {
  readonly steps: readonly Step[];
  readonly retires: readonly Retired[];
  readonly gates: readonly GateSetting[];
  readonly notes: readonly string[];
  /** What no rollback takes back: whole sentences, told once more behind one. Absent where it takes back all. */
  readonly leaves?: readonly string[];
  /** What nothing else may change while this is under way, besides what `retires` says. */
  readonly claims?: readonly Claim[];
  readonly sides?: readonly Side[];
  readonly retiredTables?: readonly RetiredTable[];
  /** What it takes away or makes anew itself, as `Database.dependents` calls it: nobody needs to wait for that. */
  readonly drops?: readonly string[];
  /** Its steps stand in the phase that the author names, whichever that is. */
  readonly anyPhase?: true;
  /** What can be tried on live rows before anything is changed. */
  readonly pairs?: readonly RowPair[];
  /** Something that the same file drops has the name of what this makes, and these steps know it: the one gives way to the other. */
  readonly takesOver?: true;
}

/** What a strategy says besides its steps. */
export type Said = Partial<Pick<Phased, "notes" | "leaves">>;

/** What a strategy throws when there is no safe way; the planner adds the place. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly help: string;
  /** What it would need, and another migration may have for now: then this one waits. */
  readonly claims: readonly Claim[];
  constructor(reason: string, help: string, claims: readonly Claim[] = []) {
    super(reason);
    this.help = help;
    this.claims = claims;
  }
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

/** A text of the server's statistics; null where it has lost it, or does not show it to this role. */
export interface StatisticsText {
  readonly id: string;
  readonly text: string | null;
}

/** A statement of the statistics, and when it ran. */
export interface UsedStatement extends StatisticsText {
  /** How often it ran since the server counts. */
  readonly calls: number;
  /** Seconds since it last ran; null where the server only counts. */
  readonly secondsAgo: number | null;
}

/** What the statistics of one server say was run. */
export interface UsedStatements {
  readonly statements: readonly UsedStatement[];
  /** Another text than before where the server has counted anew or left statements out: what ran until then is not told. */
  readonly lost: string;
  /** Seconds that are told of; null where that is not known. */
  readonly toldSeconds: number | null;
}

/** Sessions that give themselves the same name. */
export interface ConnectedSessions {
  readonly application: string;
  readonly sessions: number;
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

export interface ConnectOptions {
  /** Milliseconds. */
  readonly connectTimeoutMs: number;
  /** Shown in the server's session list. */
  readonly applicationName: string;
}

export interface ServerInfo {
  readonly engine: EngineName;
  readonly version: Version;
  /** Tells a server from another one behind the same address: system identifier, server_uuid. */
  readonly identity: string;
  /** For messages: `host:port/database`, never a password. */
  readonly target: string;
  readonly database: string;
  readonly user: string;
}

/** What an error of the server means for what to do next. */
export type ErrorClass =
  | "lock-timeout"
  | "deadlock"
  | "serialization"
  | "statement-timeout"
  | "connection-lost"
  | "read-only"
  | "permission"
  | "too-large"
  | "disk-full"
  | "data"
  | "other";

/** One connection. Not pooled: its session settings, locks and transaction are its owner's. */
export interface Session {
  /** Rows of the (last) statement. Bigints and decimals arrive as strings. Values are bound: `$1` on PostgreSQL, `?` on MySQL. */
  query<R extends object = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** The server's id of this session (backend pid, connection id). */
  readonly id: number;
  /** Aborted when the connection is gone. */
  readonly lost: AbortSignal;
  close(): Promise<void>;
}

/** Milliseconds; 0 is no limit. */
export interface Timeouts {
  readonly lockMs: number;
  readonly statementMs: number;
}

/** A key that orders a table and finds any row: its columns in order. */
export interface BackfillKey {
  readonly columns: readonly string[];
  /** Engine types of the columns, for casts. */
  readonly types: readonly string[];
}

/** A place in a key's order: one text per key column. Null is before the first row. */
export type Cursor = readonly string[] | null;

/** The half-open range (after, upTo] of a table in key order. */
export interface Batch {
  readonly work: BackfillWork;
  readonly key: BackfillKey;
  readonly after: Cursor;
  /** The fixed end of the whole backfill. */
  readonly upTo: readonly string[];
  readonly rows: number;
}

export interface BatchResult {
  /** The last key of the batch, the end of the whole where no row is behind it; null when no row was left. */
  readonly last: Cursor;
  readonly scanned: number;
  readonly changed: number;
}

/** How the values of a column arrive in code, and what code writes: a text stands for all that JavaScript has no type for. */
export type ValueForm = "number" | "bigint" | "boolean" | "bytes" | "text";

/** A column that code reads or writes. */
export interface RowColumn {
  readonly name: string;
  /** The engine's type, for casts. */
  readonly type: string;
  readonly form: ValueForm;
}

/** A row as exact texts, bytes as hexadecimal digits; null for NULL. */
export interface RowTexts {
  readonly key: readonly string[];
  readonly values: readonly (string | null)[];
}

/** What is written of a row, by column, as such texts. */
export interface RowWrite {
  readonly key: readonly string[];
  readonly set: ReadonlyMap<string, string | null>;
}

export interface VerifyBatch {
  readonly work: VerifyWork;
  readonly key: BackfillKey;
  readonly after: Cursor;
  readonly rows: number;
}

export interface VerifyResult {
  /** The last key that was looked at; null where the table has ended. */
  readonly last: Cursor;
  readonly scanned: number;
  readonly mismatches: number;
  /** Keys of some mismatching rows. */
  readonly examples: readonly string[];
}

/** A reading that a throttle listens to. */
export interface Signal {
  readonly name: string;
  /** Reads now. A reading that cannot be had is a stop with its reason, never a pass. */
  read(): Promise<Reading>;
  close(): Promise<void>;
}

export interface Reading {
  /** True: go on. */
  readonly ok: boolean;
  /** True below the lower bound of the hysteresis: a stopped backfill may start again. */
  readonly calm: boolean;
  /** For people: `replica 127.0.0.1:5433 is 3.2 s behind (limit 1 s)`. */
  readonly reason: string;
  /** Milliseconds of lag, where the signal is one. */
  readonly lagMs: number | null;
  /** Present, and true, where a person wants it to stop: a time window that is closed, a pause. It may last. */
  readonly wanted?: true;
}

export interface LagOptions {
  readonly maxLagMs: number;
  /** Replicas to ask by themselves, besides those that the primary knows. */
  readonly replicaUrls: readonly string[];
  /** How often the primary's position is remembered, or the heartbeat written. */
  readonly intervalMs: number;
}

/** Where a query that a person wrote is asked, and for how long. */
export interface ReaderOptions {
  /** A replica; null is the primary. */
  readonly replicaUrl: string | null;
  /** Milliseconds that a statement may take. */
  readonly statementMs: number;
  /** It must be a session on the primary's own database: a replica has others, too. */
  readonly sameDatabase?: boolean;
}

/** How long something is waited for, and what ends the waiting before. */
export interface Patience {
  /** Milliseconds. */
  readonly ms: number;
  readonly signal: AbortSignal;
}

/** How far the replicas are, for the gate. */
export interface ReplicaReport {
  readonly caughtUp: boolean;
  /** For people: which one is behind, and by how much. */
  readonly reason: string;
  /** True where all that are behind answer and go on replaying: waiting helps. */
  readonly catchingUp?: boolean;
}

/** What would go with a view that stands in for a table. */
export interface Hanging {
  /** What would be lost, or keeps it from being dropped, for people: `view v3`, `function f(t3)`. */
  readonly objects: readonly string[];
  /** Rights to its rows that the table does not give: `SELECT, UPDATE`. The role is `PUBLIC` for all. */
  readonly rights: readonly { readonly role: string; readonly privileges: string }[];
}

/** Something that is built on what a statement would drop, for people: `view v` uses `t.b`. */
export interface Holder {
  readonly user: string;
  readonly used: string;
}

/** A write that only old code does. */
export interface OldWriter {
  /** Seconds that have passed since then, by the database's clock. */
  readonly secondsAgo: number;
  /** `billing-worker (role app)`; null where the transaction was not committed. */
  readonly who: string | null;
}

/** A live database. */
export interface Database {
  readonly engine: Engine;
  readonly server: ServerInfo;
  /** A new connection to the same server. @throws ZmigrateError cannot-connect, server-changed */
  open(): Promise<Session>;
  classify(error: unknown): ErrorClass;
  /** The server's message, without passwords. */
  describe(error: unknown): string;

  /**
   * That the session is one of the server's own for as long as it is open. Absent where nothing comes between them.
   *
   * @throws ZmigrateError pooled-session
   */
  mustKeepSession?(session: Session): Promise<void>;
  /** @throws ZmigrateError read-only-server, missing-privilege: before anything is changed. */
  preflight(session: Session): Promise<void>;
  /** @throws ZmigrateError missing-privilege, for the tables that a plan touches. */
  preflightSteps(session: Session, steps: readonly Step[], replicaUrls?: readonly string[]): Promise<void>;
  /**
   * The part of `preflightSteps` that is about this role's rights, for steps that another role may have begun: what it
   * made may be its own. To take steps back, pass them with `undo` in the place of `sql`.
   *
   * @throws ZmigrateError missing-privilege: before anything is changed
   */
  preflightRights(session: Session, steps: readonly Step[], replicaUrls?: readonly string[]): Promise<void>;
  introspect(session: Session): Promise<Catalog>;

  /** Tries the runner's lock once, without waiting on the server. */
  tryRunnerLock(session: Session): Promise<boolean>;
  /** Who holds it, for people; null when nobody does. */
  runnerLockHolder(session: Session): Promise<string | null>;

  begin(session: Session, timeouts: Timeouts): Promise<void>;
  /**
   * Ends what another session runs where it still waits for a lock, holds others up meanwhile, and has changed nothing: the
   * server's own timeout is for each lock. Does nothing where timeouts hold it to its time anyway.
   */
  endWait(observer: Session, waiting: number): Promise<void>;
  /**
   * Changes the timeouts of a transaction that `begin` has begun. Absent where DDL commits by itself: no transaction takes
   * one lock after the other there.
   */
  limit?(session: Session, timeouts: Timeouts): Promise<void>;
  commit(session: Session): Promise<void>;
  rollback(session: Session): Promise<void>;
  /** Runs statements outside a transaction under these timeouts. With `atomicPacket` in one packet. */
  run(session: Session, statements: readonly string[], timeouts: Timeouts, atomicPacket: boolean): Promise<void>;
  /** Cleans up after a failed `run`: open locks and transactions of this session. */
  reset(session: Session): Promise<void>;
  /** Whom `waiting` waits for, seen from `observer`. */
  blockers(observer: Session, waiting: number): Promise<Blocker[]>;
  /** What the server is about for a session, seen from `observer`, for people; null where that is idle or gone. */
  doing(observer: Session, id: number): Promise<string | null>;

  /** @throws ZmigrateError no-key */
  keyOf(session: Session, work: { relation: RelationName; key: readonly string[] | null }): Promise<BackfillKey>;
  /** The greatest key now; null for an empty table. */
  lastKey(session: Session, relation: RelationName, key: BackfillKey): Promise<Cursor>;
  estimateRows(session: Session, relation: RelationName): Promise<number>;
  /** Makes a session ready for batches: no triggers of ours, no row security, strict mode. */
  prepareBackfill(session: Session): Promise<void>;
  /**
   * Has the server end the session where its process stands still in the middle of a batch, whose rows it keeps from others.
   * A session that is in no batch must ask for something every few seconds.
   */
  endWhenStill(session: Session): Promise<void>;
  /** The last key of the next rows, `batch.rows` of them; `batch.upTo` where there are fewer. Reads the key's index only. */
  rangeEnd(session: Session, batch: Batch): Promise<readonly string[]>;
  /** How a batch that ends with `batch.upTo` would be carried out, where that is by reading the whole table; null where it is not. */
  scanOf(session: Session, batch: Batch): Promise<string | null>;
  /** Runs inside a transaction that the caller has begun. */
  backfillBatch(session: Session, batch: Batch): Promise<BatchResult>;
  /** Where a batch ends, and how many rows it has; reads the key's index only. */
  batchEnd(session: Session, batch: Batch): Promise<{ readonly last: Cursor; readonly scanned: number }>;
  /** The columns of a table, in the order of the names. @throws Error for one that is not there */
  rowColumns(session: Session, relation: RelationName, names: readonly string[]): Promise<readonly RowColumn[]>;
  /**
   * The rows up to `batch.upTo` that its condition holds for, in the order of the key. `lock` keeps them from other writers until
   * the transaction of the caller ends, and reads what is committed by then.
   */
  readRows(session: Session, batch: Batch, columns: readonly RowColumn[], lock: boolean): Promise<readonly RowTexts[]>;
  /**
   * Writes rows that the caller has locked, as an application does: triggers fire.
   *
   * @returns how many were changed
   */
  writeRows(session: Session, batch: Batch, columns: readonly RowColumn[], rows: readonly RowWrite[]): Promise<number>;
  verifyBatch(session: Session, batch: VerifyBatch): Promise<VerifyResult>;

  /**
   * Tries each replica that was named: it answers, and is a replica of this server as far as it can tell.
   *
   * @throws ZmigrateError replica-unusable
   */
  checkReplicas(session: Session, replicaUrls: readonly string[]): Promise<void>;
  lagSignal(options: LagOptions): Promise<Signal>;
  /** What of this server matters to migrations, and can be looked at. */
  readonly checks: readonly ServerCheck[];
  /** What else of this server a backfill can wait for. */
  readonly signals: readonly SignalKind[];
  /** The server's ids of the sessions that are open here. */
  ownSessions(): readonly number[];
  /**
   * A session whose transactions are read-only, and whose statements end after their time.
   *
   * @throws ZmigrateError cannot-connect, server-changed, replica-unusable
   */
  openReader(options: ReaderOptions): Promise<Session>;
  /**
   * Whether all replicas have replayed what the primary has written until now.
   *
   * @param patience how long they are given for it; 3 s when it is left out
   */
  replicas(session: Session, replicaUrls: readonly string[], patience?: Patience): Promise<ReplicaReport>;
  /** What names a column, or a whole table or view where it is null: `view public.active_users`, functions by their text included. */
  dependents(session: Session, relation: RelationName, column: string | null): Promise<string[]>;
  /** Functions whose text names a table or view, which they look for when they run: `function public.f(integer)`. Absent where that is not told apart. */
  bodiesNaming?(session: Session, relation: RelationName): Promise<string[]>;
  /**
   * What hangs on a view that stands in for a table: none of it would be there when the table has the name. Absent where
   * views are found by name, and nothing hangs on one.
   */
  hanging?(session: Session, view: RelationName, table: RelationName): Promise<Hanging>;
  /**
   * What is built on what the statements drop, besides what they drop or make anew themselves, and would keep the server
   * from it. Absent where servers drop whatever is named by text alone.
   */
  holders?(session: Session, statements: readonly string[]): Promise<readonly Holder[]>;
  /**
   * Those of the tables that do not exist. Where a trigger of the steps stands on another table, that is the one, under
   * another name.
   */
  missingTables(
    session: Session,
    relations: readonly RelationName[],
    steps: readonly Step[],
  ): Promise<readonly MissingTable[]>;
  /**
   * Who has last written the old side of a change alone, as triggers of ours note it every few seconds: null for nobody yet.
   *
   * @param writers what they note it in, as a plan has it
   * @throws what the database answers where it cannot be read
   */
  lastWriter(session: Session, writers: string): Promise<OldWriter | null>;
  /** The first column of the first row as a truth value. Asked in a read-only transaction. */
  ask(session: Session, sql: string): Promise<boolean>;

  /**
   * What the server's statistics say was run in this database, the most frequent first.
   *
   * @throws ZmigrateError not-available
   */
  statistics(session: Session): Promise<readonly StatisticsText[]>;

  /**
   * The same with how often, or when, each was run last, of the primary or a replica.
   *
   * @throws ZmigrateError not-available
   */
  usedStatements(session: Session): Promise<UsedStatements>;
  /**
   * Who is connected to this database, of the primary or a replica, by name; who gives none is left out.
   *
   * @throws ZmigrateError not-available
   */
  connectedSessions(session: Session): Promise<readonly ConnectedSessions[]>;
  /** Whether a query names a column or a table. Where that is not certain it does. @param sql as `readQueries` gives it */
  namesColumn(sql: string, named: Named, catalog: Catalog): boolean;
  /** How many replicas the primary knows; null where this role may not see them. */
  knownReplicas(session: Session): Promise<number | null>;

  /** Rebuilds of tables by other programs; absent where the database has no need of them. */
  readonly rebuilder?: Rebuilder;
  readonly journal: JournalDialect;
  close(): Promise<void>;
}

/** What the journal needs to know of an engine. */
export interface JournalDialect {
  /** For compiling queries only; they run on a Session. */
  readonly dialect: Dialect;
  /** `zmigrate.migrations` or `zmigrate_migrations`. */
  table(name: string): string;
  /** A query that has a row when the journal exists. */
  readonly exists: string;
  /** True for an error of that query which says that there is none: the catalog hides tables from who may not read them. */
  isAbsent(error: unknown): boolean;
  /** What an administrator runs so that a role may read the journal, or write it. */
  grants(server: ServerInfo, use: "read" | "write"): readonly string[];
  /** What an administrator runs so that a role may look where there is no journal; absent where `grants` run there too. */
  grantUnbegun?(server: ServerInfo): string;
  /** Run in order to make the journal of `JOURNAL_VERSION`, with the columns of `journal/schema.ts`; each is repeatable. */
  readonly create: readonly string[];
  /** False where DDL commits by itself, so that a step and its row cannot commit together. */
  readonly transactionalDdl: boolean;
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
