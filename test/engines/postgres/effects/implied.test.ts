import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresEffects } from "../../../../src/engines/postgres/effects/index.js";
import { loadParser, parsePostgres } from "../../../../src/engines/postgres/parse/index.js";
import { applyOperation, emptyCatalog } from "../../../../src/history/replay.js";
import { describeServer, type TestDatabase } from "../../../servers/index.js";
import { measure } from "./measure.js";

/** Conditions that a row (1, 1, 1) satisfies, of which some prove that a is not NULL. */
const CONDITIONS = `
a IS NOT NULL
NOT a IS NULL
NOT (a IS NULL)
(a) IS NOT NULL
t.a IS NOT NULL
a > 0
a = a
a IN (1, 2, 3) OR a > 0
a IS NOT NULL AND b > 0
b > 0 AND (a IS NOT NULL AND id > 0)
a BETWEEN 1 AND 1000 AND a IS NOT NULL
a IS NOT NULL AND NOT (b IS NULL)
a IS NOT NULL OR b IS NOT NULL
(a IS NOT NULL AND b > 0) OR (a IS NOT NULL AND b < 0)
a IS NOT NULL IS TRUE
(a IS NULL) = false
(a IS NOT NULL) = true
NOT (a IS NULL OR b < 0)
NOT (a IS NULL AND b < 0)
NOT (b IS NULL OR a IS NULL)
NOT NOT a IS NOT NULL
ROW(a, b) IS NOT NULL
NOT (ROW(a, b) IS NULL)
coalesce(a, 0) > 0
num_nonnulls(a) = 1
b IS NOT NULL
a::text IS NOT NULL
CASE WHEN a IS NULL THEN false ELSE true END
`;

/** Checks of a table with a row (301, 301), of which some prove some of the bounds. */
const CHECKS = `
k >= 300 AND k < 400
k >= 300 AND k < 400 AND k IS NOT NULL
k > 299 AND k < 400
k >= 300 AND k <= 399
k >= 301 AND k < 390
k BETWEEN 300 AND 399
300 <= k AND 400 > k
k >= 300
k IN (301, 302)
k = 301
k = ANY (ARRAY[301, 302])
v >= 300 AND v < 400
k >= 300 OR k < 400
NOT (k < 300 OR k >= 400)
NOT (k < 300 AND k >= 400)
k >= -5 AND k < 1e3
k >= -5 AND k < 1000
k >= -5::numeric AND k < 400.0
k::bigint >= 300 AND k::bigint < 400
k::text = '301'
k >= 300::bigint AND k < 400::bigint
k NOT BETWEEN 1 AND 2
k NOT IN (1, 2)
`;

const BOUNDS = [
  ["RANGE (k)", "FOR VALUES FROM (300) TO (400)"],
  ["RANGE (k)", "FOR VALUES FROM (MINVALUE) TO (400)"],
  ["RANGE (k)", "FOR VALUES FROM (-5) TO (1000)"],
  ["LIST (k)", "FOR VALUES IN (301, 302, 303)"],
  ["LIST (k)", "FOR VALUES IN (301, NULL)"],
  ["RANGE (k, v)", "FOR VALUES FROM (300, 0) TO (400, 0)"],
  ["HASH (k)", "FOR VALUES WITH (MODULUS 1, REMAINDER 0)"],
] as const;

const lines = (text: string) => text.trim().split("\n");

describeServer("postgres", (postgres) => {
  let db: TestDatabase;
  let client: Client;

  beforeAll(async () => {
    await loadParser();
    db = await postgres.createDatabase("implied");
    client = new Client({ connectionString: db.url });
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await db?.drop();
  });

  /** Whether rows are read, as the server has it and as the model says it. */
  async function scans(setup: string, sql: string): Promise<string | null> {
    await client.query(`DROP TABLE IF EXISTS t, p, c; ${setup}`);
    const operations = parsePostgres(setup).statements.flatMap((s) => s.operations);
    const catalog = operations.reduce(applyOperation, emptyCatalog("files", "public"));
    const [operation] = parsePostgres(sql).statements.flatMap((s) => s.operations);
    if (operation === undefined) return `no operation in ${sql}`;
    const stated = postgresEffects(operation, { catalog, version: { text: "14", parts: [14] } }).scan;
    const { scanned, error } = await measure(client, sql);
    if (error !== null) return `${sql}: ${error}`;
    return stated === scanned.length > 0 ? null : `${setup} ${sql}: scans ${!stated}, says ${stated}`;
  }

  it("knows which checks prove that a column is not NULL", async () => {
    const found: (string | null)[] = [];
    for (const condition of lines(CONDITIONS)) {
      const setup = `CREATE TABLE t (id int, a int, b int, CHECK (${condition})); INSERT INTO t VALUES (1, 1, 1);`;
      found.push(await scans(setup, "ALTER TABLE t ALTER a SET NOT NULL"));
    }
    expect(found.filter((f) => f !== null)).toEqual([]);
  }, 240_000);

  it.each(["", " NOT NULL"])(
    "knows which checks prove a partition's bound (%s)",
    async (marked) => {
      const found: (string | null)[] = [];
      for (const check of lines(CHECKS))
        for (const [key, bound] of BOUNDS) {
          const child = `CREATE TABLE c (k int${marked}, v int, CHECK (${check})); INSERT INTO c VALUES (301, 301);`;
          const setup = `CREATE TABLE p (k int, v int) PARTITION BY ${key}; ${child}`;
          found.push(await scans(setup, `ALTER TABLE p ATTACH PARTITION c ${bound}`));
        }
      expect(found.filter((f) => f !== null)).toEqual([]);
    },
    240_000,
  );
});
