import { randomUUID } from "node:crypto";
import type { Session } from "../engines/engine.js";
import { kept } from "../engines/kept.js";
import { ZmigrateError } from "../errors.js";
import { type Journal, journalOf } from "../journal/journal.js";
import type { MigrationRecord } from "../journal/records.js";
import { RUN_QUEUED } from "../journal/releases.js";
import type { Catalog } from "../model/catalog.js";
import { isNewDatabase } from "../plan/new-tables.js";
import { commitsTold } from "./commits-told.js";
import { takeRunnerLock } from "./lock.js";
import type { ApplyOptions } from "./options.js";
import { toldAndEnded, type Watch } from "./told-and-ended.js";

/** What the parts of a run share. */
export interface Run {
  /** Tells it from other runs. */
  readonly id: string;
  readonly options: ApplyOptions;
  readonly journal: Journal;
  /** Holds the runner's lock; the journal is read and written on it between steps. */
  readonly main: Session;
  /** The schema as it is now; a run of many migrations asks once for each. */
  catalog(): Promise<Catalog>;
  /**
   * Where a migration's steps run. A new one when the former was lost, and for the next migration: what triggers and
   * functions of the application leave in a session must not meet its statements.
   */
  ddl(migration: string): Promise<Session>;
  /** Sees whom a waiting step waits for. */
  readonly observer: Session;
  /** Aborted when the run is asked to stop, and when the lock's connection is gone. */
  readonly signal: AbortSignal;
  /** Whether the database held nothing when the run first asked, in front of its first migration, with the catalog of that moment. */
  wasNew(catalog: Catalog): Promise<boolean>;
  /** Ids of the migrations that this run began: what they create is not in use yet. */
  readonly begun: Set<string>;
  /** Signals that this run may not read and has said so: each is told once. */
  readonly leftOut: Set<string>;
  /** Migrations that another run has rolled back while this one waited for it. */
  readonly backMeanwhile: readonly string[];
}

/** The migrations that are rolled back. */
async function takenBack(journal: Journal, session: Session): Promise<ReadonlySet<string>> {
  const records = (await journal.exists(session)) ? await journal.migrations(session) : [];
  return new Set(records.filter((r) => r.status === "rolled-back").map((r) => r.id));
}

/** Neither a table, nor anything that zmigrate has done. */
async function holdsNothing(journal: Journal, session: Session, catalog: Catalog): Promise<boolean> {
  if ((await journal.exists(session)) && (await journal.migrations(session)).length > 0) return false;
  return isNewDatabase(catalog);
}

const newIn = (now: ReadonlySet<string>, before: ReadonlySet<string>): string[] =>
  [...now].filter((id) => !before.has(id));

/** A run that has not got the lock. */
export type Waiting = Pick<Run, "id" | "options" | "journal" | "leftOut"> & { readonly session: Session };

/** The run's signal: the caller's, or the loss of the lock, which stops the run as an error. */
function signalOf(options: ApplyOptions, main: Session): AbortSignal {
  const controller = new AbortController();
  const target = options.database.server.target;
  const lost = () =>
    controller.abort(new ZmigrateError("connection-lost", { target, during: "while it held the runner's lock" }));
  options.signal.addEventListener("abort", () => controller.abort(options.signal.reason));
  main.lost.addEventListener("abort", lost);
  if (options.signal.aborted) controller.abort(options.signal.reason);
  if (main.lost.aborted) lost();
  return controller.signal;
}

/**
 * Runs `body` as the only runner on this database, with the journal up to date if there is one, and gives everything
 * back after it.
 *
 * @param meanwhile what is done while another runner holds the lock: true where something was
 * @throws ZmigrateError pooled-session, read-only-server, missing-privilege, replica-unusable, runner-locked, journal-newer: before anything is changed
 */
