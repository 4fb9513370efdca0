import { expect, it } from "vitest";
import { Refusal } from "../../../../src/engines/engine.js";
import type { Step } from "../../../../src/model/step.js";
import { type Bench, describeDialects } from "../support/database.js";
import { carryOut, planOn, stateOf, tableText, takeBack } from "../support/plan.js";

const upToSwap = (steps: readonly Step[]) => steps.filter((s) => s.phase !== "contract");
const swap = (steps: readonly Step[]) => steps.filter((s) => s.stage === "swap");
const drop = (steps: readonly Step[]) => steps.filter((s) => s.stage === "drop");

/** A table that has everything that can travel, and the same under another name to rename the plain way. */
const full = (name: string, mysql: boolean) => `CREATE TABLE ${name} (
  id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, n int,
  a varchar(40) CHARACTER SET latin1 COLLATE latin1_german1_ci NOT NULL DEFAULT 'it''s \\\\' COMMENT 'one ''two''',
  z int, changed timestamp(3) NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP(3),
  UNIQUE KEY ua (a, n), KEY ka (a(5)${mysql ? " DESC" : ""}, z), KEY kz (z, a) COMMENT 'c',
  ${mysql ? "" : `CONSTRAINT ${name}_check CHECK (a <> 'bad'),`}
  CONSTRAINT ${name}_fk FOREIGN KEY (z) REFERENCES parent (id)) DEFAULT CHARSET utf8mb4`;

async function rename(bench: Bench, table: string): Promise<readonly Step[]> {
  return (await planOn(bench, `ALTER TABLE ${table} RENAME COLUMN a TO b`)).steps;
}

const values = async (bench: Bench, sql: string) =>
  (await bench.session().query(sql)).map((row) => Object.values(row).join("|"));

