import { describe, expect, it } from "vitest";
import { planOn, refusalOn, stepsOn } from "../support/plan.js";

const T = `CREATE TABLE p (id int PRIMARY KEY, k int UNIQUE);
CREATE TABLE t (id int PRIMARY KEY, a int, b text, p int, "P" int);
CREATE TABLE loose (a int, b int);`;

const add = (clause: string, version?: number) => stepsOn(T, `ALTER TABLE t ADD ${clause};`, version);

describe("CHECK", () => {
  it("counts violating rows, and is added in the contract without a scan under a strong lock", async () => {
    expect(await add("CHECK (a > 0 AND b <> '')")).toEqual([
      "backfill verify NOT (a > 0 AND b <> '')",
      `swap ALTER TABLE "t" ADD CONSTRAINT "t_check" CHECK (a > 0 AND b <> '') NOT VALID`,
      'swap ALTER TABLE "t" VALIDATE CONSTRAINT "t_check"',
    ]);
  });

  it("is taken back as it was added", async () => {
    const { plan } = await planOn(T, "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);");
    expect(plan?.steps.map((s) => s.undo)).toEqual([[], ['ALTER TABLE "t" DROP CONSTRAINT IF EXISTS "c"'], []]);
  });

  it("keeps NO INHERIT, and is left NOT VALID where the author says so", async () => {
    expect(await add("CONSTRAINT c CHECK (a > 0) NO INHERIT NOT VALID")).toEqual([
      'swap ALTER TABLE "t" ADD CONSTRAINT "c" CHECK (a > 0) NO INHERIT NOT VALID',
    ]);
  });

  it("asks nothing of old code where it is NOT ENFORCED", async () => {
    expect(await add("CONSTRAINT c CHECK (a > 0) NOT ENFORCED")).toEqual([
      'expand ALTER TABLE "t" ADD CONSTRAINT "c" CHECK (a > 0) NOT ENFORCED',
    ]);
  });

  it.each([
    ["int", "n > 0", "backfill"],
    ["int DEFAULT 5", "n > 0", "backfill"],
    ["int", "n IS NULL OR n > 0", "swap"],
    ["int", "COALESCE(n, 0) > 0", "swap"],
    ["int", "length(n::text) > 0", "swap"],
    ["int", "n IS DISTINCT FROM NULL", "swap"],
    ["int", "n > 0 AND false", "swap"],
    ["int DEFAULT 5", "n IS NOT NULL", "backfill"],
    ["int DEFAULT 5", "n > a", "swap"],
  ])(
    "on a new column %s: CHECK (%s) stands in %s, since old code leaves the column out",
    async (type, check, place) => {
      const steps = await stepsOn(
        T,
        `ALTER TABLE t ADD COLUMN n ${type};\nALTER TABLE t ADD CONSTRAINT c CHECK (${check});`,
      );
      expect(steps.at(-1)).toBe(`${place} ALTER TABLE "t" VALIDATE CONSTRAINT "c"`);
    },
  );

  it("is refused where no row of old code satisfies it, as NOT NULL is", async () => {
    const on = (check: string, more = "", column = "int") =>
      `ALTER TABLE t ADD COLUMN n ${column};\n${more}ALTER TABLE t ADD CONSTRAINT c CHECK (${check});`;
    const left = /^2:\d+ This file adds n of t without a default: .*DEFAULT.*-- zmigrate:fill EXPR/;
    expect(await refusalOn(T, on("n IS NOT NULL"))).toMatch(left);
    expect(await refusalOn(T, on("a > 0 AND (n IS NOT NULL AND n > 0)"))).toMatch(left);
    for (const fine of [
      on("n IS NOT NULL OR a > 0"),
      on("n IS NOT NULL", "UPDATE t SET n = 1;"),
      on("n IS NOT NULL", "", "int DEFAULT 1"),
      on("a IS NOT NULL"),
      on("n IS NOT NULL) NOT VALID; SELECT (1"),
    ])
      expect((await planOn(T, fine)).refusals).toEqual([]);
  });

  it("is refused where partitions or children would not find its names", async () => {
    const parts = "CREATE TABLE pt (id int, a int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF pt DEFAULT;";
    expect(await refusalOn(parts, "ALTER TABLE pt ADD CHECK (pt.a > 0);")).toMatch(/names a .*pt\.a\. Write a alone/);
    expect(await refusalOn(parts, "ALTER TABLE pt ADD n int CHECK (pt.n > 0);")).toMatch(/pt\.n\. Write n alone/);
    expect((await planOn(T, "ALTER TABLE t ADD CHECK (t.a > 0);")).refusals).toEqual([]);
  });

  it("has the name that the server would give it", async () => {
    const names = async (schema: string, clause: string) =>
      /CONSTRAINT "(.*)"$/.exec((await stepsOn(schema, `ALTER TABLE t ADD ${clause};`)).at(-1) ?? "")?.[1];
    expect(await names(`${T} CREATE TABLE u (x int CONSTRAINT t_a_check CHECK (x > 0));`, "CHECK (a > 0)")).toBe(
      "t_a_check1",
    );
  });

  it("counts violating rows of a table without a key as well", async () => {
    expect(await stepsOn(T, "ALTER TABLE loose ADD CONSTRAINT c CHECK (a > 0);")).toEqual([
      "backfill verify NOT (a > 0)",
      'swap ALTER TABLE "loose" ADD CONSTRAINT "c" CHECK (a > 0) NOT VALID',
      'swap ALTER TABLE "loose" VALIDATE CONSTRAINT "c"',
    ]);
  });
});

