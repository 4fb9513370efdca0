import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { passOver } from "../../src/backfill/bad-row.js";
import { ChangedMeanwhile, codeWriter } from "../../src/backfill/code/writer.js";
import type { BackfillContext } from "../../src/backfill/context.js";
import { helpBackfill, runBackfill } from "../../src/backfill/run.js";
import { toldWhileSlow } from "../../src/backfill/slow.js";
import { sqlWriter } from "../../src/backfill/writer.js";
import { engineFor } from "../../src/config/engine.js";
import type { Database, Session } from "../../src/engines/engine.js";
import { step } from "../../src/engines/step.js";
import { ZmigrateError } from "../../src/errors.js";
import { journalOf } from "../../src/journal/journal.js";
import type { RangeRecord } from "../../src/journal/records.js";
import type { BackfillCode } from "../../src/model/backfill-code.js";
import type { RunEvent } from "../../src/model/event.js";
import type { BackfillWork } from "../../src/model/step.js";
import type { Throttle } from "../../src/throttle/throttle.js";
import { planOf } from "../plan/plan-of.js";
import { numbers } from "../scenarios/support/bare.js";
import { describeServers, query, type TestDatabase, until } from "../servers/index.js";

const ROWS = 300;
const WORK: BackfillWork = {
  relation: { schema: null, name: "t" },
  set: "b = a",
  where: "b IS NULL OR b <> a",
  key: null,
  rows: 100,
  targetMs: 10_000,
};
/** Not to be run twice over a row. */
const COUNTING: BackfillWork = {
  ...WORK,
  where: "TRUE",
  statement: { verb: "update", into: WORK.relation, head: "UPDATE t SET b = COALESCE(b, 0) + 1", alias: "t", tail: "" },
};
const STEP = step({ id: "1-backfill", phase: "backfill", kind: "backfill", backfill: WORK, reason: "because" });
const PLAN = planOf([STEP]);
const OF = { migrationId: PLAN.id, stepId: STEP.id };

/** The server's own error of a disk without room, in the second batch. */
const FULL = {
  postgres: [
    "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$",
    "CREATE TRIGGER no_room BEFORE UPDATE ON t FOR EACH ROW WHEN (NEW.id = 50) EXECUTE FUNCTION no_room()",
  ],
  mysql: [
    `CREATE TRIGGER no_room BEFORE UPDATE ON t FOR EACH ROW
     BEGIN IF NEW.id = 50 THEN SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'no room'; END IF; END`,
  ],
};

