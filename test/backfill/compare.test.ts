import { afterAll, beforeAll, expect, it } from "vitest";
import { countMismatches } from "../../src/backfill/compare.js";
import type { Comparing } from "../../src/backfill/teller.js";
import { engineFor } from "../../src/config/engine.js";
import type { Database } from "../../src/engines/engine.js";
import { numbers } from "../scenarios/support/bare.js";
import { describeServers, query, type TestDatabase } from "../servers/index.js";

const ROWS = 8_000;

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  let testDatabase: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    testDatabase = await server.createDatabase("compare");
    await query(testDatabase.url, "CREATE TABLE t (id int PRIMARY KEY)");
    await query(testDatabase.url, `INSERT INTO t ${numbers(ROWS)}`);
    const engine = await engineFor(server.name);
    database = await engine.connect(testDatabase.url, { connectTimeoutMs: 5_000, applicationName: "test" });
  });
  afterAll(async () => {
    await database?.close();
    await testDatabase?.drop();
  });

  const count = async (mismatch: string) => {
    const told: Comparing[] = [];
    const context = {
      database,
      signal: new AbortController().signal,
      targetMs: 250,
      tell: (comparing: Comparing) => told.push(comparing),
    };
    const found = await countMismatches(context, { relation: { schema: null, name: "t" }, mismatch });
    return { found, told };
  };

  it("tells how far it is when it takes longer than a second, and not in every chunk", async () => {
    const sleep =
      server.name === "postgres"
        ? "CASE WHEN id % 50 = 0 THEN pg_sleep(0.015) IS NULL ELSE FALSE END"
        : "IF(id % 50 = 0, SLEEP(0.015) = 1, FALSE)";
    const { found, told } = await count(sleep);
    expect(found).toMatchObject({ rows: ROWS, mismatches: 0 });
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(4);
    for (const { rowsDone, rowsTotal, rate } of told) {
      expect(rowsDone).toBeGreaterThanOrEqual(1_000);
      expect(rowsTotal).toBeGreaterThanOrEqual(rowsDone);
      expect(rate).toBeGreaterThan(0);
    }
  });

  it.runIf(server.name === "postgres")("counts a row whose value cannot be converted as one that differs", async () => {
    const bad = "CASE WHEN id IN (7, 5000) THEN 'x' ELSE '1' END::int <> 1";
    const { found } = await count(`(${bad.replace("END::int", "END)::int")}`);
    expect(found).toEqual({ rows: ROWS, mismatches: 2, examples: ["7", "5000"] });
  });

  it("reads the table once where what is wrong with a row depends on the others", async () => {
    let reads = 0;
    const counted: Database = {
      ...database,
      verifyBatch: (session, batch) => {
        reads += 1;
        return database.verifyBatch(session, batch);
      },
    };
    const context = { database: counted, signal: new AbortController().signal, targetMs: 1 };
    const work = { relation: { schema: null, name: "t" }, mismatch: "id <= 3" };
    const found = { rows: ROWS, mismatches: 3, examples: ["1", "2", "3"] };
    expect(await countMismatches(context, { ...work, whole: true })).toEqual(found);
    expect(reads).toBe(1);
    expect(await countMismatches(context, work)).toEqual(found);
    expect(reads).toBeGreaterThan(2);
  });

  it("reads fewer rows where they cost more than those before, down to one, and waits long for none", async () => {
    const took: number[] = [];
    const timed: Database = {
      ...database,
      async verifyBatch(session, batch) {
        const began = performance.now();
        return database.verifyBatch(session, batch).finally(() => took.push(performance.now() - began));
      },
    };
    const nap = server.name === "postgres" ? "pg_sleep(0.25) IS NULL" : "SLEEP(0.25) = 1";
    const work = {
      relation: { schema: null, name: "t" },
      mismatch: `CASE WHEN id <= 7 THEN ${nap} ELSE 1 = 0 END`,
    };
    const context = { database: timed, signal: new AbortController().signal, targetMs: 50 };
    expect(await countMismatches(context, work)).toMatchObject({ rows: ROWS, mismatches: 0 });
    expect(Math.max(...took)).toBeLessThan(2_400);
    expect(took.filter((ms) => ms < 400 && ms > 240)).toHaveLength(7);
  });

  it("tells nothing when it is over sooner", async () => {
    const { found, told } = await count("id <= 3");
    expect(found).toEqual({ rows: ROWS, mismatches: 3, examples: ["1", "2", "3"] });
    expect(told).toEqual([]);
  });
});
