import { expect, it } from "vitest";
import { planOn, refusalOn, schema, stepsOn } from "../engines/postgres/support/plan.js";

const T = `CREATE TABLE t (id int PRIMARY KEY, a int, b text); CREATE TABLE other (id int PRIMARY KEY, t_id int);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE VIEW w AS SELECT id FROM other;`;
const RENAME = "ALTER TABLE t RENAME TO t3;\n";

it.each([
  "CREATE TABLE t4 (id int PRIMARY KEY, t_id int REFERENCES t3 (id));",
  "CREATE TRIGGER tg BEFORE INSERT ON t3 FOR EACH ROW EXECUTE FUNCTION tf();",
  "CREATE VIEW v3 AS SELECT id, b FROM t3;",
  "CREATE MATERIALIZED VIEW v3 AS SELECT id, b FROM t3;",
  "CREATE STATISTICS st ON a, b FROM t3;",
  "CREATE FUNCTION f(t3) RETURNS int LANGUAGE sql AS 'SELECT 1';",
  "CREATE RULE r AS ON DELETE TO t3 DO INSTEAD NOTHING;",
])("what needs the table behind a rename of its file is refused, and stands in front of it: %s", async (sql) => {
  const refusal = await refusalOn(T, RENAME + sql);
  expect(refusal).toMatch(/^2:/);
  expect(refusal).toMatch(/t to .*t3: .*(in front of the rename|later migration)/);
  expect(await refusalOn(T, `${sql.replaceAll("t3", "t")}\n${RENAME}`)).toBe("");
});

it("what is said of the new name waits for the swap, and rights are given on the view and on the table at once", async () => {
  const said = "COMMENT ON TABLE t3 IS 'x';\nGRANT SELECT, INSERT (a) ON other, t3 TO app;\nGRANT SELECT ON t3 TO app;";
  const steps = await stepsOn(T, RENAME + said);
  expect(steps.map((s) => s.replace(/VIEW .*/s, "VIEW"))).toEqual([
    "expand CREATE VIEW",
    `expand GRANT SELECT, INSERT (a) ON other, t3 TO app; GRANT SELECT, INSERT (a) ON "t" TO app`,
    `expand GRANT SELECT ON t3 TO app; GRANT SELECT ON "t" TO app`,
    "swap DROP VIEW",
    "swap COMMENT ON TABLE t3 IS 'x'",
    "drop DROP VIEW",
  ]);
  const known = await schema(T);
  const tables = known.tables.map((t) => ({ ...t, grants: [] }));
  const { plan } = await planOn({ ...known, tables }, RENAME + said);
  expect(plan?.steps.find((s) => s.id === "4-grant")?.undo).toEqual([
    'REVOKE SELECT ON "t3" FROM "app"',
    'REVOKE SELECT ON "t" FROM "app"',
  ]);
  expect(await refusalOn(T, `${RENAME}-- zmigrate:phase expand\nCOMMENT ON TABLE t3 IS 'x';`)).toMatch(/^3:/);
});

it("rows, and what does not hang on a name, go on", async () => {
  for (const sql of [
    "INSERT INTO t3 VALUES (1, 2, 'x');",
    "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t3';",
    "CREATE TABLE t4 (t3 int);",
    "CREATE VIEW x AS SELECT id FROM other;",
  ])
    expect(await refusalOn(T, RENAME + sql), sql).toBe("");
  // No running code knows it, and it is renamed at once.
  expect(
    await refusalOn(T, `CREATE TABLE n (id int PRIMARY KEY);\nALTER TABLE n RENAME TO n3;\nCREATE VIEW x AS TABLE n3;`),
  ).toBe("");
});
