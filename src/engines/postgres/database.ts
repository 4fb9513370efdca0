import { ZmigrateError } from "../../errors.js";
import type { ConnectOptions, Database, Engine, Session } from "../engine.js";
import { notConnected } from "../not-connected.js";
import { opened } from "../opened.js";
import { openReader } from "../reader.js";
import { replicaName, tryReplicas } from "../replica.js";
import { POSTGRES_CHECKS } from "./doctor/index.js";
import { openSession, serverInfo, targetOf } from "./execute/connect.js";
import { doing } from "./execute/doing.js";
import { classify, describe } from "./execute/errors.js";
import { blockers, runnerLockHolder, tryRunnerLock } from "./execute/lock.js";
import { oldHolders } from "./execute/old-holders.js";
import { mustKeepSession } from "./execute/pooler.js";
import { preflight, preflightRights, preflightSteps } from "./execute/preflight.js";
import { begin, commit, limits, reset, rollback, run } from "./execute/run.js";
import type { PostgresSession } from "./execute/session.js";
import { commitsWaitFor, endCommits } from "./execute/synchronous.js";
import { mustSeeAllRows } from "./execute/updatable.js";
import { holdersOf } from "./gates/holders.js";
import { lastWriter } from "./gates/last-writer.js";
import { replicasCaughtUp } from "./gates/replicas.js";
import { dependentsOf } from "./introspect/dependents.js";
import { hangingOn } from "./introspect/hanging.js";
import { introspect, rereading } from "./introspect/index.js";
import { missingTables } from "./introspect/missing-tables.js";
import { bodiesNaming } from "./introspect/table-dependents.js";
import { postgresJournal } from "./journal.js";
import { connectedSessions } from "./queries/connected.js";
import { namesColumn } from "./queries/names-column.js";
import { statistics, usedStatements } from "./queries/statistics.js";
import { backfillBatch, batchEnd, endWhenStill, prepareBackfill, rangeEnd } from "./ranges/batch.js";
import { rowHolders } from "./ranges/holders.js";
import { estimateRows, keyOf, lastKey } from "./ranges/keys.js";
import { scanOf } from "./ranges/plan.js";
import { bytesEnd, readRows, rowColumns, writeRows } from "./ranges/rows.js";
import { verifyBatch } from "./ranges/verify.js";
import { knownReplicas } from "./signals/expected-replicas.js";
import { POSTGRES_SIGNALS } from "./signals/index.js";
import { lsnClockSignal } from "./signals/lsn-clock.js";
import { openReplica } from "./signals/named.js";
import { namedReplicas } from "./signals/replicas.js";

/** True for `t`, true and 1: the first column of the first row. */
async function ask(session: Session, sql: string): Promise<boolean> {
  await session.query("BEGIN READ ONLY");
  const [row] = await session.query(sql).finally(() => rollback(session));
  const value = row === undefined ? null : Object.values(row)[0];
  return value === true || value === 1 || value === "1" || value === "t";
}

const readOnly = (statementMs: number): string =>
  `SET default_transaction_read_only = on; SET statement_timeout = ${Math.round(statementMs)}`;

/** @throws ZmigrateError cannot-connect, bad-database-url, wrong-server */
export async function connect(engine: Engine, url: string, options: ConnectOptions): Promise<Database> {
  const first = await openSession(url, options);
  const server = await serverInfo(first, url).catch(async (error: unknown) => {
    await first.close();
    return notConnected(targetOf(url), describe)(error);
  });
  const { open, ids, close } = opened(async () => {
    const session = await openSession(url, options);
    const now = await serverInfo(session, url);
    if (now.identity === server.identity) return session;
    await session.close();
    throw new ZmigrateError("server-changed", { target: targetOf(url) });
  }, first);
  const sources = {
    primary: open,
    replica: (primary: Session, replica: string) => openReplica(primary, replica, options),
    ignored: options.ignoredReplicas ?? [],
  };
  return {
    engine,
    server,
    open,
    classify,
    describe,
    mustKeepSession: (session) => mustKeepSession(session, server, open),
    preflight: (session) => preflight(session, server),
    preflightSteps: (session, steps) => preflightSteps(session, server, steps),
    preflightRights: (session, steps) => preflightRights(session, server, steps),
    introspect,
    rereading,
    tryRunnerLock,
    runnerLockHolder,
    begin,
    limits,
    endWait: async () => undefined,
    commit,
    commitsWaitFor,
    endCommits,
    rollback,
    run: (session, statements, timeouts) => run(session, statements, timeouts),
    reset,
    blockers,
    oldHolders: (observer, locks, olderThanMs) => oldHolders(observer, locks, olderThanMs, ids()),
    doing,
    // Whatever walks a table begins here, and policies may have come since the migration began.
    async keyOf(session, work) {
      await mustSeeAllRows(session, server, work.relation);
      return keyOf(session, work);
    },
    lastKey,
    estimateRows: (session, relation) => estimateRows(session, relation),
    prepareBackfill,
    endWhenStill,
    rangeEnd,
    scanOf,
    // Every session of this database is its own.
    backfillBatch: (session, batch) => backfillBatch(session as PostgresSession, batch),
    batchEnd: (session, batch) => batchEnd(session, batch),
    rowColumns,
    readRows,
    bytesEnd,
    writeRows: (session, batch, columns, rows) => writeRows(session as PostgresSession, batch, columns, rows),
    verifyBatch,
    rowHolders,
    checkReplicas: (session, urls) => tryReplicas(urls, (url) => openReplica(session, url, options)),
    lagSignal: (lag) => lsnClockSignal(sources, lag),
    checks: POSTGRES_CHECKS,
    signals: POSTGRES_SIGNALS,
    ownSessions: ids,
    async openReader({ replicaUrl, statementMs, sameDatabase = false }) {
      const session = await openReader(sources, replicaUrl, readOnly(statementMs));
      if (!sameDatabase) return session;
      try {
        // A standby's databases have the ids of the primary's.
        if ((await serverInfo(session, url)).identity === server.identity) return session;
        const why = "is asked about another database than the primary.";
        throw new ZmigrateError("replica-unusable", { replica: replicaName(replicaUrl ?? url, targetOf), why });
      } catch (error) {
        await session.close();
        throw error;
      }
    },
    async replicas(session, urls, patience) {
      const named = namedReplicas(urls, (replica) => openReplica(session, replica, options));
      return replicasCaughtUp(session, named, sources.ignored, patience).finally(() => named.close());
    },
    dependents: dependentsOf,
    bodiesNaming,
    hanging: hangingOn,
    holders: holdersOf,
    missingTables,
    lastWriter,
    ask,
    statistics,
    usedStatements,
    connectedSessions,
    namesColumn,
    knownReplicas,
    journal: postgresJournal,
    close,
  };
}
