import { expect, it } from "vitest";
import { refusalOn } from "../engines/postgres/support/plan.js";

const T = `CREATE TABLE t (id int PRIMARY KEY, a int, b text); CREATE TABLE other (id int PRIMARY KEY, b text);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE VIEW v AS SELECT id, b FROM t;`;
const TYPE = "ALTER TABLE t ALTER COLUMN b TYPE varchar(40);\n";

it.each([
  "CREATE VIEW vb AS SELECT b FROM t;",
  "CREATE POLICY p ON t USING (b <> 'z');",
  "CREATE TRIGGER tg AFTER UPDATE OF b ON t FOR EACH ROW EXECUTE FUNCTION tf();",
  "CREATE STATISTICS st ON a, b FROM t;",
  "CREATE PUBLICATION pb FOR TABLE t (id, b);",
  "CREATE FUNCTION fb() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(b) FROM t; END;",
])("what would stay with the former column is refused behind its change of type: %s", async (sql) => {
  const refusal = await refusalOn(T, TYPE + sql);
  expect(refusal).toMatch(/^2:/);
  expect(refusal).toMatch(
    /changes the type of b, which this names.*later migration: it begins when this one is swapped/s,
  );
});

it.each([TYPE, "ALTER TABLE t RENAME COLUMN b TO bb;\n", "ALTER TABLE t DROP COLUMN b;\n"])(
  "`*` behind what parks a column is refused, before the swap and in it: %s",
  async (change) => {
    for (const [drop, view] of [
      ["", "CREATE VIEW vb AS SELECT * FROM t;"],
      ["DROP VIEW v;\n", "CREATE VIEW v AS SELECT * FROM t;"],
    ])
      expect(await refusalOn(T, drop + change + view)).toMatch(
        /`\*` is a column more .*it begins when this one has contracted/s,
      );
  },
);

it("`*` of a partition is that of its table", async () => {
  const parted = `CREATE TABLE t (id int, b text) PARTITION BY LIST (id); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);`;
  const refusal = await refusalOn(parted, "ALTER TABLE t DROP COLUMN b;\nCREATE VIEW v AS SELECT * FROM t_1;");
  expect(refusal).toMatch(/^2:.*`\*` is a column more/);
});

it("what is made in the swap, on another table or on other columns goes on", async () => {
  for (const sql of ["CREATE VIEW va AS SELECT a FROM t;", "CREATE VIEW vb AS SELECT b FROM other;"])
    expect(await refusalOn(T, TYPE + sql), sql).toBe("");
  expect(await refusalOn(T, `DROP VIEW v;\n${TYPE}CREATE VIEW v AS SELECT id, b FROM t;`)).toBe("");
  expect(await refusalOn(T, "ALTER TABLE t RENAME COLUMN b TO bb;\nCREATE POLICY p ON t USING (bb <> 'z');")).toBe("");
});

it("a policy says what is hidden meanwhile", async () => {
  const policy = "CREATE POLICY p ON t USING (b <> 'z');";
  expect(await refusalOn(T, TYPE + policy)).toMatch(/nobody but the owner sees the rows that only this policy shows/);
  expect(await refusalOn(T, `${TYPE}CREATE VIEW vb AS SELECT b FROM t;`)).not.toMatch(/row security/);
});