describe("FOREIGN KEY", () => {
  it("counts rows that point at nothing, and locks both tables briefly", async () => {
    expect(await add("FOREIGN KEY (p) REFERENCES p ON DELETE CASCADE")).toEqual([
      'backfill verify "t"."p" IS NOT NULL AND NOT EXISTS (SELECT FROM "p" AS zmigrate_target WHERE zmigrate_target."id" = "t"."p")',
      'swap ALTER TABLE "t" ADD CONSTRAINT "t_p_fkey" FOREIGN KEY ("p") REFERENCES "p" ON DELETE CASCADE NOT VALID',
      'swap ALTER TABLE "t" VALIDATE CONSTRAINT "t_p_fkey"',
    ]);
    const { plan } = await planOn(T, "ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p;");
    expect(plan?.steps[1]?.locks.map((l) => [l.relation.name, l.mode, l.held])).toEqual([
      ["t", "SHARE ROW EXCLUSIVE", "brief"],
      ["p", "SHARE ROW EXCLUSIVE", "brief"],
    ]);
  });

  it("knows MATCH FULL, where one column alone may not be NULL, and a table that points at itself", async () => {
    const [count] = await add("FOREIGN KEY (p, a) REFERENCES t (id, a) MATCH FULL");
    expect(count).toContain(
      '("t"."p" IS NOT NULL OR "t"."a" IS NOT NULL) AND ("t"."p" IS NULL OR "t"."a" IS NULL OR NOT',
    );
    expect(count).toContain('FROM "t" AS zmigrate_target WHERE zmigrate_target."id" = "t"."p"');
  });

  it("waits for nobody on columns that are new, unless it needs a key that comes with the contract", async () => {
    const column = "ALTER TABLE t ADD COLUMN n int;\n";
    const key = "ALTER TABLE p ADD CONSTRAINT u UNIQUE (id, k);\n";
    const fk = "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (n) REFERENCES p (id);";
    expect((await stepsOn(T, column + fk)).at(-1)).toMatch(/^backfill/);
    expect((await stepsOn(T, column + key + fk)).at(-1)).toMatch(/^swap/);
  });

  it("of a partitioned table is refused before 18, with its size and the way partition by partition", async () => {
    const schema = `${T} CREATE TABLE m (id int, p int) PARTITION BY RANGE (id); CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (9);`;
    const fk = "ALTER TABLE m ADD FOREIGN KEY (p) REFERENCES p;";
    expect(await refusalOn(schema, fk, 17)).toMatch(/^1:.*partitioned \(its size is not known\).*to each partition/s);
    expect(await stepsOn(schema, fk, 18)).toEqual([
      'backfill verify "m"."p" IS NOT NULL AND NOT EXISTS (SELECT FROM "p" AS zmigrate_target WHERE zmigrate_target."id" = "m"."p")',
      'swap ALTER TABLE "m" ADD CONSTRAINT "m_p_fkey" FOREIGN KEY ("p") REFERENCES "p" NOT VALID',
      'swap ALTER TABLE "m" VALIDATE CONSTRAINT "m_p_fkey"',
    ]);
  });

  it("is refused where the other table does not exist", async () => {
    expect(await refusalOn(T, "ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES nowhere;")).toContain("nowhere");
  });
});

