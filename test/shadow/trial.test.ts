import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { openShadow } from "../../src/engines/postgres/shadow/index.js";
import { parseMigration } from "../../src/history/load.js";
import type { Migration } from "../../src/model/migration.js";
import type { MigrationPlan } from "../../src/model/plan.js";
import { planMigration } from "../../src/plan/plan.js";
import { openTrial, type Trial } from "../../src/shadow/trial.js";

const version = { text: "18", parts: [18] };
const TEXTS = [
  "CREATE TABLE t (id bigint PRIMARY KEY, a int);",
  "ALTER TABLE t RENAME COLUMN a TO b;",
  "ALTER TABLE t ADD COLUMN c int;",
  "CREATE VIEW v AS SELECT c FROM t; CREATE VIEW w AS SELECT c FROM v;",
  "ALTER TABLE t RENAME COLUMN c TO d;",
  "CREATE OR REPLACE VIEW v AS SELECT d AS c FROM t;",
  "DROP VIEW w; DROP VIEW v; ALTER TABLE t RENAME COLUMN d TO e;",
];

let folder: readonly Migration[];
let trial: Trial;
beforeAll(async () => {
  await postgresEngine.load();
  folder = TEXTS.map((text, n) => {
    const id = `2026010100000${n}`;
    return parseMigration({ id, slug: "x", file: `${id}_x.sql`, text, checksum: "" } as never, postgresEngine);
  });
  trial = await openTrial(() => openShadow([], version));
}, 60_000);
afterAll(() => trial.close());

async function proven(migration: Migration | undefined, change: (plan: MigrationPlan) => MigrationPlan = (p) => p) {
  if (migration === undefined) throw new Error("no such migration");
  const catalog = await trial.catalog();
  const { plan } = planMigration(migration, { engine: postgresEngine, catalog, version });
  if (plan === null) throw new Error("refused");
  return trial.prove(change(plan), migration);
}

it("goes on from the plain statements where a plan was refused half way", async () => {
  const [made, renamed, added] = folder;
  expect((await proven(made)).refused).toBeNull();
  const halfway = (plan: MigrationPlan): MigrationPlan => ({
    ...plan,
    steps: plan.steps.map((s) => (s.id === "1-swap" ? { ...s, sql: ["SELECT 1 / 0"] } : s)),
  });
  expect((await proven(renamed, halfway)).refused).toContain("1-swap");
  const columns = (await trial.catalog()).tables.find((t) => t.relation.name === "t")?.columns.map((c) => c.name);
  expect(columns).toEqual(["id", "b"]);
  expect((await proven(added)).refused).toBeNull();
}, 60_000);

it("tries the rename of a column that views name, which are changed before contract", async () => {
  const [viewed, renamed, replaced] = folder.slice(3);
  expect((await proven(viewed)).refused).toBeNull();
  const { plan, refused, forced } = await proven(renamed);
  expect(refused).toBeNull();
  expect(forced).toBe(true);
  expect(plan.notes.join()).toContain("The view public.v names c and does not travel");
  expect(plan.steps.find((s) => s.stage === "drop")?.sql.join()).not.toContain("CASCADE");
  expect((await trial.catalog()).objects?.map((o) => o.name.name)).toEqual(expect.arrayContaining(["v", "w"]));
  expect((await proven(replaced)).refused).toBeNull();
}, 60_000);

it("forces no drop where the file itself drops what names the column", async () => {
  const { refused, forced } = await proven(folder[6]);
  expect(refused).toBeNull();
  expect(forced).toBeUndefined();
}, 60_000);
