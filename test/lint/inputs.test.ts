import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { lintMigrations } from "../../src/lint/index.js";
import { fileInputs, folderInputs } from "../../src/lint/inputs.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zmigrate-inputs-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, text = ""): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const shown = ({ histories }: ReturnType<typeof fileInputs>) =>
  histories.map((history) => history.map(({ file, report }) => `${file.slice(folder.length + 1)}${report ? "!" : ""}`));

test("a folder's files are all judged", () => {
  put("20260102030406_b.sql", "B");
  const first = put("20260102030405_a.sql", "A");
  expect(folderInputs(folder)[0]).toEqual({ file: first, text: "A", report: true });
  expect(folderInputs(folder)).toHaveLength(2);
});

test("before a named migration come those with smaller digits, and none behind it", () => {
  put("20260102030405_a.sql");
  put("20260102030407_c.sql");
  put("README.sql");
  const file = put("20260102030406_b.sql");
  expect(shown(fileInputs([file]))).toEqual([["20260102030405_a.sql", "20260102030406_b.sql!"]]);
});

test("named files are judged in their order, once", () => {
  const [a, b, c] = ["5_a", "6_b", "7_c"].map((name) => put(`2026010203040${name}.sql`));
  expect(shown(fileInputs([c ?? "", a ?? "", c ?? "", `${folder}/./20260102030405_a.sql`]))).toEqual([
    ["20260102030405_a.sql!", "20260102030406_b.sql", "20260102030407_c.sql!"],
  ]);
  expect(b).toBeDefined();
});

test("a file that is not named like a migration stands by itself", () => {
  put("20260102030405_a.sql");
  expect(shown(fileInputs([put("adhoc.sql"), put("other.sql")]))).toEqual([["adhoc.sql!"], ["other.sql!"]]);
});

test("numbers in front of names are an order, where several have one", () => {
  put("1_users.sql");
  put("2_orders.sql.bak");
  put("2_orders_down.sql");
  const named = put("10_last.sql");
  expect(shown(fileInputs([put("2_orders.sql"), named]))).toEqual([["1_users.sql", "2_orders.sql!", "10_last.sql!"]]);
  mkdirSync(join(folder, "alone"));
  expect(shown(fileInputs([put("alone/1_seed.sql"), put("alone/seed.sql")]))).toEqual([
    ["alone/1_seed.sql!"],
    ["alone/seed.sql!"],
  ]);
});

test("a text that stands for a file takes its place, and the file need not exist", () => {
  const a = put("20260102030405_a.sql", "on disk");
  const typed = (file: string) => fileInputs([file], () => "typed").histories;
  expect(typed(a)).toEqual([[{ file: a, text: "typed", report: true }]]);
  const none = join(folder, "none", "20260102030405_a.sql");
  expect(typed(none)).toEqual([[{ file: none, text: "typed", report: true }]]);
});

test("a missing file is an error", () => {
  expect(() => fileInputs([join(folder, "none.sql")])).toThrow(expect.objectContaining({ code: "file-not-found" }));
});

test("a named folder is all of its migrations", () => {
  const a = put("20260102030405_a.sql");
  put("20260102030406_b.sql");
  expect(shown(fileInputs([folder, a]))).toEqual([["20260102030405_a.sql!", "20260102030406_b.sql!"]]);
});

test("a file of another tool has that tool's history, without what runs on the way down", () => {
  put("9_a.up.sql", "A");
  put("10_b.down.sql", "no");
  const down = put("9_a.down.sql", "no");
  const { histories, skipped } = fileInputs([put("10_b.up.sql", "B"), down]);
  expect(skipped).toEqual([down]);
  expect(histories[0]).toMatchObject([
    { text: "A", report: false, runner: { tool: "golang-migrate", transaction: "batch" } },
    { text: "B", report: true },
  ]);
});

test("Flyway's configuration of a script is read", () => {
  const file = put("V1__a.sql");
  put("V1__a.sql.conf", "executeInTransaction=false\n");
  put("V2__b.sql");
  expect(folderInputs(folder).map(({ runner }) => runner?.transaction)).toEqual(["none", "auto"]);
  expect(fileInputs([file]).histories).toHaveLength(1);
});

test("a migration in a folder of its own has the folders before it as its history", () => {
  for (const name of ["1_a", "2_b"]) {
    mkdirSync(join(folder, name));
    put(join(name, "migration.sql"), name);
  }
  expect(shown(fileInputs([join(folder, "2_b", "migration.sql")]))).toEqual([
    ["1_a/migration.sql", "2_b/migration.sql!"],
  ]);
  expect(shown(fileInputs([folder]))).toEqual([["1_a/migration.sql!", "2_b/migration.sql!"]]);
});

