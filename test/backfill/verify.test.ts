import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BackfillContext } from "../../src/backfill/context.js";
import { runVerify } from "../../src/backfill/verify.js";
import { engineFor } from "../../src/config/engine.js";
import type { Database } from "../../src/engines/engine.js";
import { step } from "../../src/engines/step.js";
import type { ZmigrateError } from "../../src/errors.js";
import { journalOf } from "../../src/journal/journal.js";
import type { BackfillRecord } from "../../src/journal/records.js";
import type { RunEvent } from "../../src/model/event.js";
import type { BackfillWork } from "../../src/model/step.js";
import { throttleOf } from "../../src/throttle/throttle.js";
import { planOf } from "../plan/plan-of.js";
import { describeServers, query, type TestDatabase } from "../servers/index.js";

const WORK = { relation: { schema: null, name: "t" }, mismatch: "a <> b" };
const STEP = step({ id: "1-verify", phase: "backfill", kind: "verify", verify: WORK, reason: "" });

const PLAN = planOf([STEP]);
const CUT_OFF: Omit<BackfillRecord, "key"> = {
  migrationId: PLAN.id,
  stepId: STEP.id,
  cursor: ["200"],
  upper: ["299"],
  rowsDone: 200,
  rowsChanged: 0,
  rowsTotal: 300,
  batches: 2,
  batchRows: 100,
  rate: 0,
  state: "running",
  waitingFor: null,
  updatedAt: null,
};

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  let testDatabase: TestDatabase;
  let database: Database;
  let attempt: string | null = null;
  const events: RunEvent[] = [];
  beforeAll(async () => {
    testDatabase = await server.createDatabase("verify");
    await query(testDatabase.url, "CREATE TABLE t (id int PRIMARY KEY, a int, b int)");
    const rows = Array.from({ length: 300 }, (_, n) => `(${n}, 1, ${n === 7 || n === 250 ? 2 : 1})`);
    await query(testDatabase.url, `INSERT INTO t VALUES ${rows.join(", ")}`);
    const engine = await engineFor(server.name);
    database = await engine.connect(testDatabase.url, { connectTimeoutMs: 5_000, applicationName: "test" });
  });
  afterAll(async () => {
    await database?.close();
    await testDatabase?.drop();
  });

  const context = (maxMismatches: number, signal = new AbortController().signal): BackfillContext => ({
    attempt,
    run: "here",
    runner: true,
    workers: 1,
    database,
    journal: journalOf(database),
    migrationId: "20260101000000",
    throttle: throttleOf([]),
    signal,
    emit: (event) => events.push(event),
    targetMs: 250,
    lockMs: 2_000,
    pauseBudgetMs: 1_000,
    maxMismatches,
    maxBadRows: 0,
  });

  it("fails with the number and keys of rows that differ", async () => {
    await expect(runVerify(context(0), STEP, WORK)).rejects.toMatchObject({
      code: "verify-failed",
      exitCode: 3,
      data: { mismatches: 2, examples: expect.stringMatching(/7.*250/) },
    });
    expect(events).toContainEqual(expect.objectContaining({ event: "verified", rows: 300, mismatches: 2 }));
  });

  it("lets as many rows differ as the run allows, and not one more", async () => {
    await expect(runVerify(context(1), STEP, WORK)).rejects.toMatchObject({ code: "verify-failed" });
    expect(await runVerify(context(2), STEP, WORK)).toMatchObject({ rows: 300, mismatches: 2 });
  });

  it.runIf(server.name === "postgres")(
    "says that it waits for a replica that is behind, and then asks the primary",
    async () => {
      const patience: (number | undefined)[] = [];
      const behind: Database = Object.assign(Object.create(database) as Database, {
        async replicas(...[, , given]: Parameters<Database["replicas"]>) {
          patience.push(given?.ms);
          return { caughtUp: false, catchingUp: true, reason: "replica standby is 3.0 MB of WAL behind" };
        },
      });
      events.length = 0;
      await runVerify({ ...context(2), database: behind, replicaUrls: [testDatabase.url] }, STEP, WORK);
      expect(events).toMatchObject([
        { event: "waiting-for-replica", reason: "replica standby is 3.0 MB of WAL behind", forMs: 9_000 },
        { event: "verified", mismatches: 2 },
      ]);
      expect(patience).toEqual([1_000, 9_000]);
    },
  );

  describe("rows that can still be filled", () => {
    const relation = { schema: null, name: "filled" };
    const repair = (where: string): BackfillWork => ({
      relation,
      set: "b = a",
      where,
      key: null,
      rows: 100,
      targetMs: 10_000,
    });
    const workWith = (where: string) => ({ relation, mismatch: "b IS NULL", repair: repair(where) });
    const passes = () => events.filter((e) => e.event === "another-pass");
    beforeEach(async () => {
      await query(testDatabase.url, "DROP TABLE IF EXISTS filled");
      await query(testDatabase.url, "CREATE TABLE filled (id int PRIMARY KEY, a int, b int)");
      const rows = Array.from({ length: 300 }, (_, n) => `(${n}, 1, ${n === 7 || n === 250 ? "NULL" : 1})`);
      await query(testDatabase.url, `INSERT INTO filled VALUES ${rows.join(", ")}`);
      const session = await database.open();
      const journal = journalOf(database);
      await journal.upgrade(session);
      await journal.begin(session, PLAN, "0".repeat(64));
      attempt = await journal.attempt(session, PLAN.id);
      await session.close();
      events.length = 0;
    });

    it("tells rows that were passed over from those that somebody else writes", async () => {
      await query(testDatabase.url, "ALTER TABLE filled ADD CHECK (id <> 7 OR b IS NULL)");
      const failed = await runVerify({ ...context(0), maxBadRows: 2 }, STEP, workWith("b IS NULL")).catch((e) => e);
      expect(failed).toMatchObject({ code: "verify-failed", data: { mismatches: 1, passedOver: 1 } });
      expect(failed.help).toContain("1 row was passed over, as the database refuses the value");
      expect(failed.help).not.toContain("trigger");
      expect(events).toContainEqual(expect.objectContaining({ event: "backfilled", rows: 300, passedOver: 1 }));
    });

    it("are filled by another pass over the whole table", async () => {
      expect(await runVerify(context(0), STEP, workWith("b IS NULL"))).toMatchObject({ rows: 300, mismatches: 0 });
      expect(passes()).toEqual([expect.objectContaining({ pass: 1, of: 3, mismatches: 2, examples: ["7", "250"] })]);
      expect(events.filter((e) => e.event === "batch").at(-1)).toMatchObject({ step: STEP.id, rowsDone: 300 });
    });

    it("get a new pass each time, and fail the verification when three were of no use", async () => {
      const work = { ...workWith("b IS NULL"), repair: { ...repair("b IS NULL"), set: "b = b" } };
      await expect(runVerify(context(0), STEP, work)).rejects.toMatchObject({
        code: "verify-failed",
        data: { mismatches: 2, examples: "Keys of some: 7 | 250." },
      });
      expect(passes()).toHaveLength(3);
      await query(testDatabase.url, "UPDATE filled SET b = NULL WHERE id = 3");
      expect(await runVerify(context(0), STEP, workWith("b IS NULL"))).toMatchObject({ mismatches: 0 });
    });

    it("get no pass while others hold something on both sides, which ends it with both ways out", async () => {
      await query(testDatabase.url, "UPDATE filled SET b = 5 WHERE id = 9");
      const work = {
        relation,
        mismatch: "a <> b OR b IS NULL",
        repair: repair("b IS NULL"),
        newWins: "a = b",
      };
      const error = await runVerify(context(0), STEP, work).catch((e: unknown) => e);
      expect(error).toMatchObject({
        data: {
          mismatches: 3,
          examples: "Keys of some: 7 | 9 | 250.",
          clash: { rows: 1, examples: "9" },
        },
        help: expect.stringMatching(/In 1 of them \(9\) both sides hold .* which fills the others\./),
      });
      expect(passes()).toEqual([]);
      const { clash } = (error as ZmigrateError<"verify-failed">).data;
      await query(testDatabase.url, clash?.newWins ?? "");
      expect(await runVerify(context(0), STEP, work)).toMatchObject({ mismatches: 0 });
      const rows = await query(testDatabase.url, "SELECT id, a, b FROM filled WHERE id IN (7, 9) ORDER BY id");
      expect(rows).toEqual([
        { id: 7, a: 1, b: 1 },
        { id: 9, a: 5, b: 5 },
      ]);
    });

    it("get no pass when the run allows as many", async () => {
      expect(await runVerify(context(2), STEP, workWith("b IS NULL"))).toMatchObject({ mismatches: 2 });
      expect(passes()).toEqual([]);
    });

    it("are filled from the checkpoint of a pass that was cut off, before they are counted", async () => {
      const session = await database.open();
      const key = await database.keyOf(session, { relation, key: null });
      await journalOf(database).startBackfill(session, { ...CUT_OFF, key });
      await session.close();
      await runVerify(context(0), STEP, workWith("b IS NULL"));
      expect(events.filter((e) => e.event === "verified").map((e) => e.mismatches)).toEqual([1, 0]);
      expect(passes()).toEqual([expect.objectContaining({ pass: 1, examples: ["7"] })]);
    });
  });

  it("stops when it is asked to", async () => {
    await expect(runVerify(context(0, AbortSignal.abort()), STEP, WORK)).rejects.toMatchObject({ name: "Interrupted" });
  });
});
