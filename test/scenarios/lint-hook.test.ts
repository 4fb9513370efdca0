import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { blocksOf } from "../docs/markdown.js";

let repo = "";
beforeAll(() => {
  repo = mkdtempSync(join(tmpdir(), "zmigrate-hook-"));
  execFileSync("git", ["init", "-q", "-b", "main", repo]);
  // What `npm install --save-dev zmigrate` leaves, as far as npx looks.
  mkdirSync(join(repo, "node_modules", ".bin"), { recursive: true });
  symlinkSync(resolve("dist/src/cli.js"), join(repo, "node_modules", ".bin", "zmigrate"));
  chmodSync(resolve("dist/src/cli.js"), 0o755);
  mkdirSync(join(repo, "migrations"));
  writeFileSync(join(repo, "package.json"), "{}");
  writeFileSync(join(repo, ".gitignore"), "node_modules\n");
});
afterAll(() => rmSync(repo, { recursive: true, force: true }));

function commit() {
  execFileSync("git", ["-C", repo, "add", "-A"]);
  const who = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
  return spawnSync("git", ["-C", repo, ...who, "commit", "-qm", "x"], { encoding: "utf8" });
}

it("the hook of the documents blocks a commit with a dangerous migration, and no other", () => {
  const [hook] = blocksOf("docs/hooks.md").filter(({ text }) => text.startsWith("#!/bin/sh"));
  const file = join(repo, ".git", "hooks", "pre-commit");
  writeFileSync(file, hook?.text ?? "");
  chmodSync(file, 0o755);

  const migration = join(repo, "migrations", "20260101000000_a b.sql");
  writeFileSync(migration, "ALTER TABLE users DROP COLUMN a;\n");
  const blocked = commit();
  expect(blocked.status, blocked.stdout + blocked.stderr).not.toBe(0);
  expect(blocked.stdout + blocked.stderr).toContain("ban-drop-column");

  writeFileSync(migration, "CREATE TABLE users (id bigint PRIMARY KEY);\n");
  const passed = commit();
  expect(passed.status, passed.stdout + passed.stderr).toBe(0);
}, 120_000);
