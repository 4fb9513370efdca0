import { describe, expect, it } from "vitest";
import { planOn, refusalOn, stepsOn } from "../support/plan.js";

const T = "CREATE TABLE t (id int PRIMARY KEY, c int NOT NULL DEFAULT 1, s varchar(10), at timestamp, n int);";

it("a type whose default the column that follows would begin with is refused, and so it is where one is computed or moves", async () => {
  const domain =
    "CREATE DOMAIN n AS bigint DEFAULT 0; CREATE TABLE u (id int PRIMARY KEY, t_id int UNIQUE REFERENCES t (id), m n);";
  const said = /n is a domain with the default \(?.*0.*: a column of it that follows another one would not begin empty/;
  for (const change of [
    "ALTER TABLE t ALTER c TYPE n USING -c;",
    "-- zmigrate:up n + 1\nALTER TABLE t ADD COLUMN more n;",
    "ALTER TABLE t ADD COLUMN m n;\nUPDATE t SET m = u.m FROM u WHERE u.t_id = t.id;\nALTER TABLE u DROP COLUMN m;",
  ])
    expect(await refusalOn(T + domain, change), change).toMatch(said);
});

const placesOf = async (sql: string, migration: string, version = 18) => {
  const { plan, refusals } = await planOn(sql, migration, version);
  if (plan === null) throw new Error(JSON.stringify(refusals));
  return plan.steps.map((s) => `${s.stage ?? s.phase} ${s.id}`);
};

it("a column of the replica identity is refused: the swap cannot take its NOT NULL", async () => {
  const identity = "CREATE UNIQUE INDEX u ON t (c); ALTER TABLE t REPLICA IDENTITY USING INDEX u;";
  expect(await refusalOn(T + identity, "ALTER TABLE t ALTER c TYPE bigint;")).toMatch(
    /^1:1 t\.c is part of the replica identity u: .*another index the replica identity in an earlier migration/,
  );
  expect(
    await refusalOn(`${T}${identity} ALTER TABLE t REPLICA IDENTITY FULL;`, "ALTER TABLE t ALTER c TYPE bigint;"),
  ).toBe("");
});

describe("where only the catalog changes", () => {
  it("runs as it is written", async () => {
    expect(await stepsOn(T, "ALTER TABLE t ALTER s TYPE text;")).toEqual([
      `expand ALTER TABLE "t" ALTER COLUMN "s" TYPE text`,
    ]);
  });

  it("says what a rollback leaves, and goes back where that is free", async () => {
    const longer = await planOn(T, "ALTER TABLE t ALTER s TYPE varchar(20);");
    expect(longer.plan?.steps[0]?.undo).toEqual([]);
    expect(longer.plan?.leaves).toEqual([expect.stringContaining("A rollback leaves t.s as varchar(20)")]);
    const open = await planOn("CREATE TABLE t (s text);", "ALTER TABLE t ALTER s TYPE varchar;");
    expect(open.plan?.leaves).toBeUndefined();
    expect(open.plan?.steps[0]?.undo).toEqual([`ALTER TABLE "t" ALTER COLUMN "s" TYPE text`]);
  });

  it("takes what the file makes of the default behind it", async () => {
    const [type, value] = [
      `expand ALTER TABLE "t" ALTER COLUMN "s" TYPE text`,
      `expand ALTER TABLE "t" ALTER COLUMN "s" SET DEFAULT 'x'`,
    ];
    expect(await stepsOn(T, "ALTER TABLE t ALTER s TYPE text; ALTER TABLE t ALTER s SET DEFAULT 'x';")).toEqual([
      type,
      value,
    ]);
    const given = "CREATE TABLE t (s varchar(5) DEFAULT 'a');";
    expect(await stepsOn(given, "ALTER TABLE t ALTER s TYPE text, ALTER s DROP DEFAULT;")).toEqual([
      type,
      `swap ALTER TABLE "t" ALTER COLUMN "s" DROP DEFAULT`,
    ]);
  });

  it("quotes a collation, whose name PostgreSQL would fold", async () => {
    expect(await stepsOn("CREATE TABLE t (s varchar(5));", 'ALTER TABLE t ALTER s TYPE text COLLATE "C";')).toEqual([
      `expand ALTER TABLE "t" ALTER COLUMN "s" TYPE text COLLATE "C"`,
    ]);
    const [shadow] = await stepsOn(T, 'ALTER TABLE t ALTER c TYPE text COLLATE "C";');
    expect(shadow).toMatch(/ADD COLUMN "zmigrate_new_c_\w+" text COLLATE "C"/);
    const [added] = await stepsOn(T, 'ALTER TABLE t ADD x text COLLATE "C";');
    expect(added).toBe(`expand ALTER TABLE "t" ADD COLUMN "x" text COLLATE "C"`);
  });

  it("is as it is written on a new table, whatever it costs", async () => {
    expect((await stepsOn("", `${T} ALTER TABLE t ALTER c TYPE text;`)).slice(1)).toEqual([
      `expand ALTER TABLE "t" ALTER COLUMN "c" TYPE text`,
    ]);
  });
});

describe("beside the former column", () => {
  it("goes the whole way: column, trigger, backfill, constraints, swap, drop", async () => {
    const placed = await placesOf(
      `${T} CREATE INDEX by_c ON t (c); CREATE UNIQUE INDEX once ON t (c);`,
      "ALTER TABLE t ALTER c TYPE bigint;",
    );
    expect(placed).toEqual([
      "expand 1-add-column",
      "expand 1-sync-trigger",
      "backfill 1-backfill",
      "backfill 1-verify",
      "backfill 1-index-1",
      "backfill 1-index-2",
      "backfill 1-not-null",
      "backfill 1-not-null-validate",
      "swap 1-relax",
      "swap 1-swap",
      "drop 1-drop",
    ]);
  });

  it("holds nothing against old code that its values may not satisfy", async () => {
    const placed = await placesOf(
      `${T} CREATE INDEX by_c ON t (c); CREATE UNIQUE INDEX once ON t (c);`,
      "ALTER TABLE t ALTER c TYPE smallint;",
    );
    expect(placed.filter((p) => /index|not-null/.test(p))).toEqual([
      "backfill 1-verify-not-null",
      "backfill 1-index-1",
      "swap 1-index-2",
      "swap 1-not-null",
      "swap 1-not-null-validate",
    ]);
  });

  it("converts as an assignment does, so that nothing is cut in silence", async () => {
    const [, trigger, backfill] = await stepsOn(T, "ALTER TABLE t ALTER s TYPE varchar(5);");
    expect(trigger).toContain(`NEW."zmigrate_new_s_`);
    expect(trigger).toMatch(/:= NEW\."s";\n {2}EXCEPTION WHEN OTHERS/);
    expect(backfill).toMatch(/SET "zmigrate_new_s_\w+" = "s" WHERE CASE WHEN/);
  });

  it("keeps a key's way back ready before the swap", async () => {
    const steps = await stepsOn(T, "ALTER TABLE t ALTER id TYPE bigint;");
    expect(steps.find((s) => s.startsWith("swap CREATE"))).toMatch(
      /CREATE UNIQUE INDEX CONCURRENTLY "zmigrate_dropped_t_pkey_\w+" ON "t" USING btree \("id"\)/,
    );
    const { plan } = await planOn(T, "ALTER TABLE t ALTER id TYPE bigint;");
    const undo = plan?.steps.find((s) => s.id === "1-swap")?.undo ?? [];
    expect(undo.find((s) => s.includes("PRIMARY KEY"))).toContain(`USING INDEX "zmigrate_dropped_t_pkey_`);
  });

  it("points foreign keys at the second column before the swap, and back after it was taken back", async () => {
    const sql = `${T} CREATE TABLE child (id int PRIMARY KEY, t int, CONSTRAINT up FOREIGN KEY (t) REFERENCES t(id));`;
    const { plan } = await planOn(sql, "ALTER TABLE t ALTER id TYPE bigint;");
    const sqlOf = (id: string) => plan?.steps.find((s) => s.id === id);
    expect(sqlOf("1-inbound-1")?.sql[0]).toMatch(
      /^ALTER TABLE "child" ADD CONSTRAINT "zmigrate_new_up_\w+" FOREIGN KEY \(t\) REFERENCES t\("zmigrate_new_id_\w+"\) NOT VALID$/,
    );
    const swap = sqlOf("1-swap");
    expect(swap?.sql[0]).toBe(`LOCK TABLE ONLY "t", ONLY "child" IN ACCESS EXCLUSIVE MODE`);
    expect(swap?.sql.indexOf(`ALTER TABLE "child" DROP CONSTRAINT "up"`)).toBeGreaterThan(0);
    expect(sqlOf("1-keep-key")?.undo[0]).toBe(`ALTER TABLE "child" VALIDATE CONSTRAINT "up"`);
    const both = "ALTER TABLE t ALTER id TYPE bigint; ALTER TABLE child ALTER t TYPE bigint;";
    expect(await refusalOn(sql, both)).toMatch(/already changes the type of id, which up points at/);
  });

  it("says what else has the name until the drop", async () => {
    const { plan } = await planOn(T, "ALTER TABLE t ALTER c TYPE bigint;");
    expect(plan?.retires).toMatchObject([{ column: "c", replacement: null, retypes: true }]);
    expect(plan?.claims?.map((c) => c.change)).toEqual(["changes the type of c", "changes the type of c"]);
  });
});

describe("refuses, and says what to write", () => {
  it.each([
    ["ALTER TABLE t ALTER s TYPE int;", /does not become int from varchar\(10\) by itself.*USING EXPR/],
    ["ALTER TABLE t ALTER at TYPE timestamptz;", /TimeZone.*AT TIME ZONE 'UTC'/],
    ["ALTER TABLE t ALTER c TYPE jsonb USING to_jsonb(c);", /no way back to int.*zmigrate:down/],
    ["ALTER TABLE t ALTER s TYPE int USING (s || random())::int;", /another value at every call/],
    ["ALTER TABLE t ALTER s TYPE int USING nope::int;", /names nope, and t has no such column/],
    ["ALTER TABLE t ALTER s TYPE int USING public.t.s::int;", /names public\.t\.s/],
    [
      "ALTER TABLE t ALTER s SET DEFAULT 'x'; ALTER TABLE t ALTER s TYPE text;",
      /Put SET DEFAULT behind the change of the type/,
    ],
    [
      "ALTER TABLE t ALTER n SET DEFAULT 5; ALTER TABLE t ALTER n TYPE bigint;",
      /Put SET DEFAULT behind the change of the type/,
    ],
    ["ALTER TABLE t ALTER id TYPE text;", /part of the primary key t_pkey; in phases/],
    ["ALTER TABLE t ALTER id TYPE smallint;", /can only become a wider integer/],
    [
      "ALTER TABLE t ALTER n TYPE bigint;\n-- zmigrate:fill 0\nALTER TABLE t ALTER n SET NOT NULL;",
      /already changes the type of n.*later migration/,
    ],
    [
      "-- zmigrate:phase contract\nALTER TABLE t ALTER c TYPE bigint;",
      /begins in expand.*Leave the phase directives out/,
    ],
  ])("%s", async (migration, said) => {
    expect((await refusalOn(T, migration)).replaceAll("\n", " ")).toMatch(said);
  });

  it("a foreign key that points at something else than the whole key", async () => {
    const sql = `${T} ALTER TABLE t ADD UNIQUE (c); CREATE TABLE child (id int, t int REFERENCES t (c));`;
    expect(await refusalOn(sql, "ALTER TABLE t ALTER c TYPE bigint;")).toMatch(
      /child_t_fkey of child points here, and at c, which is not the whole primary key/,
    );
  });

  it("a default that is none of the new type, unless the file gives another", async () => {
    const sql =
      "CREATE TYPE a AS ENUM ('x'); CREATE TYPE b AS ENUM ('x'); CREATE TABLE t (id int PRIMARY KEY, c a DEFAULT 'x'::a);";
    const change = "ALTER TABLE t ALTER c TYPE b USING c::text::b;";
    expect(await refusalOn(sql, change)).toMatch(/'x'::a, is no value of b.*SET DEFAULT/);
    const swap = (await stepsOn(sql, `${change} ALTER TABLE t ALTER c SET DEFAULT 'x';`)).at(-2);
    expect(swap).toContain(`ALTER COLUMN "c" DROP DEFAULT`);
    expect(swap).toMatch(/ALTER COLUMN "zmigrate_new_c_\w+" SET DEFAULT 'x'/);
  });
});
