import { beforeAll, expect, it } from "vitest";
import { loadParser } from "../../../../../../src/engines/postgres/parse/index.js";
import { name, others } from "../read.js";

beforeAll(loadParser);

const PLAIN = { ifExists: false, cascade: false };

it.each([
  ["DROP TABLE s.t", "s.t", { kind: "drop-table", temporary: false, ...PLAIN }],
  ["DROP TABLE IF EXISTS t CASCADE", "t", { kind: "drop-table", temporary: false, ifExists: true, cascade: true }],
  ["DROP TABLE pg_temp.t", "pg_temp.t", { kind: "drop-table", temporary: true, ...PLAIN }],
  ["DROP INDEX CONCURRENTLY s.i", "s.i", { kind: "drop-index", index: name("s.i"), concurrently: true, ...PLAIN }],
  ["DROP VIEW s.v CASCADE", "s.v", { object: "view", name: name("s.v"), ifExists: false, cascade: true }],
  ["DROP MATERIALIZED VIEW v", "v", { object: "materialized-view", name: name("v") }],
  ["DROP SEQUENCE v", "v", { object: "sequence", name: name("v") }],
  ["DROP TRIGGER g ON s.t", "s.t", { object: "trigger", name: name("g") }],
  ["DROP POLICY IF EXISTS g ON t", "t", { object: "policy", name: name("g"), ifExists: true }],
  ["DROP RULE g ON t", "t", { object: "rule", name: name("g") }],
  ["DROP FUNCTION s.f(int, text)", null, { object: "function", name: name("s.f") }],
  ["DROP PROCEDURE f", null, { object: "procedure", name: name("f") }],
  ["DROP TYPE s.e", null, { object: "type", name: name("s.e") }],
  ["DROP DOMAIN d CASCADE", null, { object: "domain", name: name("d"), cascade: true }],
  ["DROP SCHEMA s CASCADE", null, { object: "schema", name: name("s"), cascade: true }],
  ["DROP EXTENSION e", null, { object: "extension", name: name("e") }],
  ["DROP OWNED BY r", null, { kind: "administration", action: "drop-owned" }],
])("%s", (sql, relation, detail) => {
  expect(others(sql)).toMatchObject([{ relation: relation === null ? null : name(relation), detail }]);
});

it("is one operation for each thing that is named", () => {
  expect(others("DROP TABLE t, s.u").map((o) => o.relation)).toEqual([name("t"), name("s.u")]);
  expect(others("DROP FUNCTION f(int), g").map((o) => o.detail)).toMatchObject([
    { name: name("f") },
    { name: name("g") },
  ]);
});
