import { expect, it } from "vitest";
import { refusalOn, schema, stepsOn } from "../support/plan.js";

const T =
  "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE k (code int NOT NULL UNIQUE); CREATE TABLE bare (a int);";

it("numbers new rows at once and the others in batches, and ends as serial does", async () => {
  expect(await stepsOn(T, "ALTER TABLE t ADD COLUMN n serial;")).toEqual([
    `expand ALTER TABLE "t" ADD COLUMN "n" integer; CREATE SEQUENCE "t_n_seq" AS integer OWNED BY "t"."n"; ALTER TABLE "t" ALTER COLUMN "n" SET DEFAULT nextval('"t_n_seq"'::regclass)`,
    `backfill backfill SET "n" = nextval('"t_n_seq"'::regclass) WHERE "n" IS NULL`,
    'backfill ALTER TABLE "t" ADD CONSTRAINT "t_n_not_null" NOT NULL "n" NOT VALID',
    'backfill ALTER TABLE "t" VALIDATE CONSTRAINT "t_n_not_null"',
  ]);
});

it("gives identity its own sequence at the end, where ours is, and lets every writer use ours until then", async () => {
  const steps = await stepsOn(T, "ALTER TABLE t ADD COLUMN n int GENERATED ALWAYS AS IDENTITY (START WITH 7);");
  expect(steps[0]).toMatch(
    /CREATE SEQUENCE "zmigrate_new_n_seq_\w+" AS int START WITH 7 OWNED BY .*GRANT USAGE ON SEQUENCE .* TO PUBLIC;/,
  );
  expect(steps.at(-1)).toMatch(
    /^backfill .*DROP DEFAULT; ALTER SEQUENCE .* OWNED BY NONE; .*ADD GENERATED ALWAYS AS IDENTITY \(START WITH 7\); SELECT pg_catalog.setval\(.*last_value, is_called\).*; DROP SEQUENCE/s,
  );
});

it("becomes the key of a table that has another way to be walked", async () => {
  const steps = await stepsOn(T, "ALTER TABLE k ADD COLUMN id bigserial PRIMARY KEY;");
  expect(steps.slice(-2)).toEqual([
    'backfill CREATE UNIQUE INDEX CONCURRENTLY "k_pkey" ON "k" ("id")',
    'backfill ALTER TABLE "k" ADD CONSTRAINT "k_pkey" PRIMARY KEY USING INDEX "k_pkey"',
  ]);
});

it.each([
  ["ALTER TABLE t ADD COLUMN n serial PRIMARY KEY;", /second primary key beside t_pkey/],
  ["ALTER TABLE t ADD COLUMN n int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s);", /SEQUENCE NAME/],
])("%s is refused at its line", async (sql, reason) => {
  expect(await refusalOn(T, sql)).toMatch(reason);
});

it("lets those who may insert use the sequence of a serial column, which plain SQL forgets", async () => {
  const catalog = await schema(T);
  const grants = ['GRANT INSERT ON %table% TO "writer"', 'GRANT SELECT ON %table% TO "reader"'];
  const granted = { ...catalog, tables: catalog.tables.map((t) => ({ ...t, grants })) };
  const [add] = await stepsOn(granted, "ALTER TABLE t ADD COLUMN n serial;");
  expect(add).toContain('GRANT USAGE ON SEQUENCE "t_n_seq" TO "writer"');
  expect(add).not.toContain("reader");
});

it("is added at once to a table that is new in the release", async () => {
  expect((await stepsOn("", "CREATE TABLE n (a int);\nALTER TABLE n ADD COLUMN id serial PRIMARY KEY;")).at(-1)).toBe(
    'expand ALTER TABLE "n" ADD COLUMN id serial PRIMARY KEY',
  );
});
