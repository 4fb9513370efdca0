import { describe, expect, it } from "vitest";
import { planOn, refusalOn, stepsOn } from "../support/plan.js";

const T = `CREATE TABLE t (id int PRIMARY KEY, a int, b text, g int GENERATED ALWAYS AS (id) STORED, done int NOT NULL,
  proved int CHECK (proved IS NOT NULL AND proved > 0));`;
const SET = "ALTER TABLE t ALTER a SET NOT NULL;";

describe("without a fill", () => {
  it("counts NULLs, and waits for the contract, since old code may write them", async () => {
    expect(await stepsOn(T, SET)).toEqual([
      'backfill verify "a" IS NULL',
      'swap ALTER TABLE "t" ADD CONSTRAINT "t_a_not_null" NOT NULL "a" NOT VALID',
      'swap ALTER TABLE "t" VALIDATE CONSTRAINT "t_a_not_null"',
    ]);
  });

  it("before 18 proves it by a check of its own, which goes when it is NOT NULL", async () => {
    const steps = await stepsOn(T, SET, 17);
    expect(steps[1]).toMatch(
      /^swap .* ADD CONSTRAINT "zmigrate_new_a_not_null_\w+" CHECK \("a" IS NOT NULL\) NOT VALID$/,
    );
    expect(steps[3]).toMatch(/^swap ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL; .* DROP CONSTRAINT "zmigrate_new_/);
    const { plan } = await planOn(T, SET, 17);
    expect(plan?.steps.at(-1)?.scan).toBe(false);
    expect(plan?.steps.map((s) => s.undo.join("; "))).toEqual([
      "",
      expect.stringMatching(/^ALTER TABLE "t" DROP CONSTRAINT IF EXISTS "zmigrate_new_/),
      "",
      'ALTER TABLE "t" ALTER COLUMN "a" DROP NOT NULL',
    ]);
  });

  it("says what to write when rows hold NULL", async () => {
    const { plan } = await planOn(T, SET);
    expect(plan?.steps[0]?.verify?.violation).toEqual({
      rows: "of t hold NULL in a",
      help: expect.stringContaining("-- zmigrate:fill EXPR"),
    });
  });

  it("needs no contract for a new column with a default, which old code leaves out", async () => {
    const added = (type: string) =>
      stepsOn(T, `ALTER TABLE t ADD COLUMN n ${type};\nALTER TABLE t ALTER n SET NOT NULL;`);
    expect((await added("int DEFAULT 4")).at(-1)).toMatch(/^backfill .*VALIDATE/);
    expect((await added("int")).at(-1)).toMatch(/^swap .*VALIDATE/);
  });

  it("is at once what a check has proved, and nothing where it is NOT NULL", async () => {
    expect(await stepsOn(T, "ALTER TABLE t ALTER proved SET NOT NULL, ALTER done SET NOT NULL;")).toEqual([
      'expand ALTER TABLE "t" ALTER COLUMN "proved" SET NOT NULL',
    ]);
  });

  it("only validates what is NOT NULL for new rows already", async () => {
    const schema = `${T} ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID;`;
    for (const sql of [SET, "ALTER TABLE t VALIDATE CONSTRAINT nn;"])
      expect((await stepsOn(schema, sql)).filter((s) => !s.includes("verify"))).toEqual([
        'backfill ALTER TABLE "t" VALIDATE CONSTRAINT "nn"',
      ]);
  });

  it("takes the name that the author gives it (18)", async () => {
    const named = "ALTER TABLE t ADD CONSTRAINT nn NOT NULL a;";
    expect((await stepsOn(T, named)).at(-1)).toBe('swap ALTER TABLE "t" VALIDATE CONSTRAINT "nn"');
    expect(await stepsOn(T, "ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID;")).toEqual([
      'swap ALTER TABLE "t" ADD CONSTRAINT "nn" NOT NULL "a" NOT VALID',
    ]);
    expect(await refusalOn(T, named, 17)).toContain("new in PostgreSQL 18");
  });
});

describe("with a fill", () => {
  const fill = (expression: string, version?: number) =>
    stepsOn(T, `-- zmigrate:batch rows=7 key=id\n-- zmigrate:fill ${expression}\n${SET}`, version);

  it("puts a trigger before old writers, fills, proves, and makes it NOT NULL in the contract", async () => {
    const steps = await fill("length(b)");
    expect(steps[0]).toContain('EXPLAIN UPDATE ONLY "t" SET "a" = (length(b))');
    expect(steps[0]).toContain('BEFORE INSERT OR UPDATE ON "t"\n  FOR EACH ROW WHEN (NEW."a" IS NULL)');
    expect(steps.slice(1, 5)).toEqual([
      'backfill backfill SET "a" = (length(b)) WHERE "a" IS NULL',
      'backfill verify "a" IS NULL',
      'backfill ALTER TABLE "t" ADD CONSTRAINT "t_a_not_null" NOT NULL "a" NOT VALID',
      'backfill ALTER TABLE "t" VALIDATE CONSTRAINT "t_a_not_null"',
    ]);
    expect(steps[5]).toMatch(/^swap LOCK TABLE ONLY "t" IN ACCESS EXCLUSIVE MODE; DROP TRIGGER .*; DROP FUNCTION/);
    const old = await fill("0", 17);
    expect(old.at(-1)).toMatch(/^swap LOCK .*; ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL; .*DROP TRIGGER/s);
  });

  it("goes over the table again when rows hold NULL after the backfill, and walks it as it was told", async () => {
    const { plan } = await planOn(T, `-- zmigrate:batch rows=7 key=id\n-- zmigrate:fill 0\n${SET}`);
    expect(plan?.steps[1]?.backfill).toMatchObject({ rows: 7, key: ["id"] });
    expect(plan?.steps[2]?.verify?.repair).toEqual(plan?.steps[1]?.backfill);
  });

  it.each([
    ["length(", /is no SQL expression/],
    ["nothing + 1", /names nothing, and t has no such column.*id, a, b/s],
    ["g + 1", /names g, which is generated/],
    ["a + 1", /names a itself/],
  ])("%s is refused at its line", async (expression, reason) => {
    expect(await refusalOn(T, `\n-- zmigrate:fill ${expression}\n${SET}`)).toMatch(reason);
  });

  it("holds a comment at its end", async () => {
    expect((await fill("0 -- none"))[1]).toBe('backfill backfill SET "a" = (0 -- none\n) WHERE "a" IS NULL');
  });

  it("is refused for partitioned tables, whose rows are not walked", async () => {
    const schema = "CREATE TABLE m (id int PRIMARY KEY, a int) PARTITION BY RANGE (id);";
    expect(await refusalOn(schema, "-- zmigrate:fill 0\nALTER TABLE m ALTER a SET NOT NULL;")).toContain("partitioned");
  });
});
