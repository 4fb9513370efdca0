import { expect, it } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { parseMigration } from "../../src/history/load.js";
import { planMigration } from "../../src/plan/plan.js";
import { underWay, waitOf } from "../../src/plan/waits.js";
import { planOn, refusalOn, schema, stepsOn } from "../engines/postgres/support/plan.js";

/** What a second file waits for while the first has not got its swap, and when it has. */
async function waitsOn(tables: string, first: string, next: string): Promise<readonly (string | null)[]> {
  const engine = postgresEngine;
  const catalog = await schema(tables);
  const fileOf = (id: string, text: string) =>
    parseMigration({ id, slug: "x", file: "x.sql", text, checksum: "" }, engine);
  const given = { engine, version: engine.oldestVersion };
  const one = planMigration(fileOf("20260101000000", first), { ...given, catalog });
  if (one.plan === null) throw new Error(JSON.stringify(one.refusals));
  const migration = fileOf("20260102000000", next);
  const planned = planMigration(migration, { ...given, catalog: one.catalog });
  const { plan } = one;
  return [false, true].map(
    (swapped) =>
      waitOf(migration, planned, [underWay(plan, swapped, catalog)], { engine, catalog: one.catalog })?.reason ?? null,
  );
}

const T = `CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX by_a ON t (a);
CREATE TABLE other (id int PRIMARY KEY, a int); CREATE TABLE gone (x int CONSTRAINT gone_x UNIQUE); CREATE VIEW v AS SELECT id FROM other;
CREATE SEQUENCE numbers;`;

it.each([
  ["DROP TABLE gone;\nCREATE TABLE gone (y int);", "gone"],
  ["DROP TABLE gone;\nCREATE TABLE IF NOT EXISTS gone (y int);", "gone"],
  ["DROP TABLE gone;\nALTER TABLE other RENAME TO gone;", "gone"],
  ["DROP TABLE gone;\nCREATE INDEX gone_x ON t (b);", "gone_x"],
  ["DROP TABLE gone;\nCREATE TABLE made (y int CONSTRAINT gone_x UNIQUE);", "gone_x"],
  ["DROP TABLE gone;\nCREATE VIEW gone AS SELECT id FROM t;", "gone"],
  ["DROP TABLE gone;\nCREATE TYPE gone AS ENUM ('a');", "gone"],
  ["DROP VIEW v;\nCREATE TABLE v (y int);", "v"],
  ["DROP SEQUENCE numbers;\nCREATE VIEW numbers AS SELECT id FROM t;", "numbers"],
  ["ALTER TABLE gone RENAME TO kept;\nCREATE TABLE gone (y int);", "gone"],
  ["ALTER TABLE t DROP COLUMN a;\nCREATE INDEX by_a ON t (b);", "by_a"],
  ["ALTER TABLE t DROP COLUMN a;\nALTER TABLE t ADD CONSTRAINT by_a UNIQUE (b);", "by_a"],
  ["DROP EXTENSION citext;\nCREATE EXTENSION IF NOT EXISTS citext;", "citext"],
  ["DROP SCHEMA s;\nCREATE SCHEMA IF NOT EXISTS s;", "s"],
  ["DROP AGGREGATE total(int);\nCREATE AGGREGATE total(int) (sfunc = int4pl, stype = int);", "total"],
  ["DROP MATERIALIZED VIEW m;\nCREATE MATERIALIZED VIEW m AS SELECT max(a) FROM t;", "m"],
])("what has its name until the contract is not taken for what is made: %s", async (sql, name) => {
  const refusal = await refusalOn(T, sql);
  expect(refusal).toMatch(/^2:/);
  expect(refusal).toContain(name);
  expect(refusal).toMatch(/another name/);
});

const ON_OFF = `${T} CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE TABLE child (id int, a int, b int);`;

