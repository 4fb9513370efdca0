import { afterAll, beforeAll, expect, it } from "vitest";
import type { BackfillKey, Batch, Cursor } from "../../../../src/engines/engine.js";
import { openSession } from "../../../../src/engines/postgres/execute/connect.js";
import type { PostgresSession } from "../../../../src/engines/postgres/execute/session.js";
import { backfillBatch, prepareBackfill, updateOf } from "../../../../src/engines/postgres/ranges/batch.js";
import { estimateRows, keyOf, lastKey, mustMove } from "../../../../src/engines/postgres/ranges/keys.js";
import { scanOf } from "../../../../src/engines/postgres/ranges/plan.js";
import { readRows, rowColumns } from "../../../../src/engines/postgres/ranges/rows.js";
import { verifyBatch } from "../../../../src/engines/postgres/ranges/verify.js";
import { describeServer, query, type TestDatabase } from "../../../servers/index.js";

const options = { connectTimeoutMs: 5_000, applicationName: "test" };

describeServer("postgres", (server) => {
  let db: TestDatabase;
  let session: PostgresSession;
  beforeAll(async () => {
    db = await server.createDatabase("ranges");
    session = await openSession(db.url, options);
    await prepareBackfill(session);
  });
  afterAll(async () => {
    await session?.close();
    await db?.drop();
  });

  const work = (name: string) => ({
    relation: { schema: "public", name },
    set: '"b" = "a"',
    where: '"b" IS DISTINCT FROM "a"',
    key: null,
    rows: null,
    targetMs: null,
  });

  async function all(
    name: string,
    rows: number,
  ): Promise<{ key: BackfillKey; batches: number; changed: number; scanned: number }> {
    const key = await keyOf(session, work(name));
    const upTo = await lastKey(session, work(name).relation, key);
    if (upTo === null) throw new Error("empty");
    let after: Cursor = null;
    let [batches, changed, scanned] = [0, 0, 0];
    for (;;) {
      await session.query("BEGIN");
      const batch: Batch = { work: work(name), key, after, upTo, rows };
      const result = await backfillBatch(session, batch);
      await session.query("COMMIT");
      if (result.last === null) return { key, batches, changed, scanned };
      after = result.last;
      batches += 1;
      changed += result.changed;
      scanned += result.scanned;
    }
  }

  const KEYS: Readonly<Record<string, string>> = {
    bigints_beyond_a_double: "SELECT 9007199254740990 + n AS k1, n::text AS a FROM generate_series(1, 100) n",
    negative_ints: "SELECT (n - 50)::int AS k1, n::text AS a FROM generate_series(1, 100) n",
    uuids: "SELECT md5(n::text)::uuid AS k1, n::text AS a FROM generate_series(1, 100) n",
    texts: `SELECT (md5(n::text) || ' ''"é') COLLATE "C" AS k1, n::text AS a FROM generate_series(1, 100) n`,
    timestamps:
      "SELECT '2026-01-01'::timestamptz + n * interval '1 microsecond' AS k1, n::text AS a FROM generate_series(1, 100) n",
    numerics: "SELECT n * 0.1 AS k1, n::text AS a FROM generate_series(1, 100) n",
    dates_with_dmy: "SELECT '2026-01-01'::date + n AS k1, n::text AS a FROM generate_series(1, 100) n",
  };

  for (const [name, rows] of Object.entries(KEYS))
    it(`walks every row once by ${name.replaceAll("_", " ")}`, async () => {
      await query(
        db.url,
        `CREATE TABLE ${name} AS ${rows}; ALTER TABLE ${name} ADD b text; ALTER TABLE ${name} ADD PRIMARY KEY (k1)`,
      );
      expect(await all(name, 7)).toMatchObject({ batches: 15, scanned: 100, changed: 100 });
      expect(await query(db.url, `SELECT 1 FROM ${name} WHERE b IS DISTINCT FROM a`)).toEqual([]);
    });

  /** A cast to a bare `character` or `bit` is one to a single character: the modifier must come along. */
  it.each([
    ["character(8)", "'n' || n"],
    ["bit(9)", "n::bit(9)"],
    ["bit varying(12)", "n::bit(9)::bit varying(12)"],
    ["character varying(6)", "'n' || n"],
    ["numeric(8,2)", "n / 4.0"],
    ["timestamp(3) without time zone", "'2026-01-01'::timestamp + n * interval '1 millisecond'"],
    ["time(2) with time zone", "'00:00:00+00'::timetz + n * interval '10 milliseconds'"],
    ["interval(2)", "n * interval '10 milliseconds'"],
    ["interval day to second(3)", "n * interval '1 day 1 millisecond'"],
    ['"char"', '(n + 20)::int::"char"'],
    ["public.padded", "'n' || n"],
    ["public.flags", "n::bit(9)"],
  ])("walks every row once by a key of type %s", async (type, value) => {
    await query(
      db.url,
      `DO $$ BEGIN CREATE DOMAIN padded AS char(6); CREATE DOMAIN flags AS bit(9); EXCEPTION WHEN duplicate_object THEN NULL; END $$;
       DROP TABLE IF EXISTS typed; CREATE TABLE typed (k1 ${type} PRIMARY KEY, a text, b text);
       INSERT INTO typed SELECT ${value}, n FROM generate_series(1, 100) n; ANALYZE typed`,
    );
    expect(await all("typed", 7)).toMatchObject({ batches: 15, scanned: 100, changed: 100 });
    const key = await keyOf(session, work("typed"));
    const verify = { relation: work("typed").relation, mismatch: '"a" IS DISTINCT FROM "b"' };
    const first = await verifyBatch(session, { work: verify, key, after: null, rows: 60 });
    expect(await verifyBatch(session, { work: verify, key, after: first.last, rows: 60 })).toMatchObject({
      scanned: 40,
    });
  });

  it("stops where a key does not read back, or does not move, and neither skips rows nor goes on for ever", async () => {
    await query(
      db.url,
      "CREATE TABLE stuck (k1 char(3) PRIMARY KEY, a text, b text); INSERT INTO stuck SELECT 'a' || n, 'x' FROM generate_series(10, 30) n",
    );
    const cut: BackfillKey = { columns: ["k1"], types: ["character"] };
    const batch: Batch = { work: work("stuck"), key: cut, after: null, upTo: ["b"], rows: 5 };
    await expect(backfillBatch(session, batch)).rejects.toMatchObject({ code: "internal" });
    const verify = { relation: work("stuck").relation, mismatch: '"a" IS DISTINCT FROM "b"' };
    await expect(verifyBatch(session, { work: verify, key: cut, after: null, rows: 5 })).rejects.toMatchObject({
      code: "internal",
    });
    const key = { columns: ["k1"], types: ["character(3)"] };
    expect(() => mustMove(key, ["a10"], { k0: "a10", stands: true })).toThrow(/does not move/);
    expect(() => mustMove(key, ["a10"], { k0: "a11", stands: true })).not.toThrow();
  });

  it("walks a composite key in the order of its index", async () => {
    await query(
      db.url,
      `CREATE TABLE composite (n text COLLATE "C", k int, a text, b text, PRIMARY KEY (k, n));
      INSERT INTO composite SELECT 'x' || i, i % 7, i::text FROM generate_series(1, 200) i`,
    );
    const { key, scanned } = await all("composite", 9);
    expect(key.columns).toEqual(["k", "n"]);
    expect(scanned).toBe(200);
    expect(await query(db.url, "SELECT 1 FROM composite WHERE b IS DISTINCT FROM a")).toEqual([]);
  });

  it("uses the key's index for a batch in the middle", async () => {
    await query(
      db.url,
      "CREATE TABLE big (k1 int, k2 int, a text, b text, PRIMARY KEY (k1, k2)); INSERT INTO big SELECT n / 100, n % 100, 'x' FROM generate_series(1, 20000) n; ANALYZE big",
    );
    const plan = await query(
      db.url,
      "EXPLAIN UPDATE ONLY big SET b = a WHERE ROW(k1, k2) > ROW(50::int4, 3::int4) AND ROW(k1, k2) <= ROW(52::int4, 3::int4) AND (b IS DISTINCT FROM a)",
    );
    expect(JSON.stringify(plan)).toMatch(
      /Index Cond: \(\(ROW\(k1, k2\) > ROW\(50, 3\)\) AND \(ROW\(k1, k2\) <= ROW\(52, 3\)\)\)/,
    );
  });

  it("advances over rows that need nothing", async () => {
    await query(
      db.url,
      "CREATE TABLE filled (id int PRIMARY KEY, a text, b text); INSERT INTO filled SELECT n, 'x', 'x' FROM generate_series(1, 50) n",
    );
    expect(await all("filled", 10)).toMatchObject({ batches: 5, changed: 0, scanned: 50 });
  });

  it("does not overwrite what is committed while the batch waits for the row", async () => {
    await query(
      db.url,
      "CREATE TABLE contended (id int PRIMARY KEY, a text, b text); INSERT INTO contended VALUES (1, 'old', NULL)",
    );
    const writer = await openSession(db.url, options);
    await writer.query("BEGIN; UPDATE contended SET a = 'newer', b = 'newer' WHERE id = 1");
    const moving = all("contended", 10);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await writer.query("COMMIT");
    expect((await moving).changed).toBe(0);
    expect(await query(db.url, "SELECT a, b FROM contended")).toEqual([{ a: "newer", b: "newer" }]);
    await writer.close();
  });

  it("takes a NOT NULL unique key where there is no primary key, and the places of the rows where there is none", async () => {
    await query(db.url, "CREATE TABLE uniq (n int UNIQUE, code text NOT NULL UNIQUE, a text, b text)");
    expect((await keyOf(session, work("uniq"))).columns).toEqual(["code"]);
    await query(db.url, "CREATE TABLE keyless (n int UNIQUE, a text, b text)");
    expect((await keyOf(session, work("keyless"))).columns).toEqual(["ctid"]);
    await expect(keyOf(session, { ...work("keyless"), key: ["n"] })).rejects.toMatchObject({ code: "no-key" });
    const statement = { verb: "update", into: work("keyless").relation, head: "", alias: "keyless", tail: "" } as const;
    await expect(keyOf(session, { ...work("keyless"), statement })).rejects.toMatchObject({ code: "no-key" });
    await query(db.url, "CREATE TABLE parted (n int, a text, b text) PARTITION BY HASH (n)");
    await expect(keyOf(session, work("parted"))).rejects.toMatchObject({ code: "no-key" });
    await query(
      db.url,
      "CREATE TABLE partial (n int NOT NULL, a text, b text); CREATE UNIQUE INDEX ON partial (n) WHERE n > 0; CREATE UNIQUE INDEX ON partial (abs(n))",
    );
    expect((await keyOf(session, work("partial"))).columns).toEqual(["ctid"]);
  });

  it.each([1, 7, 400])(
    "walks a table without a key block by block, empty ones too, %i rows at a time",
    async (rows) => {
      const name = `places_${rows}`;
      const pad = "repeat('x', 300)";
      await query(
        db.url,
        `CREATE TABLE ${name} (n int, a text, b text, pad text);
       INSERT INTO ${name} SELECT n, n::text, NULL, ${pad} FROM generate_series(1, 2000) n;
       DELETE FROM ${name} WHERE n BETWEEN 500 AND 1700; DELETE FROM ${name} WHERE n % 3 = 0`,
      );
      await query(db.url, `VACUUM (ANALYZE) ${name}`);
      const [before] = await query(db.url, `SELECT count(*)::int AS n FROM ${name}`);
      const { key, changed } = await all(name, rows);
      expect(key.columns).toEqual(["ctid"]);
      expect(changed).toBe(before?.n);
      expect(await query(db.url, `SELECT 1 FROM ${name} WHERE b IS DISTINCT FROM a`)).toEqual([]);
      const relation = { schema: "public", name };
      const batch = { work: work(name), key, after: ["(3,1)"], upTo: ["(5,1)"], rows };
      expect(await scanOf(session, batch, 1)).toBeNull();

      await query(db.url, `UPDATE ${name} SET b = '' WHERE n IN (1, 1999)`);
      let [after, scanned, mismatches]: [Cursor, number, number] = [null, 0, 0];
      do {
        const found = await verifyBatch(session, { work: { relation, mismatch: "b <> a" }, key, after, rows });
        scanned += found.scanned;
        mismatches += found.mismatches;
        after = found.last;
      } while (after !== null);
      expect({ scanned, mismatches }).toEqual({ scanned: before?.n, mismatches: 2 });
    },
  );

  it("is refused, and not filtered, by row level security", async () => {
    await query(
      db.url,
      `CREATE TABLE secured (id int PRIMARY KEY, a text, b text); INSERT INTO secured SELECT n, 'x' FROM generate_series(1, 10) n;
      ALTER TABLE secured ENABLE ROW LEVEL SECURITY; CREATE POLICY half ON secured USING (id % 2 = 0);
      DO $$ BEGIN CREATE ROLE ranges_limited NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT ALL ON secured TO ranges_limited`,
    );
    const limited = await openSession(db.url, options);
    await prepareBackfill(limited);
    await limited.query("SET ROLE ranges_limited; BEGIN");
    const batch: Batch = {
      work: work("secured"),
      key: { columns: ["id"], types: ["integer"] },
      after: null,
      upTo: ["10"],
      rows: 100,
    };
    await expect(backfillBatch(limited, batch)).rejects.toThrow(/row-level security/);
    await limited.close();
  });

  it("counts mismatches in chunks and names their keys", async () => {
    await query(
      db.url,
      "CREATE TABLE differing (id int PRIMARY KEY, a text, b text); INSERT INTO differing SELECT n, 'x', CASE WHEN n IN (3, 17) THEN NULL ELSE 'x' END FROM generate_series(1, 20) n",
    );
    const key = { columns: ["id"], types: ["integer"] };
    const verify = {
      relation: { schema: "public", name: "differing" },
      mismatch: '"a" IS DISTINCT FROM "b"',
    };
    const first = await verifyBatch(session, { work: verify, key, after: null, rows: 15 });
    expect(first).toEqual({ last: ["15"], scanned: 15, mismatches: 1, examples: ["3"] });
    expect(await verifyBatch(session, { work: verify, key, after: first.last, rows: 15 })).toMatchObject({
      scanned: 5,
      mismatches: 1,
      examples: ["17"],
    });
  });

  it("is planned by the key, composite ones whose rows lie scattered too; and tells where it is not", async () => {
    await query(
      db.url,
      `CREATE TABLE scattered AS
         SELECT n % 200 AS k1, (n * 7919) % 40000 AS k2, repeat('x', 200) AS a, NULL::text AS b FROM generate_series(1, 40000) n;
       ALTER TABLE scattered ADD PRIMARY KEY (k1, k2); ANALYZE scattered`,
    );
    const key = await keyOf(session, work("scattered"));
    const batch: Batch = { work: work("scattered"), key, after: ["100", "0"], upTo: ["110", "0"], rows: 1 };
    expect(await scanOf(session, batch, 1)).toBeNull();
    // A quarter of the table, 10,000 rows, is what two row comparisons alone are taken for.
    const { sql, values } = updateOf(batch, batch.upTo);
    const lines = await session.query<{ "QUERY PLAN": string }>(`EXPLAIN ${sql}`, values);
    const rows = lines.map((l) => Number(/rows=(\d+)/.exec(l["QUERY PLAN"])?.[1] ?? 0));
    expect(Math.max(...rows)).toBeLessThan(4_000);
    await session.query("SET enable_indexscan = off; SET enable_bitmapscan = off");
    expect(await scanOf(session, batch, 1)).toBe("Seq Scan");
    await session.query("RESET enable_indexscan; RESET enable_bitmapscan");
  });

  it("tells of a large partition that an author's statement would read as a whole, and not of a small one", async () => {
    await query(
      db.url,
      `CREATE TABLE divided (id int PRIMARY KEY, a int, b int) PARTITION BY RANGE (id);
       CREATE TABLE divided_few PARTITION OF divided FOR VALUES FROM (1) TO (101);
       CREATE TABLE divided_rest PARTITION OF divided FOR VALUES FROM (101) TO (9999) PARTITION BY RANGE (id);
       CREATE TABLE divided_many PARTITION OF divided_rest FOR VALUES FROM (101) TO (9999);
       INSERT INTO divided SELECT n, n FROM generate_series(1, 5000) n; ANALYZE divided`,
    );
    const statement = {
      verb: "update",
      into: { schema: "public", name: "divided" },
      head: "UPDATE divided SET b = a",
      alias: "divided",
      tail: "",
    } as const;
    const key = await keyOf(session, work("divided"));
    const batch = (after: number, upTo: number): Batch => ({
      work: { ...work("divided"), statement },
      key,
      after: [String(after)],
      upTo: [String(upTo)],
      rows: 10,
    });
    expect(await scanOf(session, batch(90, 110), 1000)).toBeNull();
    await session.query("SET enable_indexscan = off; SET enable_bitmapscan = off");
    expect(await scanOf(session, batch(10, 20), 1000)).toBeNull();
    expect(await scanOf(session, batch(90, 110), 1000)).toBe("Seq Scan of the partition divided_many");
    await session.query("RESET enable_indexscan; RESET enable_bitmapscan");
  });

  it("is planned by the key from the first batch on where the table was never analysed", async () => {
    await query(
      db.url,
      `CREATE TABLE loaded (k1 bigint, k2 int, a text, b text, PRIMARY KEY (k1, k2)) WITH (autovacuum_enabled = off);
       INSERT INTO loaded SELECT n / 3, n, repeat('x', 100) FROM generate_series(1, 30000) n`,
    );
    for (const columns of [["k1", "k2"], ["k1"]]) {
      if (columns.length === 1)
        await query(
          db.url,
          "ALTER TABLE loaded DROP CONSTRAINT loaded_pkey; UPDATE loaded SET k1 = k2; ALTER TABLE loaded ADD PRIMARY KEY (k1)",
        );
      const key = await keyOf(session, work("loaded"));
      expect(key.columns).toEqual(columns);
      const upTo = columns.length === 1 ? ["10"] : ["3", "10"];
      const batch: Batch = { work: work("loaded"), key, after: null, upTo, rows: 10 };
      expect(await scanOf(session, batch, 1)).toBeNull();
      expect(
        await readRows(session, batch, await rowColumns(session, work("loaded").relation, ["a"]), false),
      ).toHaveLength(10);
      await session.query("SET enable_indexscan = off; SET enable_bitmapscan = off");
      expect(await scanOf(session, batch, 1)).toBe("Seq Scan");
      await session.query("RESET enable_indexscan; RESET enable_bitmapscan");
    }
  });

  it("estimates by its size a table that was never analysed, or has grown since, and counts a small one", async () => {
    const grow = "INSERT INTO grown SELECT n FROM generate_series";
    await session.query("CREATE TABLE grown (id int) WITH (autovacuum_enabled = off)");
    const rows = (counted?: number) => estimateRows(session, { schema: "public", name: "grown" }, counted);
    await session.query(`${grow}(1, 500) n`);
    expect(await rows()).toBe(500);
    await session.query(`${grow}(501, 20000) n`);
    expect(await rows(1_000)).toBeGreaterThan(8_000);
    await session.query("ANALYZE grown");
    await session.query(`${grow}(20001, 60000) n`);
    expect(await rows()).toBeGreaterThan(50_000);
  });
});
