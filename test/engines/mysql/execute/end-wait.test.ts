import { expect, it } from "vitest";
import { until } from "../../../servers/index.js";
import { describeDialects } from "../support/database.js";

const WAITS = "SELECT 1 AS yes FROM information_schema.PROCESSLIST WHERE ID = ? AND STATE LIKE 'Waiting for table%'";

describeDialects("end_wait", (bench) => {
  const classOf = (error: unknown) => bench.database().classify(error);

  it("ends what waits for the locks of several tables, and leaves alone what waits otherwise or runs", async () => {
    await bench.sql("CREATE TABLE held (id int PRIMARY KEY)");
    const [holder, waiting] = [await bench.another(), await bench.another()];
    const database = bench.database();
    await holder.query("START TRANSACTION");
    await holder.query("SELECT * FROM held");
    await waiting.query("SET SESSION lock_wait_timeout = 2");
    const outcome = async (sql: string) => {
      const over = waiting.query(sql).then(() => "done", classOf);
      await until("it waits", 5_000, async () => {
        const [row] = await bench.session().query(WAITS, [waiting.id]);
        return row === undefined ? null : true;
      });
      await database.endWait(bench.session(), waiting.id);
      return over;
    };
    expect(await outcome("LOCK TABLES held WRITE")).toBe("statement-timeout");
    expect(await outcome("RENAME TABLE held TO other")).toBe("statement-timeout");
    expect(await outcome("DROP TABLE held")).toBe("statement-timeout");
    expect(await outcome("ALTER TABLE held ADD COLUMN n int")).toBe("lock-timeout");
    const runs = waiting.query("SELECT SLEEP(0.3) AS cut");
    await database.endWait(bench.session(), waiting.id);
    expect(await runs).toEqual([{ cut: expect.toSatisfy((n) => Number(n) === 0) }]);
  });
});
