import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { openShadow } from "../../src/engines/postgres/shadow/index.js";
import type { Shadow } from "../../src/engines/shadow.js";
import { parseMigration } from "../../src/history/load.js";
import type { Migration } from "../../src/model/migration.js";
import type { MigrationPlan } from "../../src/model/plan.js";
import { planMigration } from "../../src/plan/plan.js";
import { type Pair, prove } from "../../src/shadow/prove.js";
import { replay } from "../../src/shadow/replay.js";

/** The embedded one. */
const VERSION = { text: "18", parts: [18] };

const BASE = `CREATE TABLE t (id bigint PRIMARY KEY, a int NOT NULL DEFAULT 1, b text);
CREATE INDEX t_a ON t (a);
INSERT INTO t SELECT g, g, 'b' FROM generate_series(1, 5) g;`;

let count = 0;
function migration(text: string): Migration {
  count += 1;
  const id = `202601010000${String(count).padStart(2, "0")}`;
  return parseMigration({ id, slug: "x", file: `${id}_x.sql`, text, checksum: "" } as never, postgresEngine);
}

describe("a plan that is tried", () => {
  let pair: Pair;
  const all: Shadow[] = [];
  beforeAll(async () => {
    await postgresEngine.load();
    pair = { phased: await openShadow([], VERSION), plain: await openShadow([], VERSION) };
    all.push(pair.phased, pair.plain);
    for (const shadow of all) await replay([migration(BASE)], shadow);
  }, 60_000);
  afterAll(async () => {
    for (const shadow of all) await shadow.close();
  });

  async function tried(text: string, change: (plan: MigrationPlan) => MigrationPlan = (plan) => plan) {
    const m = migration(text);
    const catalog = await pair.phased.introspect();
    const { plan, refusals } = planMigration(m, { engine: postgresEngine, catalog, version: pair.phased.version });
    if (plan === null) throw new Error(refusals.map((r) => r.reason).join());
    return prove(change(plan), m, pair, catalog);
  }

  it("ends where the plain statements end, and what was seen is its evidence", async () => {
    const { refused, plan } = await tried("ALTER TABLE t RENAME COLUMN a TO c;");
    expect(refused).toBeNull();
    const of = (id: string) => plan.steps.find((s) => s.id === id);
    expect(of("1-swap")).toMatchObject({ evidence: "traced", rewrite: false });
    expect(of("1-index-1")?.evidence).toBe("rule");
    expect(plan.notes.join()).not.toContain("leaves");
  });

  it("takes a sequence that counts in the new type of its column for that of the plain statement", async () => {
    const made = `CREATE SCHEMA "S"; CREATE TABLE "S"."T" (id serial PRIMARY KEY, "K k" smallserial, n bigserial);`;
    for (const shadow of all) await replay([migration(made)], shadow);
    for (const change of ["id TYPE bigint", '"K k" TYPE int', "n TYPE int"])
      expect((await tried(`ALTER TABLE "S"."T" ALTER COLUMN ${change};`)).refused, change).toBeNull();
  });

  it("is refused when a step is missing, when one fails and when a rollback fails", async () => {
    const forget = (id: string) => (plan: MigrationPlan) => ({ ...plan, steps: plan.steps.filter((s) => s.id !== id) });
    const text = "ALTER TABLE t ADD COLUMN d int DEFAULT 5;";
    expect((await tried(text, forget("1-add-column"))).refused).toContain(
      "column public.t.d is there only in plain SQL",
    );
    const broken = (part: "sql" | "undo") => (plan: MigrationPlan) => ({
      ...plan,
      steps: plan.steps.map((s) => ({ ...s, [part]: ["ALTER TABLE nowhere ADD COLUMN d int"] })),
    });
    const next = text.replace(" d ", " e ");
    expect((await tried(next, broken("sql"))).refused).toContain('Step 1-add-column fails there: relation "nowhere"');
    expect((await tried(next, broken("undo"))).refused).toContain("A rollback of step 1-add-column fails there");
  });

  it("says what a rollback leaves, and locks that were not foreseen", async () => {
    const forgetful = (plan: MigrationPlan): MigrationPlan => ({
      ...plan,
      steps: plan.steps.map((s) => ({
        ...s,
        undo: [],
        locks: [],
        sql: [s.sql[0]?.replace("ADD COLUMN", "ADD COLUMN IF NOT EXISTS") ?? ""],
      })),
    });
    const { plan } = await tried("ALTER TABLE t ADD COLUMN g int;", forgetful);
    expect(plan.notes.join()).toContain(
      "A rollback before contract leaves: column public.t.g is there only after a rollback",
    );
    expect(plan.steps[0]?.locks).toEqual([
      { relation: { schema: "public", name: "t" }, mode: "ACCESS EXCLUSIVE", blocks: "reads", held: "brief" },
    ]);
  });

  it("sees that a table is rewritten, whatever its name", async () => {
    await replay([migration('CREATE TABLE "Up Case" (a int);')], pair.phased);
    await replay([migration('CREATE TABLE "Up Case" (a int);')], pair.plain);
    const rewriting = (plan: MigrationPlan): MigrationPlan => ({
      ...plan,
      steps: plan.steps.map((s) => ({ ...s, sql: [...s.sql, 'ALTER TABLE "Up Case" ALTER a TYPE bigint'] })),
    });
    const { plan } = await tried('ALTER TABLE "Up Case" ADD COLUMN b int;', rewriting);
    expect(plan.steps[0]?.rewrite).toBe(true);
  });

  it("makes roles that are named, and names the statement that a history cannot be replayed at", async () => {
    await replay([migration("GRANT SELECT ON t TO somebody;")], pair.phased);
    const bad = replay([migration("SELECT 1;\n\nALTER TABLE gone ADD COLUMN x int;")], pair.phased);
    await expect(bad).rejects.toMatchObject({ code: "shadow-failed", data: { line: 3, column: 1 } });
  });
});

it("tries a plan for a server before 18, whose NOT NULL has no name", async () => {
  const version = { text: "14", parts: [14, 0] };
  const old = { phased: await openShadow([], version), plain: await openShadow([], version) };
  try {
    for (const shadow of [old.phased, old.plain]) await replay([migration(BASE)], shadow);
    const m = migration("ALTER TABLE t RENAME COLUMN a TO c;");
    const catalog = await old.phased.introspect();
    const { plan } = planMigration(m, { engine: postgresEngine, catalog, version });
    if (plan === null) throw new Error("refused");
    expect((await prove(plan, m, old, catalog)).refused).toBeNull();
  } finally {
    for (const shadow of [old.phased, old.plain]) await shadow.close();
  }
}, 60_000);
