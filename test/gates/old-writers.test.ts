import { afterEach, expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import type { Database, Session } from "../../src/engines/engine.js";
import { oldWriters } from "../../src/gates/old-writers.js";
import type { MigrationPlan } from "../../src/model/plan.js";
import { type PlanBench, planBench } from "../engines/support/planned.js";
import { describeServers } from "../servers/index.js";

const HOUR = 3_600_000;
const RENAME = "-- zmigrate:gate old-writers=1h\nALTER TABLE t RENAME COLUMN a TO b;\n";

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });

  async function expanded(definition = "varchar(20)"): Promise<{
    bench: PlanBench;
    plan: MigrationPlan;
    database: Database;
    session: Session;
  }> {
    const bench = await planBench(server, "old_writers");
    opened.push(bench);
    await bench.sql(
      ...(server.name === "postgres" ? ["CREATE SCHEMA zmigrate"] : []),
      `CREATE TABLE t (id int PRIMARY KEY, n int, a ${definition})`,
      "INSERT INTO t (id, n, a) VALUES (1, 1, 'x'), (2, 2, 'y')",
    );
    const plan = await bench.plan(RENAME);
    await bench.run(plan.steps.filter((s) => s.phase === "expand"));
    const engine = await engineFor(server.name);
    const database = await engine.connect(bench.url, { connectTimeoutMs: 5_000, applicationName: "billing-worker" });
    const session = await database.open();
    opened.push(session);
    return { bench, plan, database, session };
  }

  const writersOf = (plan: MigrationPlan): string => plan.retires[0]?.writers ?? "";

  const verdict = ({ database, session, plan }: Awaited<ReturnType<typeof expanded>>, expandedMsAgo: number) => {
    const now = new Date();
    const record = { plan, expandedAt: new Date(now.getTime() - expandedMsAgo) };
    return oldWriters.check({ database, session, record, stage: "swap", now } as unknown as Parameters<
      typeof oldWriters.check
    >[0]);
  };

  it("is closed until nobody has written the old side alone for the time, and names who did", async () => {
    const all = await expanded();
    const { session, database, plan } = all;
    expect(await verdict(all, HOUR / 2)).toMatchObject({
      state: "closed",
      evidence: { quietMs: HOUR / 2, writers: [] },
    });
    expect(await verdict(all, 2 * HOUR)).toMatchObject({ state: "open", reason: expect.stringContaining("nobody") });

    for (const sql of [
      "UPDATE t SET n = 5",
      "UPDATE t SET b = 'new' WHERE id = 1",
      "INSERT INTO t (id, b) VALUES (3, 'z')",
    ])
      await session.query(sql);
    expect(await database.lastWriter(session, writersOf(plan))).toBeNull();

    await session.query("UPDATE t SET a = 'old' WHERE id = 1");
    const closed = await verdict(all, 2 * HOUR);
    expect(closed).toMatchObject({ state: "closed", evidence: { wantedMs: HOUR, columns: ["a"] } });
    expect(closed?.reason).toContain(server.name === "postgres" ? "billing-worker (role " : "@");
  });

  it("tells an INSERT of old code, and what a transaction has written that is not committed", async () => {
    const all = await expanded("varchar(20) NOT NULL DEFAULT 'd'");
    const { session, database, plan, bench } = all;
    await session.query("INSERT INTO t (id) VALUES (3)");
    expect(await database.lastWriter(session, writersOf(plan))).toBeNull();
    await session.query(server.name === "postgres" ? "BEGIN" : "START TRANSACTION");
    await session.query("INSERT INTO t (id, a) VALUES (4, 'old')");
    const [other, another] = [await database.open(), await database.open()];
    opened.push(other, another);
    const seen = await database.lastWriter(other, writersOf(plan));
    expect(seen?.who === null).toBe(server.name === "postgres");
    expect(seen?.secondsAgo).toBeLessThan(10);
    // A second writer meets no lock of the first.
    await another.query("UPDATE t SET a = 'old too' WHERE id = 2");
    await session.query("COMMIT");
    expect((await database.lastWriter(other, writersOf(plan)))?.who).toContain(
      server.name === "postgres" ? "role" : "@",
    );
    expect(await bench.rows("SELECT a, b FROM t WHERE id IN (2, 4) ORDER BY id")).toEqual([
      { a: "old too", b: "old too" },
      { a: "old", b: "old" },
    ]);
  });

  it("goes with the change, and comes back with it", async () => {
    const { bench, plan, session } = await expanded();
    const swap = plan.steps.filter((s) => s.stage === "swap" && s.kind === "ddl");
    await bench.run(plan.steps.filter((s) => s.phase === "backfill" && s.kind === "ddl"));
    await bench.run(swap);
    await bench.back(swap);
    await session.query("UPDATE t SET a = 'old' WHERE id = 1");
    expect(await bench.rows("SELECT a, b FROM t WHERE id = 1")).toEqual([{ a: "old", b: "old" }]);
    await bench.run(swap);
    await bench.run(plan.steps.filter((s) => s.stage === "drop" && s.kind === "ddl"));
    await session.query("UPDATE t SET b = 'new' WHERE id = 1");
    const again = await bench.plan("ALTER TABLE t RENAME COLUMN b TO c;\n");
    expect(again.retires[0]?.writers).toBeUndefined();
  });

  it.runIf(server.name === "postgres")("asks no rights of a writer on what it notes", async () => {
    const { session, database, plan, bench } = await expanded();
    const role = `writer_${process.pid}`;
    await bench.sql(`CREATE ROLE ${role}`, `GRANT SELECT, UPDATE ON t TO ${role}`);
    await session.query(`SET ROLE ${role}`);
    await session.query("UPDATE t SET a = 'old' WHERE id = 1");
    await session.query("RESET ROLE");
    expect(await database.lastWriter(session, writersOf(plan))).not.toBeNull();
    await bench.sql(`DROP OWNED BY ${role}`, `DROP ROLE ${role}`);
  });

  it("is refused where no triggers keep two sides equal", async () => {
    const bench = await planBench(server, "old_writers");
    opened.push(bench);
    await bench.sql("CREATE TABLE t (id int PRIMARY KEY, a int, b int)");
    const refusals = await bench.refusals("-- zmigrate:gate old-writers=1h\nALTER TABLE t DROP COLUMN a;\n");
    expect(refusals.map((r) => r.reason)).toEqual([expect.stringContaining("cannot tell who still writes a")]);
  });
});
