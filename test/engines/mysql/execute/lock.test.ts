import { expect, it } from "vitest";
import { createMysqlEngine } from "../../../../src/engines/mysql/index.js";
import { journalOf } from "../../../../src/journal/journal.js";
import { describeDialects, OPTIONS } from "../support/database.js";

describeDialects("runnerlock", (bench) => {
  it("is held by one session at a time, who is named, and ends with its connection", async () => {
    const [first, second] = [await bench.another(), await bench.another()];
    const database = bench.database();
    expect(await database.runnerLockHolder(second)).toBeNull();
    expect(await database.tryRunnerLock(first)).toBe(true);
    expect(await database.tryRunnerLock(second)).toBe(false);
    expect(await database.runnerLockHolder(second)).toMatch(new RegExp(`^connection ${first.id}, .*@[^,]*$`));
    await first.close();
    await expect.poll(() => database.tryRunnerLock(second), { timeout: 5_000 }).toBe(true);
    await second.close();
  });

  it("tells the holder's program where there is a journal, and makes nothing where there is none", async () => {
    const database = bench.database();
    const [first, second] = [await bench.another(), await bench.another()];
    const tables = () => second.query("SHOW TABLES LIKE 'zmigrate%'");
    await expect.poll(() => database.tryRunnerLock(first), { timeout: 5_000 }).toBe(true);
    expect(await tables()).toEqual([]);
    await first.close();
    await journalOf(database).upgrade(second);
    await expect.poll(() => database.tryRunnerLock(second), { timeout: 5_000 }).toBe(true);
    expect(await database.runnerLockHolder(second)).toMatch(new RegExp(`@.*, ${OPTIONS.applicationName}$`));
    await second.close();
  });

  it("is another one for another database", async () => {
    const other = await bench.server.createDatabase("a_much_longer_name_of_a_database_");
    const database = await createMysqlEngine(bench.dialect).connect(other.url, OPTIONS);
    const session = await database.open();
    expect(await bench.database().tryRunnerLock(await bench.another())).toBeTypeOf("boolean");
    expect(await database.tryRunnerLock(session)).toBe(true);
    await session.close();
    await other.drop();
  });
});