test("a file that is not UTF-8 has a finding, and the others are judged", async () => {
  await postgresEngine.load();
  const [a, wide, cut] = ["5_a", "6_b", "7_c"].map((name) => put(`2026010203040${name}.sql`, "DROP TABLE t;"));
  writeFileSync(wide ?? "", Buffer.from([0xff, 0xfe, 0xff]));
  writeFileSync(cut ?? "", Buffer.from("SELECT 1;\n -- \xff", "latin1"));
  const options = { engine: postgresEngine, version: postgresEngine.oldestVersion, severities: {} };
  const seen = (inputs: ReturnType<typeof folderInputs>) => {
    const { findings, unreadable } = lintMigrations(inputs, options);
    const found = findings.map(
      ({ rule, file, start }) => `${rule} ${file.slice(-5, -4)}:${start.line}:${start.column}`,
    );
    return { found, unreadable };
  };
  const all = { found: ["ban-drop-table a:1:1", "syntax-error b:1:1", "syntax-error c:2:5"], unreadable: true };
  expect(seen(folderInputs(folder))).toEqual(all);
  expect(fileInputs([a ?? "", wide ?? "", cut ?? ""]).histories.map(seen)).toEqual([all]);
  // What it did to the schema is not known: it is told of wherever it stands.
  const last = put("20260102030409_d.sql", "DROP TABLE t;");
  expect(fileInputs([last]).histories.map(seen)).toEqual([
    { found: ["syntax-error b:1:1", "syntax-error c:2:5", "ban-drop-table d:1:1"], unreadable: true },
  ]);
});

test("a link to itself, and a name too long, cannot be read, whatever is asked of them", () => {
  const loop = join(folder, "loop");
  symlinkSync("loop", loop);
  for (const file of [loop, join(loop, "20260102030405_a.sql"), join(folder, "a".repeat(400))]) {
    const unread = { code: "file-not-found", data: { file, why: "other" } };
    expect(() => fileInputs([file])).toThrow(expect.objectContaining(unread));
    expect(() => folderInputs(file)).toThrow(expect.objectContaining({ code: "folder-not-found" }));
  }
  // Another file of the folder says nothing of one that is named.
  symlinkSync("001_x.sql", join(folder, "001_x.sql"));
  writeFileSync(join(folder, "seed.sql"), "SELECT 1;");
  expect(fileInputs([join(folder, "seed.sql")]).histories).toHaveLength(1);
});

// In a process of its own: a read that never ends would hold up this one, too.
test.each([
  [["lint"]],
  [["lint", "migrations"]],
  [["lint", "migrations/20260105000000_q.sql"]],
  [["lint", "--git-base", "HEAD"]],
])("what stands in a folder and is no ordinary file is refused before it is read: %j", (args) => {
  const git = (...words: readonly string[]) => execFileSync("git", ["-C", folder, ...words], { stdio: "ignore" });
  mkdirSync(join(folder, "migrations"));
  put("migrations/20260101000000_a.sql", "SELECT 1;\n");
  git("init", "-q");
  git("add", "-A");
  git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "x");
  execFileSync("mkfifo", [join(folder, "migrations/20260104000000_p.sql")]);
  put("migrations/20260105000000_q.sql", "SELECT 2;\n");
  const options = { cwd: folder, timeout: 20_000, encoding: "utf8" } as const;
  const { status, stderr } = spawnSync(process.execPath, [resolve("dist/src/cli.js"), ...args], options);
  expect(status, stderr).toBe(2);
  expect(stderr).toContain("20260104000000_p.sql is no ordinary file");
});

test.each(["flyway.toml", "migrations/V1__a.sql.conf", "migrations/meta/_journal.json"])(
  "a tool's settings that are no ordinary file are refused before they are read: %s",
  (name) => {
    mkdirSync(join(folder, "migrations/meta"), { recursive: true });
    put("migrations/V1__a.sql", "SELECT 1;\n");
    execFileSync("mkfifo", [join(folder, name)]);
    const options = { cwd: folder, timeout: 20_000, encoding: "utf8" } as const;
    const { status, stderr } = spawnSync(process.execPath, [resolve("dist/src/cli.js"), "lint"], options);
    expect(status, stderr).toBe(2);
    expect(stderr).toContain(`${name} is no ordinary file`);
  },
);
