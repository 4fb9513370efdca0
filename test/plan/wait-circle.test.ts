import { expect, it } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { parseMigration } from "../../src/history/load.js";
import type { Catalog, Dependent } from "../../src/model/catalog.js";
import type { Migration } from "../../src/model/migration.js";
import { underWay, type Wait, waitOf } from "../../src/plan/waits.js";
import { planOn, schema } from "../engines/postgres/support/plan.js";

const holder = (kind: Dependent["kind"], name: string): Dependent => ({ kind, name, columns: ["a"] });

/** As a database is read: a view, a policy and a trigger over a. */
async function given(): Promise<Catalog> {
  const catalog = await schema(
    "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE o (a int); CREATE VIEW v AS SELECT a FROM t;",
  );
  const dependents = [holder("view", "v"), holder("policy", "own"), holder("trigger", "tg")];
  return {
    ...catalog,
    tables: catalog.tables.map((t) => (t.relation.name === "t" ? { ...t, dependents } : t)),
  };
}

const later = (n: number, text: string): Migration =>
  parseMigration({ id: `2026010${n}000000`, slug: `m${n}`, file: "x.sql", text, checksum: "" }, postgresEngine);

/** The wait of the last file but those behind it, for those in front of it. */
async function waitBehind(first: string, next: string, behind: readonly string[] = [], begun = false) {
  const catalog = await given();
  const one = await planOn(catalog, first);
  const two = await planOn(one.catalog, next);
  if (one.plan === null || two.plan === null) throw new Error("no plan");
  const under = underWay(one.plan, false, catalog, begun);
  const files = behind.map((sql, n) => later(n + 3, sql));
  return waitOf(later(2, next), two, [under], { engine: postgresEngine, catalog: one.catalog }, files);
}

const told = (wait: Wait | null) => `${wait?.circle?.reason} ${wait?.circle?.help}`;
const TYPE = "ALTER TABLE t ALTER a TYPE bigint;";

it("a file waits for a swap that waits for what it drops itself: the circle is told, with the way out", async () => {
  const wait = await waitBehind(TYPE, "DROP VIEW v; CREATE VIEW v AS SELECT a FROM t;");
  expect(told(wait)).toMatch(
    /This one begins when that one is swapped. That one is never swapped: it waits until the view v does not name a, and this file is what sees to that. Write one migration: DROP of the view v,/,
  );
});

it.each([
  ["ALTER TABLE t DROP COLUMN a;", "DROP VIEW v; CREATE VIEW v AS SELECT * FROM t;", /Write one migration/],
  [TYPE, "DROP POLICY own ON t; CREATE POLICY own ON t USING (a > 0);", /three migrations/],
  [TYPE, "ALTER POLICY own ON t USING (a > 0);", /the policy own/],
  [TYPE, "DROP TRIGGER tg ON t; ALTER TABLE t ALTER a SET DEFAULT 4;", /the trigger tg/],
])("so it is of other changes: %s %s", async (first, next, said) => {
  expect(told(await waitBehind(first, next))).toMatch(said);
});

it("what stands behind the file that waits does not begin either", async () => {
  const wait = await waitBehind(TYPE, "CREATE VIEW w AS SELECT a FROM t;", ["SELECT 1;", "DROP VIEW v;"]);
  expect(told(wait)).toMatch(/migration 20260104000000 \(m4\), which stands behind this one, is what sees to that/);
});

it("what has begun is taken back first", async () => {
  const wait = await waitBehind(TYPE, "DROP VIEW v; CREATE VIEW v AS SELECT a FROM t;", [], true);
  expect(told(wait)).toMatch(/Take 20260101000000 back first \(`zmigrate rollback 20260101000000`\), and write one/);
});

it.each([
  [TYPE, "CREATE VIEW w AS SELECT a FROM t;"],
  [TYPE, "DROP POLICY own ON o; CREATE VIEW w AS SELECT a FROM t;"],
  [`DROP VIEW v; ${TYPE} CREATE VIEW v AS SELECT a FROM t;`, "DROP VIEW v; CREATE VIEW v AS SELECT a FROM t;"],
])("a wait that may end is no circle: %s %s", async (first, next) => {
  const wait = await waitBehind(first, next);
  expect(wait).not.toBeNull();
  expect(wait?.circle).toBeUndefined();
});
