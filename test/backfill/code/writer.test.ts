import { afterEach, beforeEach, expect, it } from "vitest";
import { codeWriter } from "../../../src/backfill/code/writer.js";
import { openForBatches } from "../../../src/backfill/context.js";
import { engineFor } from "../../../src/config/engine.js";
import type { Batch, BatchResult, Database, Session } from "../../../src/engines/engine.js";
import type { BackfillCode, BackfillRow, RowValue } from "../../../src/model/backfill-code.js";
import { describeServers, query, type TestDatabase } from "../../servers/index.js";

type Row = BackfillRow<Readonly<Record<string, RowValue>>>;
const KEY = "a'b?\\\"c";

/** Types, a value of each as SQL, and as code gets it. */
const POSTGRES: readonly (readonly [type: string, sql: string, value: RowValue])[] = [
  ["int", "-7", -7],
  ["bigint", "9223372036854775807", 9223372036854775807n],
  ["numeric(30,10)", "12345678901234567890.0123456789", "12345678901234567890.0123456789"],
  ["real", "0.1", 0.1],
  ["double precision", "0.1::float8 + 0.2::float8", 0.1 + 0.2],
  ["boolean", "true", true],
  ["bytea", "'\\x00ff27'", new Uint8Array([0, 255, 39])],
  ["timestamptz", "'2026-01-02 03:04:05.123456+00'", expect.stringContaining(":05.123456+00")],
  ["timestamp", "'2026-01-02 03:04:05.123456'", "2026-01-02 03:04:05.123456"],
  ["date", "'infinity'", "infinity"],
  ["interval", "'1 mon 2 days 03:04:05.000006'", "1 mon 2 days 03:04:05.000006"],
  ["json", `'{"n": 12345678901234567890, "n": 1}'`, '{"n": 12345678901234567890, "n": 1}'],
  ["jsonb", `'{"n": 12345678901234567890}'`, '{"n": 12345678901234567890}'],
  ["uuid", "'00000000-0000-0000-0000-00000000000a'", "00000000-0000-0000-0000-00000000000a"],
  ["varchar(20)[]", `'{a,"b,c",NULL}'`, '{a,"b,c",NULL}'],
  ["char(3)", "'ab'", "ab"],
  ["bit(3)", "B'101'", "101"],
  ["short", "'abc'", "abc"],
  ["text", "'it''s \\ ?'", "it's \\ ?"],
  ["int", "NULL", null],
];
const MYSQL: typeof POSTGRES = [
  ["int unsigned", "4294967295", 4294967295],
  ["bigint unsigned", "18446744073709551615", 18446744073709551615n],
  ["decimal(30,10)", "12345678901234567890.0123456789", "12345678901234567890.0123456789"],
  ["float", "0.1", Math.fround(0.1)],
  ["double", "0.1e0 + 0.2e0", 0.1 + 0.2],
  ["tinyint(1)", "1", 1],
  ["varbinary(9)", "X'00FF27'", new Uint8Array([0, 255, 39])],
  ["blob", "X''", new Uint8Array()],
  ["bit(12)", "b'100000000001'", 2049n],
  ["datetime(6)", "'2026-01-02 03:04:05.123456'", "2026-01-02 03:04:05.123456"],
  ["timestamp(3) NULL", "'2026-01-02 03:04:05.123'", "2026-01-02 03:04:05.123"],
  ["time(6)", "'-838:58:59.000001'", "-838:58:59.000001"],
  ["date", "'2026-02-28'", "2026-02-28"],
  ["year", "2026", 2026],
  ["enum('a','b')", "'b'", "b"],
  ["set('a','b')", "'a,b'", "a,b"],
  ["point", "ST_GeomFromText('POINT(1 2)')", expect.any(Uint8Array)],
  ["varchar(20) CHARACTER SET latin1", "'é'", "é"],
  ["longtext", "'it''s \\\\ ?'", "it's \\ ?"],
  ["json", `'{"n": [1, null]}'`, '{"n": [1, null]}'],
  ["int", "NULL", null],
];

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const onPostgres = server.name === "postgres";
  let testDatabase: TestDatabase;
  let database: Database;
  let session: Session;
  beforeEach(async () => {
    testDatabase = await server.createDatabase("code");
    const engine = await engineFor(server.name);
    database = await engine.connect(testDatabase.url, { connectTimeoutMs: 5_000, applicationName: "test" });
    session = await openForBatches(database);
  });
  afterEach(async () => {
    await session.close();
    await database.close();
    await testDatabase.drop();
  });
  const sql = (text: string) => query(testDatabase.url, text);

  type Map = (rows: readonly Row[], context: Parameters<BackfillCode["map"]>[1]) => unknown;
  interface Given {
    readonly table?: string;
    readonly select: readonly string[];
    readonly update: readonly string[];
    readonly where?: string;
    readonly keeps?: readonly string[];
  }

  async function batchOf({ table = "t", select, update, where = "TRUE", keeps = [] }: Given): Promise<Batch> {
    const relation = { schema: null, name: table };
    const key = await database.keyOf(session, { relation, key: null });
    const upTo = (await database.lastKey(session, relation, key)) ?? [];
    const statement = { verb: "update" as const, into: relation, head: "", alias: table, tail: "" };
    const code = { select, update, concurrency: 1, ...(keeps.length === 0 ? {} : { keeps }) };
    const work = { relation, set: "", where, key: null, rows: null, targetMs: null, statement, code };
    return { work, key, after: null, upTo, rows: 100 };
  }

  async function writerOf({ table = "t", select, update }: Given, map: Map) {
    const settings = { where: null, key: null, rows: null, targetMs: null, concurrency: 1 };
    const code: BackfillCode = { relation: { schema: null, name: table }, select, update, ...settings, map };
    const of = { migrationId: "20260101000000", stepId: "1-backfill" };
    const throttle = {
      check: async () => ({ ok: true, calm: true, reason: "", lagMs: null }),
      close: async () => undefined,
    };
    return codeWriter({ database, code, signal: new AbortController().signal, throttle, of, emit: () => undefined });
  }

  async function inTransaction(write: (session: Session) => Promise<BatchResult>): Promise<BatchResult> {
    await database.begin(session, { lockMs: 1_000, statementMs: 0 });
    try {
      const written = await write(session);
      await database.commit(session);
      return written;
    } catch (error) {
      await database.rollback(session);
      throw error;
    }
  }

  async function run(given: Given, map: Map, meanwhile: readonly string[] = []): Promise<BatchResult> {
    const writer = await writerOf(given, map);
    try {
      const write = await writer.prepare(session, await batchOf(given));
      for (const change of meanwhile) await sql(change);
      return await inTransaction(write);
    } finally {
      await writer.close();
    }
  }

  it("loses nothing of a value of any type on its way to code and back", async () => {
    const types = onPostgres ? POSTGRES : MYSQL;
    if (onPostgres) await sql("CREATE DOMAIN short AS varchar(3)");
    const columns = types.flatMap(([type], n) => [`a${n} ${type}`, `b${n} ${type}`]);
    await sql(`CREATE TABLE t (id varchar(20) PRIMARY KEY, ${columns.join(", ")})`);
    const key = onPostgres ? KEY.replaceAll("'", "''") : KEY.replaceAll("\\", "\\\\").replaceAll("'", "''");
    const names = types.map((_, n) => `a${n}`);
    await sql(
      `INSERT INTO t (id, ${names.join(", ")}) VALUES ('${key}', ${types.map(([, value]) => value).join(", ")})`,
    );

    await sql("INSERT INTO t (id) VALUES ('z')");

    const given = { select: names, update: types.map((_, n) => `b${n}`) };
    let got: readonly Row[] = [];
    const written = await run(given, (rows) => {
      got = rows;
      return rows.map(({ key: of, values }) => ({
        key: of,
        set: Object.fromEntries(types.map((_, n) => [`b${n}`, values[`a${n}`]])),
      }));
    });
    expect(written).toMatchObject({ last: ["z"], scanned: 2 });
    const nothing = Object.fromEntries(names.map((name) => [name, null]));
    expect(got[1]).toEqual({ key: ["z"], values: nothing });
    expect(got.slice(0, 1)).toEqual([
      { key: [KEY], values: Object.fromEntries(types.map(([, , value], n) => [`a${n}`, value])) },
    ]);
    const same = (n: number) => {
      if (onPostgres) return `(a${n}::text IS NOT DISTINCT FROM b${n}::text) AS s${n}`;
      return `(${types[n]?.[0] === "point" ? `ST_Equals(a${n}, b${n})` : `a${n} <=> b${n}`}) AS s${n}`;
    };
    const [row = {}] = await sql(`SELECT ${types.map((_, n) => same(n)).join(", ")} FROM t WHERE id <> 'z'`);
    expect(Object.entries(row).filter(([, is]) => Number(is) !== 1 && is !== true)).toEqual([]);
  });

  const NUMBERS = [
    "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(3))",
    "INSERT INTO t (id, a) VALUES (1, 1), (2, 2), (3, 3), (4, 4)",
  ];
  const AB = { select: ["a"], update: ["b"] };
  const double: Map = (rows) => rows.map(({ key, values }) => ({ key, set: { b: Number(values.a) * 2 } }));
  const bs = async () => (await sql("SELECT b FROM t ORDER BY id")).map(({ b }) => b);

  it.each([
    ["what is read", "UPDATE t SET a = 30 WHERE id = 3"],
    ["what is written", "UPDATE t SET b = 'new' WHERE id = 3"],
  ])("ends in front of a row of which %s has changed meanwhile", async (_, change) => {
    for (const text of NUMBERS) await sql(text);
    expect(await run(AB, double, [change])).toEqual({ last: ["2"], scanned: 2, changed: 2 });
    expect((await bs()).slice(0, 2)).toEqual(["2", "4"]);
    expect((await bs()).slice(2)).toEqual([change.includes("new") ? "new" : null, null]);
  });

  it("keeps what was computed for rows that are as they were, and computes the others again", async () => {
    for (const text of NUMBERS) await sql(text);
    const computed: string[][] = [];
    const writer = await writerOf(AB, (rows, context) => {
      computed.push(rows.map(({ key }) => key.join()));
      return double(rows, context);
    });
    const batch = await batchOf(AB);
    const first = await writer.prepare(session, batch);
    await sql("UPDATE t SET a = 10 WHERE id = 1");
    await expect(inTransaction(first)).rejects.toMatchObject({ name: "ChangedMeanwhile" });
    expect(await bs()).toEqual([null, null, null, null]);
    expect(await inTransaction(await writer.prepare(session, batch))).toEqual({ last: ["4"], scanned: 4, changed: 4 });
    expect(computed).toEqual([["1", "2", "3", "4"], ["1"]]);
    expect(await bs()).toEqual(["20", "4", "6", "8"]);
    await writer.close();
  });

  it("takes as many rows into memory as are no longer than a limit, and one that is longer alone", async () => {
    await sql(`CREATE TABLE t (id int PRIMARY KEY, a ${onPostgres ? "text" : "longtext"}, b int)`);
    // MariaDB makes no text that is longer than a packet.
    const first = server.name === "mariadb" ? 12 : 17;
    for (const [id, mb] of [first, 6, 6, 6].entries())
      await sql(`INSERT INTO t (id, a) VALUES (${id + 1}, REPEAT('x', ${mb * 1_000_000}))`);
    await sql("INSERT INTO t (id, a) VALUES (5, NULL)");
    const computed: string[] = [];
    const writer = await writerOf(AB, (rows) => {
      computed.push(rows.map(({ key }) => key.join()).join());
      return rows.map(({ key }) => ({ key, set: { b: 1 } }));
    });
    let after: Batch["after"] = null;
    for (const scanned of [1, 2, 2]) {
      const done = await inTransaction(await writer.prepare(session, { ...(await batchOf(AB)), after }));
      expect(done).toMatchObject({ scanned, changed: scanned });
      after = done.last;
    }
    expect(computed).toEqual(["1", "2,3", "4,5"]);
    await writer.close();
  }, 30_000);

  it("leaves rows that are gone, or that nobody asks for any more, and meets one that came in between", async () => {
    for (const text of NUMBERS) await sql(text);
    const given = { ...AB, where: "a < 5" };
    const meanwhile = [
      "DELETE FROM t WHERE id = 1",
      "UPDATE t SET a = 9 WHERE id = 2",
      "INSERT INTO t (id, a) VALUES (0, 0)",
    ];
    await expect(run(given, double, meanwhile)).rejects.toMatchObject({ name: "ChangedMeanwhile" });
    expect(await run(given, double)).toMatchObject({ last: ["4"], scanned: 4, changed: 3 });
    expect(await bs()).toEqual(["0", null, "6", "8"]);
  });

  it("is refused by the server what does not fit, and cuts nothing", async () => {
    for (const text of NUMBERS) await sql(text);
    const failed = await run(AB, (rows) => rows.map(({ key }) => ({ key, set: { b: "four" } }))).catch(
      (e: unknown) => e,
    );
    expect(database.classify(failed)).toBe("data");
    expect(await bs()).toEqual([null, null, null, null]);
  });

  it("has queries that read, and refuses to write by them", async () => {
    for (const text of NUMBERS) await sql(text);
    const rows: unknown[] = [];
    await run(AB, async (_, { db }) => {
      const tables = db as import("kysely").Kysely<{ t: { id: number; a: number; b: string | null } }>;
      rows.push(...(await tables.selectFrom("t").select("a").where("id", ">", 2).orderBy("id").execute()));
      await expect(tables.updateTable("t").set({ b: "x" }).execute()).rejects.toThrow(/read.only/i);
      await expect(tables.transaction().execute(async () => undefined)).rejects.toThrow("queries that read");
      return [];
    });
    expect(rows).toEqual([{ a: 3 }, { a: 4 }]);
    expect(await bs()).toEqual([null, null, null, null]);
  });

  if (!onPostgres)
    it("leaves the moment of the last change as it is", async () => {
      await sql("CREATE TABLE t (id int PRIMARY KEY, a int, b int, at datetime ON UPDATE CURRENT_TIMESTAMP)");
      await sql("INSERT INTO t VALUES (1, 1, NULL, '2020-01-01')");
      await run({ ...AB, keeps: ["at"] }, double);
      expect(await sql("SELECT b, CAST(at AS CHAR) AS at FROM t")).toEqual([{ b: 2, at: "2020-01-01 00:00:00" }]);
    });

  if (onPostgres)
    it("writes rows of partitions, under a key of several columns", async () => {
      await sql("CREATE TABLE t (p int, k text, a int, b int, PRIMARY KEY (p, k)) PARTITION BY LIST (p)");
      await sql("CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2)");
      await sql("INSERT INTO t VALUES (1, 'x', 1), (1, 'y', 2), (2, '', 3)");
      expect(await run(AB, double)).toMatchObject({ scanned: 3, changed: 3 });
      expect(await sql("SELECT b FROM t ORDER BY a")).toEqual([{ b: 2 }, { b: 4 }, { b: 6 }]);
    });
});
