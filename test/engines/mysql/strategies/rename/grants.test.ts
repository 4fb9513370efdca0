import { afterAll, beforeAll, expect, it } from "vitest";
import { createMysqlEngine } from "../../../../../src/engines/mysql/index.js";
import type { Step } from "../../../../../src/model/step.js";
import { query } from "../../../../servers/index.js";
import { type Bench, describeDialects, OPTIONS } from "../../support/database.js";
import { planFile, refusalOf } from "../../support/file.js";
import { carryOut, planOn, stateOf, takeBack } from "../../support/plan.js";

const before = (steps: readonly Step[]) => steps.filter((s) => s.phase !== "contract");
const swap = (steps: readonly Step[]) => steps.filter((s) => s.stage === "swap");
const drop = (steps: readonly Step[]) => steps.filter((s) => s.stage === "drop");

/** As an account: a quote and a backtick in the name, and the network that it comes from. */
const ODD = "'zm_o`d''d'@'10.0.0.%'";

const privileges = async (bench: Bench, table: string, column: string) => {
  const rows = await bench.session().query<{ found: string }>(
    `SELECT CONCAT(GRANTEE, ' ', PRIVILEGE_TYPE) AS found FROM information_schema.COLUMN_PRIVILEGES
       WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND COLUMN_NAME = ? ORDER BY 1`,
    [table, column],
  );
  return rows.map((row) => row.found);
};

