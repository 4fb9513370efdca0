import { expect, it } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { parseMigration } from "../../src/history/load.js";
import { underWay, waitOf } from "../../src/plan/waits.js";
import { planOn, refusalOn, schema, stepsOn } from "../engines/postgres/support/plan.js";

const T = `CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL CONSTRAINT pos CHECK (a > 0), b text NOT NULL CONSTRAINT bu UNIQUE);
CREATE INDEX ai ON t (a);`;
const TYPE = "ALTER TABLE t ALTER a TYPE bigint;\n";
const RENAME = "ALTER TABLE t RENAME b TO bb;\n";

const BEHIND = [
  [TYPE, "COMMENT ON COLUMN t.a IS 'x'"],
  [TYPE, "COMMENT ON INDEX ai IS 'x'"],
  [TYPE, "COMMENT ON CONSTRAINT pos ON t IS 'x'"],
  [RENAME, "COMMENT ON CONSTRAINT bu ON t IS 'x'"],
  [RENAME, `ALTER TABLE "t" REPLICA IDENTITY USING INDEX "bu"`],
  [RENAME, `ALTER TABLE "t" CLUSTER ON "bu"`],
  ["ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0);\n", "COMMENT ON CONSTRAINT c ON t IS 'x'"],
  ["DROP INDEX ai;\nCREATE INDEX ai ON t (a, id);\n", "COMMENT ON INDEX ai IS 'x'"],
] as const;

it.each(BEHIND)("%s what is said behind it waits for the swap: %s", async (change, sql) => {
  const steps = await stepsOn(T, `${change}${sql};`);
  const places = steps.map((s) => s.split(" ")[0]);
  // A step of its own, or in the transaction of what it is said of.
  const at = steps.findIndex(
    (step) => step === `swap ${sql}` || (step.startsWith("swap ") && step.endsWith(`; ${sql}`)),
  );
  expect(at).not.toBe(-1);
  expect(at).toBe(places.lastIndexOf("swap"));
});

it.each(BEHIND)("%s in a later migration it waits as well: %s", async (change, sql) => {
  const { plan, catalog } = await planOn(T, change);
  const later = { id: "20260102000000", slug: "y", file: "y.sql", text: `${sql};`, checksum: "" };
  const migration = parseMigration(later, postgresEngine);
  if (plan === null) throw new Error("no plan");
  const wait = (swapped: boolean) =>
    waitOf(
      migration,
      { plan: { ...plan, id: later.id, claims: [], retires: [] }, wants: [] },
      [underWay(plan, swapped, catalog)],
      {
        engine: postgresEngine,
        catalog,
      },
    );
  expect(wait(false)?.reason).toMatch(/not finished, and .*This one begins when that one is swapped/);
  expect(wait(true)).toBeNull();
});

it.each([
  [TYPE, "COMMENT ON COLUMN t.b IS 'x'"],
  [TYPE, "COMMENT ON TABLE t IS 'x'"],
  [RENAME, "COMMENT ON COLUMN t.bb IS 'x'"],
  [RENAME, "COMMENT ON INDEX ai IS 'x'"],
  ["ALTER TABLE t ALTER a SET DEFAULT 1;\n", "COMMENT ON COLUMN t.a IS 'x'"],
  ["CREATE TABLE n (a int CONSTRAINT nc CHECK (a > 0));\n", "COMMENT ON CONSTRAINT nc ON n IS 'x'"],
])("%s others do not: %s", async (change, sql) =>
  expect(await stepsOn(T, `${change}${sql};`)).toContain(`expand ${sql}`),
);

it.each([
  ["COMMENT ON COLUMN t.a IS 'it''s';\n", TYPE, `COMMENT ON COLUMN "t"."zmigrate_new_a`, "IS 'it''s'"],
  ["COMMENT ON INDEX ai IS 'x';\n", TYPE, `COMMENT ON INDEX "ai"`, "IS 'x'"],
  ["COMMENT ON CONSTRAINT bu ON t IS 'x';\n", RENAME, `COMMENT ON CONSTRAINT "bu" ON "t"`, "IS 'x'"],
  ["ALTER TABLE t CLUSTER ON bu;\n", RENAME, `ALTER TABLE "t"`, `CLUSTER ON "bu"`],
  ["ALTER TABLE t REPLICA IDENTITY USING INDEX bu;\n", RENAME, `ALTER TABLE "t"`, `REPLICA IDENTITY USING INDEX "bu"`],
])("what is said in front goes along: %s%s", async (said, change, begins, ends) => {
  const { plan } = await planOn(T, said + change);
  const own = plan?.steps.filter((s) => s.id.startsWith("2-")).flatMap((s) => s.sql) ?? [];
  expect(own.filter((sql) => sql.startsWith(begins) && sql.endsWith(ends))).toHaveLength(1);
});

it("options of an index are not among it", async () => {
  expect(await refusalOn(T, `${RENAME}ALTER INDEX bu SET (fillfactor = 70);`)).toMatch(
    /^2:.*another index in the place of bu.*later migration: it begins when this one has contracted/,
  );
  const refusal = await refusalOn(T, `ALTER INDEX bu SET (fillfactor = 70);\n${RENAME}`);
  expect(refusal).toMatch(/^2:.*another index in the place of bu.*begins when this one has contracted/);
  expect(await refusalOn(T, `ALTER INDEX bu SET (fillfactor = 70);\n${TYPE}`)).toBe("");
});

it("what takes an index away needs nothing of it", async () => {
  expect(await refusalOn(await schema(T), "ALTER INDEX ai SET (fillfactor = 70);\nDROP INDEX ai;")).toBe("");
});