describe("UNIQUE and PRIMARY KEY", () => {
  it("take over an index that is built while the table is in use", async () => {
    expect(
      await add("CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a, b) INCLUDE (p) DEFERRABLE INITIALLY DEFERRED"),
    ).toEqual([
      'swap CREATE UNIQUE INDEX CONCURRENTLY "u" ON "t" ("a", "b") INCLUDE ("p") NULLS NOT DISTINCT',
      'swap ALTER TABLE "t" ADD CONSTRAINT "u" UNIQUE USING INDEX "u" DEFERRABLE INITIALLY DEFERRED',
    ]);
  });

  it("prove that the columns of a primary key hold no NULL before the index is built", async () => {
    expect(await stepsOn(T, "ALTER TABLE loose ADD PRIMARY KEY (a);")).toEqual([
      'backfill verify "a" IS NULL',
      'swap ALTER TABLE "loose" ADD CONSTRAINT "loose_a_not_null" NOT NULL "a" NOT VALID',
      'swap ALTER TABLE "loose" VALIDATE CONSTRAINT "loose_a_not_null"',
      'swap CREATE UNIQUE INDEX CONCURRENTLY "loose_pkey" ON "loose" ("a")',
      'swap ALTER TABLE "loose" ADD CONSTRAINT "loose_pkey" PRIMARY KEY USING INDEX "loose_pkey"',
    ]);
    const old = await stepsOn(T, "ALTER TABLE loose ADD PRIMARY KEY (a);", 17);
    expect(old[1]).toMatch(/^swap .*"zmigrate_new_a_not_null_\w+" CHECK \("a" IS NOT NULL\) NOT VALID$/);
    expect(old[3]).toMatch(/^swap .* ALTER COLUMN "a" SET NOT NULL; .* DROP CONSTRAINT "zmigrate_new_a_not_null_\w+"$/);
    expect(old[5]).toContain('PRIMARY KEY USING INDEX "loose_pkey"');
  });

  it.each([
    ["int", "UNIQUE (a, n)", "backfill"],
    ["int", "UNIQUE NULLS NOT DISTINCT (a, n)", "swap"],
    ["int NOT NULL DEFAULT 0", "UNIQUE (a, n)", "swap"],
    ["uuid DEFAULT gen_random_uuid()", "UNIQUE (n)", "backfill"],
  ])("with a new column %s: %s stands in %s, since old code leaves the column out", async (type, key, place) => {
    const steps = await stepsOn(T, `ALTER TABLE t ADD COLUMN n ${type};\nALTER TABLE t ADD CONSTRAINT u ${key};`);
    expect(steps.at(-1)).toMatch(new RegExp(`^${place} .* USING INDEX`));
  });

  it("say how new code gets the key at once, and that is what USING INDEX does", async () => {
    const { plan } = await planOn(T, "ALTER TABLE t ADD UNIQUE (a);");
    expect(plan?.notes.join()).not.toMatch(/DEFERRABLE/);
    const { plan: late } = await planOn(T, "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a) DEFERRABLE;");
    expect(late?.notes.join()).toMatch(/While the index of u is built, .*rows that are equal fail at once/);
    expect(plan?.notes.join()).toMatch(/ON CONFLICT \(a\).*CREATE UNIQUE INDEX.*USING INDEX/);
    const file = "CREATE UNIQUE INDEX i ON t (a);\nALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i;";
    expect(await stepsOn(T, file)).toEqual([
      'expand CREATE UNIQUE INDEX CONCURRENTLY "i" ON "t" (a)',
      'expand ALTER TABLE "t" ADD CONSTRAINT "u" UNIQUE USING INDEX "i"',
    ]);
  });

  it("with USING INDEX give the index back when they are undone, but not one of the same file", async () => {
    const schema = `${T} CREATE UNIQUE INDEX i ON t (a);`;
    const use = "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i;";
    expect((await planOn(schema, use)).plan?.steps[0]?.undo).toEqual([
      'ALTER TABLE "t" DROP CONSTRAINT IF EXISTS "u"',
      'DROP INDEX CONCURRENTLY IF EXISTS "i"',
      expect.stringMatching(/^CREATE UNIQUE INDEX CONCURRENTLY "i" ON "t" /),
    ]);
    const both = await planOn(T, `CREATE UNIQUE INDEX i ON t (a);\n${use}`);
    expect(both.plan?.steps[1]?.undo).toEqual(['ALTER TABLE "t" DROP CONSTRAINT IF EXISTS "u"']);
  });

  it("with USING INDEX of columns that may hold NULL prove first that they do not", async () => {
    const steps = await stepsOn(
      `${T} CREATE UNIQUE INDEX i ON loose (a);`,
      "ALTER TABLE loose ADD PRIMARY KEY USING INDEX i;",
    );
    expect(steps.map((s) => s.split(" ")[0])).toEqual(["backfill", "swap", "swap", "swap"]);
    expect(steps[3]).toContain("PRIMARY KEY USING INDEX");
  });

  it.each([
    ["ALTER TABLE t ADD PRIMARY KEY (a);", /has a primary key already: t_pkey \(id\)/],
    ["ALTER TABLE t ADD UNIQUE (a) WITH (fillfactor = 70);", /storage parameters.*USING INDEX/s],
    ["ALTER TABLE t ADD UNIQUE USING INDEX nothing;", /no index nothing/],
    ["CREATE INDEX i ON t (a);\nALTER TABLE t ADD UNIQUE USING INDEX i;", /^2:.*not unique/],
    ["ALTER TABLE t ADD CONSTRAINT t_pkey CHECK (a > 0);", /has a constraint t_pkey already/],
  ])("%s is refused at its line", async (sql, reason) => {
    expect(await refusalOn(T, sql)).toMatch(reason);
  });

  it("of a partitioned table are refused with the way partition by partition", async () => {
    const schema = "CREATE TABLE m (id int, p int) PARTITION BY RANGE (id);";
    expect(await refusalOn(schema, "ALTER TABLE m ADD UNIQUE (id, p);")).toMatch(/ON ONLY.*ATTACH PARTITION/s);
    expect(await refusalOn(schema, "ALTER TABLE m ADD PRIMARY KEY (id, p);")).toMatch(/by hand.*CREATE UNIQUE INDEX/s);
    const using = "CREATE UNIQUE INDEX i ON m (id, p);\nALTER TABLE m ADD UNIQUE USING INDEX i;";
    expect(await refusalOn(schema, using)).toMatch(/^2:1 .*takes no USING INDEX/);
  });
});

