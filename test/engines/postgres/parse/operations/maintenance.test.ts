import { beforeAll, expect, it } from "vitest";
import { loadParser } from "../../../../../src/engines/postgres/parse/index.js";
import { name, others } from "./read.js";

beforeAll(loadParser);

const rows = (sql: string) => others(sql).map((o) => [o.relation, o.detail, o.only ?? false]);

it("TRUNCATE is one operation a table", () => {
  const detail = { kind: "truncate", cascade: true, restartIdentity: true };
  expect(rows("TRUNCATE t, ONLY s.u RESTART IDENTITY CASCADE")).toEqual([
    [name("t"), detail, false],
    [name("s.u"), detail, true],
  ]);
});

it.each([
  ["LOCK TABLE t", "ACCESS EXCLUSIVE"],
  ["LOCK TABLE t IN ACCESS SHARE MODE", "ACCESS SHARE"],
  ["LOCK TABLE t IN SHARE UPDATE EXCLUSIVE MODE NOWAIT", "SHARE UPDATE EXCLUSIVE"],
  ["LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE", "SHARE ROW EXCLUSIVE"],
])("%s", (sql, mode) => {
  expect(rows(sql)).toEqual([[name("t"), { kind: "lock-tables", tables: [{ relation: name("t"), mode }] }, false]]);
});

it.each([
  ["VACUUM (FULL, ANALYZE) t", { kind: "rebuild-table" }],
  ["VACUUM FULL t", { kind: "rebuild-table" }],
  [
    "VACUUM (FULL off, SKIP_LOCKED, VERBOSE false) t",
    { kind: "maintain-table", verb: "vacuum", options: ["SKIP LOCKED"] },
  ],
  ["ANALYZE VERBOSE t (a)", { kind: "maintain-table", verb: "analyze", options: ["VERBOSE"] }],
  ["CLUSTER t USING i", { kind: "rebuild-table" }],
  ["REINDEX TABLE t", { kind: "reindex", what: "table", concurrently: false }],
  ["REINDEX (CONCURRENTLY) INDEX t", { kind: "reindex", what: "index", concurrently: true }],
  ["REINDEX INDEX CONCURRENTLY t", { kind: "reindex", what: "index", concurrently: true }],
  ["REFRESH MATERIALIZED VIEW CONCURRENTLY t", { kind: "refresh-view", concurrently: true, withData: true }],
  ["REFRESH MATERIALIZED VIEW t WITH NO DATA", { kind: "refresh-view", concurrently: false, withData: false }],
])("%s", (sql, detail) => {
  expect(others(sql)).toMatchObject([{ relation: name("t"), detail }]);
});

it.each([
  ["VACUUM FULL", { kind: "rebuild-table" }],
  ["CLUSTER", { kind: "rebuild-table" }],
  ["REINDEX SCHEMA s", { kind: "reindex", what: "schema", concurrently: false }],
  ["REINDEX SYSTEM", { kind: "reindex", what: "system", concurrently: false }],
])("%s is about all of them", (sql, detail) => {
  expect(others(sql)).toMatchObject([{ relation: null, detail }]);
});
