import type { Dialect } from "kysely";
import type { Catalog } from "../model/catalog.js";
import type { Lock } from "../model/effect.js";
import type { Blocker } from "../model/event.js";
import type { RelationName } from "../model/name.js";
import type { Step } from "../model/step.js";
import type { Engine, EngineName, Named, Version } from "./engine.js";
import type { ServerCheck } from "./examination.js";
import type { MissingTable } from "./missing-table.js";
import type { Rebuilder } from "./rebuild.js";
import type {
  BackfillKey,
  Batch,
  BatchResult,
  Cursor,
  RowColumn,
  RowTexts,
  RowWrite,
  VerifyBatch,
  VerifyResult,
} from "./rows.js";
import type { SignalKind } from "./signal.js";

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

export interface ConnectOptions {
  /** Milliseconds. */
  readonly connectTimeoutMs: number;
  /** Shown in the server's session list. */
  readonly applicationName: string;
  /** Replicas that the primary knows and nobody waits for, as one that is delayed on purpose: by host, `host:port` or application name. */
  readonly ignoredReplicas?: readonly string[];
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
  /** How many messages it has been given so far: each is a way to the server and back. */
  sent(): number;
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
  /** Asked each time, since people change it: what was seen of the replicas stays seen. */
  readonly maxLagMs: () => number;
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
  /** What does as `introspect` each time, and need not read again what has not changed since the last time, whoever has changed it. */
  rereading(): (session: Session) => Promise<Catalog>;

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
   * Ends the statement that another session of this user runs; nothing where it runs none. Absent where the timeouts of `begin` hold
   * whatever statement to its time.
   */
  endStatement?(observer: Session, id: number): Promise<void>;
  /**
   * Statements that change the timeouts of a transaction that `begin` has begun, and end with it. Absent where DDL commits by
   * itself: no transaction takes one lock after the other there.
   */
  limits?(timeouts: Timeouts): string;
  commit(session: Session): Promise<void>;
  /**
   * What COMMITs of these sessions wait for, though they are on this server's disk, for people; null where none does. Absent
   * where the server waits for nobody then, or tells it in another way.
   */
  commitsWaitFor?(observer: Session, ids: readonly number[]): Promise<string | null>;
  /** Ends that waiting: such a COMMIT cannot be undone, and has succeeded. Resolves to how many there were. */
  endCommits?(observer: Session, ids: readonly number[]): Promise<number>;
  rollback(session: Session): Promise<void>;
  /** Runs statements outside a transaction under these timeouts. With `atomicPacket` in one packet. */
  run(session: Session, statements: readonly string[], timeouts: Timeouts, atomicPacket: boolean): Promise<void>;
  /** Cleans up after a failed `run`: open locks and transactions of this session. */
  reset(session: Session): Promise<void>;
  /** Whom `waiting` waits for, seen from `observer`. */
  blockers(observer: Session, waiting: number): Promise<Blocker[]>;
  /**
   * Whose transactions are older than this, milliseconds, and hold what these locks would wait for; sessions of ours are left
   * out. Absent where the server does not tell.
   */
  oldHolders?(observer: Session, locks: readonly Lock[], olderThanMs: number): Promise<Blocker[]>;
  /**
   * Why a statement of a step with these locks failed, where that was about a moment and no row that is there: it may do when it is
   * tried again. Null where it was not. Absent where the server fails at nothing of the kind.
   */
  momentary?(observer: Session, error: unknown, statement: string, locks: readonly Lock[]): Promise<string | null>;
  /** The statement, so that writers wait while it runs and nothing of the kind happens. Absent where that has no use. */
  alone?(statement: string): string;
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
  /**
   * How a batch that ends with `batch.upTo` would be carried out, where that is by reading the whole table, or a partition of `large`
   * rows or more; null where it is not.
   */
  scanOf(session: Session, batch: Batch, large: number): Promise<string | null>;
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
   * The key of the last of these rows up to which their texts are no longer than so many bytes: of the first one at least. Null
   * where that is all of them. None of the texts is sent.
   */
  bytesEnd(session: Session, batch: Batch, columns: readonly RowColumn[], mostBytes: number): Promise<Cursor>;
  /**
   * Writes rows that the caller has locked, as an application does: triggers fire.
   *
   * @returns how many were changed
   */
  writeRows(session: Session, batch: Batch, columns: readonly RowColumn[], rows: readonly RowWrite[]): Promise<number>;
  verifyBatch(session: Session, batch: VerifyBatch): Promise<VerifyResult>;
  /** The tables that hold the rows of one and of those below it; absent where a table holds its rows itself. */
  rowHolders?(session: Session, relation: RelationName): Promise<readonly RelationName[]>;

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
  /**
   * A query for `schema`, the one that names without a schema mean in a session; null where there is none. Absent where a
   * journal stands in the schema that it is about.
   */
  readonly schema?: string;
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
