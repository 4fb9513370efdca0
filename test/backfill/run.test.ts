import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { BackfillContext } from "../../src/backfill/context.js";
import { runBackfill } from "../../src/backfill/run.js";
import { engineFor } from "../../src/config/engine.js";
import type { Database } from "../../src/engines/engine.js";
import { step } from "../../src/engines/step.js";
import { journalOf } from "../../src/journal/journal.js";
import type { RunEvent } from "../../src/model/event.js";
import type { BackfillWork } from "../../src/model/step.js";
import type { Throttle } from "../../src/throttle/throttle.js";
import { planOf } from "../plan/plan-of.js";
import { describeServer, query, type TestDatabase } from "../servers/index.js";

const ROWS = 300;
const WORK: BackfillWork = {
  relation: { schema: null, name: "t" },
  set: "b = a",
  where: "b IS DISTINCT FROM a",
  key: null,
  rows: 100,
  targetMs: 10_000,
};
const STEP = step({ id: "1-backfill", phase: "backfill", kind: "backfill", backfill: WORK, reason: "because" });
const PLAN = planOf([STEP]);

describeServer("postgres", (server) => {
  let testDatabase: TestDatabase;
  let database: Database;
  beforeEach(async () => {
    testDatabase = await server.createDatabase("backfill");
    await query(
      testDatabase.url,
      `CREATE TABLE t (id int PRIMARY KEY, a int, b int);
       INSERT INTO t SELECT n, n FROM generate_series(1, ${ROWS}) n; ANALYZE t`,
    );
    const engine = await engineFor("postgres");
    database = await engine.connect(testDatabase.url, { connectTimeoutMs: 5_000, applicationName: "test" });
  });
  afterEach(async () => {
    await database.close();
    await testDatabase.drop();
  });

  async function contextWith(throttle: Throttle): Promise<BackfillContext> {
    const journal = journalOf(database);
    const session = await database.open();
    await journal.upgrade(session);
    await journal.begin(session, PLAN, "0".repeat(64));
    await session.close();
    return {
      database,
      journal,
      migrationId: PLAN.id,
      throttle,
      signal: new AbortController().signal,
      emit: () => undefined,
      targetMs: 10_000,
      lockMs: 1_000,
      pauseBudgetMs: 60_000,
      maxMismatches: 0,
    };
  }

  it("counts the time that it waits for a throttle, so that the rate and the time to go are true", async () => {
    const slow: Throttle = {
      async check() {
        await sleep(50);
        return { ok: true, calm: true, reason: "", lagMs: null };
      },
      close: async () => undefined,
    };
    const context = await contextWith(slow);
    const record = await runBackfill(context, STEP, WORK);
    expect(record).toMatchObject({ rowsDone: ROWS, rowsChanged: ROWS, state: "done" });
    // Batches of 100, 150 and 50 rows, each after 50 ms: never more than 3,000 rows a second.
    expect(record.batches).toBe(3);
    expect(record.rate).toBeLessThanOrEqual(3_100);
  });

  it("waits for the COMMIT of a run that was killed, and goes on from what it leaves", async () => {
    const free: Throttle = {
      check: async () => ({ ok: true, calm: true, reason: "", lagMs: null }),
      close: async () => undefined,
    };
    const context = await contextWith(free);
    const relation = WORK.relation;
    const head = "UPDATE t SET b = COALESCE(b, 0) + 1";
    const work: BackfillWork = {
      ...WORK,
      where: "TRUE",
      statement: { verb: "update", into: relation, head, alias: "t", tail: "" },
    };
    const stop = new AbortController();
    const once = (e: RunEvent) => e.event === "batch" && stop.abort();
    await expect(runBackfill({ ...context, signal: stop.signal, emit: once }, STEP, work)).rejects.toThrow();

    const killed = await database.open();
    await database.begin(killed, { lockMs: 1_000, statementMs: 0 });
    const place = await context.journal.lockBackfill(killed, PLAN.id, STEP.id);
    if (place?.upper == null) throw new Error("no checkpoint");
    const batch = { work, key: place.key, after: place.cursor, upTo: place.upper, rows: 100 };
    const { last, scanned } = await database.backfillBatch(killed, batch);
    const batches = place.batches + 1;
    await context.journal.checkpoint(killed, { ...place, cursor: last, rowsDone: place.rowsDone + scanned, batches });

    const resumed = runBackfill(context, STEP, work);
    await sleep(150);
    await database.commit(killed);
    await killed.close();
    expect(await resumed).toMatchObject({ rowsDone: ROWS, state: "done" });
    expect(await query(testDatabase.url, "SELECT b, count(*)::int AS n FROM t GROUP BY b")).toEqual([
      { b: 1, n: ROWS },
    ]);
  });
});