it("says of an exclusion constraint that it has no online way, and what there is instead", async () => {
  expect(await refusalOn(T, "ALTER TABLE t ADD EXCLUDE USING gist (a WITH =);")).toMatch(
    /^1:1 An exclusion constraint has no online way.*\(its size is not known\).*Make a new table/s,
  );
});

it("lets a column have several constraints, and nothing rename it meanwhile", async () => {
  const two =
    "ALTER TABLE t ADD CHECK (a > 0), ADD UNIQUE (a), ADD FOREIGN KEY (a) REFERENCES p, ALTER a SET DEFAULT 1;";
  expect((await planOn(T, two)).refusals).toEqual([]);
  expect(await refusalOn(T, `${two}\nALTER TABLE t RENAME COLUMN a TO c;`)).toMatch(/^2:.*already adds the check/);
});

it("stands behind the phase that the author wrote, and not before code that it breaks is gone", async () => {
  const sql = "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;";
  expect(await refusalOn(T, `-- zmigrate:phase expand\n${sql}`)).toMatch(/^2:.*takes something away/);
  expect(await stepsOn(T, `-- zmigrate:phase contract\n${sql}`)).toHaveLength(1);
});

it("is nothing of a table that is not there, and refused where ONLY leaves partitions out", async () => {
  expect(await stepsOn(T, "ALTER TABLE IF EXISTS nowhere ADD CHECK (a > 0);")).toEqual([]);
  expect(await refusalOn(T, "ALTER TABLE nowhere ADD CHECK (a > 0);")).toMatch(/does not exist/);
  const schema =
    "CREATE TABLE m (id int) PARTITION BY RANGE (id); CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (9);";
  expect(await refusalOn(schema, "ALTER TABLE ONLY m ADD CHECK (id > 0);")).toMatch(/ONLY leaves the partitions/);
});