describeDialects("column grants", (bench) => {
  const app = `zm_columns_${bench.dialect}`;
  const as = (user: string, sql: string) => {
    const url = new URL(bench.test().url);
    [url.username, url.password] = [user, "pw"];
    return query(url.href, sql);
  };
  const everybody = bench.dialect === "mariadb" ? ["zm_role", "PUBLIC"] : ["zm_role"];
  const forget = () => bench.sql("DROP ROLE IF EXISTS zm_role", `DROP USER IF EXISTS ${app}@'%', ${ODD}`);

  beforeAll(async () => {
    await forget();
    await bench.sql("CREATE ROLE zm_role", `CREATE USER ${app}@'%' IDENTIFIED BY 'pw'`, `CREATE USER ${ODD}`);
  });
  afterAll(forget);

  async function table(name: string): Promise<readonly Step[]> {
    await bench.sql(`CREATE TABLE ${name} (id int PRIMARY KEY, a varchar(20), other int)`);
    await bench.sql(`INSERT INTO ${name} VALUES (1, 'x', 1)`);
    await bench.sql(`GRANT SELECT (id, a), UPDATE (a), INSERT (a, other) ON ${name} TO ${app}@'%'`);
    for (const grantee of [ODD, ...everybody]) await bench.sql(`GRANT SELECT (a) ON ${name} TO ${grantee}`);
    return (await planOn(bench, `ALTER TABLE ${name} RENAME COLUMN a TO b`)).steps;
  }

  it("lets who may use the old column alone use the new one, from expand to the end", async () => {
    const steps = await table("carried");
    const had = await privileges(bench, "carried", "a");
    expect(had).toHaveLength(3 + 1 + everybody.length);
    await expect(as(app, "SELECT other FROM carried")).rejects.toThrow(/denied/);
    await carryOut(bench, before(steps));
    expect(await privileges(bench, "carried", "b")).toEqual(had);
    await as(app, "UPDATE carried SET b = 'new' WHERE id = 1");
    expect(await as(app, "SELECT a, b FROM carried")).toEqual([{ a: "new", b: "new" }]);
    await carryOut(bench, swap(steps));
    await as(app, "UPDATE carried SET b = 'swapped' WHERE id = 1");
    await carryOut(bench, drop(steps));
    expect(await as(app, "SELECT id, b FROM carried")).toEqual([{ id: 1, b: "swapped" }]);
    expect(await privileges(bench, "carried", "b")).toEqual(had);
    await expect(as(app, "SELECT other FROM carried")).rejects.toThrow(/denied/);
  });

  it("leaves none behind when it is taken back", async () => {
    const steps = await table("back");
    const had = await privileges(bench, "back", "a");
    await carryOut(bench, [...before(steps), ...swap(steps)]);
    const all = [...before(steps), ...swap(steps)];
    await takeBack(bench, all);
    expect(await privileges(bench, "back", "b")).toEqual([]);
    expect(await privileges(bench, "back", "a")).toEqual(had);
    expect(await as(app, "SELECT id, a FROM back")).toEqual([{ id: 1, a: "x" }]);
  });

  it("leaves none behind on the new name of a table, when that is taken back", async () => {
    await table("old_name");
    await bench.sql(`GRANT DELETE ON old_name TO ${app}@'%'`);
    const { steps } = await planFile(bench, "RENAME TABLE old_name TO new_name;");
    const had = await privileges(bench, "old_name", "a");
    await carryOut(bench, before(steps));
    expect(await privileges(bench, "new_name", "a")).toEqual(had);
    await carryOut(bench, swap(steps));
    await takeBack(bench, [...before(steps), ...swap(steps)]);
    for (const column of ["id", "a", "other"]) expect(await privileges(bench, "new_name", column)).toEqual([]);
    expect(await privileges(bench, "old_name", "a")).toEqual(had);
  });

  it("takes no right from the old name alone", async () => {
    await table("taken");
    const revoke = `REVOKE SELECT (id, a) ON taken FROM ${app}@'%'`;
    for (const sql of [`${revoke}; ALTER TABLE taken RENAME COLUMN a TO b`, `${revoke}; RENAME TABLE taken TO took`])
      expect((await refusalOf(bench, sql)).reason).toContain("This file already takes rights away from");
    for (const sql of ["ALTER TABLE taken RENAME COLUMN other TO b", "ALTER TABLE taken DROP COLUMN a"])
      expect((await planFile(bench, `${revoke}; ${sql}`)).steps).not.toEqual([]);
  });

  it("knows whether all are there, and can be run again", async () => {
    const steps = await table("again");
    const [add, grants] = steps;
    if (add === undefined || grants === undefined) throw new Error("no steps");
    expect(grants.id).toBe("1-grants");
    await carryOut(bench, [add]);
    await bench.sql(...grants.sql.slice(0, 1));
    expect(await stateOf(bench.session(), grants)).toBe("absent");
    await carryOut(bench, [grants]);
    expect(await stateOf(bench.session(), grants)).toBe("done");
    await carryOut(bench, [grants]);
  });

  it("says in notes what is granted, and what stays", async () => {
    await table("noted");
    const { notes } = await planOn(bench, "ALTER TABLE noted RENAME COLUMN a TO b");
    const text = notes.join("\n");
    expect(text).toContain(`GRANT UPDATE (\`b\`) ON \`noted\` TO \`${app}\`@\`%\``);
    expect(text).toContain(`REVOKE UPDATE (\`a\`) ON \`noted\` FROM \`${app}\`@\`%\``);
  });

  it("asks ahead for the right to grant, and says so where nothing can be seen", async () => {
    const steps = await table("asked");
    const { name } = bench.test();
    const deploy = `zm_deploy_${bench.dialect}`;
    await bench.sql(`DROP USER IF EXISTS ${deploy}@'%'`, `CREATE USER ${deploy}@'%' IDENTIFIED BY 'pw'`);
    await bench.sql(`GRANT ALL PRIVILEGES ON \`${name}\`.* TO ${deploy}@'%'`);
    const url = new URL(bench.test().url);
    [url.username, url.password] = [deploy, "pw"];
    const database = await createMysqlEngine(bench.dialect).connect(url.href, OPTIONS);
    const check = async () => {
      const session = await database.open();
      return database.preflightSteps(session, steps.slice(0, 2)).finally(() => session.close());
    };
    const object = `\`${name}\`.\`asked\``;
    await expect(check()).rejects.toMatchObject({
      code: "missing-privilege",
      data: { grant: `GRANT INSERT, SELECT, UPDATE ON ${object} TO \`${deploy}\`@\`%\` WITH GRANT OPTION` },
    });
    const session = await database.open();
    expect(await database.introspect(session).finally(() => session.close())).toMatchObject({
      columnGrantsHidden: true,
    });
    await bench.sql(`GRANT SELECT, UPDATE, INSERT ON ${object} TO ${deploy}@'%' WITH GRANT OPTION`);
    await check();
    await database.close();
    await bench.sql(`DROP USER ${deploy}@'%'`);
  });
});
