import { describe, expect, it } from "vitest";
import type { DataChange, Walk } from "../../../../../../src/model/detail/data.js";
import { detailOf } from "../../one.js";

const table = (name: string, schema: string | null = null) => ({ schema, name });

const walkOf = (sql: string, dialect: "mysql" | "mariadb" = "mysql"): Walk | undefined =>
  (detailOf(sql, dialect) as DataChange).walk;

describe("how rows can be walked", () => {
  it.each<[string, Partial<Walk>]>([
    [
      "UPDATE LOW_PRIORITY t SET a = 1, b = (SELECT max(x) FROM u WHERE k = t.k) WHERE b > 1",
      {
        relation: table("t"),
        alias: "t",
        head: "UPDATE LOW_PRIORITY t SET a = 1, b = (SELECT max(x) FROM u WHERE k = t.k)",
        where: "b > 1",
        tail: "",
        readsItself: false,
        variables: false,
      },
    ],
    [
      "UPDATE s.t AS x SET a = 1",
      { relation: table("t", "s"), alias: "x", head: "UPDATE s.t AS x SET a = 1", where: null },
    ],
    [
      "UPDATE t x JOIN u ON u.k = x.k SET x.a = u.a WHERE u.a > 1",
      { relation: table("t"), alias: "x", head: "UPDATE t x JOIN u ON u.k = x.k SET x.a = u.a", where: "u.a > 1" },
    ],
    ["UPDATE t SET a = (SELECT max(a) FROM (SELECT a FROM T) x)", { readsItself: true }],
    ["UPDATE t SET a = (@n := @n + 1)", { variables: true }],
    ["DELETE FROM t x WHERE a = 1", { alias: "x", head: "DELETE FROM t x", where: "a = 1" }],
    ["DELETE x FROM t x JOIN u USING (k) WHERE u.a = 1", { alias: "x", head: "DELETE x FROM t x JOIN u USING (k)" }],
    ["DELETE FROM t WHERE k IN (SELECT k FROM (SELECT k FROM t) x)", { readsItself: true }],
    [
      "INSERT IGNORE INTO t (a, b) SELECT x, f(y) FROM u v WHERE x IN (SELECT 1)",
      {
        relation: table("u"),
        alias: "v",
        head: "INSERT IGNORE INTO t (a, b) SELECT x, f(y) FROM u v",
        where: "x IN (SELECT 1)",
      },
    ],
    [
      "INSERT t SELECT a FROM u ON DUPLICATE KEY UPDATE b = 2",
      { head: "INSERT t SELECT a FROM u", where: null, tail: "ON DUPLICATE KEY UPDATE b = 2" },
    ],
    ["INSERT t SELECT a FROM t x", { readsItself: true }],
  ])("%s", (sql, expected) => expect(walkOf(sql)).toMatchObject(expected));

  it.each([
    "UPDATE t SET a = 1 LIMIT 5",
    "UPDATE t SET a = 1 ORDER BY a",
    "UPDATE t x, u SET x.a = 1, u.a = 2",
    "UPDATE t x, t y SET x.a = 1 WHERE x.k = y.k",
    "WITH q AS (SELECT 1 id) UPDATE t JOIN q USING (id) SET t.a = 1",
    "DELETE FROM t LIMIT 5",
    "INSERT t SELECT COUNT(*) FROM u",
    "INSERT t SELECT DISTINCT a FROM u",
    "INSERT t SELECT a FROM u GROUP BY a",
    "INSERT t SELECT a FROM u LIMIT 1",
    "INSERT t SELECT a FROM u UNION SELECT b FROM v",
    "INSERT t SELECT a FROM u JOIN v USING (k)",
    "INSERT t SELECT a FROM (SELECT a FROM u) v",
    "INSERT t SELECT 1",
    "INSERT t TABLE u",
    "INSERT t VALUES (1)",
    "REPLACE t SELECT a FROM u",
  ])("no row by row: %s", (sql) => expect(walkOf(sql)).toBeUndefined());

  it("of a portion of a period are more rows than there were", () =>
    expect(walkOf("UPDATE t FOR PORTION OF p FROM '2020-01-01' TO '2021-01-01' SET a = 1", "mariadb")).toBeUndefined());

  it("tells that DELETE IGNORE leaves rows out", () =>
    expect(detailOf("DELETE IGNORE FROM t WHERE a")).toMatchObject({ conflict: "ignore" }));
});
