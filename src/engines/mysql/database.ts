import { ZmigrateError } from "../../errors.js";
import type { ConnectOptions, Database, Engine, ServerInfo, Session } from "../engine.js";
import { kept } from "../kept.js";
import { allOf } from "../missing.js";
import { notConnected } from "../not-connected.js";
import { opened } from "../opened.js";
import { openReader } from "../reader.js";
import { tryReplicas } from "../replica.js";
import { mysqlChecks } from "./doctor/index.js";
import { blockers, oldHolders } from "./execute/blockers.js";
import { openSession, serverInfo } from "./execute/connect.js";
import { doing } from "./execute/doing.js";
import { endStatement, endWait } from "./execute/end-wait.js";
import { classify, describe } from "./execute/errors.js";
import { runnerLockHolder, tryRunnerLock } from "./execute/lock.js";
import { alone, momentary } from "./execute/momentary.js";
import { preflight, preflightRights } from "./execute/preflight.js";
import { demandSight, demandWalks } from "./execute/preflight-data.js";
import { begin, commit, readOnly, reset, rollback, run } from "./execute/run.js";
import { placeOf, targetOf } from "./execute/url.js";
import { dependents } from "./gates/dependents.js";
import { lastWriter } from "./gates/last-writer.js";
import { replicasCaughtUp } from "./gates/replicas.js";
import { introspect } from "./introspect/index.js";
import { missingTables } from "./introspect/missing-tables.js";
import { mysqlJournal } from "./journal.js";
import type { Osc } from "./osc/index.js";
import { rebuilderOf } from "./osc/rebuild.js";
import type { MysqlDialect } from "./parse/dialect.js";
import { connectedSessions } from "./queries/connected.js";
import { namesColumn } from "./queries/names-column.js";
import { statistics, usedStatements } from "./queries/statistics.js";
import { backfillBatch, batchEnd, endWhenStill, prepareBackfill, rangeEnd } from "./ranges/batch.js";
import { estimateRows, keyOf, lastKey } from "./ranges/keys.js";
import { scanOf } from "./ranges/plan.js";
import { bytesEnd, readRows, rowColumns, writeRows } from "./ranges/rows.js";
import { verifyBatch } from "./ranges/verify.js";
import { BEAT_LOCKS } from "./signals/beat.js";
import { knownReplicas } from "./signals/discover.js";
import { heartbeatSignal } from "./signals/heartbeat.js";
import { MYSQL_SIGNALS } from "./signals/index.js";
import { openReplica } from "./signals/named.js";
import { replicaSet } from "./signals/replica-set.js";

/** True when the first column of the first row is a number other than 0, as in SQL's WHERE. */
async function ask(session: Session, sql: string): Promise<boolean> {
  await session.query("START TRANSACTION READ ONLY");
  const [row] = await session.query(sql).finally(() => rollback(session));
  const value = row === undefined ? null : Object.values(row)[0];
  return value !== null && Number(value) !== 0 && !Number.isNaN(Number(value));
}

/** Opens sessions, each of which must be on the server that the first one was on. */
async function opener(url: string, options: ConnectOptions, dialect: MysqlDialect) {
  const first = await openSession(url, options);
  const server = await serverInfo(first, url, dialect).catch(async (error: unknown) => {
    await first.close();
    return notConnected(targetOf(url), describe)(error);
  });
  const sessions = opened(async () => {
    const session = await openSession(url, options);
    const now = await serverInfo(session, url, dialect);
    if (now.identity === server.identity) return session;
    await session.close();
    throw new ZmigrateError("server-changed", { target: targetOf(url) });
  }, first);
  return { server, ...sessions };
}

const holdersBesides =
  (server: ServerInfo, ids: () => readonly number[]): NonNullable<Database["oldHolders"]> =>
  (observer, locks, olderThanMs) =>
    oldHolders(observer, server, locks, olderThanMs, ids());

