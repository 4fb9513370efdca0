import { expect, it } from "vitest";
import type { Database } from "../../../../src/engines/engine.js";
import { createMysqlEngine } from "../../../../src/engines/mysql/index.js";
import { describeDialects, OPTIONS } from "../support/database.js";
import { planOn } from "../support/plan.js";

describeDialects("preflight", (bench) => {
  /** A database handle of a user who has just these rights. */
  async function as(user: string, grants: readonly string[]): Promise<Database> {
    const name = `\`${bench.test().name}\``;
    await bench.sql(`DROP USER IF EXISTS ${user}@'%'`, `CREATE USER ${user}@'%' IDENTIFIED BY 'pw'`);
    await bench.sql(`GRANT USAGE ON *.* TO ${user}@'%'`, `GRANT SELECT ON ${name}.nothing_yet TO ${user}@'%'`);
    for (const grant of grants) await bench.sql(`GRANT ${grant.replace("DB", name)} TO ${user}@'%'`);
    const url = new URL(bench.test().url);
    [url.username, url.password] = [user, "pw"];
    return createMysqlEngine(bench.dialect).connect(url.href, OPTIONS);
  }

  const check = async (database: Database, steps: Awaited<ReturnType<typeof planOn>>["steps"] | null) => {
    const session = await database.open();
    const checked = steps === null ? database.preflight(session) : database.preflightSteps(session, steps);
    return checked.finally(() => session.close());
  };

  it("passes for who may do everything", async () => {
    await bench.sql("CREATE TABLE nothing_yet (id int)", "CREATE TABLE t (id int PRIMARY KEY, a int)");
    await check(bench.database(), null);
    await check(bench.database(), (await planOn(bench, "ALTER TABLE t RENAME COLUMN a TO b")).steps);
  });

  it("names the privilege, and what an administrator can run", async () => {
    const reader = await as("zm_reader", ["SELECT, INSERT, UPDATE, DELETE ON DB.*"]);
    const failure = await check(reader, null).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "missing-privilege", exitCode: 3 });
    expect(failure).toMatchObject({
      data: { privilege: "use CREATE", grant: expect.stringMatching(/^GRANT CREATE ON `.*`\.\* TO `zm_reader`@`%`$/) },
    });
  });

  it("asks for TRIGGER where the plan makes triggers", async () => {
    const writer = await as("zm_writer", [
      "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP, LOCK TABLES ON DB.*",
    ]);
    await check(writer, null);
    const { steps } = await planOn(bench, "ALTER TABLE t RENAME COLUMN a TO b");
    await expect(check(writer, steps)).rejects.toMatchObject({ data: { privilege: "use TRIGGER" } });
  });

  it("asks for trust where a binary log is written and the user is no SUPER", async () => {
    const [log] = await bench
      .session()
      .query<Record<string, number>>("SELECT @@log_bin AND NOT @@log_bin_trust_function_creators AS v");
    const owner = await as("zm_owner", ["ALL PRIVILEGES ON DB.*"]);
    const { steps } = await planOn(bench, "ALTER TABLE t RENAME COLUMN a TO b");
    const checked = check(owner, steps);
    if (Number(log?.v) === 0) await checked;
    else
      await expect(checked).rejects.toMatchObject({
        data: { grant: expect.stringContaining("log_bin_trust_function_creators") },
      });
  });
});
