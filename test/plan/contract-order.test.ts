import { expect, it } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { parseMigration } from "../../src/history/load.js";
import { underWay, waitOf } from "../../src/plan/waits.js";
import { planOn, schema, stepsOn } from "../engines/postgres/support/plan.js";

const U = `CREATE TABLE u (id int PRIMARY KEY, a int, c int);
CREATE VIEW v AS SELECT a FROM u; CREATE STATISTICS st ON a, c FROM u; CREATE TYPE mood AS ENUM ('sad'); ALTER TABLE u ADD m mood;
CREATE TRIGGER t BEFORE UPDATE OF a ON u FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE RULE r AS ON DELETE TO u DO INSTEAD NOTHING;`;
const RENAME = "ALTER TABLE u RENAME COLUMN a TO b;";

/** Where contract begins what, by the first words of its statements. */
const contractOf = async (sql: string): Promise<readonly string[]> =>
  (await stepsOn(U, sql))
    .filter((step) => /^(?:swap|drop) /.test(step))
    .map((step) => step.replaceAll(/"public"\.|_[0-9a-f]{10}\b/g, ""))
    .map((step) => /^\w+ (?:LOCK|(?:ALTER|DROP) \w+ \S+(?: ON \S+| [A-Z]+)?)/.exec(step)?.[0] ?? step);

it("what a file drops behind a rename goes before the columns are exchanged, and before the parked one", async () => {
  expect(await contractOf(`${RENAME} DROP VIEW v; DROP TRIGGER t ON u; DROP STATISTICS st;`)).toEqual([
    'swap ALTER VIEW "v" RENAME',
    'swap ALTER TABLE "u" DISABLE',
    "swap LOCK",
    'drop DROP VIEW "zmigrate_dropped_v"',
    'drop DROP TRIGGER "t" ON "u"',
    'drop DROP STATISTICS "st"',
    "drop LOCK",
  ]);
});

it("statistics that a column has taken along are dropped as far as they are there", async () => {
  const steps = await stepsOn(U, "ALTER TABLE u DROP COLUMN c; DROP STATISTICS IF EXISTS st;");
  expect(steps.at(-1)).toMatch(/^drop DROP STATISTICS IF EXISTS .*"st"$/);
});

it("what another statement changes between stays behind that", async () => {
  expect(await contractOf(`${RENAME} ALTER TABLE u DISABLE TRIGGER t; DROP TRIGGER t ON u; DROP RULE r ON u;`)).toEqual(
    [
      'swap ALTER TABLE "u" DISABLE',
      "swap LOCK",
      'swap ALTER TABLE "u" DISABLE',
      'swap ALTER TABLE "u" DISABLE',
      'drop DROP TRIGGER "t" ON "u"',
      'drop DROP RULE "r" ON "u"',
      "drop LOCK",
    ],
  );
});

it("a column's type is dropped behind the column", async () => {
  expect(await contractOf("ALTER TABLE u DROP COLUMN m; DROP TYPE mood; DROP RULE r ON u;")).toEqual([
    'swap ALTER TABLE "u" DISABLE',
    'swap ALTER TABLE "u" RENAME',
    'swap ALTER TYPE "mood" RENAME',
    'drop ALTER TABLE "u" DROP',
    'drop DROP TYPE "zmigrate_dropped_mood"',
    'drop DROP RULE "r" ON "u"',
  ]);
});

it("what hangs on a table is dropped by the name that the table has by then, or with it", async () => {
  expect(await contractOf("DROP TRIGGER t ON u; ALTER TABLE u RENAME TO w;")).toEqual([
    'swap ALTER TABLE "u" DISABLE',
    "swap DROP VIEW IF EXISTS",
    'drop DROP TRIGGER "t" ON "w"',
    "drop DROP VIEW IF EXISTS",
  ]);
  expect(await contractOf("DROP VIEW v; DROP TRIGGER t ON u; DROP RULE r ON u; DROP TABLE u;")).toEqual([
    'swap ALTER VIEW "v" RENAME',
    'swap ALTER TABLE "u" DISABLE',
    'swap ALTER TABLE "u" DISABLE',
    'swap ALTER TABLE "u" RENAME',
    'drop DROP VIEW "zmigrate_dropped_v"',
    'drop DROP TABLE "zmigrate_dropped_u"',
  ]);
});

it.each([
  ["DROP TRIGGER t ON u;", "ALTER TABLE u RENAME TO w;"],
  ["DROP RULE r ON u;", "DROP VIEW v; DROP TABLE u;"],
])("a table keeps its name while the contract of an earlier file looks for it by that: %s %s", async (first, then) => {
  const catalog = await schema(U);
  const { plan } = await planOn(catalog, first);
  const later = await planOn(catalog, then);
  if (plan === null || later.plan === null) throw new Error("no plan");
  const file = { id: "20260102000000", slug: "later", file: "x.sql", text: then, checksum: "" };
  const given = { engine: postgresEngine, catalog };
  const wait = waitOf(parseMigration(file, postgresEngine), later, [underWay(plan, true, catalog)], given);
  expect(wait?.reason).toMatch(/has yet to look for u by that name.*contracted/);
});
