import { beforeAll, describe, expect, it } from "vitest";
import { loadParser } from "../../../../../../src/engines/postgres/parse/index.js";
import { details, name, others } from "../read.js";

beforeAll(loadParser);

const only = (sql: string) => {
  const [detail, ...more] = details(sql);
  expect(more).toEqual([]);
  return detail;
};

describe("a change of data", () => {
  it.each([
    ["INSERT INTO t VALUES (1)", { verb: "insert", source: "rows", columns: [], conflict: null, returning: false }],
    ["INSERT INTO t DEFAULT VALUES", { verb: "insert", source: "rows" }],
    [
      'INSERT INTO t (a, "B") SELECT * FROM s.u ORDER BY 1 LIMIT 5 RETURNING a',
      { source: "query", columns: ["a", "B"], reads: [name("s.u")], ordered: true, limited: true, returning: true },
    ],
    [
      "INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2 WHERE t.a > 1",
      { conflict: "update", filtered: false },
    ],
    ["INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", { conflict: "ignore" }],
    ["UPDATE t SET a = 1, (b, c) = (1, 2)", { verb: "update", columns: ["a", "b", "c"], filtered: false, where: null }],
    [
      "UPDATE ONLY t AS x SET a = f(1) FROM u WHERE x.a = u.a /* no */ AND b RETURNING *",
      { filtered: true, where: "x.a = u.a AND b", reads: [name("u")], calls: [name("f")], returning: true },
    ],
    ["DELETE FROM t", { verb: "delete", filtered: false, where: null, source: null }],
    ["DELETE FROM t WHERE true", { filtered: false, where: "true" }],
    ["DELETE FROM t WHERE 1 = 1 AND (true OR a)", { filtered: false }],
    ["DELETE FROM t WHERE 1 = 2", { filtered: true }],
    ["DELETE FROM t WHERE a = a", { filtered: true }],
    ["DELETE FROM t USING u WHERE t.a IN (SELECT b FROM v WHERE c)", { reads: [name("u"), name("v")] }],
    [
      "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT (a, b) VALUES (1, 2)",
      { verb: "merge", columns: ["a", "b"], reads: [name("u")], source: "query" },
    ],
    ["MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE", { verb: "merge", source: null }],
    ["COPY t (a) FROM '/x' WHERE a > 1", { verb: "load", source: "file", columns: ["a"], filtered: true }],
  ])("%s", (sql, detail) => {
    expect(only(sql)).toMatchObject({ kind: "data-change", writes: [name("t")], ...detail });
  });

  const SQL =
    "WITH d (a, b) AS NOT MATERIALIZED (DELETE FROM t WHERE x RETURNING *), e AS (SELECT * FROM d, v) INSERT INTO u SELECT a FROM d, e";

  it("inside WITH is an operation of its own, with its own place", () => {
    const read = others(SQL);
    expect(read.map((o) => [o.what, o.relation?.name, SQL.slice(o.span.start, o.span.end)])).toEqual([
      ["delete", "t", "DELETE FROM t WHERE x RETURNING *"],
      ["insert-select", "u", SQL],
    ]);
    expect(read.map((o) => o.detail)).toMatchObject([
      { verb: "delete", where: "x", cte: false, returning: true, reads: [] },
      { verb: "insert", cte: true, reads: [name("v")] },
    ]);
  });

  it("inside the WITH of a query is no less one", () => {
    expect(others("WITH d AS (UPDATE t SET a = 1 RETURNING a) SELECT * FROM d")).toMatchObject([
      { what: "update", relation: name("t"), harmless: false },
      { what: "select", harmless: false, detail: { kind: "query", reads: [] } },
    ]);
  });
});

describe("a query", () => {
  it.each([
    [
      "SELECT lower(a), s.f(b) FROM t, s.u WHERE EXISTS (SELECT FROM v)",
      { reads: [name("t"), name("s.u"), name("v")], calls: [name("lower"), name("s.f")] },
    ],
    ["SELECT 1 FROM t FOR UPDATE OF t", { locks: "update", reads: [name("t")] }],
    ["SELECT 1 FROM t FOR NO KEY UPDATE SKIP LOCKED", { locks: "update" }],
    ["SELECT 1 FROM (SELECT 1 FROM t FOR KEY SHARE) x", { locks: "share" }],
    ["TABLE t", { reads: [name("t")], locks: null }],
    ["WITH t AS (SELECT * FROM t) SELECT * FROM t", { reads: [name("t")] }],
    ["WITH t AS (SELECT 1) SELECT * FROM t, s.t", { reads: [name("s.t")] }],
    ["COPY t TO '/x'", { into: "file", reads: [name("t")] }],
    ["COPY (SELECT * FROM t) TO STDOUT", { into: null, reads: [name("t")] }],
  ])("%s", (sql, detail) => {
    expect(only(sql)).toMatchObject({ kind: "query", ...detail });
  });
});

describe("EXPLAIN", () => {
  it.each([
    ["EXPLAIN UPDATE t SET a = 1", false, true, null],
    ["EXPLAIN (ANALYZE false) UPDATE t SET a = 1", false, true, null],
    ["EXPLAIN (ANALYZE, VERBOSE) UPDATE t SET a = 1", true, false, "t"],
    ["EXPLAIN ANALYZE SELECT 1", true, true, null],
  ])("%s", (sql, runs, harmless, relation) => {
    expect(others(sql)).toMatchObject([
      { harmless, relation: relation === null ? null : name(relation), detail: { kind: "explain", runs } },
    ]);
  });

  it("that runs what is not understood is not understood", () => {
    expect(only("EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1")).toBeUndefined();
  });
});