/** @throws ZmigrateError cannot-connect, bad-database-url, wrong-server */
export async function connect(
  engine: Engine,
  { dialect, osc }: { readonly dialect: MysqlDialect; readonly osc: Osc | null },
  url: string,
  options: ConnectOptions,
): Promise<Database> {
  const { server, open, ids, close } = await opener(url, options, dialect);
  const openNamed = (primary: Session, replica: string) => openReplica(primary, replica, dialect, options);
  const replicasOf = (primary: () => Promise<Session>, replicaUrls: readonly string[]) =>
    replicaSet({ primary, dialect, url, replicaUrls, ignored: options.ignoredReplicas ?? [], open: openNamed });
  const rights: Database["preflightRights"] = (session, steps, urls = []) =>
    allOf([
      () => preflightRights(session, server, steps),
      () => (urls.length === 0 ? demandSight(session, server, dialect, steps) : undefined),
    ]);
  const rebuilder = rebuilderOf({ osc, dialect, place: placeOf(url), database: server.database });
  return {
    engine,
    server,
    open,
    classify,
    describe,
    preflight: (session) => preflight(session, server),
    preflightSteps: (session, steps, urls) =>
      allOf([
        () => rights(session, steps, urls),
        () => demandWalks(session, steps),
        () => rebuilder.check(session, steps),
      ]),
    preflightRights: rights,
    introspect: (session) => introspect(session, dialect),
    rereading: () => (session) => introspect(session, dialect),
    tryRunnerLock: (session) => tryRunnerLock(session, options.applicationName),
    runnerLockHolder,
    begin: (session, timeouts) => begin(session, timeouts, dialect),
    endWait,
    // MariaDB's max_statement_time is for whatever statement, MySQL's max_execution_time for reads.
    ...(dialect === "mysql" ? { endStatement, alone } : {}),
    commit,
    rollback,
    run: (session, statements, timeouts, atomicPacket) => run(session, statements, timeouts, atomicPacket, dialect),
    reset: (session) => reset(session, dialect),
    doing,
    blockers: (observer, waiting) => blockers(observer, waiting, server),
    ...(dialect === "mysql" ? { oldHolders: holdersBesides(server, ids) } : {}),
    momentary: (observer, error, statement, locks) => momentary(observer, server, error, statement, locks),
    keyOf,
    lastKey,
    estimateRows,
    prepareBackfill: (session) => prepareBackfill(session, dialect),
    endWhenStill,
    rangeEnd,
    scanOf,
    backfillBatch,
    batchEnd: (session, batch) => batchEnd(session, batch),
    rowColumns,
    readRows,
    bytesEnd,
    writeRows,
    verifyBatch,
    checkReplicas: (session, urls) => tryReplicas(urls, (replica) => openNamed(session, replica)),
    async lagSignal(lag) {
      const writer = kept(async () => {
        const session = await open();
        await session.query(BEAT_LOCKS);
        return session;
      });
      await writer.session();
      return heartbeatSignal(writer, replicasOf(writer.session, lag.replicaUrls), lag);
    },
    checks: mysqlChecks(dialect),
    signals: MYSQL_SIGNALS,
    ownSessions: ids,
    openReader: ({ replicaUrl, statementMs }) =>
      openReader({ primary: open, replica: openNamed }, replicaUrl, readOnly(statementMs, dialect)),
    async replicas(session, replicaUrls, patience) {
      const replicas = replicasOf(async () => session, replicaUrls);
      return replicasCaughtUp(session, replicas, dialect, patience).finally(() => replicas.close());
    },
    dependents: (session, relation, column) => dependents(session, relation, column, dialect),
    missingTables,
    lastWriter,
    ask,
    statistics,
    usedStatements,
    connectedSessions,
    namesColumn: (sql, named, catalog) => namesColumn(sql, named, catalog, dialect),
    knownReplicas: (session) => knownReplicas(session, dialect),
    rebuilder,
    journal: mysqlJournal,
    close,
  };
}
