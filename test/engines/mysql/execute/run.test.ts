import { expect, it } from "vitest";
import { guarded } from "../../../../src/engines/mysql/strategies/guarded.js";
import { describeDialects } from "../support/database.js";

const QUICK = { lockMs: 1_000, statementMs: 0 };

describeDialects("run", (bench) => {
  it("commits and rolls back", async () => {
    const database = bench.database();
    await bench.sql("CREATE TABLE kept (id int PRIMARY KEY)");
    await database.begin(bench.session(), QUICK);
    await bench.sql("INSERT INTO kept VALUES (1)");
    await database.commit(bench.session());
    await database.begin(bench.session(), QUICK);
    await bench.sql("INSERT INTO kept VALUES (2)");
    await database.rollback(bench.session());
    expect(await bench.session().query("SELECT id FROM kept")).toEqual([{ id: 1 }]);
  });

  it("gives up on a lock after the timeout, and names whom it waited for", async () => {
    const [holder, waiter] = [await bench.another(), await bench.another()];
    const database = bench.database();
    await bench.sql("CREATE TABLE held (id int PRIMARY KEY, v int)", "INSERT INTO held VALUES (1, 1)");
    await holder.query("START TRANSACTION");
    await holder.query("UPDATE held SET v = 2");
    const began = performance.now();
    const failed = database
      .run(waiter, ["ALTER TABLE held ADD COLUMN w int, ALGORITHM=INSTANT"], QUICK, false)
      .catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const found = await database.blockers(bench.session(), waiter.id);
    expect(found.map((b) => b.pid)).toContain(holder.id);
    expect(found.find((b) => b.pid === holder.id)?.ageMs).not.toBeNull();
    expect(database.classify(await failed)).toBe("lock-timeout");
    expect(performance.now() - began).toBeLessThan(3_000);
    await database.reset(waiter);
    await holder.query("ROLLBACK");
  });

  it("adds and drops a column by a rebuild beside writers where the server has no INSTANT way for it any more", async () => {
    const drop = "ALTER TABLE `packed` DROP COLUMN `v`, ALGORITHM=INSTANT";
    for (const statements of [[drop], guarded("1 = 1", drop)]) {
      await bench.sql("CREATE TABLE packed (id int PRIMARY KEY, v int) ROW_FORMAT=COMPRESSED");
      await bench.database().run(bench.session(), statements, QUICK, false);
      expect(await bench.session().query("SHOW COLUMNS FROM packed")).toHaveLength(1);
      const add = "ALTER TABLE packed ADD COLUMN w int, ALGORITHM=INSTANT";
      await bench.database().run(bench.session(), [add], QUICK, false);
      expect(await bench.session().query("SHOW COLUMNS FROM packed")).toHaveLength(2);
      await bench.sql("DROP TABLE packed");
    }
  });

  it("names who holds a row", async () => {
    const [holder, waiter] = [await bench.another(), await bench.another()];
    const database = bench.database();
    await bench.sql("CREATE TABLE rowheld (id int PRIMARY KEY, v int)", "INSERT INTO rowheld VALUES (1, 1)");
    await holder.query("START TRANSACTION; UPDATE rowheld SET v = 2");
    await database.begin(waiter, QUICK);
    const failed = waiter.query("UPDATE rowheld SET v = 3").catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await database.blockers(bench.session(), waiter.id)).map((b) => b.pid)).toEqual([holder.id]);
    expect(database.classify(await failed)).toBe("lock-timeout");
    await Promise.all([database.rollback(waiter), holder.query("ROLLBACK")]);
  });

  it("sends an atomic packet as one, and stops in it at the first error", async () => {
    const database = bench.database();
    await bench.sql("CREATE TABLE packet (id int PRIMARY KEY)");
    await expect(
      database.run(
        bench.session(),
        [
          "LOCK TABLES packet WRITE",
          "INSERT INTO packet VALUES (1)",
          "SELECT nonsense FROM packet",
          "INSERT INTO packet VALUES (2)",
          "UNLOCK TABLES",
        ],
        QUICK,
        true,
      ),
    ).rejects.toThrow(/nonsense/);
    await database.reset(bench.session());
    const other = await bench.another();
    await other.query("INSERT INTO packet VALUES (3)");
    expect(await other.query("SELECT id FROM packet ORDER BY id")).toEqual([{ id: 1 }, { id: 3 }]);
  });

  it("runs nothing without a complaint", async () => {
    await bench.database().run(bench.session(), [], QUICK, true);
  });

  it("gives back settings that statements of ours change", async () => {
    const session = await bench.another();
    await session.query("SET SESSION foreign_key_checks = 0, lock_wait_timeout = 1");
    await bench.database().reset(session);
    const [row] = await session.query<Record<string, number>>(
      "SELECT @@foreign_key_checks AS f, @@lock_wait_timeout AS l",
    );
    expect(Number(row?.f)).toBe(1);
    expect(Number(row?.l)).toBeGreaterThan(1);
  });
});
