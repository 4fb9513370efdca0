import { expect, it } from "vitest";
import type { Database } from "../../../../src/engines/engine.js";
import { createMysqlEngine } from "../../../../src/engines/mysql/index.js";
import { ZmigrateError } from "../../../../src/errors.js";
import type { Step } from "../../../../src/model/step.js";
import { refuseWithoutKey } from "../../../../src/plan/walkable.js";
import { describeDialects, OPTIONS, TIMEOUTS } from "../support/database.js";
import { planFile } from "../support/file.js";
import { carryOut, planOn } from "../support/plan.js";

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

  it("asks before a rollback for what takes a made table and triggers back, and for none of it before apply", async () => {
    await bench.sql("CREATE TABLE back (id int PRIMARY KEY, a int)");
    const { steps } = await planFile(
      bench,
      "CREATE TABLE made (id int PRIMARY KEY);\nALTER TABLE back RENAME COLUMN a TO b;",
    );
    const undone = steps.map((s) => ({ ...s, sql: s.undo, undo: [], backfill: null, verify: null }));
    const rights = (database: Database, asked: readonly Step[]) =>
      database.open().then((session) => database.preflightRights(session, asked).finally(() => session.close()));
    const few = "SELECT, INSERT, UPDATE, DELETE, CREATE, LOCK TABLES, INDEX";
    const maker = await as("zm_maker", [`${few}, ALTER ON DB.*`]);
    await rights(
      maker,
      steps.filter((s) => s.id.endsWith("create-table")),
    );
    for (const [name, grants, privilege] of [
      ["zm_no_drop", `${few}, ALTER, TRIGGER`, "use DROP"],
      ["zm_no_trigger", `${few}, ALTER, DROP`, "use TRIGGER"],
      ["zm_no_alter", `${few}, TRIGGER, DROP`, "use ALTER"],
    ] as const) {
      const asked = undone.filter((s) => /create-table|add-column|sync-update/.test(s.id));
      await expect(rights(await as(name, [`${grants} ON DB.*`]), asked), name).rejects.toMatchObject({
        code: "missing-privilege",
        data: { privilege },
      });
    }
  });

  /** Runs what the errors say until there is none: the statements, in rounds. */
  async function granted(asked: () => Promise<void>): Promise<string[][]> {
    const rounds: string[][] = [];
    for (;;) {
      const failure = await asked().then(
        () => null,
        (error: unknown) => error,
      );
      if (failure === null) return rounds;
      expect(failure).toMatchObject({ code: "missing-privilege" });
      const help = failure instanceof ZmigrateError ? failure.help : "";
      const grants = /administrator run: (.*)\. Nothing was changed\.$/.exec(help)?.[1]?.split("; ") ?? [];
      expect(rounds.push(grants), help).toBeLessThan(4);
      await bench.sql(...grants);
    }
  }

  it("names all that is missing at once, in statements that the server takes", async () => {
    const [trust] = await bench.session().query<{ v: number }>("SELECT @@GLOBAL.log_bin_trust_function_creators AS v");
    const { steps } = await planOn(bench, "ALTER TABLE t RENAME COLUMN a TO b");
    const nobody = await as("zm_nobody", []);
    try {
      expect(await granted(() => check(nobody, null))).toHaveLength(1);
      const name = `\`${bench.test().name}\``;
      const [first, ...later] = await granted(() => check(nobody, steps));
      expect(first).toContain(`GRANT LOCK TABLES ON ${name}.* TO \`zm_nobody\`@\`%\``);
      expect(first).toContainEqual(expect.stringMatching(/^GRANT (?=.*ALTER)(?=.*TRIGGER).* ON `.*`\.`t` TO /));
      expect(later).toEqual([]);
    } finally {
      await nobody.close();
      await bench.sql(`SET GLOBAL log_bin_trust_function_creators = ${Number(trust?.v)}`);
    }
  });

  it("counts LOCK TABLES as missing where all rights on the table are held: it is none of them", async () => {
    const { steps } = await planOn(bench, "ALTER TABLE t RENAME COLUMN a TO b");
    const owner = await as("zm_table_owner", ["SELECT, INSERT, UPDATE, DELETE, CREATE ON DB.*", "ALL ON DB.t"]);
    await expect(check(owner, steps)).rejects.toMatchObject({
      data: { privilege: "use LOCK TABLES", object: `\`${bench.test().name}\`.*` },
    });
    await owner.close();
  });

  it("asks for REFERENCES on the table that a foreign key points at, where the server does", async () => {
    await bench.sql("CREATE TABLE pointed (id int PRIMARY KEY)", "CREATE TABLE points (id int PRIMARY KEY, p int)");
    const { steps } = await planFile(bench, "ALTER TABLE points ADD FOREIGN KEY (p) REFERENCES pointed (id);");
    const rights = "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, LOCK TABLES ON DB.*";
    const pointer = await as("zm_pointer", [rights]);
    try {
      const rounds = await granted(() => check(pointer, steps));
      const wanted = bench.dialect === "mysql" ? [[expect.stringMatching(/^GRANT REFERENCES ON `.*`\.`pointed`/)]] : [];
      expect(rounds).toEqual(wanted);
      const session = await pointer.open();
      for (const { sql, atomicPacket } of steps) await pointer.run(session, sql, TIMEOUTS, atomicPacket);
      await session.close();
    } finally {
      await pointer.close();
    }
  });

  it("names statements that the server takes for a table that is not there yet, too", async () => {
    await bench.sql("CREATE TABLE later (id int PRIMARY KEY, a int)");
    const { steps } = await planOn(bench, "ALTER TABLE later RENAME COLUMN a TO b");
    await bench.sql("DROP TABLE later", "SET GLOBAL log_bin_trust_function_creators = 1");
    const maker = await as("zm_maker", ["SELECT, INSERT, UPDATE, DELETE, CREATE, LOCK TABLES ON DB.*"]);
    try {
      const rounds = await granted(() => maker.open().then((s) => maker.preflightRights(s, steps).finally(s.close)));
      expect(rounds).toHaveLength(1);
    } finally {
      await maker.close();
      await bench.sql("SET GLOBAL log_bin_trust_function_creators = 0");
    }
  });

  it("asks for trust where a binary log is written and the user is no SUPER", async () => {
    const [log] = await bench
      .session()
      .query<Record<string, number>>("SELECT @@log_bin AND NOT @@log_bin_trust_function_creators AS v");
    // What may change that setting does not make triggers by itself.
    const admin = bench.dialect === "mariadb" ? ["BINLOG ADMIN ON *.*"] : [];
    const owner = await as("zm_owner", ["ALL PRIVILEGES ON DB.*", ...admin]);
    const { steps } = await planOn(bench, "ALTER TABLE t RENAME COLUMN a TO b");
    const checked = check(owner, steps);
    if (Number(log?.v) === 0) await checked;
    else
      await expect(checked).rejects.toMatchObject({
        data: { grant: expect.stringContaining("log_bin_trust_function_creators") },
      });
  });

  it("asks, before anything is changed, for what lists replicas, unless they are named or there can be none", async () => {
    const [log] = await bench.session().query<{ v: number }>("SELECT @@GLOBAL.log_bin AS v");
    await bench.sql("SET GLOBAL log_bin_trust_function_creators = 1");
    const owner = await as("zm_blind", ["ALL PRIVILEGES ON DB.*"]);
    const { steps } = await planOn(bench, "ALTER TABLE t RENAME COLUMN a TO b");
    const session = await owner.open();
    try {
      await owner.preflightSteps(session, steps, ["mysql://named@replica/x"]);
      const right = bench.dialect === "mysql" ? "REPLICATION SLAVE" : "REPLICATION MASTER ADMIN";
      const checked = owner.preflightSteps(session, steps, []);
      if (Number(log?.v) === 0) await checked;
      else
        await expect(checked).rejects.toMatchObject({
          code: "missing-privilege",
          data: { grant: `GRANT ${right} ON *.* TO \`zm_blind\`@\`%\`` },
        });
    } finally {
      await session.close();
      await bench.sql("SET GLOBAL log_bin_trust_function_creators = 0");
    }
  });

  it.each([
    ["enum('z','a')", "PRIMARY KEY (id)", false],
    ["set('z','a')", "PRIMARY KEY (id)", false],
    ["float", "PRIMARY KEY (id)", false],
    ["double", "PRIMARY KEY (id)", false],
    ["varchar(20)", "PRIMARY KEY (id(3))", false],
    ["bit(9)", "PRIMARY KEY (id)", true],
    ["bigint unsigned", "PRIMARY KEY (id)", true],
    ["bigint unsigned", "UNIQUE KEY (id)", true],
  ])("knows, from the catalog, whether rows are walked by a key %s, %s: %s", async (type, key, walks) => {
    await bench.sql("DROP TABLE IF EXISTS walked", `CREATE TABLE walked (id ${type} NOT NULL, a int, ${key})`);
    const catalog = await bench.database().introspect(bench.session());
    const { steps } = await planOn(bench, "ALTER TABLE walked RENAME COLUMN a TO b");
    const planned = () => refuseWithoutKey(bench.database().engine, steps, catalog, catalog);
    const asked = check(bench.database(), steps);
    if (walks) {
      planned();
      await asked;
      return;
    }
    expect(planned).toThrow(/can be walked by in batches/);
    await expect(asked).rejects.toMatchObject({ code: "no-key" });
  });

  it("walks a key of bits as the numbers that they are", async () => {
    await bench.sql("CREATE TABLE bits (id bit(33) NOT NULL PRIMARY KEY, a int)");
    await bench.sql(
      `INSERT INTO bits VALUES ${[0, 1, 2, 255, 256, 2 ** 32, 2 ** 33 - 1].map((n) => `(${n}, ${n % 97})`)}`,
    );
    const { steps } = await planOn(bench, "ALTER TABLE bits RENAME COLUMN a TO b");
    await carryOut(
      bench,
      steps.filter((s) => s.stage === null),
    );
    expect(await bench.session().query("SELECT COUNT(*) AS n FROM bits WHERE a <=> b")).toEqual([{ n: "7" }]);
    const key = await bench.database().keyOf(bench.session(), { relation: { schema: null, name: "bits" }, key: null });
    expect(await bench.database().lastKey(bench.session(), { schema: null, name: "bits" }, key)).toEqual([
      String(2 ** 33 - 1),
    ]);
  });
});
