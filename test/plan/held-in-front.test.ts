import { expect, it } from "vitest";
import { refusalOn } from "../engines/postgres/support/plan.js";

const T = `CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE TABLE o (id int PRIMARY KEY, a int);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE VIEW old AS SELECT id, b FROM t;`;
const RENAME = "\nALTER TABLE t RENAME COLUMN a TO aa;\n";

it.each([
  ["CREATE VIEW v AS SELECT id, a FROM t;", "VIEW v", "CREATE VIEW v AS SELECT id, aa AS a FROM t;"],
  ["CREATE VIEW v AS SELECT * FROM t;", "VIEW v", "CREATE VIEW v AS SELECT id, aa AS a, b FROM t;"],
  ["CREATE VIEW v AS SELECT t.a FROM t, o;", "VIEW v", "CREATE VIEW v AS SELECT t.aa AS a FROM t, o;"],
  ["CREATE OR REPLACE VIEW old AS SELECT id, b, a FROM t;", "VIEW old", ""],
  ["DROP VIEW old; CREATE VIEW old AS SELECT a FROM t;", "VIEW old", ""],
  ["CREATE MATERIALIZED VIEW m AS SELECT a FROM t;", "MATERIALIZED VIEW m", ""],
  ["CREATE TRIGGER g AFTER UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION tf();", "TRIGGER g", ""],
  ["CREATE POLICY p ON t USING (a > 1);", "POLICY p", "CREATE POLICY p ON t USING (aa > 1);"],
])("what a file makes on a column goes behind its rename: %s", async (made, name, behind) => {
  const refusal = await refusalOn(T, made + RENAME);
  expect(refusal).toMatch(/^2:1 .* in front of this, and it names a: it would stay with the former column/);
  expect(refusal).toContain(`Put CREATE ${name} behind this statement, with the new name`);
  expect(refusal).not.toContain("\n");
  expect(await refusalOn(T, RENAME + behind)).toBe("");
});

it.each([
  "CREATE VIEW v AS SELECT id, b AS a FROM t;",
  "CREATE VIEW v AS SELECT o.a, t.id FROM t JOIN o ON o.id = t.id;",
  "CREATE POLICY p ON t USING (b > 1);",
])("what names no such column stands in front of its rename: %s", async (made) => {
  expect(await refusalOn(T, made + RENAME)).toBe("");
});

it("what was there before the file is waited for, and a table's rename takes its views along", async () => {
  expect(await refusalOn(`${T} CREATE VIEW v AS SELECT a FROM t;`, RENAME)).toBe("");
  expect(await refusalOn(T, "CREATE VIEW v AS SELECT a FROM t; ALTER TABLE t RENAME TO tt;")).toBe("");
});