it("is made at once on a table that is new in the release", async () => {
  const file =
    "CREATE TABLE n (a int, b int);\nALTER TABLE n ADD PRIMARY KEY (a), ADD CHECK (b > 0), ADD EXCLUDE USING gist (b WITH =);";
  expect(await stepsOn(T, file)).toEqual([
    "expand CREATE TABLE n (a int, b int)",
    'expand ALTER TABLE "n" ADD PRIMARY KEY (a)',
    'expand ALTER TABLE "n" ADD CHECK (b > 0)',
    'expand ALTER TABLE "n" ADD EXCLUDE USING gist (b WITH =)',
  ]);
});

describe("a primary key over a column that the file adds", () => {
  const file = (update: string, key = "ADD PRIMARY KEY (n)") =>
    `ALTER TABLE own ADD COLUMN n bigint;\n${update}\nALTER TABLE own ${key};`;
  const OWN = `${T} CREATE TABLE own (a int NOT NULL UNIQUE, b int, c int);`;
  const fills = (fill: string) => `NEW."n" := (SELECT (${fill}) FROM (SELECT NEW.*) AS "own")`;

  it.each([["a * 2"], ["nextval('s')"]])("gives old code's rows %s, as the UPDATE does", async (fill) => {
    const { plan } = await planOn(OWN, file(`UPDATE own SET n = ${fill};`));
    expect(plan?.steps.map((s) => `${s.stage ?? s.phase} ${s.id}`)).toEqual([
      "expand 1-add-column",
      "expand 3-fill-trigger-1",
      "backfill 2-update",
      "backfill 3-backfill-1",
      "backfill 3-verify-1",
      "backfill 3-not-null-1",
      "backfill 3-not-null-1-validate",
      "swap 3-settle-1",
      "swap 3-unique-index",
      "swap 3-primary-key",
    ]);
    expect(plan?.steps[1]?.sql.join(";")).toContain(fills(fill));
    expect(plan?.notes).toContainEqual(expect.stringContaining(`Old code leaves n out, and gets ${fill} there`));
  });

  it("takes the fill that is written in front of it, and an index that is there", async () => {
    const given = await stepsOn(OWN, file("UPDATE own SET n = 1 WHERE a = 1;\n-- zmigrate:fill b"));
    expect(given[1]).toContain(fills("b"));
    const index = "CREATE UNIQUE INDEX i ON own (n);";
    const used = await stepsOn(OWN, file(`UPDATE own SET n = b;\n${index}`, "ADD PRIMARY KEY USING INDEX i"));
    expect(used.join("\n")).toContain(fills("b"));
    expect(used.at(-1)).toMatch(/^swap .* PRIMARY KEY USING INDEX "i"$/);
  });

  it("has the name of the key in the place of which it comes", async () => {
    const steps = await stepsOn(
      OWN,
      "ALTER TABLE p ADD COLUMN n int;\nUPDATE p SET n = 1;\nALTER TABLE p DROP CONSTRAINT p_pkey, ADD PRIMARY KEY (n, id);",
    );
    expect(steps.slice(-4).map((s) => s.replace(/^(\w+) (\S+ \S+ \S+).*/s, "$1 $2"))).toEqual([
      'swap ALTER TABLE "p"',
      "swap LOCK TABLE ONLY",
      "swap CREATE UNIQUE INDEX",
      'swap ALTER TABLE "p"',
    ]);
  });

  it.each([
    [file(""), "no UPDATE of this file gives it one"],
    [file("UPDATE own SET n = other(a);"), "calls other, which may give another one each time"],
    [file("UPDATE own SET n = 1;\n-- zmigrate:fill 1", "ADD PRIMARY KEY (b, c)"), "b and c of the key may be NULL"],
    ["-- zmigrate:fill 1\nALTER TABLE own ADD PRIMARY KEY (b, c);", "b and c of the key may be NULL"],
  ])("refuses %s", async (text, why) => {
    expect(await refusalOn(OWN, text)).toContain(why);
  });

  it("names where the fill is to stand", async () => {
    expect(await refusalOn(OWN, file(""))).toContain("`-- zmigrate:fill EXPR` in front of ADD PRIMARY KEY");
  });
});
