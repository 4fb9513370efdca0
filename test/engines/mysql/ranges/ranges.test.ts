import { expect, it } from "vitest";
import type { BackfillKey, Cursor } from "../../../../src/engines/engine.js";
import { bound } from "../../../../src/engines/mysql/ranges/keys.js";
import { numbers } from "../../../scenarios/support/bare.js";
import { describeDialects, TIMEOUTS } from "../support/database.js";

const relation = (name: string) => ({ schema: null, name });
const work = (name: string) => ({
  relation: relation(name),
  set: "b = a",
  where: "NOT (b <=> a)",
  key: null,
  rows: null,
  targetMs: null,
});

it("spells a bound on several columns out", () => {
  const key = { columns: ["a", "b"], types: ["int", "varchar"] };
  expect(bound(key, ">", ["1", "it's"])).toBe("`a` >= 1 AND ((`a` > 1) OR (`a` = 1 AND `b` > 'it''s'))");
  expect(bound(key, "<=", ["1", "x"])).toBe("`a` <= 1 AND ((`a` < 1) OR (`a` = 1 AND `b` <= 'x'))");
  expect(() => bound({ columns: ["a"], types: ["int"] }, ">", ["1 OR 1=1"])).toThrow(/no int/);
  expect(() => bound({ columns: ["a"], types: ["binary"] }, ">", ["zz"])).toThrow(/hexadecimal/);
});

