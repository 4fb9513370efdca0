import { expect, it } from "vitest";
import { planOn, refusalOn, stepsOn } from "../support/plan.js";

const T = "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int, i int GENERATED ALWAYS AS IDENTITY);";
const DROP = "ALTER TABLE t ALTER a DROP NOT NULL;";

it("is free for writers, and comes back without a scan under a strong lock", async () => {
  const { plan } = await planOn(T, DROP, 17);
  const [step] = plan?.steps ?? [];
  expect(step).toMatchObject({ phase: "expand", undoTransaction: false });
  expect(step?.undo.map((u) => u.replaceAll(/zmigrate_new_\w+/g, "proof"))).toEqual([
    'ALTER TABLE "t" DROP CONSTRAINT IF EXISTS "proof"',
    'ALTER TABLE "t" ADD CONSTRAINT "proof" CHECK ("a" IS NOT NULL) NOT VALID',
    'ALTER TABLE "t" VALIDATE CONSTRAINT "proof"',
    'ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL',
    'ALTER TABLE "t" DROP CONSTRAINT "proof"',
  ]);
});

it("says what old readers meet, and what a rollback needs when NULLs are there", async () => {
  const { plan } = await planOn(T, DROP);
  expect(plan?.notes.join("\n")).toMatch(/Old code that reads t\.a meets NULL.*UPDATE "t" SET "a" = /s);
});

it.each([
  ["id", /primary key t_pkey/],
  ["i", /identity column/],
])("of %s is refused at its line", async (column, reason) => {
  expect(await refusalOn(T, `ALTER TABLE t ALTER ${column} DROP NOT NULL;`)).toMatch(reason);
});

it("is nothing where NULL may stand, and cannot be asked for beside its opposite", async () => {
  expect(await stepsOn(T, "ALTER TABLE t ALTER b DROP NOT NULL;")).toEqual([]);
  expect(await refusalOn(T, "ALTER TABLE t ALTER b SET NOT NULL;\nALTER TABLE t ALTER b DROP NOT NULL;")).toMatch(
    /^2:/,
  );
});

it("waits for the swap where the file drops the primary key that keeps it", async () => {
  const file = "ALTER TABLE t DROP CONSTRAINT t_pkey, ALTER id DROP NOT NULL;";
  expect(await stepsOn(T, file)).toEqual([
    'swap ALTER TABLE "t" DROP CONSTRAINT "t_pkey"',
    'swap ALTER TABLE "t" ALTER COLUMN "id" DROP NOT NULL',
  ]);
});

it.each([
  "DROP CONSTRAINT t_pkey, DROP COLUMN id",
  "DROP CONSTRAINT t_pkey, DROP COLUMN id, ADD CONSTRAINT t_pkey PRIMARY KEY (a)",
])(
  "a column cannot go with its primary key, which new code would have to write until the swap: %s",
  async (commands) => {
    expect(await refusalOn(T, `ALTER TABLE t ${commands};`)).toMatch(
      /t\.id is part of the primary key t_pkey, which this file drops in the swap.*later migration/,
    );
  },
);

it("a column with a default goes with its primary key", async () => {
  const table = "CREATE TABLE t (id serial PRIMARY KEY, a int NOT NULL);";
  const steps = await stepsOn(table, "ALTER TABLE t DROP CONSTRAINT t_pkey, DROP COLUMN id;");
  expect(steps.map((s) => s.split(" ")[0])).toEqual(["swap", "swap", "drop"]);
});
