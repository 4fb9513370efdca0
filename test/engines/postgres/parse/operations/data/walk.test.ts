import { beforeAll, describe, expect, it } from "vitest";
import { loadParser } from "../../../../../../src/engines/postgres/parse/index.js";
import { AGGREGATES } from "../../../../../../src/engines/postgres/parse/operations/data/walk.js";
import type { DataChange, Walk } from "../../../../../../src/model/detail/data.js";
import { describeServer, query } from "../../../../../servers/index.js";
import { details, name } from "../read.js";

beforeAll(loadParser);

const walkOf = (sql: string): Walk | undefined => (details(sql)[0] as DataChange).walk;

describe("how rows can be walked", () => {
  it.each<[string, Partial<Walk>]>([
    [
      "UPDATE t SET a = 1, (b, c) = (SELECT x, y FROM u WHERE k = t.k) WHERE b > 1 RETURNING a",
      {
        relation: name("t"),
        alias: "t",
        head: "UPDATE t SET a = 1, (b, c) = (SELECT x, y FROM u WHERE k = t.k)",
        where: "b > 1",
        tail: "",
        readsItself: false,
        names: ["x", "y", "k", "b", "a", "c"].sort(),
      },
    ],
    [
      "UPDATE ONLY s.t AS x SET a = u.a /* no */ FROM u WHERE x.k = u.k",
      { relation: name("s.t"), alias: "x", head: "UPDATE ONLY s.t AS x SET a = u.a FROM u", where: "x.k = u.k" },
    ],
    ["UPDATE t SET a = 1", { head: "UPDATE t SET a = 1", where: null }],
    [
      "DELETE FROM t USING u WHERE t.a = u.a",
      { head: "DELETE FROM t USING u", where: "t.a = u.a", readsItself: false },
    ],
    ["DELETE FROM t a USING t b WHERE a.k > b.k", { alias: "a", readsItself: true }],
    ["UPDATE t SET a = (SELECT max(a) FROM public.t)", { readsItself: true }],
    [
      "INSERT INTO t (a, b) SELECT x, f(y) FROM u AS v WHERE x IN (SELECT 1) ON CONFLICT (a) DO UPDATE SET b = 2 WHERE t.b > 1 RETURNING 1",
      {
        relation: name("u"),
        alias: "v",
        head: "INSERT INTO t (a, b) SELECT x, f(y) FROM u AS v",
        where: "x IN (SELECT 1)",
        tail: "ON CONFLICT (a) DO UPDATE SET b = 2 WHERE t.b > 1",
      },
    ],
    [
      "INSERT INTO t SELECT * FROM u ON CONFLICT DO NOTHING",
      { where: null, tail: "ON CONFLICT DO NOTHING", names: ["*"] },
    ],
    ["INSERT INTO t SELECT a FROM t AS u", { readsItself: true }],
  ])("%s", (sql, expected) => {
    const walk = walkOf(sql);
    expect(walk === undefined ? walk : { ...walk, names: [...walk.names].sort() }).toMatchObject(expected);
  });

  it.each([
    "WITH q AS (SELECT 1) UPDATE t SET a = 1",
    "DELETE FROM t WHERE CURRENT OF c",
    "INSERT INTO t SELECT count(*) FROM u",
    "INSERT INTO t SELECT max(a) FROM u",
    "INSERT INTO t SELECT row_number() OVER () FROM u",
    "INSERT INTO t SELECT DISTINCT a FROM u",
    "INSERT INTO t SELECT a FROM u GROUP BY a",
    "INSERT INTO t SELECT a FROM u LIMIT 1",
    "INSERT INTO t SELECT a FROM u UNION SELECT b FROM v",
    "INSERT INTO t SELECT a FROM u JOIN v USING (k)",
    "INSERT INTO t SELECT a FROM u, v",
    "INSERT INTO t SELECT a FROM u AS v (a)",
    "INSERT INTO t SELECT a FROM (SELECT a FROM u) v",
    "INSERT INTO t (SELECT a FROM u)",
    "INSERT INTO t TABLE u",
    "INSERT INTO t SELECT 1",
    "INSERT INTO t VALUES (1)",
  ])("no row by row: %s", (sql) => expect(walkOf(sql)).toBeUndefined());
});

describeServer("postgres", (server) => {
  it("knows every aggregate of the server", async () => {
    const db = await server.createDatabase("aggregates");
    const rows = await query(
      db.url,
      "SELECT DISTINCT proname::text AS name FROM pg_proc WHERE prokind = 'a' AND pronamespace = 'pg_catalog'::regnamespace",
    );
    await db.drop();
    expect(rows.map((r) => String(r.name)).filter((n) => !AGGREGATES.has(n))).toEqual([]);
  });
});