describeDialects("ranges", (bench) => {
  const database = () => bench.database();

  /** Walks the whole table in small batches; how many rows were seen and changed. */
  async function walk(table: string, rows: number) {
    const session = await bench.another();
    await database().prepareBackfill(session);
    const key = await database().keyOf(session, work(table));
    const upTo = await database().lastKey(session, relation(table), key);
    let [after, scanned, changed]: [Cursor, number, number] = [null, 0, 0];
    for (let n = 0; upTo !== null && n < 100; n++) {
      await database().begin(session, TIMEOUTS);
      const result = await database().backfillBatch(session, { work: work(table), key, after, upTo, rows });
      await database().commit(session);
      if (result.last === null) return { key, scanned, changed };
      [after, scanned, changed] = [result.last, scanned + result.scanned, changed + result.changed];
    }
    return { key, scanned, changed };
  }

  const keys: readonly (readonly [string, readonly string[]])[] = [
    ["k bigint unsigned PRIMARY KEY", ["0", "5", "9007199254740993", "18446744073709551615"]],
    ["k int PRIMARY KEY", ["-7", "0", "3"]],
    ["k varchar(20) COLLATE utf8mb4_general_ci PRIMARY KEY", ["''", "'a'", "'B'", "'c''\\\\'", "'ü'"]],
    ["k char(4) CHARACTER SET latin1 PRIMARY KEY", ["'a'", "'B'", "'ä'"]],
    ["k binary(3) PRIMARY KEY", ["X'000000'", "X'00FF01'", "X'FFFFFF'"]],
    ["k datetime(6) PRIMARY KEY", ["'2020-01-01 00:00:00.000001'", "'2020-01-01 00:00:00.000002'"]],
    ["k timestamp(3) PRIMARY KEY DEFAULT '2020-01-01 00:00:00'", ["'2020-01-01 00:00:00.5'", "'2021-01-01'"]],
    ["k decimal(30,10) PRIMARY KEY", ["-1.5", "12345678901234567890.0000000001", "12345678901234567890.0000000002"]],
    ["k date PRIMARY KEY", ["'2020-01-01'", "'2021-02-03'"]],
  ];
  for (const [index, [column, values]] of keys.entries())
    it(`meets every row once by ${column}`, async () => {
      const table = `key${index}`;
      await bench.sql(`CREATE TABLE ${table} (${column}, a int, b int) DEFAULT CHARSET utf8mb4`);
      await bench.sql(`INSERT INTO ${table} (k, a) VALUES ${values.map((v, n) => `(${v}, ${n})`).join()}`);
      for (const rows of [1, 2, 100]) {
        await bench.sql(`UPDATE ${table} SET b = NULL`);
        expect(await walk(table, rows)).toMatchObject({ scanned: values.length, changed: values.length });
        expect((await walk(table, rows)).changed).toBe(0);
      }
    });

  it("walks a composite key in its order, by ranges of the index", async () => {
    await bench.sql("CREATE TABLE pairs (x int, y varchar(5), a int, b int, PRIMARY KEY (x, y))");
    const rows = Array.from({ length: 600 }, (_, n) => `(${Math.floor(n / 7)}, '${n % 7}', ${n})`);
    await bench.sql(`INSERT INTO pairs (x, y, a) VALUES ${rows.join()}`);
    expect(await walk("pairs", 10)).toMatchObject({ key: { columns: ["x", "y"] }, scanned: 600, changed: 600 });
    const key: BackfillKey = { columns: ["x", "y"], types: ["int", "varchar"] };
    await bench.sql("FLUSH STATUS");
    await database().backfillBatch(bench.session(), {
      work: work("pairs"),
      key,
      after: ["40", "3"],
      upTo: ["85", "9"],
      rows: 10,
    });
    const status = await bench
      .session()
      .query<{ Variable_name: string; Value: string }>("SHOW SESSION STATUS LIKE 'Handler_read%'");
    expect(status.reduce((sum, row) => sum + Number(row.Value), 0)).toBeLessThan(80);
  });

  it("does not go beyond the fixed end", async () => {
    await bench.sql(
      "CREATE TABLE ended (id int PRIMARY KEY, a int, b int)",
      "INSERT INTO ended VALUES (1, 1, NULL), (2, 2, NULL), (3, 3, NULL)",
    );
    const key = await database().keyOf(bench.session(), work("ended"));
    const result = await database().backfillBatch(bench.session(), {
      work: work("ended"),
      key,
      after: null,
      upTo: ["2"],
      rows: 10,
    });
    expect(result).toEqual({ last: ["2"], scanned: 2, changed: 2 });
    expect(
      await database().backfillBatch(bench.session(), {
        work: work("ended"),
        key,
        after: ["2"],
        upTo: ["2"],
        rows: 10,
      }),
    ).toEqual({ last: null, scanned: 0, changed: 0 });
  });

  it("takes a NOT NULL unique key where there is no primary key, and the key that is asked for", async () => {
    await bench.sql(
      "CREATE TABLE uniques (e enum('z','a') NOT NULL UNIQUE, n int UNIQUE, p varchar(9) NOT NULL, u int NOT NULL, v int NOT NULL, UNIQUE (p(3)), UNIQUE two (u, v))",
    );
    expect(await database().keyOf(bench.session(), work("uniques"))).toEqual({
      columns: ["u", "v"],
      types: ["int", "int"],
    });
    expect(await database().keyOf(bench.session(), { relation: relation("uniques"), key: ["U", "V"] })).toMatchObject({
      columns: ["u", "v"],
    });
    await expect(
      database().keyOf(bench.session(), { relation: relation("uniques"), key: ["n"] }),
    ).rejects.toMatchObject({ code: "no-key" });
    await bench.sql("CREATE TABLE keyless (a int, f float PRIMARY KEY)");
    await expect(database().keyOf(bench.session(), work("keyless"))).rejects.toMatchObject({
      code: "no-key",
      help: "Add a primary key first.",
    });
  });

  it("refuses a batch whose statement warned", async () => {
    await bench.sql(
      "CREATE TABLE warned (id int PRIMARY KEY, a varchar(9), b int)",
      "INSERT INTO warned VALUES (1, '7x', NULL)",
    );
    const session = await bench.another();
    await database().prepareBackfill(session);
    const key = await database().keyOf(session, work("warned"));
    const batch = { work: { ...work("warned"), where: "a > 1" }, key, after: null, upTo: ["1"], rows: 10 };
    await session.query("SET SESSION sql_mode = ''");
    await expect(database().backfillBatch(session, batch)).rejects.toThrow(/7x/);
    await session.query("SET SESSION sql_mode = 'STRICT_ALL_TABLES'");
    const error = await database()
      .backfillBatch(session, batch)
      .catch((e: unknown) => e);
    expect(database().classify(error)).toBe("data");
  });

  it("counts mismatching rows and names some", async () => {
    await bench.sql("CREATE TABLE compared (id int PRIMARY KEY, a int, b int)");
    await bench.sql(
      `INSERT INTO compared VALUES ${Array.from({ length: 20 }, (_, n) => `(${n}, ${n}, ${n % 3 === 0 ? n : -1})`).join()}`,
    );
    const key = await database().keyOf(bench.session(), work("compared"));
    const check = { relation: relation("compared"), mismatch: "NOT (a <=> b)" };
    const first = await database().verifyBatch(bench.session(), { work: check, key, after: null, rows: 15 });
    expect(first).toMatchObject({ last: ["14"], scanned: 15, mismatches: 10, examples: ["1", "2", "4", "5", "7"] });
    const second = await database().verifyBatch(bench.session(), { work: check, key, after: first.last, rows: 15 });
    expect(second).toMatchObject({ last: null, scanned: 5 });
    const full = await database().verifyBatch(bench.session(), { work: check, key, after: first.last, rows: 5 });
    expect(full).toMatchObject({ last: ["19"], scanned: 5 });
    const none = await database().verifyBatch(bench.session(), { work: check, key, after: full.last, rows: 5 });
    expect(none).toMatchObject({ last: null, scanned: 0 });
  });

  it("knows an empty table, and about how many rows a table has", async () => {
    await bench.sql("CREATE TABLE empty_ (id int PRIMARY KEY, a int, b int)");
    const key = await database().keyOf(bench.session(), work("empty_"));
    expect(await database().lastKey(bench.session(), relation("empty_"), key)).toBeNull();
    await bench.sql("ANALYZE TABLE pairs");
    expect(await database().estimateRows(bench.session(), relation("pairs"))).toBeGreaterThan(100);
  });

  it("knows about how many rows a table has that was loaded after somebody had asked", async () => {
    await bench.sql("CREATE TABLE loaded (id int PRIMARY KEY)");
    await bench.sql("SELECT TABLE_ROWS FROM information_schema.TABLES WHERE TABLE_NAME = 'loaded'");
    await bench.sql(`INSERT INTO loaded ${numbers(500)}`);
    await database().prepareBackfill(bench.session());
    expect(await database().estimateRows(bench.session(), relation("loaded"))).toBeGreaterThan(300);
  });

  it("is planned by the key, and tells where it is not", async () => {
    const session = await bench.another();
    await session.query("CREATE TABLE planned (k1 int, k2 int, a int, b int, PRIMARY KEY (k1, k2))");
    await session.query(`INSERT INTO planned SELECT i % 20, i, i, NULL FROM (${numbers(2_000)}) n`);
    await session.query("ANALYZE TABLE planned");
    const key = await database().keyOf(session, work("planned"));
    const batch = { work: work("planned"), key, after: ["10", "0"], upTo: ["11", "0"], rows: 1 };
    expect(await database().scanOf(session, batch, 1)).toBeNull();
    const { relation: into } = batch.work;
    const head = "UPDATE planned IGNORE INDEX (PRIMARY) SET b = a";
    const written = { verb: "update", into, head, alias: "planned", tail: "" } as const;
    expect(await database().scanOf(session, { ...batch, work: { ...batch.work, statement: written } }, 1)).toMatch(
      /^type (?:ALL|index)$/,
    );
  });
});
