import { expect, it } from "vitest";
import { planOn, refusalOn, stepsOn } from "../support/plan.js";

const T = "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX by_a ON t (a);";

it("builds beside the old index, whatever was written, and first drops what a build that was cut off has left", async () => {
  expect(await stepsOn(T, "REINDEX INDEX by_a;")).toEqual([
    'backfill DROP INDEX CONCURRENTLY IF EXISTS "by_a_ccnew"; REINDEX INDEX CONCURRENTLY "by_a"',
  ]);
  const { plan } = await planOn(T, "REINDEX TABLE t;");
  expect(plan?.steps).toMatchObject([{ transaction: false, unlimited: true, undo: [] }]);
  expect(plan?.steps[0]?.sql.at(-1)).toBe('REINDEX TABLE CONCURRENTLY "t"');
});

it("leaves alone an index of the application's that has such a name", async () => {
  expect(await stepsOn(`${T} CREATE INDEX by_a_ccnew ON t (a, id);`, "REINDEX INDEX by_a;")).toEqual([
    'backfill REINDEX INDEX CONCURRENTLY "by_a"',
  ]);
});

it("of everything at once is refused", async () => {
  expect(await refusalOn(T, "REINDEX SCHEMA public;")).toMatch(/REINDEX TABLE for each table/);
});
