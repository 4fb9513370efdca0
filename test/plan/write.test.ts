import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import type { MigrationPlan } from "../../src/model/plan.js";
import type { PlannedMigration } from "../../src/model/plan-report.js";
import { writePlan } from "../../src/plan/write.js";
import { loaded, planOf, written } from "../history/written/support.js";

const RENAME = "ALTER TABLE t RENAME COLUMN a TO b;\n";
let engine: Engine;
let folder: string;
let file: string;
beforeAll(async () => {
  engine = await loaded("postgres");
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zmigrate-write-"));
  file = join(folder, "20260102000000_x.sql");
});
afterEach(() => rmSync(folder, { recursive: true }));

const entry = (plan: MigrationPlan | null, more: Partial<PlannedMigration> = {}): PlannedMigration => ({
  id: "20260102000000",
  name: "x",
  file,
  status: "pending",
  plan,
  refusals: [],
  findings: [],
  gates: [],
  ...more,
});
const made = () => ({ engine, version: engine.oldestVersion.text, source: "files" });
const text = () => readFileSync(file, "utf8");

/** The file holds `sql`, and is written. */
function write(
  sql: string,
  change: (plan: MigrationPlan) => MigrationPlan = (p) => p,
  more: Partial<PlannedMigration> = {},
) {
  writeFileSync(file, sql);
  return writePlan(entry(change(planOf(engine, sql)), more), made());
}

it("puts the file into phases in one go, with its mode, and leaves nothing else behind", () => {
  writeFileSync(file, RENAME);
  chmodSync(file, 0o640);
  expect(writePlan(entry(planOf(engine, RENAME)), made())).toBe("written");
  expect(text()).toBe(written(engine, RENAME));
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder)).toEqual(["20260102000000_x.sql"]);
});

it("leaves alone what is safe, begun, or written already", () => {
  expect(write("ALTER TABLE t ADD COLUMN m int;\n")).toBe("safe");
  expect(text()).toBe("ALTER TABLE t ADD COLUMN m int;\n");
  expect(write(RENAME, undefined, { status: "expanded" })).toBe("begun");
  expect(text()).toBe(RENAME);
  expect(write(RENAME)).toBe("written");
  expect(writePlan(entry(planOf(engine, RENAME)), made())).toBe("already-written");
});

it("writes what was rolled back", () => {
  expect(write(RENAME, undefined, { status: "rolled-back" })).toBe("written");
});

it("writes nothing that would not read back as the same steps", () => {
  const odd = (plan: MigrationPlan) => ({
    ...plan,
    steps: plan.steps.map((s) => ({ ...s, sql: s.sql.map((sql) => `${sql} -- x`) })),
  });
  expect(() => write(RENAME, odd)).toThrow(/cannot be written in phases/);
  expect(text()).toBe(RENAME);
  const unparsed = (plan: MigrationPlan) => ({
    ...plan,
    steps: plan.steps.map((s) => ({ ...s, sql: ["ALTER TABEL"] })),
  });
  expect(() => write(RENAME, unparsed)).toThrow(/cannot be written in phases/);
  expect(readdirSync(folder)).toEqual(["20260102000000_x.sql"]);
});

it("does not write a file of another tool, nor one without a plan", () => {
  expect(() => write(`-- migrate:up\n${RENAME}`)).toThrow(/dbmate/);
  writeFileSync(file, RENAME);
  expect(() => writePlan(entry(null), made())).toThrow(/no plan/);
});

it("keeps the statement of a file without a last line end", () => {
  expect(write(RENAME.trim())).toBe("written");
});
