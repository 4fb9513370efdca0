import { expect, it } from "vitest";
import { planOn, refusalOn, schema, stepsOn } from "../engines/postgres/support/plan.js";

const T = "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b text DEFAULT 'x'); CREATE INDEX t_a ON t (a);";
const RENAME = "ALTER TABLE t RENAME COLUMN a TO c;\n";

it.each([
  ["ALTER TABLE t ALTER c SET DEFAULT 1", 'ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT 1'],
  ["ALTER TABLE t ALTER c DROP NOT NULL", 'ALTER TABLE "t" ALTER COLUMN "a" DROP NOT NULL'],
  ["ALTER INDEX t_a RENAME TO t_c", 'ALTER INDEX "t_a" RENAME TO "t_c"'],
])("runs in front of the rename with the former name: %s", async (sql, own) => {
  const [first] = await stepsOn(T, `${RENAME}${sql};`);
  expect(first).toBe(`expand ${own}`);
  const { plan } = await planOn(await schema(T), `${RENAME}${sql};`);
  expect(plan?.notes.at(-1)).toMatch(/^The statement of line 2 runs in front of the rename/);
});

it("is a table's former name, too", async () => {
  const steps = await stepsOn(T, "ALTER TABLE t RENAME TO u;\nCREATE INDEX u_b ON u (lower(b));");
  expect(steps[0]).toMatch(/^expand CREATE INDEX CONCURRENTLY "?u_b"? ON "t" /);
});

it("passes what stands between them, where no rows are changed", async () => {
  const steps = await stepsOn(
    T,
    `${RENAME}ALTER TABLE t ALTER b SET DEFAULT 'c';\nALTER TABLE t ALTER c SET DEFAULT 1;`,
  );
  expect(steps[0]).toBe('expand ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT 1');
  expect(steps).toContain(`expand ALTER TABLE "t" ALTER COLUMN "b" SET DEFAULT 'c'`);
});

it.each([
  [
    "ALTER TABLE t ALTER a TYPE bigint;\nALTER TABLE t ALTER a DROP NOT NULL;",
    'expand ALTER TABLE "t" ALTER COLUMN "a" DROP NOT NULL',
  ],
  [
    "ALTER TABLE t ALTER b SET NOT NULL;\nALTER TABLE t ALTER b TYPE int USING b::int;",
    'expand ALTER TABLE "t" ADD COLUMN ',
  ],
])("is a column's type in front of whether it may be NULL: %s", async (sql, own) => {
  const [first] = await stepsOn(T, sql);
  expect(first?.startsWith(own)).toBe(true);
  const { plan } = await planOn(await schema(T), sql);
  expect(plan?.notes.at(-1)).toMatch(/^The statement of line 2 runs in front of what is written before it: ALTER/);
});

it("has the new name where a step runs behind the swap, or only with rows", async () => {
  const steps = await stepsOn(T, `${RENAME}ALTER TABLE t ALTER c SET DEFAULT 1;\nUPDATE t SET c = 5 WHERE c = 4;`);
  expect(steps.some((s) => s.startsWith("backfill") && s.includes('"c" = "a"'))).toBe(true);
  expect(await refusalOn(T, `${RENAME}ALTER TABLE t ALTER c DROP DEFAULT;`)).toBe("");
});

it.each([
  `${RENAME}ALTER TABLE t ALTER c TYPE bigint;`,
  `${RENAME}DROP INDEX t_a;`,
  `${RENAME}UPDATE t SET b = 'y';\nALTER TABLE t ALTER c SET DEFAULT 1;`,
  `${RENAME}-- zmigrate:phase expand\nALTER TABLE t ALTER c SET DEFAULT 1;`,
])("is refused where no order makes it true: %s", async (sql) => {
  expect(await refusalOn(T, sql)).toMatch(/later migration/);
});
