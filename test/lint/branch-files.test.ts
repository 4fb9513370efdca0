import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { branchFiles } from "../../src/lint/branch-files.js";

let repo = "";
const git = (...args: readonly string[]): string =>
  execFileSync("git", ["-C", repo, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
const put = (name: string, text: string): void => writeFileSync(join(repo, "migrations", name), text);

beforeEach(() => {
  repo = mkdtempSync(join(tmpdir(), "zmigrate-branch-"));
  mkdirSync(join(repo, "migrations"));
  git("init", "-q", "-b", "main");
  put("1_old.sql", "SELECT 1;\n");
  put("2_edited.sql", "SELECT 1;\n");
  git("add", "-A");
  git("commit", "-qm", "x");
  git("switch", "-qc", "feature");
});
afterEach(() => rmSync(repo, { recursive: true, force: true }));

it("finds what a branch adds and edits, committed or not, and only SQL", async () => {
  put("2_edited.sql", "SELECT 2;\n");
  put("3_committed.sql", "SELECT 1;\n");
  git("add", "-A");
  git("commit", "-qm", "y");
  put("4_new.sql", "SELECT 1;\n");
  put("README.md", "words\n");
  const folder = join(repo, "migrations");
  expect([...(await branchFiles(folder, "main"))].sort()).toEqual(
    ["2_edited.sql", "3_committed.sql", "4_new.sql"].map((name) => join(folder, name)),
  );
});

it("finds nothing where the branch brings nothing", async () => {
  expect(await branchFiles(join(repo, "migrations"), "main")).toEqual([]);
});

it("names a ref that is not there, and a folder that is not there", async () => {
  await expect(branchFiles(join(repo, "migrations"), "nowhere")).rejects.toThrow(/nowhere/);
  await expect(branchFiles(join(repo, "gone"), "main")).rejects.toThrow(/gone/);
});
