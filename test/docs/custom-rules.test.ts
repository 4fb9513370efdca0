import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Config } from "../../src/config/define.js";
import { loadConfig } from "../../src/config/load.js";
import { checkRule } from "../../src/lint/examples.js";
import { blocksOf } from "./markdown.js";

const PAGE = "docs/custom-rules.md";
const CLI = resolve("dist/src/cli.js");
const MIGRATION = join("migrations", "20260112090000_drop_who.sql");

const block = (language: string): string => blocksOf(PAGE).find((one) => one.language === language)?.text ?? "";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zmigrate-own-rules-"));
  mkdirSync(join(folder, "migrations"));
  writeFileSync(join(folder, "zmigrate.config.ts"), block("ts"));
  writeFileSync(join(folder, MIGRATION), block("sql"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function zmigrate(...args: readonly string[]) {
  const env = { PATH: process.env.PATH ?? "", NO_COLOR: "1" };
  const run = promisify(execFile)(process.execPath, [CLI, ...args], { cwd: folder, env });
  const ended = await run.then(
    (done) => ({ code: 0, ...done }),
    (failed: { code: number; stdout: string; stderr: string }) => failed,
  );
  return { code: ended.code, stdout: ended.stdout, stderr: ended.stderr };
}

it("prints what the page says", async () => {
  const { code, stdout } = await zmigrate("lint");
  const [printed = ""] = stdout.split(/^(?=error\[)/m);
  expect(printed.trimEnd()).toBe(block("text").trimEnd());
  expect(stdout).toContain("error[ban-drop-column]");
  expect(code).toBe(1);
});

it.each(["json", "sarif", "github", "gitlab", "junit", "markdown"])("speaks in %s", async (format) => {
  const { stdout } = await zmigrate("lint", "--format", format);
  expect(stdout).toContain("audit-log-stays");
  if (format === "sarif") expect(stdout).toContain("The audit log is kept for ten years");
});

it("is explained, listed and ignored by its id", async () => {
  const explained = await zmigrate("explain", "audit-log-stays");
  expect(explained).toMatchObject({ code: 0, stderr: "" });
  expect(explained.stdout).toContain("The audit log is kept for ten years, whatever a migration says.");
  expect(explained.stdout).toContain("TRUNCATE audit_log;");
  expect((await zmigrate("explain")).stdout).toMatch(/^audit-log-stays +The audit log/m);
  const ignores = "-- zmigrate:ignore audit-log-stays,ban-drop-column -- compliance agreed\n";
  writeFileSync(join(folder, MIGRATION), ignores + block("sql"));
  expect(await zmigrate("lint")).toMatchObject({ code: 0 });
});

it("stands beside the plan too", async () => {
  expect((await zmigrate("plan")).stdout).toContain("[audit-log-stays]");
});

it("passes its own test", async () => {
  const loaded = await loadConfig(folder, null);
  const { rules = [] }: Config = loaded?.config ?? {};
  expect(rules.length).toBe(1);
  for (const rule of rules) expect(await checkRule(rule)).toEqual([]);
  for (const rule of rules)
    expect(await checkRule({ ...rule, bad: rule.good, good: rule.bad })).toContain(
      'On mysql, `TRUNCATE sessions;` is a bad example, and "audit-log-stays" says nothing.',
    );
});

it("a rule that throws is told by name and statement, hides nothing, and ends with 2", async () => {
  writeFileSync(
    join(folder, "zmigrate.config.ts"),
    block("ts").replace("if (operation", "operation.no.thing;\n    if (operation"),
  );
  const { code, stdout } = await zmigrate("lint");
  expect(code).toBe(2);
  expect(stdout).toContain("error[rule-failed]");
  expect(stdout).toContain("your rule audit-log-stays broke on `ALTER TABLE audit_log DROP COLUMN who`");
  expect(stdout).toContain("error[ban-drop-column]");
});

it.each([
  ["id", 'id: "audit-log-stays"', 'id: "ban-drop-column"', 'zmigrate has a rule of its own called "ban-drop-column"'],
  ["name", 'id: "audit-log-stays"', 'id: "Audit Log"', "write words in kebab case"],
  ["severity", 'severity: "error"', 'severity: "fatal"', '"rules.0.severity"'],
  ["key", 'severity: "error"', 'severity: "error", seriousness: 1', 'unknown key "rules.0.seriousness"'],
  ["list", "rules: [auditLogStays]", 'rules: { "audit-log-stays": "off" }', '"rules"'],
])("a wrong %s is an error of the configuration", async (_, from, to, message) => {
  writeFileSync(join(folder, "zmigrate.config.ts"), block("ts").replace(from, to));
  const { code, stderr } = await zmigrate("lint");
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

it("a plain JavaScript configuration of an installed zmigrate works", async () => {
  const home = join(folder, "node_modules", "zmigrate");
  mkdirSync(home, { recursive: true });

  writeFileSync(join(home, "index.js"), "export const defineConfig = (c) => c;\nexport const defineRule = (r) => r;\n");
  const manifest = JSON.stringify({ name: "zmigrate", type: "module", exports: "./index.js" });
  writeFileSync(join(home, "package.json"), manifest);
  rmSync(join(folder, "zmigrate.config.ts"));
  writeFileSync(join(folder, "zmigrate.config.mjs"), block("ts"));
  expect((await zmigrate("lint")).stdout).toContain("warning[audit-log-stays]");
});
