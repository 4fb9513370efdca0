import { expect, it } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { parseMigration } from "../../src/history/load.js";
import { underWay, waitOf } from "../../src/plan/waits.js";
import { planOn, refusalOn, schema, stepsOn } from "../engines/postgres/support/plan.js";

const T = `CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE p (id int, a int) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);`;
const COPY = "CREATE TABLE x (LIKE t INCLUDING ALL);";
const CHANGES = ["ALTER TABLE t RENAME a TO b;", "ALTER TABLE t DROP COLUMN a;"];

it("a table of LIKE is made as it is written, in expand, with what the file makes of it", async () => {
  expect(await stepsOn(T, `${COPY} ALTER TABLE x ADD n int;`)).toEqual([
    "expand CREATE TABLE x (LIKE t INCLUDING ALL)",
    'expand ALTER TABLE "x" ADD COLUMN n int',
  ]);
  for (const change of CHANGES) expect(await refusalOn(T, COPY + change), change).toBe("");
});

it.each(CHANGES)("behind what the file changes in phases LIKE is refused: %s", async (change) => {
  expect(await refusalOn(T, change + COPY)).toMatch(
    /This file has yet to change t, which LIKE would copy .*in front of/,
  );
  expect(await refusalOn(T, `ALTER TABLE t ADD c int; ${COPY}`)).toBe("");
});

it("so is a partition behind a change of the whole", async () => {
  expect(await refusalOn(T, "ALTER TABLE p DROP COLUMN a; CREATE TABLE x (LIKE p1);")).toMatch(/has yet to change p1/);
});

it("in a later migration it waits until the change has contracted", async () => {
  const catalog = await schema(T);
  const { plan, catalog: after } = await planOn(catalog, "ALTER TABLE t RENAME a TO b;");
  if (plan === null) throw new Error("no plan");
  const file = { id: "20260102000000", slug: "later", file: "x.sql", text: COPY, checksum: "" };
  const given = { engine: postgresEngine, catalog: after };
  for (const swapped of [false, true]) {
    const later = await planOn(after, COPY);
    const wait = waitOf(parseMigration(file, postgresEngine), later, [underWay(plan, swapped, catalog)], given);
    expect(wait?.reason).toMatch(/has yet to change t, which LIKE would copy .*when that one has contracted/);
  }
});