const SWITCHES = [
  ["ALTER TABLE t DISABLE TRIGGER tr", "ALTER TABLE t ENABLE TRIGGER tr", "the trigger tr of t"],
  ["ALTER TABLE t DISABLE TRIGGER ALL", "ALTER TABLE public.t ENABLE TRIGGER tr", "all triggers of t"],
  ["ALTER TABLE t DISABLE TRIGGER tr", "ALTER TABLE t ENABLE TRIGGER USER", "the trigger tr of t"],
  ["ALTER TABLE t ENABLE ROW LEVEL SECURITY", "ALTER TABLE t DISABLE ROW LEVEL SECURITY", "row level security of t"],
  ["ALTER TABLE t REPLICA IDENTITY NOTHING", "ALTER TABLE t REPLICA IDENTITY FULL", "REPLICA IDENTITY of t"],
] as const;

it.each(SWITCHES)("what is set in the contract is not set back in front of that: %s; %s", async (off, on, shown) => {
  const refusal = await refusalOn(ON_OFF, `${off};\nUPDATE t SET b = 1;\n${on};`);
  expect(refusal).toMatch(/^3:.*in contract \(swap\), and this would set it in expand already.*later migration/);
  expect(refusal).toContain(`sets ${shown}`);
});

it.each(SWITCHES)("a later file waits until it is set: %s | %s", async (off, on, shown) => {
  const [early, swapped] = await waitsOn(ON_OFF, `${off};`, `${on};`);
  expect(early).toContain(`has yet to set ${shown}`);
  expect(swapped).toBeNull();
});

it("what two files set in their contracts is set one after the other", async () => {
  expect(await waitsOn(ON_OFF, "ALTER TABLE t OWNER TO a;", "ALTER TABLE t OWNER TO b;")).toEqual([null, null]);
});

it.each([
  ["ALTER TABLE t DISABLE TRIGGER tr", "ALTER TABLE t DISABLE TRIGGER tr"],
  ["ALTER TABLE t DISABLE TRIGGER tr", "ALTER TABLE t ENABLE TRIGGER other"],
  ["ALTER TABLE t DISABLE TRIGGER tr", "ALTER TABLE other ENABLE TRIGGER tr"],
  ["ALTER TABLE t ENABLE TRIGGER tr", "ALTER TABLE t DISABLE TRIGGER tr"],
])("nothing else is in the way of what is set: %s; %s", async (one, next) => {
  expect(await stepsOn(ON_OFF, `${one};\n${next};`)).toHaveLength(2);
});

it("a name that is free at once can be taken at once, and so can one that never was", async () => {
  expect(await stepsOn(T, "ALTER INDEX by_a RENAME TO by_b;\nCREATE INDEX by_a ON t (b);")).toHaveLength(2);
  const fresh = "CREATE TABLE n (a int);\nCREATE INDEX i ON n (a);\nDROP INDEX i;\nCREATE INDEX i ON n (a, a);";
  expect(await stepsOn(T, fresh)).toHaveLength(4);
  expect(await stepsOn(T, "DROP TABLE gone;\nCREATE TABLE went (y int);")).toHaveLength(3);
});

it("an index is built under another name, and the two exchange it in the swap", async () => {
  const steps = await stepsOn(T, "DROP INDEX by_a;\nCREATE UNIQUE INDEX by_a ON t (a, b);");
  expect(steps).toEqual([
    expect.stringMatching(/^expand CREATE UNIQUE INDEX CONCURRENTLY "zmigrate_new_by_a_\w+" ON "t" \(a, b\)$/),
    expect.stringMatching(
      /^swap ALTER INDEX IF EXISTS "by_a" RENAME TO "zmigrate_dropped_.*; ALTER INDEX "zmigrate_new/,
    ),
    expect.stringMatching(/^drop DROP INDEX CONCURRENTLY IF EXISTS "zmigrate_dropped_by_a_\w+"$/),
  ]);
  expect(
    await refusalOn(T, "DROP INDEX by_a;\nCREATE INDEX by_a ON t (b);\nDROP INDEX by_a;\nCREATE INDEX by_a ON t (a);"),
  ).toMatch(/^2:/);
  expect(await refusalOn(T, "-- zmigrate:phase contract\nDROP INDEX by_a;\nCREATE INDEX by_a ON t (b);")).toMatch(
    /^3:.*phase/,
  );
});