/** Rows that a trigger refuses, each in another way. */
const REFUSING = {
  postgres: [
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE n int; BEGIN
       IF NEW.id = 30 THEN RAISE EXCEPTION 'order % is closed', NEW.id; END IF;
       IF NEW.id = 60 THEN RAISE EXCEPTION 'not yours' USING ERRCODE = 'insufficient_privilege'; END IF;
       IF NEW.id = 90 THEN SELECT id INTO STRICT n FROM t WHERE id = -1; END IF;
       IF NEW.id = 120 THEN CASE NEW.id WHEN 1 THEN n := 1; END CASE; END IF;
       IF NEW.id = 150 THEN RAISE EXCEPTION 'own' USING ERRCODE = 'MYERR'; END IF;
       RETURN NEW; END $$`,
    "CREATE TRIGGER refuse BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION refuse()",
  ],
  mysql: [
    `CREATE TRIGGER refuse BEFORE UPDATE ON t FOR EACH ROW BEGIN DECLARE n int;
       IF NEW.id = 30 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'closed'; END IF;
       IF NEW.id = 60 THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1142, MESSAGE_TEXT = 'not yours'; END IF;
       IF NEW.id = 90 THEN SET n = (SELECT 1 UNION SELECT 2); END IF;
       IF NEW.id = 120 THEN CASE NEW.id WHEN 1 THEN SET n = 1; END CASE; END IF;
       IF NEW.id = 150 THEN SIGNAL SQLSTATE '45001' SET MYSQL_ERRNO = 30001, MESSAGE_TEXT = 'own'; END IF;
     END`,
  ],
};

/** A row takes 0.25 s. */
const NAPPING = {
  postgres: [
    "CREATE FUNCTION nap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.25); RETURN NEW; END $$",
    "CREATE TRIGGER nap BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION nap()",
  ],
  mysql: ["CREATE TRIGGER nap BEFORE UPDATE ON t FOR EACH ROW SET @nap = SLEEP(0.25)"],
};

const FREE: Throttle = {
  check: async () => ({ ok: true, calm: true, reason: "", lagMs: null }),
  close: async () => undefined,
};

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  let testDatabase: TestDatabase;
  let database: Database;
  let session: Session;
  let attempt: string | null;
  beforeEach(async () => {
    testDatabase = await server.createDatabase("backfill");
    await query(testDatabase.url, "CREATE TABLE t (id int PRIMARY KEY, a int, b int)");
    await query(testDatabase.url, `INSERT INTO t (id, a) SELECT i, i FROM (${numbers(ROWS)}) n`);
    const engine = await engineFor(server.name);
    database = await engine.connect(testDatabase.url, { connectTimeoutMs: 5_000, applicationName: "test" });
    session = await database.open();
    const journal = journalOf(database);
    await journal.upgrade(session);
    await journal.begin(session, PLAN, "0".repeat(64));
    attempt = await journal.attempt(session, PLAN.id);
  });
  afterEach(async () => {
    await session.close();
    await database.close();
    await testDatabase.drop();
  });

  const contextWith = (more: Partial<BackfillContext> = {}): BackfillContext => ({
    database,
    journal: journalOf(database),
    migrationId: PLAN.id,
    attempt,
    run: "here",
    runner: true,
    workers: 1,
    throttle: FREE,
    signal: new AbortController().signal,
    emit: () => undefined,
    targetMs: 10_000,
    lockMs: 1_000,
    pauseBudgetMs: 60_000,
    maxMismatches: 0,
    maxBadRows: 0,
    ...more,
  });

  /** How often each row was counted: rows by times. */
  const counted = async () =>
    Object.fromEntries(
      (await query(testDatabase.url, "SELECT COALESCE(b, 0) AS times, COUNT(*) AS n FROM t GROUP BY b")).map((r) => [
        Number(r.times),
        Number(r.n),
      ]),
    );
  const ONCE = { 1: ROWS };

  const badKeys = async () => (await journalOf(database).badRows.list(session, OF)).map(({ key }) => key);

  /** A run that stops behind its first batch, in the middle of a range of `rows` rows. */
  async function begun(run: string, rows: number): Promise<RangeRecord> {
    const stop = new AbortController();
    const emit = (e: RunEvent) => e.event === "batch" && stop.abort();
    const context = contextWith({ run, signal: stop.signal, emit });
    await expect(runBackfill(context, STEP, { ...COUNTING, rows: 40 })).rejects.toThrow("Stopped");
    // What was left behind is as large as is asked for here.
    const upper = JSON.stringify([String(rows)]);
    const table = database.journal.table;
    await query(testDatabase.url, `UPDATE ${table("backfills")} SET cursor_key = '${upper}'`);
    await query(testDatabase.url, `DELETE FROM ${table("ranges")}`);
    const range: RangeRecord = {
      ...OF,
      ordinal: 1,
      cursor: ["40"],
      upper: [String(rows)],
      ...{ rowsDone: 0, rowsChanged: 0, batches: 0, rate: 0 },
      worker: `runner:${run}/1`,
    };
    await context.journal.ranges.give(session, range);
    return range;
  }

  it("counts the time that it waits for a throttle, so that the rate and the time to go are true", async () => {
    const slow: Throttle = {
      async check() {
        await sleep(50);
        return { ok: true, calm: true, reason: "", lagMs: null };
      },
      close: async () => undefined,
    };
    const record = await runBackfill(contextWith({ throttle: slow }), STEP, WORK);
    expect(record).toMatchObject({ rowsDone: ROWS, rowsChanged: ROWS, rowsTotal: ROWS, state: "done" });
    // Batches of 100, 150 and 50 rows, each after 50 ms: never more than 3,000 rows a second.
    expect(record.batches).toBe(3);
    expect(record.rate).toBeLessThanOrEqual(3_100);
  });

  it.skipIf(server.name === "postgres")(
    "waits, and says why, where the journal is locked and cannot take it down",
    async () => {
      const other = await database.open();
      const told: string[] = [];
      let looks = 0;
      const throttle: Throttle = {
        ...FREE,
        async check() {
          looks += 1;
          if (looks === 2) await other.query(`LOCK TABLES ${database.journal.table("backfills")} READ`);
          if (looks < 2 || told.length > 0) return FREE.check();
          return { ok: false, calm: false, reason: "held", lagMs: null };
        },
      };
      const emit = (e: RunEvent) => {
        if (e.event === "batch-retried") told.push(e.why);
        if (e.event !== "throttled") return;
        told.push(e.reason);
        void other.query("UNLOCK TABLES");
      };
      await runBackfill(contextWith({ throttle, emit }), STEP, COUNTING);
      expect(told).toEqual(["held"]);
      expect(await counted()).toEqual(ONCE);
      await other.close();
    },
  );

  it("halves its batches when the throttle has stopped it", async () => {
    let turn = 0;
    const throttle: Throttle = {
      async check() {
        turn += 1;
        return { ok: turn !== 2, calm: true, reason: "a replica is behind", lagMs: null };
      },
      close: async () => undefined,
    };
    const done: number[] = [];
    const emit = (e: RunEvent) => void (e.event === "batch" && done.push(e.rowsDone));
    await runBackfill(contextWith({ throttle, emit }), STEP, WORK);
    // Of 150 rows, which the second would have had.
    expect(done.slice(0, 2)).toEqual([100, 175]);
  });

  it("walks no more rows a second than it may, with all of its workers", async () => {
    const began = performance.now();
    const rates: number[] = [];
    const emit = (e: RunEvent) => void (e.event === "batch" && rates.push(e.rate));
    await runBackfill(contextWith({ workers: 2, maxRate: 200, emit }), STEP, COUNTING);
    expect(Math.max(...rates)).toBeLessThanOrEqual(200);
    expect(await counted()).toEqual(ONCE);
    // 300 rows at 200 a second.
    expect(performance.now() - began).toBeGreaterThan(1_400);
  });

  it.runIf(server.name === "postgres")("walks as many as it may where its workers are more than that", async () => {
    await query(testDatabase.url, "DELETE FROM t WHERE id > 12");
    const began = performance.now();
    const warned: Error[] = [];
    const warning = (error: Error) => warned.push(error);
    process.on("warning", warning);
    await runBackfill(contextWith({ workers: 12, maxRate: 6 }), STEP, COUNTING);
    process.off("warning", warning);
    expect(await counted()).toEqual({ 1: 12 });
    expect(performance.now() - began).toBeGreaterThan(1_500);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(warned).toEqual([]);
  });

  it("is shared by the workers of a process, and by processes: each row is met once, and all are", async () => {
    const work = { ...COUNTING, rows: 7, targetMs: 1 };
    const seen: number[] = [];
    const emit = (e: RunEvent) => void (e.event === "batch" && seen.push(e.rowsDone));
    const first = runBackfill(contextWith({ workers: 3, emit }), STEP, work);
    const help = async () => {
      while (!(await helpBackfill(contextWith({ run: "there", runner: false, workers: 2 }), STEP, work)))
        if ((await Promise.race([first, sleep(5)])) !== undefined) return;
    };
    await Promise.all([first, help()]);
    expect(await first).toMatchObject({ rowsDone: ROWS, rowsChanged: ROWS, state: "done" });
    expect(await counted()).toEqual(ONCE);
    expect(Math.max(...seen)).toBeLessThanOrEqual(ROWS);
    expect(await journalOf(database).ranges.open(session, OF)).toEqual([]);
    expect(await helpBackfill(contextWith({ runner: false }), STEP, work)).toBe(false);
  });

  it("goes on at once with what a runner has left that is gone, and not with what a helper still holds", async () => {
    const range = await begun("dead", 120);
    expect(await counted()).toEqual({ 0: ROWS - 40, 1: 40 });
    const { ranges } = journalOf(database);
    const other = { ...range, ordinal: 2, cursor: ["120"], upper: ["200"], worker: "helper:alive/1" };
    await ranges.give(session, other);
    await query(testDatabase.url, `UPDATE ${database.journal.table("backfills")} SET cursor_key = '["200"]'`);

    const told: number[] = [];
    const emit = (e: RunEvent) => void (e.event === "waiting-for-workers" && told.push(e.ranges));
    const running = runBackfill(contextWith({ emit }), STEP, COUNTING);
    running.catch(() => undefined);
    await until("only the helper's rows are left", 30_000, async () => {
      await ranges.keep(session, other);
      return (await counted())[0] === 80 ? true : null;
    });
    await sleep(300);
    expect(await counted()).toEqual({ 0: 80, 1: ROWS - 80 });
    expect(await ranges.open(session, OF)).toMatchObject([{ worker: "helper:alive/1", cursor: ["120"] }]);
    expect(told).toEqual([1]);
    await ranges.release(session, other);
    expect(await running).toMatchObject({ state: "done" });
    expect(await counted()).toEqual(ONCE);
  });

  it("goes on with what a helper has left that died before the server's clock was put back", async () => {
    const range = await begun("gone", 300);
    const ahead = "worker = 'helper:gone/1', leased_until = current_timestamp(3) + INTERVAL '1' HOUR";
    await query(testDatabase.url, `UPDATE ${database.journal.table("ranges")} SET ${ahead}`);
    expect(await journalOf(database).ranges.leased(session, range)).toBe(0);
    expect(await runBackfill(contextWith(), STEP, COUNTING)).toMatchObject({ state: "done" });
    expect(await counted()).toEqual(ONCE);
  });

  it("writes nothing for a worker that has lost its range meanwhile", async () => {
    const range = await begun("slow", 300);
    const { ranges } = journalOf(database);
    await ranges.release(session, range);
    await database.begin(session, { lockMs: 1_000, statementMs: 0 });
    const taken = await ranges.takeOver(session, OF, { run: "next", runner: false, number: 1 });
    expect(taken).toMatchObject({ worker: "helper:next/1", cursor: ["40"] });
    expect(await ranges.lock(session, range)).toBeNull();
    await ranges.advance(session, { ...range, cursor: ["299"] });
    await database.commit(session);
    expect(await ranges.open(session, OF)).toMatchObject([{ worker: "helper:next/1", cursor: ["40"] }]);
  });

  it("does not wait for ever for a process that stands still in the middle of a batch", async () => {
    const worker = await database.open();
    await database.endWhenStill(worker);
    const name = server.name === "postgres" ? "idle_in_transaction_session_timeout" : "wait_timeout";
    const show = server.name === "postgres" ? `SHOW ${name}` : `SHOW SESSION VARIABLES LIKE '${name}'`;
    const [row] = await worker.query(show);
    expect(Object.values(row ?? {}).at(-1)).toMatch(/^30s?$/);
    await worker.close();
  });

  it("gives nothing to a worker of a beginning of the migration that was rolled back", async () => {
    await begun("dead", 120);
    const journal = journalOf(database);
    await journal.closeBackfills(session, PLAN.id);
    await journal.endWorkers(session, PLAN.id);
    expect(await helpBackfill(contextWith({ runner: false }), STEP, COUNTING)).toBe(false);
    await journal.status(session, PLAN.id, "rolled-back");
    expect(await journal.attempt(session, PLAN.id)).toBeNull();
    await sleep(5);
    await journal.begin(session, PLAN, "1".repeat(64));
    expect(await journal.attempt(session, PLAN.id)).not.toBe(attempt);
    const key = await database.keyOf(session, WORK);
    const counts = { rowsDone: 0, rowsChanged: 0, rowsTotal: ROWS, batches: 0, batchRows: 40, rate: 0 };
    const upper = await database.lastKey(session, WORK.relation, key);
    await journal.startBackfill(session, {
      ...{ ...OF, key, cursor: null, upper, ...counts },
      ...{ state: "running", waitingFor: null, updatedAt: null },
    });
    const before = await counted();
    await helpBackfill(contextWith({ runner: false }), STEP, COUNTING);
    await expect(runBackfill(contextWith(), STEP, COUNTING)).rejects.toThrow("before its ranges did");
    expect(await counted()).toEqual(before);
  });

  it("passes over a row that is refused, tries it once more before, and no more of them than are allowed", async () => {
    await query(testDatabase.url, "ALTER TABLE t ADD COLUMN c varchar(9)");
    await query(testDatabase.url, "UPDATE t SET c = CASE WHEN id IN (1, 150, 300) THEN 'x' ELSE '7' END");
    const cast = server.name === "postgres" ? "c::int" : "c";
    const work = { ...WORK, set: `b = ${cast}`, where: "b IS NULL" };
    const told: string[] = [];
    const emit = (e: RunEvent) => void (e.event === "bad-row" && told.push(e.key));
    const fails = runBackfill(contextWith({ maxBadRows: 2, workers: 2, emit }), STEP, work);
    await expect(fails).rejects.toMatchObject({ code: "backfill-failed", message: expect.stringMatching(/id = \d+/) });
    expect(told).toHaveLength(2);
    await query(testDatabase.url, `UPDATE t SET c = '7' WHERE id = 150`);
    const record = await runBackfill(contextWith({ maxBadRows: 3, emit }), STEP, work);
    expect(record).toMatchObject({ state: "done", rowsDone: ROWS });
    expect(told).toEqual(expect.arrayContaining(["id = 1", "id = 300"]));
    const [left] = await query(
      testDatabase.url,
      "SELECT COUNT(*) AS n FROM t WHERE b IS NULL AND c = '7' AND id <> 150",
    );
    expect(Number(left?.n)).toBe(0);
  });

  it("finds each row that a trigger refuses, in whatever words", async () => {
    for (const sql of REFUSING[server.name === "postgres" ? "postgres" : "mysql"]) await query(testDatabase.url, sql);
    await expect(runBackfill(contextWith(), STEP, COUNTING)).rejects.toMatchObject({
      data: { reason: expect.stringMatching(/^the row with id = 30 is refused: .*closed/) },
    });
    const record = await runBackfill(contextWith({ maxBadRows: 5 }), STEP, COUNTING);
    expect(record).toMatchObject({ state: "done", rowsDone: ROWS, rowsChanged: ROWS - 5 });
    expect(await badKeys()).toEqual([30, 60, 90, 120, 150].map((id) => `id = ${id}`));
    expect(await counted()).toEqual({ 0: 5, 1: ROWS - 5 });
  });

  it("gives more rows to a service that takes its time however few it gets", async () => {
    const [select, update] = [["a"], ["b"]];
    const calls: number[] = [];
    const code: BackfillCode = {
      ...{
        relation: WORK.relation,
        select,
        update,
        where: null,
        key: null,
        rows: null,
        targetMs: null,
        concurrency: 1,
      },
      async map(rows) {
        calls.push(rows.length);
        await sleep(150);
        return rows.map(({ key, values }) => ({ key, set: { b: values.a } }));
      },
    };
    const work = { ...WORK, rows: 20, targetMs: 100, code: { select, update, concurrency: 1 } };
    const record = await runBackfill(contextWith({ code }), STEP, work);
    expect(record).toMatchObject({ rowsDone: ROWS, rowsChanged: ROWS });
    // It was one row a call.
    expect(calls.length).toBeLessThan(25);
  });

  it("says what the server is about where a batch takes long, and what mends a disk that is full", async () => {
    const told: string[] = [];
    const emit = (e: RunEvent) => void (e.event === "batch-slow" && told.push(e.why));
    const nap = `SELECT ${server.name === "postgres" ? "pg_sleep" : "SLEEP"}(1)`;
    await toldWhileSlow(contextWith({ emit }), STEP.id, session, () => session.query(nap), 200);
    expect(told[0]).toBe(server.name === "postgres" ? "Timeout: PgSleep" : "User sleep");
    const many = told.length;
    await toldWhileSlow(contextWith({ emit }), STEP.id, session, () => sleep(500), 200);
    expect(told).toHaveLength(many);

    for (const sql of FULL[server.name === "postgres" ? "postgres" : "mysql"]) await session.query(sql);
    await expect(runBackfill(contextWith(), STEP, { ...COUNTING, rows: 20 })).rejects.toMatchObject({
      code: "backfill-failed",
      message: expect.stringContaining("no room"),
      help: expect.stringMatching(/^Make room on the server's disk .* run `zmigrate apply` again/),
    });
    expect(await counted()).toEqual({ 0: ROWS - 20, 1: 20 });
    await session.query(`DROP TRIGGER no_room${server.name === "postgres" ? " ON t" : ""}`);
    await runBackfill(contextWith(), STEP, { ...COUNTING, rows: 20 });
    expect(await counted()).toEqual(ONCE);
  });

  it("waits for a row that somebody has locked as for a throttle, says who, and keeps its place", async () => {
    const other = await database.open();
    await other.query("BEGIN");
    await other.query("UPDATE t SET a = a WHERE id = 3");
    const told: string[] = [];
    const emit = (e: RunEvent) => void (e.event === "throttled" && told.push(e.reason));
    const work = { ...COUNTING, rows: 2 };
    const running = runBackfill(contextWith({ lockMs: 5_000, pauseBudgetMs: 1_500, emit }), STEP, work);
    await expect(running).rejects.toMatchObject({
      code: "throttled-too-long",
      exitCode: 4,
      message: expect.stringContaining(`the row with id = 3, or its table, is locked by pid ${other.id} (`),
    });
    expect(told[0]).toMatch(/transaction of \d+ s\): /);
    expect(await counted()).toEqual({ 0: ROWS - 2, 1: 2 });
    expect(await journalOf(database).backfill(session, OF)).toMatchObject({ waitingFor: null });

    const resumed = runBackfill(contextWith({ emit }), STEP, work);
    await until("it waits", 20_000, async () => {
      const known = await journalOf(database).backfill(session, OF);
      return known?.waitingFor?.includes(`pid ${other.id} (`) ? true : null;
    });
    await other.query("ROLLBACK");
    expect(await resumed).toMatchObject({ state: "done", waitingFor: null });
    expect(await counted()).toEqual(ONCE);
    await other.close();
  });

  it("has a batch ended whose rows cost more than was thought, and goes on with one at a time", async () => {
    await query(testDatabase.url, "DELETE FROM t WHERE id > 8");
    for (const sql of NAPPING[server.name === "postgres" ? "postgres" : "mysql"]) await session.query(sql);
    const took: number[] = [];
    const rows: number[] = [];
    const emit = (e: RunEvent) => {
      if (e.event === "batch") rows.push(e.rowsDone);
      if (e.event === "batch" || e.event === "batch-retried") took.push(performance.now());
    };
    const began = performance.now();
    await runBackfill(contextWith({ emit, targetMs: 100 }), STEP, { ...COUNTING, rows: 8, targetMs: 100 });
    expect([...new Set(rows)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect((took[0] ?? 0) - began).toBeLessThan(2_200);
    expect(await counted()).toEqual({ 1: 8 });
  });

  it("tries again after a deadlock with a client, and meets each row once", async () => {
    const other = await database.open();
    await other.query("BEGIN");
    await other.query("SELECT * FROM t WHERE id = 90 FOR UPDATE");
    const retried: string[] = [];
    const emit = (e: RunEvent) => void (e.event === "batch-retried" && retried.push(e.why));
    const running = runBackfill(contextWith({ lockMs: 20_000, emit }), STEP, COUNTING);
    await sleep(500);
    const crossed = await other.query("UPDATE t SET a = -a WHERE id = 10").catch((error: unknown) => error);
    await other.query(crossed instanceof Error ? "ROLLBACK" : "COMMIT");
    // PostgreSQL looks for a deadlock after a second, by when the batch has given up.
    const told = [...retried, crossed instanceof Error ? crossed.message : ""].join();
    expect(told).toMatch(server.name === "postgres" ? /deadlock|lock timeout/i : /deadlock/i);
    expect(await running).toMatchObject({ state: "done", rowsDone: ROWS });
    expect(await counted()).toEqual(ONCE);
    await other.close();
  });

  it("goes on where its sessions are ended, those that work and those that wait", async () => {
    const end = (id: number) => (server.name === "postgres" ? `SELECT pg_terminate_backend(${id})` : `KILL ${id}`);
    let ended = false;
    const throttle: Throttle = {
      async check() {
        const sessions = ended ? [] : database.ownSessions();
        ended = true;
        for (const id of sessions) await query(testDatabase.url, end(id));
        return FREE.check();
      },
      close: async () => undefined,
    };
    const record = await runBackfill(contextWith({ workers: 2, throttle }), STEP, COUNTING);
    expect(record).toMatchObject({ state: "done", rowsDone: ROWS });
    expect(await counted()).toEqual(ONCE);
    await session.close();
    session = await database.open();
  });

  it("takes a range that is lost to another one while a bad row is looked at for what it is", async () => {
    await query(testDatabase.url, "ALTER TABLE t ADD COLUMN c varchar(9)");
    await query(testDatabase.url, "UPDATE t SET c = CASE WHEN id = 1 THEN 'x' ELSE '7' END");
    const cast = server.name === "postgres" ? "c::int" : "c";
    const ranges = database.journal.table("ranges");
    const past = "current_timestamp(3) - INTERVAL '1' SECOND";
    let stolen = false;
    // Between the batch that failed and the look at its row, another process has taken the range over, and died.
    const hooked: Database = Object.assign(Object.create(database) as Database, {
      async rollback(s: Session) {
        await database.rollback(s);
        if (stolen) return;
        stolen = true;
        await query(testDatabase.url, `UPDATE ${ranges} SET worker = 'helper:other/1', leased_until = ${past}`);
      },
    });
    const context = contextWith({ database: hooked, maxBadRows: 1 });
    const record = await runBackfill(context, STEP, { ...WORK, rows: 1, set: `b = ${cast}`, where: "b IS NULL" });
    expect(stolen).toBe(true);
    expect(record).toMatchObject({ state: "done", rowsDone: ROWS, rowsChanged: ROWS - 1 });
    expect(await badKeys()).toEqual(["id = 1"]);
  });

  it("finds many bad rows in few batches, and stops at the one that is too many with all before it done", async () => {
    await query(testDatabase.url, "ALTER TABLE t ADD COLUMN c varchar(9)");
    await query(testDatabase.url, "UPDATE t SET c = CASE WHEN id % 10 = 0 THEN 'x' ELSE '1' END");
    const cast = server.name === "postgres" ? "c::int" : "CAST(c AS SIGNED)";
    const head = `UPDATE t SET b = COALESCE(b, 0) + ${cast}`;
    const work: BackfillWork = {
      ...COUNTING,
      statement: { verb: "update", into: WORK.relation, head, alias: "t", tail: "" },
    };
    const bad = (n: number) => Array.from({ length: n }, (_, at) => `id = ${(at + 1) * 10}`);
    const told: RunEvent[] = [];
    const emit = (e: RunEvent) => void told.push(e);
    await expect(runBackfill(contextWith({ maxBadRows: 12, emit }), STEP, work)).rejects.toMatchObject({
      code: "backfill-failed",
      data: { reason: expect.stringMatching(/^the row with id = 130 is refused: /) },
    });
    expect(await counted()).toEqual({ 0: ROWS - 129 + 12, 1: 129 - 12 });
    expect(await badKeys()).toEqual(bad(12));
    const record = await runBackfill(contextWith({ maxBadRows: 30, emit }), STEP, work);
    expect(record).toMatchObject({ state: "done", rowsDone: ROWS, rowsChanged: ROWS - 30 });
    expect(await counted()).toEqual({ 0: 30, 1: ROWS - 30 });
    expect(await badKeys()).toEqual(bad(30));
    expect(told.flatMap((e) => (e.event === "bad-row" ? [e.key] : []))).toEqual(bad(30));
    // A batch by itself for each try were some 200.
    expect(told.filter(({ event }) => event === "batch" || event === "batch-retried").length).toBeLessThan(50);
  });

  it("takes a row that was mended, or is another one, for what it is", async () => {
    const { ranges } = journalOf(database);
    await begun("dead", 120);
    await database.begin(session, { lockMs: 1_000, statementMs: 0 });
    const range = await ranges.takeOver(session, OF, { run: "here", runner: true, number: 1 });
    await database.commit(session);
    if (range === null) throw new Error("no range");
    const worker = await database.open();
    await database.prepareBackfill(worker);
    const key = await database.keyOf(session, WORK);
    // Row 41 was refused a moment ago, and is good by now.
    const next = await passOver(contextWith(), worker, { work: COUNTING, key, range, writer: sqlWriter(database) });
    expect(next).toMatchObject({ cursor: ["41"], rowsDone: range.rowsDone + 1 });
    expect(await counted()).toEqual({ 0: ROWS - 41, 1: 41 });
    expect(await badKeys()).toEqual([]);

    // Row 42 is mended while code computes it, which throws for what it was; then it throws for what it is.
    if (next === null) throw new Error("no rest");
    const context = contextWith({ maxBadRows: 1 });
    const update = { select: ["a"], update: ["b"] };
    const code: BackfillCode = {
      ...{ ...COUNTING, ...update, key: null, rows: null, targetMs: null, concurrency: 1 },
      async map([row]) {
        if (row?.values.a === 42) await query(testDatabase.url, "UPDATE t SET a = -42 WHERE id = 42");
        throw new Error("no");
      },
    };
    const writer = codeWriter({ ...context, code, of: OF });
    const bad = { work: COUNTING, key, range: next, writer };
    await expect(passOver(context, worker, bad)).rejects.toBeInstanceOf(ChangedMeanwhile);
    await database.rollback(worker);
    expect(await badKeys()).toEqual([]);
    expect(await passOver(context, worker, bad)).toMatchObject({ cursor: ["42"], rowsChanged: next.rowsChanged });
    expect(await badKeys()).toEqual(["id = 42"]);
    await writer.close();
    await worker.close();
  });

  it("waits for the COMMIT of a run that was killed, and goes on from what it leaves", async () => {
    const range = await begun("killed", 300);
    const { ranges } = journalOf(database);
    const killed = await database.open();
    await database.prepareBackfill(killed);
    await database.begin(killed, { lockMs: 1_000, statementMs: 0 });
    expect(await ranges.lock(killed, range)).toMatchObject({ cursor: ["40"] });
    const key = await database.keyOf(session, WORK);
    const batch = { work: COUNTING, key, after: range.cursor, upTo: range.upper, rows: 100 };
    const { last, scanned } = await database.backfillBatch(killed, batch);
    await ranges.advance(killed, { ...range, cursor: last, rowsDone: scanned, batches: 1 });

    const resumed = runBackfill(contextWith(), STEP, COUNTING);
    await sleep(400);
    await database.commit(killed);
    await killed.close();
    expect(await resumed).toMatchObject({ state: "done" });
    expect(await counted()).toEqual(ONCE);
  });

  if (server.name === "postgres")
    it("finds the row that a deferred constraint refuses, as any other", async () => {
      await session.query(`CREATE TABLE p AS SELECT i AS id FROM generate_series(1, 299) i; ALTER TABLE p ADD PRIMARY KEY (id);
        ALTER TABLE t ADD CONSTRAINT later FOREIGN KEY (b) REFERENCES p DEFERRABLE INITIALLY DEFERRED;
        UPDATE t SET a = 999 WHERE id IN (7, 150)`);
      const stops = runBackfill(contextWith(), STEP, WORK);
      const first = /^the row with id = 7 cannot be converted: .* violates foreign key constraint "later"/;
      await expect(stops).rejects.toMatchObject({
        code: "backfill-failed",
        data: { reason: expect.stringMatching(first) },
      });
      const record = await runBackfill(contextWith({ maxBadRows: 3 }), STEP, WORK);
      expect(record).toMatchObject({ state: "done", rowsDone: ROWS, rowsChanged: ROWS - 3 });
      expect(await badKeys()).toEqual(["id = 7", "id = 150", "id = 300"]);
    });

  if (server.name === "postgres")
    it("ends where a COMMIT fails again and again, with the row, and listens to people meanwhile", async () => {
      // What the trigger defers itself is judged by nothing but the COMMIT.
      await session.query(`CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int REFERENCES p DEFERRABLE);
        CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN SET CONSTRAINTS ALL DEFERRED; INSERT INTO c VALUES (NEW.id); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON t INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.id = 7) EXECUTE FUNCTION late()`);
      const one = { ...WORK, rows: 1 };
      const told: string[] = [];
      const emit = (e: RunEvent) => void (e.event === "batch-retried" && told.push(e.why));
      const reason = expect.stringMatching(/^the row with id = 7 is refused when it commits: .* table "c" violates/);
      const stops = runBackfill(contextWith({ maxBadRows: 9, emit }), STEP, one);
      await expect(stops).rejects.toMatchObject({ code: "backfill-failed", data: { reason } });
      expect(told.length).toBeGreaterThan(0);
      // Whoever looks at the row listens to people meanwhile.
      const cancelled = new ZmigrateError("backfill-cancelled", { id: PLAN.id, by: "by somebody" });
      let checks = 0;
      const check = () => {
        checks += 1;
        return checks < 2 ? FREE.check() : Promise.reject(cancelled);
      };
      await expect(runBackfill(contextWith({ throttle: { ...FREE, check } }), STEP, one)).rejects.toBe(cancelled);
    });

  if (server.name === "postgres")
    it("is refused where the server would read the whole table for each batch", async () => {
      await query(testDatabase.url, "INSERT INTO t (id, a) SELECT n, n FROM generate_series(1000, 25000) n; ANALYZE t");
      const off = ["indexscan", "indexonlyscan", "bitmapscan"].map((name) => `SET enable_${name} = off`);
      for (const set of off) await query(testDatabase.url, `ALTER DATABASE "${testDatabase.name}" ${set}`);
      const error = { code: "backfill-scans", message: expect.stringContaining("Seq Scan in the place of the key") };
      await expect(runBackfill(contextWith(), STEP, WORK)).rejects.toMatchObject(error);
      expect(await query(testDatabase.url, "SELECT count(b)::int AS n FROM t")).toEqual([{ n: 0 }]);
    });
});
