import { describe, expect, it } from "vitest";
import { detailOf, only } from "../../one.js";

const table = (name: string, schema: string | null = null) => ({ schema, name });

describe("a query", () => {
  it.each([
    ["SELECT 1", []],
    ["SELECT a FROM t, s.u x LEFT JOIN v ON x.id = v.id", [table("t"), table("u", "s"), table("v")]],
    ["SELECT (SELECT max(a) FROM t) FROM t WHERE EXISTS (SELECT 1 FROM u)", [table("t"), table("u")]],
    [
      "WITH RECURSIVE q AS (SELECT a FROM t UNION ALL SELECT a FROM q) SELECT * FROM q, s.q",
      [table("t"), table("q", "s")],
    ],
    ["SELECT 1 FROM ((SELECT a FROM t) x JOIN u)", [table("t"), table("u")]],
    ["SELECT 1 FROM ((SELECT a FROM t) UNION SELECT 1) x", [table("t")]],
    ["TABLE t", [table("t")]],
  ])("%s reads", (sql, reads) => {
    expect(detailOf(sql)).toMatchObject({ kind: "query", reads, locks: null, into: null });
  });

  it.each([
    ["SELECT a FROM t FOR UPDATE", { locks: "update" }],
    ["SELECT a FROM t LOCK IN SHARE MODE", { locks: "share" }],
    ["SELECT a FROM t FOR SHARE OF t FOR UPDATE OF u SKIP LOCKED", { locks: "update" }],
    ["SELECT f(a) FROM t", { calls: [table("f")] }],
    [
      "SELECT s.count(1), `count`(1), count(*), get_lock('a', 1)",
      { calls: [table("count", "s"), table("count"), table("get_lock")] },
    ],
    ["SELECT a FROM t INTO OUTFILE 'x'", { into: "file" }],
  ])("%s is not harmless", (sql, expected) => {
    expect(only("other", sql)).toMatchObject({ harmless: false, detail: { kind: "query", ...expected } });
  });

  it("into variables is harmless", () => {
    expect(only("other", "SELECT a INTO @a FROM t")).toMatchObject({ harmless: true, detail: { into: "variables" } });
  });
});

describe("EXPLAIN", () => {
  it("says what it explains, and whether it is carried out", () => {
    expect(only("other", "EXPLAIN DELETE FROM t")).toMatchObject({
      harmless: true,
      detail: { kind: "explain", runs: false, of: { kind: "data-change", verb: "delete" } },
    });
    expect(only("other", "EXPLAIN ANALYZE SELECT a FROM t")).toMatchObject({ harmless: true, detail: { runs: true } });
    expect(only("other", "ANALYZE UPDATE t SET a = 1", "mariadb")).toMatchObject({
      harmless: false,
      detail: { kind: "explain", runs: true, of: { verb: "update" } },
    });
  });
});