export async function asRunner<T>(
  given: ApplyOptions,
  body: (run: Run) => Promise<T>,
  meanwhile: (waiting: Waiting) => Promise<boolean> = async () => false,
): Promise<T> {
  const { database } = given;
  const sessions: Session[] = [];
  const open = async () => {
    const session = await database.open();
    sessions.push(session);
    return session;
  };
  const lookout = kept(() => database.open());
  const commits = commitsTold(given, lookout);
  const options = { ...given, emit: commits.emit };
  const { signal: stop, emit } = options;
  const watch: Watch = { database, observer: lookout, signal: stop, emit };
  try {
    const main = toldAndEnded(await open(), watch);
    await database.mustKeepSession?.(main);
    await database.preflight(main);
    await database.checkReplicas(main, options.replicaUrls);
    const journal = journalOf(database);
    const id = randomUUID();
    const leftOut = new Set<string>();
    let before: ReadonlySet<string> | null = null;
    await takeRunnerLock({
      session: main,
      options,
      first: () => noteQueued({ options, journal, main }),
      async meanwhile() {
        before ??= await takenBack(journal, main);
        return meanwhile({ id, options, journal, leftOut, session: main });
      },
    });
    const backMeanwhile = before === null ? [] : newIn(await takenBack(journal, main), before);
    // Made by `apply` when it has a plan that can run: a run that is refused leaves nothing behind.
    if (await journal.exists(main)) await journal.upgrade(main);
    const signal = signalOf(options, main);
    let working = await open();
    let user: string | null = null;
    const ddl = async (migration: string) => {
      const isUsed = user !== null && user !== migration;
      user = migration;
      if (isUsed) await working.close();
      if (isUsed || working.lost.aborted) working = await open();
      return working;
    };
    const observer = toldAndEnded(await open(), watch);
    const reread = database.rereading();
    const catalog = () => reread(main);
    const begun = new Set<string>();
    let asked: Promise<boolean> | null = null;
    const wasNew = (now: Catalog) => {
      asked ??= holdsNothing(journal, main, now);
      return asked;
    };
    return await body({
      id,
      options,
      journal,
      main,
      catalog,
      ddl,
      observer,
      signal,
      wasNew,
      begun,
      leftOut,
      backMeanwhile,
    });
  } catch (error) {
    throw explain(error, options);
  } finally {
    await Promise.all(sessions.map((s) => s.close()));
    await commits.end();
    await lookout.close();
  }
}

/** What the journal knows; nothing on a database that zmigrate never wrote to. */
export async function recordsOf(run: Noting): Promise<readonly MigrationRecord[]> {
  return (await run.journal.exists(run.main)) ? run.journal.migrations(run.main) : [];
}

/** What writing to the journal needs. */
export type Noting = Pick<Run, "options" | "journal" | "main">;

/**
 * A release is known from when its first run begins to wait: what the run in front of it expands is not rolled out by the
 * time that this one, or another try of it, gets the lock.
 */
export async function noteQueued(run: Noting): Promise<void> {
  const { release } = run.options;
  const { journal, main } = run;
  // An older journal is upgraded by who holds the lock.
  if (release === null || !(await journal.exists(main)) || !(await journal.isCurrent(main))) return;
  const entry = { action: RUN_QUEUED, migrationId: null, stepId: null, release, detail: null };
  await noted(run, () => journal.audit(main, entry));
}

/**
 * Writes to the journal in one transaction, which waits for no lock longer than a step does.
 *
 * @throws the server's error; one about a lock ends the run as `journal-locked`
 */
export async function noted(run: Noting, write: () => Promise<void>): Promise<void> {
  const { database, lockTimeoutMs } = run.options;
  await database.begin(run.main, { lockMs: lockTimeoutMs, statementMs: 0 });
  try {
    await write();
    await database.commit(run.main);
  } catch (error) {
    await database.rollback(run.main).catch(() => undefined);
    throw error;
  }
}

/** A driver's error about a lost connection or a lock, in our words. */
function explain(error: unknown, { database, signal }: ApplyOptions): unknown {
  if (error instanceof ZmigrateError || signal.aborted) return error;
  const kind = database.classify(error);
  if (kind === "lock-timeout")
    return new ZmigrateError("journal-locked", { reason: database.describe(error) }, { cause: error });
  if (kind !== "connection-lost") return error;
  return new ZmigrateError(
    "connection-lost",
    { target: database.server.target, during: "in the middle of the run" },
    { cause: error },
  );
}
