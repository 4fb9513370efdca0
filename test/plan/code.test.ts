import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { paintFor } from "../../src/commands/paint.js";
import { engineFor } from "../../src/config/engine.js";
import type { Engine, EngineName } from "../../src/engines/engine.js";
import { loadMigrations } from "../../src/history/load.js";
import { emptyCatalog } from "../../src/history/replay.js";
import { planMigration } from "../../src/plan/plan.js";
import { planFromFiles } from "../../src/plan/report.js";
import { planJson } from "../../src/report/plan/json.js";
import { planSql } from "../../src/report/plan/sql.js";
import { planText } from "../../src/report/plan/text.js";

const PLAIN = paintFor({ isTTY: false, color: false, write: () => undefined });
const SETTINGS = { parkMs: 0, soakMs: 0, serverVersion: null, release: null };

describe.each<EngineName>(["postgres", "mysql", "mariadb"])("on %s, from files", (name) => {
  let engine: Engine;
  let folder = "";
  beforeAll(async () => {
    engine = await engineFor(name);
    await engine.load();
    folder = mkdtempSync(join(tmpdir(), "zmigrate-plan-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const computed = name === "postgres" ? "STORED" : "VIRTUAL";
  const TABLES = `CREATE TABLE posts (id int PRIMARY KEY, title varchar(9), slug varchar(9), own int GENERATED ALWAYS AS (id + 1) ${computed});
    CREATE TABLE lone (a int, b int);\n`;
  const tables = "20260101000000_tables.sql";
  const file = "20260102000000_slugs.backfill.ts";
  const q = (text: string) => engine.quote(text);

  let tried = 0;
  /** Each in a folder of its own: a module is loaded once. */
  async function written(more: string) {
    tried += 1;
    const own = mkdtempSync(join(folder, `${tried}-`));
    writeFileSync(join(own, tables), TABLES);
    const base = 'table: "posts", select: ["title"], update: ["slug"], map: () => []';
    writeFileSync(join(own, file), `export default { ${base}, ${more} };`);
    return loadMigrations(own, engine);
  }
  const report = async (more: string) => planFromFiles(engine, await written(more), SETTINGS, null);

  it("is one step in the backfill phase, which says what is read and written, and by what", async () => {
    const made = await report(`where: "slug IS NULL -- yet", concurrency: 4, batch: { rows: 20 }`);
    const { plan, refusals, gates } = made.migrations[1] ?? {};
    expect(refusals).toEqual([]);
    expect(gates).toEqual([]);
    expect(plan?.steps).toMatchObject([
      { id: "1-backfill", kind: "backfill", phase: "backfill", backfill: { rows: 20, code: { concurrency: 4 } } },
    ]);
    expect(plan?.leaves).toEqual([expect.stringContaining("A rollback leaves the rows")]);
    expect(plan?.claims?.map((c) => c.name).sort()).toEqual(expect.arrayContaining(["slug", "title"]));
    const text = planText(made, PLAIN);
    expect(text).toContain(`slug of posts, computed from title by ${made.migrations[1]?.file} (TypeScript)`);
    expect(text).toContain(
      `SELECT ${q("title")}, ${q("slug")} FROM ${q("posts")} WHERE <key range> AND ((slug IS NULL));`,
    );
    expect(text).toContain(`UPDATE ${q("posts")} SET ${q("slug")} = <computed> WHERE <key>;`);
    expect(JSON.parse(planJson(made)).migrations[1].phases.backfill).toHaveLength(1);
    expect(planSql(made, engine.script)).toContain("-- Not SQL: only `zmigrate apply` runs its code.");
  });

  it.each([
    ["able none", 'table: "none"'],
    ["has no column body", 'select: ["body"]'],
    ["has no column body", 'update: ["body"]'],
    ["has no column body", 'key: "body"'],
    ["is computed by the server", 'update: ["own"]'],
    ["it writes id, which is of the key", 'update: ["id"]'],
    ["no key that rows can be walked by", 'table: "lone", select: ["a"], update: ["b"]'],
    ["`where` cannot be read as one", 'where: "slug IS"'],
    ["`where` cannot be read as one", 'where: "TRUE); DELETE FROM posts WHERE (TRUE"'],
    ["`where` cannot be read as one", 'where: "TRUE) ORDER BY (id"'],
    ["`where` cannot be read as one", 'where: "id = 0) OR (id = 7"'],
    ["`where` cannot be read as one", 'where: "TRUE LIMIT 1"'],
    ["it reads posts, which it writes", 'where: "id IN (SELECT max(id) FROM posts)"'],
    ['unknown key "wher"', 'wher: "TRUE"'],
  ])("is refused: %s (%s)", async (reason, more) => {
    const { migrations } = await report(more);
    const [refusal, ...others] = migrations[1]?.refusals ?? [];
    expect(others).toEqual([]);
    expect(refusal).toMatchObject({ line: 1, column: 1, reason: expect.stringContaining(reason) });
    expect(refusal?.help).not.toContain("zmigrate:batch");
  });

  it("is not planned before its code is loaded", async () => {
    const [, migration] = await written("");
    if (migration === undefined) throw new Error("no migration");
    const context = { engine, catalog: emptyCatalog("files", null), version: engine.newestVersion };
    expect(planMigration(migration, context).refusals).toMatchObject([{ reason: "its code was not loaded." }]);
  });
});
