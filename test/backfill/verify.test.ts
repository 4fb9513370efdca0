import { afterAll, beforeAll, expect, it } from "vitest";
import type { BackfillContext } from "../../src/backfill/context.js";
import { runVerify } from "../../src/backfill/verify.js";
import { engineFor } from "../../src/config/engine.js";
import type { Database } from "../../src/engines/engine.js";
import { step } from "../../src/engines/step.js";
import { journalOf } from "../../src/journal/journal.js";
import type { RunEvent } from "../../src/model/event.js";
import { throttleOf } from "../../src/throttle/throttle.js";
import { describeServers, query, type TestDatabase } from "../servers/index.js";

const WORK = { relation: { schema: null, name: "t" }, mismatch: "a <> b" };
const STEP = step({ id: "1-verify", phase: "backfill", kind: "verify", verify: WORK, reason: "" });

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  let testDatabase: TestDatabase;
  let database: Database;
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

  it("stops when it is asked to", async () => {
    await expect(runVerify(context(0, AbortSignal.abort()), STEP, WORK)).rejects.toMatchObject({ name: "Interrupted" });
  });
});
