import { beforeAll, expect, it } from "vitest";
import { engineFor } from "../../../src/config/engine.js";
import type { Script } from "../../../src/engines/engine.js";
import { parseMigration } from "../../../src/history/load.js";
import type { PlanReport } from "../../../src/model/plan-report.js";
import { planFromFiles } from "../../../src/plan/report.js";
import { planJson } from "../../../src/report/plan/json.js";
import { planMarkdown } from "../../../src/report/plan/markdown.js";
import { planSql } from "../../../src/report/plan/sql.js";
import { planText } from "../../../src/report/plan/text.js";
import { asked, BROKEN, planned } from "./support.js";

const same = (text: string) => text;
const PLAIN = { bold: same, dim: same, green: same, yellow: same, red: same };
const TABLE = "CREATE TABLE t (id bigint PRIMARY KEY, a text NOT NULL);";
const SQL = 'ALTER TABLE t RENAME COLUMN a TO "b``` |";';

async function reportOf(text: string): Promise<PlanReport> {
  const engine = await engineFor("postgres");
  await engine.load();
  const parse = (id: string, slug: string, sql: string) =>
    parseMigration({ id, slug, file: `migrations/${slug}.sql`, text: sql, checksum: "" }, engine);
  const folder = [parse("20260101000000", "table", TABLE), parse("20260102000000", "x", text)];
  const settings = { parkMs: 86_400_000, soakMs: 0, serverVersion: null, release: null };
  return planFromFiles(engine, folder, settings, ["migrations/x.sql"]);
}

let report: PlanReport;
let script: Script;
beforeAll(async () => {
  report = await reportOf(SQL);
  ({ script } = await engineFor("postgres"));
});

it("has the keys that others build on", () => {
  const json = JSON.parse(planJson(report));
  expect(json).toMatchObject({ version: 1, engine: { name: "postgres", version: "14" }, schemaSource: "files" });
  const [migration] = json.migrations;
  expect(Object.keys(migration)).toEqual(
    expect.arrayContaining([
      "id",
      "name",
      "file",
      "status",
      "findings",
      "phases",
      "gates",
      "compatibility",
      "notes",
      "leaves",
    ]),
  );
  expect(Object.keys(migration.phases)).toEqual(["expand", "backfill", "contract"]);
  for (const step of Object.values(migration.phases).flat())
    expect(Object.keys(step as object)).toEqual(
      expect.arrayContaining([
        "id",
        "kind",
        "sql",
        "undo",
        "transaction",
        "locks",
        "rewrite",
        "scan",
        "evidence",
        "reason",
      ]),
    );
  expect(migration.gates).toEqual(
    expect.arrayContaining([
      { name: "later-release", setting: "" },
      { name: "park", setting: "24h" },
    ]),
  );
});

it("says how each query fares in a word, with the reasons by stage", () => {
  const compatibility = [asked("SELECT a", { swap: BROKEN, drop: { verdict: "changes", reason: "x" } })];
  const migrations = report.migrations.map((m) => ({ ...m, compatibility }));
  expect(JSON.parse(planJson({ ...report, migrations })).migrations[0].compatibility).toEqual([
    {
      query: "SELECT a",
      source: "queries/a.sql:1",
      owner: "old",
      before: "works",
      expand: "works",
      backfill: "works",
      swap: "breaks",
      drop: "changes",
      contract: "breaks",
      reasons: { swap: "no column a", drop: "x" },
    },
  ]);
});

it("shows a reviewer phases, locks, statements and notes", () => {
  const text = planText(report, PLAIN);
  for (const part of [
    "from the migration files alone",
    "expand",
    "backfill",
    "contract",
    "ACCESS EXCLUSIVE on t: blocks reads and writes for a moment",
    "gates: later-release, verified, dependents, replicas, park=24h",
    "notes",
  ])
    expect(text).toContain(part);
});

