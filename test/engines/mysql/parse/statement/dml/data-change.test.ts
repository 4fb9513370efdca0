import { describe, expect, it } from "vitest";
import { detailOf, only } from "../../one.js";

const table = (name: string, schema: string | null = null) => ({ schema, name });

describe("INSERT and REPLACE", () => {
  it("say what is written, from what, and what happens to rows that are there", () => {
    expect(detailOf("INSERT INTO s.t (a, t.b) VALUES (1, DEFAULT), (f(2), 3)")).toEqual({
      kind: "data-change",
      verb: "insert",
      writes: [table("t", "s")],
      reads: [],
      found: [],
      calls: [table("f")],
      columns: ["a", "b"],
      given: { width: 2, nulls: [], defaults: [1] },
      extremes: [
        { at: 0, least: 1, greatest: 1 },
        { at: 1, least: 3, greatest: 3 },
      ],
      filtered: false,
      where: null,
      ordered: false,
      limited: false,
      source: "rows",
      conflict: null,
      returning: false,
      cte: false,
    });
  });

  it.each([
    ["INSERT IGNORE t SET a = 1", { source: "rows", conflict: "ignore", columns: ["a"] }],
    ["REPLACE t VALUES (1)", { verb: "replace", source: "rows", conflict: "replace" }],
    ["INSERT t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = 2", { conflict: "update" }],
    ["INSERT t SELECT a FROM u JOIN s.v USING (id)", { source: "query", reads: [table("u"), table("v", "s")] }],
    ["INSERT t SELECT * FROM t x", { source: "query", reads: [] }],
    ["INSERT t WITH q AS (SELECT * FROM u) SELECT * FROM q", { cte: true, reads: [table("u")] }],
    ["INSERT t TABLE u", { source: "query", reads: [table("u")] }],
  ])("%s", (sql, expected) => {
    expect(detailOf(sql)).toMatchObject(expected);
  });

  it("return rows on MariaDB", () => {
    expect(detailOf("INSERT t VALUES (1) RETURNING id", "mariadb")).toMatchObject({ returning: true });
    expect(only("other", "INSERT t VALUES (1) RETURNING id").detail).toBeUndefined();
  });
});

describe("UPDATE", () => {
  it.each([
    ["UPDATE t SET a = 1", { writes: [table("t")], filtered: false, where: null, columns: ["a"], source: null }],
    ["UPDATE t SET a = 1, b = 2 WHERE id = 3 ORDER BY id LIMIT 4", { filtered: true, ordered: true, limited: true }],
    ["UPDATE t x, u SET x.a = u.a WHERE x.id = u.id", { writes: [table("t")], reads: [table("u")] }],
    ["UPDATE t JOIN u USING (id) SET t.a = 1, u.b = 2", { writes: [table("t"), table("u")] }],
    ["UPDATE t, u SET a = 1", { writes: [table("t"), table("u")] }],
    ["UPDATE t SET a = (SELECT max(b) FROM u)", { reads: [table("u")] }],
    ["WITH q AS (SELECT 1 id) UPDATE t JOIN q USING (id) SET t.a = 1", { cte: true, writes: [table("t")] }],
  ])("%s", (sql, expected) => {
    expect(detailOf(sql)).toMatchObject({ kind: "data-change", verb: "update", ...expected });
  });

  it.each([
    ["WHERE 1", false],
    ["WHERE 1 = 1", false],
    ["WHERE TRUE OR 'a' IS NOT NULL", false],
    ["WHERE 0", true],
    ["WHERE a", true],
    ["WHERE @a > 0", true],
    ["WHERE now() > '2020-01-01'", true],
  ])("filters by %s: %s", (where, filtered) => {
    expect(detailOf(`UPDATE t SET a = 1 ${where}`)).toMatchObject({ filtered, where: where.slice("WHERE ".length) });
  });
});

describe("DELETE", () => {
  it.each([
    ["DELETE FROM t", { writes: [table("t")], filtered: false }],
    ["DELETE FROM t WHERE a IN (SELECT a FROM u) LIMIT 5", { reads: [table("u")], filtered: true, limited: true }],
    [
      "DELETE x, s.u FROM t x JOIN s.u ON x.id = u.id JOIN v",
      { writes: [table("t"), table("u", "s")], reads: [table("v")] },
    ],
    ["DELETE FROM x USING t x JOIN u USING (id) WHERE u.a = 1", { writes: [table("t")], reads: [table("u")] }],
  ])("%s", (sql, expected) => {
    expect(detailOf(sql)).toMatchObject({ kind: "data-change", verb: "delete", ...expected });
  });
});

describe("LOAD DATA", () => {
  it("says which table, and what happens to rows that are there", () => {
    const sql = "LOAD DATA INFILE 'x' REPLACE INTO TABLE t FIELDS TERMINATED BY ',' IGNORE 1 LINES (a, @b) SET c = @b";
    const expected = { verb: "load", source: "file", writes: [table("t")], columns: ["a"], conflict: "replace" };
    expect(detailOf(sql)).toMatchObject(expected);
  });
});

describe("what is not understood to its end", () => {
  it.each([
    ["UPDATE t SET a = = 1", "update"],
    ["INSERT INTO t VALUES (1,)", "insert"],
    ["DELETE FROM t WHERE a b", "delete"],
    ["SELECT a FROM FROM t", "select"],
  ])("%s is named and no more", (sql, what) => {
    expect(only("other", sql)).toMatchObject({ what, harmless: false });
    expect(only("other", sql).detail).toBeUndefined();
  });
});
