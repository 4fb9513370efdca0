import { describe, expect, test } from "vitest";
import { judged, rules } from "./judged.js";

// Measured on PostgreSQL 18, MySQL 9.7 and MariaDB 10.11: upserts go by the key that is left.
describe.each([
  ["postgres", "DROP INDEX CONCURRENTLY ke;"],
  ["mysql", "DROP INDEX ke ON k;"],
  ["mariadb", "DROP INDEX ke ON k;"],
] as const)("%s: a unique index beside a key", (engine, drop) => {
  const base = "CREATE TABLE k (id int, email varchar(40), CONSTRAINT ue UNIQUE (email)); CREATE UNIQUE INDEX";
  test("over the same columns may go", async () => {
    expect(await rules([`${base} ke ON k (email);`, drop], engine)).toBe("");
  });
  test("over others is missed", async () => {
    expect(await rules([`${base} ke ON k (id);`, drop], engine)).toContain("dropping-key");
    expect(await rules([`${base} ke ON k (id, email);`, drop], engine)).toContain("dropping-key");
  });
});

test("a key that is DEFERRABLE is none that ON CONFLICT goes by", async () => {
  const base = "CREATE TABLE k (id int, email text, CONSTRAINT ue UNIQUE (email) DEFERRABLE);";
  const sql = "DROP INDEX CONCURRENTLY ke;";
  expect(await rules([`${base} CREATE UNIQUE INDEX ke ON k (email);`, sql])).toContain("dropping-key");
});

// PostgreSQL 18: 0A000.
test("an index of a partitioned table is not dropped CONCURRENTLY, nor is that said or done", async () => {
  const base =
    "CREATE TABLE p (id bigint NOT NULL, d date NOT NULL) PARTITION BY RANGE (d); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2026-01-01') TO ('2026-02-01'); CREATE INDEX pi ON p (id);";
  const found = (await judged([base, "DROP INDEX pi;"])).find((f) => f.rule === "require-concurrent-index-deletion");
  expect(found?.help).not.toContain("CONCURRENTLY");
  expect(found?.fix).toBeUndefined();
});

// PostgreSQL 18: cannot refresh materialized view "public.totals" concurrently (55000).
describe("the unique index that REFRESH ... CONCURRENTLY goes by", () => {
  const base =
    "CREATE TABLE sales (day date, n int); CREATE MATERIALIZED VIEW totals AS SELECT day, n FROM sales; CREATE UNIQUE INDEX td ON totals (day);";

  test("is missed", async () => {
    const [found] = await judged([base, "DROP INDEX CONCURRENTLY td;"]);
    expect(found?.rule).toBe("breaking-running-code");
    expect(found?.message).toContain("REFRESH MATERIALIZED VIEW CONCURRENTLY totals fails");
    expect(await rules([`${base} ALTER INDEX td RENAME TO te;`, "DROP INDEX CONCURRENTLY te;"])).not.toBe("");
    expect(await rules([base.replace("td ON", "ON"), "DROP INDEX CONCURRENTLY totals_day_idx;"])).not.toBe("");
    const gone = [base, "DROP INDEX CONCURRENTLY td;", "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;"];
    expect(await rules(gone)).toBe("contradicting-history");
  });

  test.each([
    ["beside another one", `${base} CREATE UNIQUE INDEX tn ON totals (day, n);`, "DROP INDEX CONCURRENTLY td;"],
    ["behind another one", base, "CREATE UNIQUE INDEX tn ON totals (day); DROP INDEX CONCURRENTLY td;"],
  ])("may go %s", async (_, before, sql) => {
    expect(await rules([before, sql])).toBe("");
  });

  test.each(["((day + 1))", "(day) WHERE n > 0"])("is none over %s", async (keys) => {
    const other = base.replace("(day);", `${keys};`);
    expect(await rules([other, "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;"])).toBe("contradicting-history");
  });
});

// PostgreSQL 18: index "ta" does not exist (42704).
describe("an index that is gone is not dropped again", () => {
  const base = "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX ta ON t (a); CREATE INDEX tb ON t (b);";
  const phase = "-- zmigrate:phase contract\n";

  test.each(["ALTER TABLE t DROP COLUMN a;", "DROP INDEX CONCURRENTLY ta;", "ALTER INDEX ta RENAME TO tc;"])(
    "behind %s",
    async (sql) => {
      const [found] = (await judged([base, `${phase}${sql}\nDROP INDEX CONCURRENTLY ta;`])).filter(
        ({ rule }) => rule === "contradicting-history",
      );
      expect(found?.message).toContain("42704");
      const others = await rules([
        base,
        `${phase}${sql}\nDROP INDEX CONCURRENTLY IF EXISTS ta; DROP INDEX CONCURRENTLY tb;`,
      ]);
      expect(others).not.toContain("contradicting-history");
    },
  );

  test("and one that is made again is", async () => {
    const again = `${phase}DROP INDEX CONCURRENTLY ta;\nCREATE INDEX CONCURRENTLY ta ON t (a);\nDROP INDEX CONCURRENTLY ta;`;
    expect(await rules([base, again])).not.toContain("contradicting-history");
    const unnamed = "CREATE INDEX ON t (a);";
    const own = `${phase}DROP INDEX CONCURRENTLY t_a_idx;\n${unnamed}\nDROP INDEX CONCURRENTLY t_a_idx;`;
    expect(await rules([`${base} ${unnamed}`, own])).not.toContain("contradicting-history");
  });
});

describe("MariaDB's CREATE OR REPLACE INDEX of a unique one", () => {
  const base = "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int, UNIQUE KEY u (a));";
  const said = async (sql: string, more = "") =>
    (await judged([`${base} ${more}`, sql], "mariadb")).filter(({ rule }) => rule === "dropping-key");

  test.each([
    "CREATE OR REPLACE INDEX u ON t (a);",
    "CREATE OR REPLACE UNIQUE INDEX U ON t (b);",
    "CREATE OR REPLACE UNIQUE INDEX u ON t (a, b);",
  ])("says what DROP INDEX says: %s", async (sql) => {
    const [found] = await said(sql);
    expect(found?.message).toBe((await said("DROP INDEX u ON t;"))[0]?.message);
  });

  test("but not where no more rows get in", async () => {
    expect(await said("CREATE OR REPLACE UNIQUE INDEX u ON t (A);")).toEqual([]);
    const twice = "CREATE UNIQUE INDEX v ON t (b); CREATE UNIQUE INDEX w ON t (b);";
    expect(await said("CREATE OR REPLACE INDEX v ON t (a);", twice)).toEqual(await said("DROP INDEX v ON t;", twice));
    expect(await said("CREATE OR REPLACE INDEX i ON t (b);", "CREATE INDEX i ON t (a);")).toEqual([]);
  });
});