it("shows what a rollback leaves with the notes, in each format", () => {
  const [made] = report.migrations;
  const plan = made?.plan ?? null;
  const leaves = ["A rollback leaves t."];
  const given = { ...report, migrations: [planned({ plan: plan === null ? null : { ...plan, leaves } })] };
  const [migration] = JSON.parse(planJson(given)).migrations;
  expect(migration.leaves).toEqual(leaves);
  expect(migration.notes).toEqual([...(plan?.notes ?? []), ...leaves]);
  expect(planText(given, PLAIN)).toContain("    - A rollback leaves t.\n");
  expect(planMarkdown(given)).toContain("- A rollback leaves t\\.\n");
  expect(planSql(given, script)).toContain("-- note: A rollback leaves t.\n");
});

it("reads a plan of an earlier version, which does not tell what a rollback leaves, as one that leaves nothing", () => {
  const [migration] = JSON.parse(planJson({ ...report, migrations: [planned()] })).migrations;
  expect(migration.leaves).toEqual([]);
});

it("keeps hostile names from breaking out of markdown", () => {
  const text = planMarkdown(report);
  const fence = /^(`{4,})sql$/m.exec(text)?.[1];
  expect(fence).toBe("````");
  const pipes = text
    .split("\n")
    .filter((l) => l.startsWith("| "))
    .map((l) => (l.match(/\|/g) ?? []).length);
  expect(new Set(pipes)).toEqual(new Set([6, 7]));
});

it("stays below what GitHub takes", async () => {
  const many = Array.from({ length: 400 }, (_, n) => `CREATE TABLE t${n} (id bigint PRIMARY KEY, a text);`).join("\n");
  const one = await reportOf(many);
  const big: PlanReport = {
    ...one,
    migrations: Array.from({ length: 5 }, () => one.migrations[0]).filter((m) => m !== undefined),
  };
  expect(planMarkdown(big).length).toBeLessThan(65_000);
});

it("writes a script of which the first deploy runs and later ones are comments", () => {
  const sql = planSql(report, script);
  expect(sql).toContain("BEGIN;\nCREATE FUNCTION");
  expect(sql).toMatch(/^ +UPDATE ONLY "t" SET/m);
  const [first = "", later = ""] = sql.split(/^-- Deploy 2: .*$/m);
  expect(first).toMatch(/^ALTER TABLE/m);
  expect(later).toMatch(/^-- Deploy 3: /m);
  expect(later.split("\n").filter((line) => !line.startsWith("-- ") && line !== "")).toEqual([]);
});

it("the way back holds its locks in transactions, as a rollback does", () => {
  const undo = planSql(report, script)
    .split("\n")
    .flatMap((line) => (line.startsWith("-- < ") ? [line.slice(5)] : []));
  const locks = undo.flatMap((line, n) => (line.startsWith("LOCK TABLE") ? [n] : []));
  expect(locks.length).toBeGreaterThan(0);
  for (const n of locks) expect(undo.slice(0, n).findLast((l) => l === "BEGIN;" || l === "COMMIT;")).toBe("BEGIN;");
  expect(undo.filter((l) => l === "BEGIN;")).toHaveLength(undo.filter((l) => l === "COMMIT;").length);
});

it("writes names as the engine quotes them, and a name with a line break does not leave its comment", async () => {
  const odd = await reportOf('ALTER TABLE t RENAME COLUMN a TO "b\nDROP TABLE t; --";');
  expect(planText(odd, PLAIN)).toContain('UPDATE "t" SET');
  expect(planText({ ...odd, quote: "`" }, PLAIN)).toContain("UPDATE `t` SET");
  const { parse } = await engineFor("postgres");
  const { statements, problems } = parse(planSql(odd, script));
  expect(problems).toEqual([]);
  expect(statements.flatMap((s) => s.operations).filter((o) => o.kind === "other" && o.what === "drop-table")).toEqual(
    [],
  );
});

it("says where and why a change is refused", async () => {
  const refused = await reportOf("CREATE TABLE u (id int);\nUPDATE t SET id = 1;");
  expect(planText(refused, PLAIN)).toContain("refused migrations/x.sql:2:1");
  expect(JSON.parse(planJson(refused)).migrations[0].refusals).toMatchObject([{ line: 2 }]);
});