it("statistics are exchanged in one transaction of the swap", async () => {
  const on = `${T} CREATE STATISTICS st ON a, b FROM t;`;
  expect(await stepsOn(on, "DROP STATISTICS st;\nCREATE STATISTICS st ON b, id FROM t;")).toEqual([
    expect.stringMatching(
      /^swap ALTER STATISTICS .*RENAME TO "zmigrate_dropped_st_\w+"; CREATE STATISTICS st ON b, id FROM t$/,
    ),
    expect.stringMatching(/^drop DROP STATISTICS .*zmigrate_dropped_st_/),
  ]);
});

const VIEW = "DROP VIEW v;\nCREATE VIEW v AS SELECT id, a FROM other;\n";

it("what is said of what is exchanged comes in the transaction of the swap, and what builds on it is refused", async () => {
  const [, swap] = (await stepsOn(T, `${VIEW}GRANT SELECT ON v TO PUBLIC;`)).sort();
  expect(swap).toMatch(/^swap ALTER VIEW .*; GRANT SELECT ON v TO PUBLIC$/s);
  expect((await planOn(T, "GRANT SELECT ON t TO PUBLIC;")).plan?.leaves).toHaveLength(1);
  expect((await planOn(T, `${VIEW}GRANT SELECT ON v TO PUBLIC;`)).plan?.leaves).toBeUndefined();
  expect((await stepsOn(T, `${VIEW}COMMENT ON VIEW v IS 'said';`)).at(-2)).toMatch(/^swap .*; COMMENT ON VIEW v/s);
  expect(await refusalOn(T, `${VIEW}CREATE VIEW w AS SELECT a FROM v;`)).toMatch(/^3:.*later migration/);
  expect(await stepsOn(T, `${VIEW}CREATE TABLE w (x int);`)).toHaveLength(3);
});

it.each([
  ["REVOKE ALL ON t FROM app;\nGRANT SELECT ON public.t TO app;", "ALL on t of app"],
  ["REVOKE SELECT, UPDATE ON t FROM reader, app;\nGRANT UPDATE (a) ON other, t TO app;", "SELECT, UPDATE on t of app"],
  ["REVOKE SELECT ON t FROM PUBLIC;\nGRANT ALL ON t TO PUBLIC;", "SELECT on t of PUBLIC"],
  ["REVOKE ALL ON ALL TABLES IN SCHEMA public FROM app;\nGRANT SELECT ON t TO app;", "of app"],
  ["REVOKE SELECT ON t FROM app;\nGRANT SELECT ON ALL TABLES IN SCHEMA public TO app;", "of app"],
])("a right that goes with the contract is not given in front of it: %s", async (sql, shown) => {
  const refusal = await refusalOn(T, sql);
  expect(refusal).toMatch(/^2:/);
  expect(refusal).toContain(shown);
  expect(refusal).toMatch(/would be gone again.*not ALL/s);
});

it.each([
  "REVOKE UPDATE ON t FROM app;\nGRANT SELECT ON t TO app;",
  "REVOKE ALL ON t FROM PUBLIC;\nGRANT SELECT ON t TO app;",
  "REVOKE ALL ON t FROM app;\nGRANT SELECT ON other TO app;",
  "GRANT SELECT ON t TO app;\nREVOKE ALL ON t FROM app;",
])("a right that stays is given at once: %s", async (sql) => {
  expect(await stepsOn(T, sql)).toHaveLength(2);
});

it("on a table of the same file rights are taken and given at once, in the order of the file", async () => {
  const steps = await stepsOn(T, "CREATE TABLE n (a int);\nREVOKE ALL ON n FROM app;\nGRANT SELECT ON n TO app;");
  expect(steps.map((s) => s.split(" ", 2).join(" "))).toEqual(["expand CREATE", "expand REVOKE", "expand GRANT"]);
});
