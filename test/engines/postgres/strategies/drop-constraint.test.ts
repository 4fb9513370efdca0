import { describe, expect, it } from "vitest";
import { planOn, refusalOn, stepsOn } from "../support/plan.js";

const T = `CREATE TABLE p (id int PRIMARY KEY, k int CONSTRAINT pk UNIQUE);
CREATE TABLE t (id int, a int CONSTRAINT c CHECK (a > 0), b int CONSTRAINT u UNIQUE, p int CONSTRAINT f REFERENCES p,
  CONSTRAINT key PRIMARY KEY (id), CONSTRAINT x EXCLUDE USING gist (b WITH =));
ALTER TABLE t ADD CONSTRAINT late CHECK (a < 9) NOT VALID;`;

const drop = async (name: string) => (await planOn(T, `ALTER TABLE t DROP CONSTRAINT ${name};`)).plan?.steps ?? [];

describe("what only forbids", () => {
  it.each(["c", "f"])("%s goes in expand, and comes back NOT VALID and is validated", async (name) => {
    const [step] = await drop(name);
    expect(step).toMatchObject({
      phase: "expand",
      sql: [`ALTER TABLE "t" DROP CONSTRAINT "${name}"`],
      undoTransaction: false,
    });
    expect(step?.undo).toEqual([
      expect.stringMatching(new RegExp(`^ALTER TABLE "t" ADD CONSTRAINT "${name}" .* NOT VALID$`)),
      `ALTER TABLE "t" VALIDATE CONSTRAINT "${name}"`,
    ]);
  });

  it("comes back as it was where its rows were never looked at", async () => {
    expect((await drop("late"))[0]?.undo).toEqual(['ALTER TABLE "t" ADD CONSTRAINT "late" CHECK (a < 9) NOT VALID']);
  });

  it("holds until the contract where another one comes in its place", async () => {
    const steps = await stepsOn(T, "ALTER TABLE t DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (a > 1);");
    expect(steps).toEqual([
      "backfill verify NOT (a > 1)",
      'swap ALTER TABLE "t" DROP CONSTRAINT "c"',
      'swap ALTER TABLE "t" ADD CONSTRAINT "c" CHECK (a > 1) NOT VALID',
      'swap ALTER TABLE "t" VALIDATE CONSTRAINT "c"',
    ]);
  });

  it("does not go before what the file does to it in front", async () => {
    const steps = await stepsOn(T, "ALTER TABLE t VALIDATE CONSTRAINT late;\nALTER TABLE t DROP CONSTRAINT late;");
    expect(steps).toEqual([
      'backfill ALTER TABLE "t" VALIDATE CONSTRAINT "late"',
      'swap ALTER TABLE "t" DROP CONSTRAINT "late"',
    ]);
  });
});

describe("what ON CONFLICT needs", () => {
  it("a key goes with the contract, and its index is built again while the table is in use", async () => {
    const [step] = await drop("u");
    expect(step).toMatchObject({ stage: "swap", undoTransaction: false });
    expect(step?.undo).toEqual([
      'ALTER TABLE "t" DROP CONSTRAINT IF EXISTS "u"',
      'DROP INDEX CONCURRENTLY IF EXISTS "u"',
      'CREATE UNIQUE INDEX CONCURRENTLY "u" ON "t" USING btree (b)',
      'ALTER TABLE "t" ADD CONSTRAINT "u" UNIQUE USING INDEX "u"',
    ]);
    expect((await drop("key"))[0]?.undo.at(-1)).toBe(
      'ALTER TABLE "t" ADD CONSTRAINT "key" PRIMARY KEY USING INDEX "key"',
    );
  });

  it("a key that foreign keys point at is refused", async () => {
    expect(await refusalOn(T, "ALTER TABLE p DROP CONSTRAINT p_pkey;")).toMatch(/foreign key f of t points at p_pkey/);
    expect(await stepsOn(T, "ALTER TABLE t DROP CONSTRAINT f;\nALTER TABLE p DROP CONSTRAINT p_pkey;")).toHaveLength(2);
  });
});

it("an exclusion constraint goes last, since nothing builds it again", async () => {
  expect(await drop("x")).toMatchObject([{ stage: "drop", final: true, undo: [] }]);
});

it.each([
  ["ALTER TABLE t DROP CONSTRAINT c CASCADE;", /CASCADE drops whatever/],
  ["ALTER TABLE t DROP CONSTRAINT nothing;", /no constraint nothing.*c, u, f/s],
])("%s is refused", async (sql, reason) => {
  expect(await refusalOn(T, sql)).toMatch(reason);
});

it("is nothing with IF EXISTS where there is none", async () => {
  expect(await stepsOn(T, "ALTER TABLE t DROP CONSTRAINT IF EXISTS nothing;")).toEqual([]);
});
