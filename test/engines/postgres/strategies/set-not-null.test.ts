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
    const steps = await stepsOn(T, "ALTER TABLE t ADD COLUMN n int DEFAULT 4;\nALTER TABLE t ALTER n SET NOT NULL;");
    expect(steps.at(-1)).toMatch(/^backfill .*VALIDATE/);
  });

  it("names a way out that works once the migration has begun", async () => {
    const { plan } = await planOn(T, SET);
    expect(plan?.steps[0]?.verify?.violation?.help).toContain("zmigrate rollback 20260101000000");
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

describe("of a column that the file adds", () => {
  const file = (...between: readonly string[]) =>
    ["ALTER TABLE t ADD COLUMN n text;", ...between, "ALTER TABLE t ALTER n SET NOT NULL;"].join("\n");
  const trigger = (fill: string) => `NEW."n" := (SELECT (${fill}) FROM (SELECT NEW.*) AS "t")`;

  it.each([
    ["UPDATE t SET n = 'x';", "'x'"],
    ["UPDATE ONLY t SET a = 1, n = lower(t.b) || a WHERE (t.n IS NULL);", "lower(t.b) || a"],
    ["UPDATE t SET n = current_date -- today\n WHERE true RETURNING id;", "current_date"],
  ])("gives old code's rows what %s gives", async (update, fill) => {
    const { plan } = await planOn(T, file(update));
    expect(plan?.steps.map((s) => `${s.stage ?? s.phase} ${s.id}`)).toEqual([
      "expand 1-add-column",
      "expand 3-fill-trigger",
      "backfill 2-update",
      "backfill 3-backfill",
      "backfill 3-verify",
      "backfill 3-not-null",
      "backfill 3-not-null-validate",
      "swap 3-settle",
    ]);
    expect(plan?.steps[1]?.sql.join(";")).toContain(trigger(fill));
    expect(plan?.notes).toContainEqual(expect.stringContaining(`gets ${fill} there until the contract, as the UPDATE`));
  });

  it.each([
    ["", "no UPDATE of this file"],
    ["UPDATE t SET n = 'x';\nUPDATE t SET n = 'y' WHERE a = 1;", "more than one statement"],
    ["UPDATE t SET n = 'x' WHERE a = 1;", "not all rows"],
    ["UPDATE t SET n = u.b FROM t u WHERE u.id = t.a;", "reads more than the row"],
    ["UPDATE t SET n = (SELECT max(b) FROM t);", "reads more than the row"],
    ["UPDATE t SET n = (SELECT 'x');", "holds a query"],
    ["UPDATE t SET n = gen_random_uuid()::text;", "gen_random_uuid()"],
    ["UPDATE t SET n = app.name_of(id);", "app.name_of"],
    ["UPDATE t SET n = g::text;", "g, which is generated"],
    ["UPDATE t SET n = n || 'x';", "n itself"],
    ["UPDATE t SET n = NULL;", "NULL"],
    ["UPDATE t SET n = DEFAULT;", "DEFAULT"],
    ["UPDATE t SET (n, a) = ('x', 1);", "cannot be told"],
    ["UPDATE t AS x SET n = x.b;", "under another name"],
    ["ALTER TABLE t ADD COLUMN m text;\nUPDATE t SET n = m;", "m, which this file adds without a default"],
    ["INSERT INTO t (id, done) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET n = 'x';", "no UPDATE of this file"],
  ])("refuses %s, since old code's rows would hold NULL", async (between, why) => {
    const text = file(between);
    const said = await refusalOn(T, text);
    expect(said).toContain(`${text.split("\n").length}:1 Old code leaves n of t out`);
    expect(said).toContain(why);
    expect(said).toContain("-- zmigrate:fill EXPR");
  });

  it.each([
    [
      "a default is set behind",
      "ALTER TABLE t ADD COLUMN n text;\nUPDATE t SET n = 'x' WHERE a = 1;\nALTER TABLE t ALTER n SET NOT NULL;\nALTER TABLE t ALTER n SET DEFAULT 'x';",
    ],
    ["the author says when", file("UPDATE t SET n = 'x' WHERE a = 1;", "-- zmigrate:phase contract")],
    ["another column gives it", `-- zmigrate:up b\n${file()}`],
  ])("counts as ever where %s", async (_, text) => {
    expect((await planOn(T, text)).plan?.steps.some((s) => s.id.endsWith("fill-trigger"))).toBe(false);
  });

  it("counts as ever where a trigger of the application may give it a value", async () => {
    const schema = `${T} CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.n := 1; RETURN NEW; END';
      CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();`;
    expect((await stepsOn(schema, file())).at(-1)).toMatch(/^swap .*VALIDATE/);
    expect((await stepsOn(schema, file("UPDATE t SET n = 'x';"))).join()).toContain(trigger("'x'"));
  });
});
