import { expect, it } from "vitest";
import { planOn, refusalOn, stepsOn } from "../support/plan.js";

const T = `CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX by_a ON t (lower(a::text)) WHERE b > 0;
CREATE TABLE m (id int, a int) PARTITION BY RANGE (id); CREATE INDEX by_m ON m (a);`;

it("drops concurrently with the contract, and a rollback builds the index again while the table is in use", async () => {
  const { plan } = await planOn(T, "DROP INDEX by_a;");
  expect(plan?.steps).toMatchObject([
    {
      stage: "swap",
      transaction: false,
      unlimited: true,
      sql: ['DROP INDEX CONCURRENTLY IF EXISTS "by_a"'],
      undo: [
        'DROP INDEX CONCURRENTLY IF EXISTS "by_a"',
        expect.stringMatching(/^CREATE INDEX CONCURRENTLY "by_a" ON "t" .*WHERE b > 0$/),
      ],
      undoTransaction: false,
      locks: [{ mode: "SHARE UPDATE EXCLUSIVE" }],
      probe: { sql: expect.stringContaining("to_regclass") },
    },
  ]);
});

it.each([
  ["DROP INDEX t_pkey;", /carries the constraint t_pkey.*DROP CONSTRAINT/s],
  ["DROP INDEX nothing;", /No table has an index nothing/],
  ["DROP INDEX by_a CASCADE;", /CASCADE/],
])("%s is refused", async (sql, reason) => {
  expect(await refusalOn(T, sql)).toMatch(reason);
});

it("parks one of a table with partitions, which has no CONCURRENTLY, and drops it behind the park", async () => {
  const { plan } = await planOn(`${T} CREATE TABLE m1 PARTITION OF m DEFAULT;`, "DROP INDEX by_m;");
  expect(plan?.steps).toMatchObject(
    [
      { stage: "swap", sql: [/RENAME TO "zmigrate_dropped_by_m/], undo: [/RENAME TO "by_m"/], final: false },
      { stage: "drop", sql: [/^DROP INDEX IF EXISTS "zmigrate_dropped_by_m/], undo: [], final: true },
    ].map(({ sql, undo, ...rest }) => ({
      ...rest,
      sql: sql.map((s) => expect.stringMatching(s)),
      undo: undo.map((s) => expect.stringMatching(s)),
    })),
  );
  expect(plan?.steps[1]?.locks.map((l) => l.relation.name).slice(1)).toEqual(["m", "m1"]);
});

it("is nothing with IF EXISTS where there is none, and one step for each of a list", async () => {
  expect(await stepsOn(T, "DROP INDEX IF EXISTS nothing;")).toEqual([]);
  expect(await stepsOn(`${T} CREATE INDEX by_b ON t (b);`, "DROP INDEX by_a, by_b;")).toHaveLength(2);
});

it("goes at once from a table that is new in the release", async () => {
  const file = "CREATE TABLE n (a int);\nCREATE INDEX i ON n (a);\nDROP INDEX i;";
  expect((await stepsOn("", file)).at(-1)).toBe('expand DROP INDEX "i"');
});
