import { expect, it } from "vitest";
import type { ApplyOptions } from "../../src/apply/options.js";
import { asRunner, noted } from "../../src/apply/run.js";
import { settle } from "../../src/apply/step.js";
import { engineFor } from "../../src/config/engine.js";
import { step } from "../../src/engines/step.js";
import type { RunEvent } from "../../src/model/event.js";
import { planOf } from "../plan/plan-of.js";
import { suite } from "../scenarios/support/suite.js";
import { describeServers, type TestServer } from "../servers/index.js";

const STEP = step({ id: "1-index", phase: "expand", kind: "ddl", reason: "", unlimited: true });
const PLAN = planOf([STEP]);

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { after, session } = suite();
  const table = (name: string) => (server.name === "postgres" ? `zmigrate.${name}` : `zmigrate_${name}`);

  /** Options for a run on an empty database; what it tells is in `events`. */
  async function given(from: TestServer) {
    const db = await from.createDatabase("settle");
    after(db.drop);
    const engine = await engineFor(from.name);
    const database = await engine.connect(db.url, { connectTimeoutMs: 5_000, applicationName: "test" });
    const events: RunEvent[] = [];
    const options: ApplyOptions = {
      engine,
      database,
      migrations: [],
      release: null,
      contract: false,
      phase: null,
      to: null,
      replicaUrls: [],
      maxLagMs: 5_000,
      workers: 1,
      lockTimeoutMs: 1_000,
      lockWaitMs: 0,
      lockRetries: 1,
      batchTargetMs: 250,
      pauseBudgetMs: 1_000,
      maxMismatches: 0,
      maxBadRows: 0,
      parkMs: 0,
      soakMs: 0,
      signal: new AbortController().signal,
      emit: (event) => events.push(event),
    };
    await asRunner(options, async (run) => {
      await run.journal.upgrade(run.main);
      await run.journal.begin(run.main, PLAN, "");
    });
    return { url: db.url, options, events };
  }

  /** What the session of a run that was cut off holds until the server notices. */
  async function holding(url: string, sql: string) {
    const other = await session(url);
    await other.query(server.name === "postgres" ? "BEGIN" : "START TRANSACTION");
    await other.query(sql);
    return other;
  }

  it("waits for the row of a run that was cut off, says whose it is, and gives up in the end", async () => {
    const { url, options, events } = await given(server);
    const other = await holding(url, `UPDATE ${table("steps")} SET status = 'done'`);
    const waiting = asRunner(options, (run) => settle(run, PLAN.id, STEP));
    await expect(waiting).rejects.toMatchObject({
      code: "lock-timeout",
      message: expect.stringMatching(/no lock after 2 attempts\. .*the journal's row of this step.*Held by pid \d+/),
    });
    expect(events.find((e) => e.event === "step-blocked")).toBeDefined();
    const retried = events.find((e) => e.event === "step-retried");
    expect(retried).toMatchObject({ why: expect.stringContaining("Another transaction holds the journal's row") });
    await other.query("COMMIT");
    expect(await asRunner(options, (run) => settle(run, PLAN.id, STEP))).toBe(true);
  });

  it("ends with 4 when the journal itself is held", async () => {
    const { url, options } = await given(server);
    const other = await holding(url, `UPDATE ${table("migrations")} SET status = 'expanded'`);
    const writing = asRunner(options, (run) => noted(run, () => run.journal.status(run.main, PLAN.id, "backfilling")));
    await expect(writing).rejects.toMatchObject({ code: "journal-locked", exitCode: 4 });
    await other.query("ROLLBACK");
  });
});
