import { expect, it } from "vitest";
import type { Catalog, Dependent } from "../../src/model/catalog.js";
import { planOn, refusalOn, schema } from "../engines/postgres/support/plan.js";

const holder = (kind: Dependent["kind"], name: string, column: string): Dependent => ({
  kind,
  name,
  columns: [column],
});

/** As a database is read: a policy over a, a publication of b. */
async function given(): Promise<Catalog> {
  const catalog = await schema("CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int);");
  const dependents = [holder("policy", "own", "a"), holder("publication", "p", "b")];
  return { ...catalog, tables: catalog.tables.map((t) => ({ ...t, dependents })) };
}

it.each([
  [
    "ALTER TABLE t RENAME a TO aa;\nALTER POLICY own ON t USING (aa > 0);",
    "the policy own names a,",
    "later migration",
  ],
  ["ALTER POLICY own ON t USING (c > 0);\nALTER TABLE t RENAME a TO aa;", "the policy own names a,", "later migration"],
  [
    "ALTER POLICY own ON t USING (true);\nALTER TABLE t ALTER a TYPE bigint;",
    "the policy own names a,",
    "three migrations",
  ],
  [
    "ALTER TABLE t RENAME b TO bb;\nALTER PUBLICATION p SET TABLE t (id, bb);",
    "the publication p names b,",
    "later migration",
  ],
  ["DROP PUBLICATION p;\nALTER TABLE t RENAME b TO bb;", "the publication p names b,", "later migration"],
])("a file that would wait for itself is refused: %s", async (sql, said, help) => {
  const refusal = await refusalOn(await given(), sql);
  expect(refusal).toMatch(/^2:/);
  expect(refusal).toContain(said);
  expect(refusal).toContain(help);
});

it.each([
  ["ALTER POLICY own ON t USING (true);\nALTER TABLE t DROP a;", "policy own"],
  ["ALTER PUBLICATION p SET TABLE t (id, c);\nALTER TABLE t DROP b;", "publication p"],
  ["DROP PUBLICATION p;\nALTER TABLE t DROP b;", "publication p"],
])("the gate does not wait for what the file takes away before a column is dropped: %s", async (sql, drops) => {
  expect((await planOn(await given(), sql)).plan?.drops).toEqual([drops]);
});

it("others go on", async () => {
  for (const sql of [
    "ALTER POLICY own ON t USING (true);\nALTER TABLE t RENAME b TO bb;",
    "ALTER TABLE t RENAME b TO bb;\nALTER PUBLICATION p SET (publish = 'insert');",
    "ALTER POLICY other ON t USING (true);\nALTER TABLE t RENAME a TO aa;",
  ])
    expect((await planOn(await given(), sql)).plan?.drops, sql).toBeUndefined();
});

it.each([
  ['DROP VIEW s."V";', 'view s."V"'],
  ['DROP VIEW "S".v;', 'view "S".v'],
  ["DROP VIEW v;", "view v"],
])("nor for a view that the file drops, in quotes where the server writes them: %s", async (sql, called) => {
  const views = `CREATE SCHEMA s; CREATE SCHEMA "S"; CREATE TABLE t (a int); CREATE VIEW s."V" AS SELECT a FROM t;
    CREATE VIEW "S".v AS SELECT a FROM t; CREATE VIEW v AS SELECT a FROM t;`;
  expect((await planOn(views, `${sql} ALTER TABLE t DROP a;`)).plan?.drops).toContain(called);
});