describeDialects("rename", (bench) => {
  const mysql = bench.dialect === "mysql";

  it("ends where the plain RENAME COLUMN ends, with every row", async () => {
    await bench.sql("CREATE TABLE parent (id int PRIMARY KEY)", "INSERT INTO parent VALUES (1)");
    await bench.sql(full("whole", mysql), full("plain", mysql));
    for (let n = 0; n < 250; n++) await bench.sql(`INSERT INTO whole (n, a, z) VALUES (${n}, 'v${n}', 1)`);
    const before = await values(bench, "SELECT id, a, changed FROM whole ORDER BY id");
    await carryOut(bench, await rename(bench, "whole"));
    await bench.sql("ALTER TABLE plain RENAME COLUMN a TO b");
    expect((await tableText(bench, "whole")).replaceAll("whole", "plain")).toBe(await tableText(bench, "plain"));
    expect(await values(bench, "SELECT id, b, changed FROM whole ORDER BY id")).toEqual(before);
    expect(await bench.session().query("SHOW TRIGGERS LIKE 'whole'")).toEqual([]);
  });

  it("keeps both sides equal for writers of either name, from expand to the swap", async () => {
    await bench.sql("CREATE TABLE pair (id int PRIMARY KEY AUTO_INCREMENT, a varchar(20), k int NOT NULL)");
    await bench.sql("INSERT INTO pair (a, k) VALUES ('before', 1)");
    const steps = await rename(bench, "pair");
    await carryOut(bench, upToSwap(steps));
    await bench.sql("INSERT INTO pair (a, k) VALUES ('old', 2)", "INSERT INTO pair (b, k) VALUES ('new', 3)");
    await bench.sql("INSERT INTO pair (k) VALUES (4)", "INSERT INTO pair (a, b, k) VALUES ('x', 'y', 5)");
    await bench.sql("UPDATE pair SET a = 'Old' WHERE k = 2", "UPDATE pair SET b = 'New ' WHERE k = 3");
    await bench.sql("UPDATE pair SET b = NULL WHERE k = 1", "UPDATE pair SET a = 'q', b = 'r' WHERE k = 5");
    await bench.sql("REPLACE INTO pair (id, b, k) VALUES (4, 'replaced', 4)");
    await bench.sql("INSERT INTO pair (id, b, k) VALUES (2, 'no', 9) ON DUPLICATE KEY UPDATE b = 'odku'");
    expect(await values(bench, "SELECT k, a, b FROM pair ORDER BY k")).toEqual([
      "1||",
      "2|odku|odku",
      "3|New |New ",
      "4|replaced|replaced",
      "5|q|r",
    ]);
  });

  it("tells an explicit NULL from an omitted value where the default is a constant", async () => {
    await bench.sql("CREATE TABLE dflt (id int PRIMARY KEY AUTO_INCREMENT, a varchar(20) DEFAULT 'dflt')");
    await carryOut(bench, upToSwap(await rename(bench, "dflt")));
    await bench.sql("INSERT INTO dflt () VALUES ()", "INSERT INTO dflt (b) VALUES (NULL)");
    await bench.sql("INSERT INTO dflt (a) VALUES (NULL)", "INSERT INTO dflt (b) VALUES ('DFLT')");
    await bench.sql("INSERT INTO dflt (a) VALUES ('x')");
    expect(await values(bench, "SELECT a, b FROM dflt ORDER BY id")).toEqual([
      "dflt|dflt",
      "|",
      "|",
      "DFLT|DFLT",
      "x|x",
    ]);
  });

  it("fills a NOT NULL column without a default from the new side, and on MySQL refuses a row with neither", async () => {
    await bench.sql("CREATE TABLE strict_ (id int PRIMARY KEY AUTO_INCREMENT, a text NOT NULL)");
    const steps = await rename(bench, "strict_");
    await carryOut(bench, upToSwap(steps));
    await bench.sql("INSERT INTO strict_ (b) VALUES ('only new')");
    if (mysql) await expect(bench.sql("INSERT INTO strict_ () VALUES ()")).rejects.toThrow(/default value/);
    await carryOut(bench, swap(steps));
    await bench.sql("INSERT INTO strict_ (b) VALUES ('after')");
    for (const sql of drop(steps)[0]?.sql.slice(0, -1) ?? []) await bench.sql(sql);
    await bench.sql("INSERT INTO strict_ (b) VALUES ('between triggers and drop')");
    await carryOut(bench, drop(steps));
    expect(await values(bench, "SELECT b FROM strict_ ORDER BY id")).toEqual([
      "only new",
      "after",
      "between triggers and drop",
    ]);
  });

  it("carries a computed default over, and on MariaDB ON UPDATE", async () => {
    const onUpdate = bench.dialect === "mariadb" ? " ON UPDATE CURRENT_TIMESTAMP(3)" : "";
    const definition = `timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)${onUpdate}`;
    await bench.sql(`CREATE TABLE stamped (id int PRIMARY KEY, v int, a ${definition})`);
    await bench.sql(`CREATE TABLE stamped2 (id int PRIMARY KEY, v int, a ${definition})`);
    await bench.sql("INSERT INTO stamped (id, v, a) VALUES (1, 1, '2020-01-01 00:00:00.123')");
    const steps = await rename(bench, "stamped");
    await carryOut(bench, upToSwap(steps));
    expect(await values(bench, "SELECT a, b FROM stamped")).toEqual([
      "2020-01-01 00:00:00.123|2020-01-01 00:00:00.123",
    ]);
    await bench.sql(
      "INSERT INTO stamped (id, v, b) VALUES (2, 1, '2021-01-01')",
      "INSERT INTO stamped (id) VALUES (3)",
    );
    await bench.sql("UPDATE stamped SET b = '2022-01-01' WHERE id = 1", "UPDATE stamped SET v = 2 WHERE id = 2");
    expect(await values(bench, "SELECT a <=> b FROM stamped")).toEqual(["1", "1", "1"]);
    expect(await values(bench, "SELECT b FROM stamped WHERE id = 1")).toEqual(["2022-01-01 00:00:00.000"]);
    await carryOut(bench, [...swap(steps), ...drop(steps)]);
    await bench.sql("ALTER TABLE stamped2 RENAME COLUMN a TO b");
    expect((await tableText(bench, "stamped")).replace("stamped", "stamped2")).toBe(await tableText(bench, "stamped2"));
  });

  it("refuses ON UPDATE on MySQL, which sets it behind the triggers when an UPDATE joins; MariaDB does not", async () => {
    await bench.sql(
      "CREATE TABLE touched_at (id int PRIMARY KEY, v int, a timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3))",
    );
    if (bench.dialect === "mysql") {
      await expect(rename(bench, "touched_at")).rejects.toThrow(/ON UPDATE CURRENT_TIMESTAMP\(3\)/);
      return;
    }
    await bench.sql("INSERT INTO touched_at VALUES (1, 1, '2020-01-01'), (2, 1, '2020-01-01')");
    await carryOut(bench, upToSwap(await rename(bench, "touched_at")));
    await bench.sql(
      "UPDATE touched_at t JOIN (SELECT 1 AS k) j ON t.id = j.k SET t.v = 2",
      "UPDATE touched_at t JOIN (SELECT 2 AS k) j ON t.id = j.k SET t.v = 2, t.b = '2021-03-04'",
    );
    expect(await values(bench, "SELECT a <=> b FROM touched_at")).toEqual(["1", "1"]);
    expect(await values(bench, "SELECT b FROM touched_at WHERE id = 2")).toEqual(["2021-03-04 00:00:00.000"]);
  });

  it("refuses a name that the servers do not take, before anything is changed", async () => {
    await bench.sql("CREATE TABLE short_names (id int PRIMARY KEY, a int)");
    const to = (name: string) => planOn(bench, `ALTER TABLE short_names RENAME COLUMN a TO \`${name}\``);
    await expect(to("x".repeat(65))).rejects.toThrow("has 65 characters");
    await expect(to("x ")).rejects.toThrow("ends with a space");
    expect((await to("é".repeat(64))).steps.length).toBeGreaterThan(1);
  });

  it("changes the case of a name in one step, which old and new code survive", async () => {
    await bench.sql("CREATE TABLE cased (id int PRIMARY KEY, a int)");
    const { steps, retires } = await planOn(bench, "ALTER TABLE cased RENAME COLUMN a TO A");
    expect([steps.length, retires]).toEqual([1, []]);
    await carryOut(bench, steps);
    expect(await tableText(bench, "cased")).toContain("`A` int");
    await bench.sql("INSERT INTO cased (id, a) VALUES (1, 1)", "UPDATE cased SET A = 2 WHERE a = 1");
    await takeBack(bench, steps);
    expect(await tableText(bench, "cased")).toContain("`a` int");
  });

  it.each(["MyISAM", "MEMORY"])("refuses a table of the engine %s, and names it", async (engine) => {
    await bench.sql(`CREATE TABLE other_${engine} (id int NOT NULL, a int) ENGINE=${engine}`);
    await expect(rename(bench, `other_${engine}`)).rejects.toThrow(`of the engine ${engine}`);
  });

  it("carries a foreign key of the column, and one that points at it", async () => {
    await bench.sql("CREATE TABLE top (id int PRIMARY KEY)", "INSERT INTO top VALUES (1), (2)");
    await bench.sql(
      "CREATE TABLE mid (id int PRIMARY KEY, a int NOT NULL, UNIQUE KEY (a), CONSTRAINT mid_fk FOREIGN KEY (a) REFERENCES top (id) ON DELETE CASCADE)",
    );
    await bench.sql(
      "CREATE TABLE low (id int PRIMARY KEY, m int, CONSTRAINT low_fk FOREIGN KEY (m) REFERENCES mid (a))",
    );
    await bench.sql("INSERT INTO mid VALUES (1, 1)", "INSERT INTO low VALUES (1, 1)");
    const steps = await rename(bench, "mid");
    await carryOut(bench, upToSwap(steps));
    await expect(bench.sql("INSERT INTO mid (id, b) VALUES (2, 77)")).rejects.toThrow(/foreign key/i);
    await carryOut(bench, [...swap(steps), ...drop(steps)]);
    expect(await tableText(bench, "mid")).toContain("FOREIGN KEY (`b`) REFERENCES `top` (`id`) ON DELETE CASCADE");
    expect(await tableText(bench, "low")).toContain("REFERENCES `mid` (`b`)");
    await expect(bench.sql("UPDATE mid SET b = 2")).rejects.toThrow(/foreign key/i);
  });

  it("keeps the parked column up to date, so that the swap can be undone", async () => {
    await bench.sql(
      "CREATE TABLE back (id int PRIMARY KEY, a varchar(20) NOT NULL, KEY (a))",
      "INSERT INTO back VALUES (1, 'one')",
    );
    const original = await tableText(bench, "back");
    const steps = await rename(bench, "back");
    await carryOut(bench, upToSwap(steps));
    await carryOut(bench, swap(steps));
    await bench.sql("INSERT INTO back (id, b) VALUES (2, 'two')", "UPDATE back SET b = 'uno' WHERE id = 1");
    await takeBack(bench, swap(steps));
    await bench.sql("INSERT INTO back (id, a) VALUES (3, 'three')", "UPDATE back SET b = 'zwei' WHERE id = 2");
    expect(await values(bench, "SELECT a, b FROM back ORDER BY id")).toEqual(["uno|uno", "zwei|zwei", "three|three"]);
    await carryOut(bench, swap(steps));
    await takeBack(bench, steps);
    expect(await tableText(bench, "back")).toBe(original);
    expect(await values(bench, "SELECT a FROM back ORDER BY id")).toEqual(["uno", "zwei", "three"]);
    expect(await bench.session().query("SHOW TRIGGERS LIKE 'back'")).toEqual([]);
  });

  it("can be taken back until the column is dropped, also when its triggers are gone, with what was written since", async () => {
    await bench.sql(
      "CREATE TABLE late (id int PRIMARY KEY, a int NOT NULL, KEY (a))",
      "INSERT INTO late VALUES (1, 1)",
    );
    const original = await tableText(bench, "late");
    const steps = await rename(bench, "late");
    const [last] = drop(steps);
    await carryOut(bench, [...upToSwap(steps), ...swap(steps)]);
    const triggersGo = last?.sql.filter((sql) => sql.startsWith("DROP TRIGGER")) ?? [];
    expect(triggersGo).toHaveLength(2);
    await bench.sql(...triggersGo);
    if (last !== undefined) expect(await stateOf(bench.session(), last)).toBe("absent");
    await bench.sql("INSERT INTO late (id, b) VALUES (2, 2)", "UPDATE late SET b = 11 WHERE id = 1");
    await takeBack(bench, [...upToSwap(steps), ...swap(steps)]);
    expect(await tableText(bench, "late")).toBe(original);
    expect(await values(bench, "SELECT a FROM late ORDER BY id")).toEqual(["11", "2"]);
  });

  it("takes the new name and both triggers away at once, so that new code never writes what nobody carries over", async () => {
    await bench.sql("CREATE TABLE once (id int PRIMARY KEY, a int)");
    const steps = upToSwap(await rename(bench, "once"));
    await carryOut(bench, steps);
    const last = steps.find((s) => s.id === "1-sync-insert");
    await takeBack(bench, steps.slice(last === undefined ? 0 : steps.indexOf(last)));
    expect(await bench.session().query("SHOW TRIGGERS LIKE 'once'")).toEqual([]);
    await expect(bench.sql("INSERT INTO once (id, b) VALUES (1, 1)")).rejects.toThrow(/Unknown column 'b'/);
    await takeBack(bench, steps);
    expect(await tableText(bench, "once")).not.toContain("zmigrate");
  });

  it("goes on from every place at which a packet can be cut off, without losing what new code wrote", async () => {
    await bench.sql("CREATE TABLE cut (id int PRIMARY KEY, a int)", "INSERT INTO cut VALUES (1, 1)");
    const steps = await rename(bench, "cut");
    await carryOut(bench, upToSwap(steps));
    const [exchange, park] = swap(steps);
    if (exchange === undefined || park === undefined) throw new Error("no swap");
    for (let length = 1; length < park.sql.length - 1; length++) {
      await carryOut(bench, [exchange]);
      const session = await bench.another();
      await bench.database().run(session, park.sql.slice(0, length), { lockMs: 2000, statementMs: 0 }, true);
      await session.query(`UPDATE cut SET b = ${length}`);
      expect(["absent", "half"]).toContain(await stateOf(session, park));
      await carryOut(bench, swap(steps));
      expect(await values(bench, `SELECT b, ${"`"}${parkedName(steps)}${"`"} FROM cut`)).toEqual([
        `${length}|${length}`,
      ]);
      await takeBack(bench, [park]);
      expect(await values(bench, "SELECT a, b FROM cut")).toEqual([`${length}|${length}`]);
    }
  });

  it("takes hostile names", async () => {
    const name = "Größe `x` 'y' \\ select";
    const quoted = `\`${name.replaceAll("`", "``")}\``;
    const long = `\`${"ü".repeat(64)}\``;
    await bench.sql(
      `CREATE TABLE ${quoted} (id int PRIMARY KEY, ${quoted} varchar(9) DEFAULT 'x', KEY ${quoted} (${quoted}))`,
    );
    await bench.sql(`INSERT INTO ${quoted} VALUES (1, 'one')`);
    const { steps, retires } = await planOn(bench, `ALTER TABLE ${quoted} RENAME COLUMN ${quoted} TO ${long}`);
    await carryOut(bench, upToSwap(steps));
    await carryOut(bench, swap(steps));
    await takeBack(bench, steps);
    await carryOut(bench, steps);
    expect(await values(bench, `SELECT ${long} FROM ${quoted}`)).toEqual(["one"]);
    expect(retires[0]?.parked.length).toBeLessThanOrEqual(64);
  });

  const refusals: readonly (readonly [string, string, RegExp])[] = [
    ["an AUTO_INCREMENT column", "a int AUTO_INCREMENT PRIMARY KEY", /AUTO_INCREMENT/],
    ["a primary key", "a int PRIMARY KEY", /primary key/],
    ["a generated column", "id int PRIMARY KEY, a int AS (id + 1) STORED", /generated column/],
    ["what a generated column is computed from", "id int PRIMARY KEY, a int, g int AS (a + 1) STORED", /computed from/],
    ["a partitioned table", "id int PRIMARY KEY, a int) PARTITION BY HASH (id", /is partitioned/],
    ["a table with a FULLTEXT index", "id int PRIMARY KEY, a int, t text, FULLTEXT (t)", /FULLTEXT/],
    [
      "a foreign key that cascades",
      "id int PRIMARY KEY, a int, FOREIGN KEY (a) REFERENCES parent (id) ON UPDATE CASCADE",
      /cascade/,
    ],
  ];
  for (const [index, [what, columns, reason]] of refusals.entries())
    it(`refuses ${what}`, async () => {
      await bench.sql(
        "CREATE TABLE IF NOT EXISTS parent (id int PRIMARY KEY)",
        `CREATE TABLE refused${index} (${columns})`,
      );
      await expect(rename(bench, `refused${index}`)).rejects.toThrow(Refusal);
      await expect(rename(bench, `refused${index}`)).rejects.toThrow(reason);
    });

  if (mysql) {
    it("makes a CHECK anew on a small table, under the lock of the exchange", async () => {
      await bench.sql("CREATE TABLE checked (id int PRIMARY KEY, a int NOT NULL, CONSTRAINT positive CHECK (a > 0))");
      await bench.sql("INSERT INTO checked VALUES (1, 1)");
      const original = await tableText(bench, "checked");
      const steps = await rename(bench, "checked");
      await carryOut(bench, upToSwap(steps));
      await carryOut(bench, swap(steps));
      await expect(bench.sql("INSERT INTO checked (id, b) VALUES (2, -1)")).rejects.toThrow(/positive/);
      await takeBack(bench, steps);
      expect(await tableText(bench, "checked")).toBe(original);
      await carryOut(bench, steps);
      expect(await tableText(bench, "checked")).toContain("CONSTRAINT `positive` CHECK ((`b` > 0))");
    });

    it("mends an exchange that was cut off before the CHECK came back", async () => {
      await bench.sql("CREATE TABLE cutcheck (id int PRIMARY KEY, a int NOT NULL, CONSTRAINT cutc CHECK (a > 0))");
      const steps = await rename(bench, "cutcheck");
      await carryOut(bench, upToSwap(steps));
      const [exchange] = swap(steps);
      if (exchange === undefined) throw new Error("no exchange");
      for (let length = 2; length < exchange.sql.length - 1; length++) {
        await bench
          .database()
          .run(await bench.another(), exchange.sql.slice(0, length), { lockMs: 2000, statementMs: 0 }, true);
        expect(await stateOf(bench.session(), exchange)).toBe("half");
        await carryOut(bench, [exchange]);
        await takeBack(bench, [exchange]);
      }
    });

    it("refuses a functional index", async () => {
      await bench.sql("CREATE TABLE functional (id int PRIMARY KEY, a varchar(9), KEY f ((lower(a))))");
      await expect(rename(bench, "functional")).rejects.toThrow(/functional index/);
    });
  } else
    it("refuses a table with an index over a virtual column, of which MariaDB drops no column online", async () => {
      await bench.sql(
        "CREATE TABLE virtual_ (id int PRIMARY KEY, a int NOT NULL, g int AS (id + 1) VIRTUAL, KEY ka (a))",
      );
      await carryOut(bench, await rename(bench, "virtual_"));
      await bench.sql("CREATE TABLE virtual_key (id int PRIMARY KEY, a int, g int AS (id + 1) VIRTUAL, KEY gi (g))");
      await expect(rename(bench, "virtual_key")).rejects.toThrow(/the index gi over the virtual column g/);
    });
});

const parkedName = (steps: readonly Step[]): string =>
  /`(zmigrate_dropped_[^`]*)`/.exec(steps.at(-1)?.sql.at(-1) ?? "")?.[1] ?? "";
