import { expect, it } from "vitest";
import { refusalOn, stepsOn } from "../engines/postgres/support/plan.js";

const T = `CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX by_a ON t (a);
CREATE TABLE other (id int PRIMARY KEY, a int); CREATE TABLE gone (x int CONSTRAINT gone_x UNIQUE); CREATE VIEW v AS SELECT id FROM other;
CREATE SEQUENCE numbers;`;

it.each([
  ["DROP TABLE gone;\nCREATE TABLE gone (y int);", "gone"],
  ["DROP TABLE gone;\nCREATE TABLE IF NOT EXISTS gone (y int);", "gone"],
  ["DROP TABLE gone;\nALTER TABLE other RENAME TO gone;", "gone"],
  ["DROP TABLE gone;\nCREATE INDEX gone_x ON t (b);", "gone_x"],
  ["DROP TABLE gone;\nCREATE TABLE made (y int CONSTRAINT gone_x UNIQUE);", "gone_x"],
  ["DROP TABLE gone;\nCREATE VIEW gone AS SELECT id FROM t;", "gone"],
  ["DROP TABLE gone;\nCREATE TYPE gone AS ENUM ('a');", "gone"],
  ["DROP VIEW v;\nCREATE TABLE v (y int);", "v"],
  ["DROP SEQUENCE numbers;\nCREATE VIEW numbers AS SELECT id FROM t;", "numbers"],
  ["ALTER TABLE gone RENAME TO kept;\nCREATE TABLE gone (y int);", "gone"],
  ["ALTER TABLE t DROP COLUMN a;\nCREATE INDEX by_a ON t (b);", "by_a"],
  ["ALTER TABLE t DROP COLUMN a;\nALTER TABLE t ADD CONSTRAINT by_a UNIQUE (b);", "by_a"],
  ["DROP EXTENSION citext;\nCREATE EXTENSION IF NOT EXISTS citext;", "citext"],
  ["DROP SCHEMA s;\nCREATE SCHEMA IF NOT EXISTS s;", "s"],
  ["DROP AGGREGATE total(int);\nCREATE AGGREGATE total(int) (sfunc = int4pl, stype = int);", "total"],
  ["DROP MATERIALIZED VIEW m;\nCREATE MATERIALIZED VIEW m AS SELECT max(a) FROM t;", "m"],
])("what has its name until the contract is not taken for what is made: %s", async (sql, name) => {
  const refusal = await refusalOn(T, sql);
  expect(refusal).toMatch(/^2:/);
  expect(refusal).toContain(name);
  expect(refusal).toMatch(/another name/);
});

it("a name that is free at once can be taken at once, and so can one that never was", async () => {
  expect(await stepsOn(T, "ALTER INDEX by_a RENAME TO by_b;\nCREATE INDEX by_a ON t (b);")).toHaveLength(2);
  const fresh = "CREATE TABLE n (a int);\nCREATE INDEX i ON n (a);\nDROP INDEX i;\nCREATE INDEX i ON n (a, a);";
  expect(await stepsOn(T, fresh)).toHaveLength(4);
  expect(await stepsOn(T, "DROP TABLE gone;\nCREATE TABLE went (y int);")).toHaveLength(3);
});
