import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { blocksOf } from "./markdown.js";

const MIGRATION = "migrations/20260112090000_index_email.sql";

let repo = "";
beforeEach(() => {
  repo = mkdtempSync(join(tmpdir(), "zmigrate-readme-"));
  git("init", "-q", "-b", "main");
  mkdirSync(join(repo, "migrations"));
  write(
    "migrations/20260105090000_create_users.sql",
    "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\n",
  );
  git("add", "-A");
  git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "base");
});
afterEach(() => rmSync(repo, { recursive: true, force: true }));

const git = (...args: string[]) => execFileSync("git", ["-C", repo, ...args]);
const write = (file: string, text: string) => writeFileSync(join(repo, file), text);

/** The README's block of this language that has this text in it. */
function block(language: string, part: string): string {
  const found = blocksOf("README.md").find((b) => b.language === language && b.text.includes(part));
  return found?.text ?? "";
}

/** All that a terminal shows. */
function lint(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve("dist/src/cli.js"), "lint", ...args], {
    cwd: repo,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, shown: stdout + stderr };
}

it("shows what lint prints of the README's migration", () => {
  write(MIGRATION, block("sql", "CREATE INDEX users_email"));
  const [prompt = "", ...shown] = block("text", "$ zmigrate lint --git-base").split("\n");
  const [, , ...args] = prompt.slice("$ ".length).split(" ");
  expect(lint(...args)).toEqual({ status: 1, shown: shown.join("\n") });
});

it("shows what --trace adds", () => {
  write(MIGRATION, block("sql", "CREATE INDEX users_email"));
  const version = /PostgreSQL [\d.]+/g;
  const line = block("text", "  seen: ").replace(version, "PostgreSQL");
  expect(line).not.toBe("");
  expect(lint("--git-base", "main", "--trace").shown.replace(version, "PostgreSQL")).toContain(line);
}, 180_000);

it("has a hook in three lines that blocks what lint blocks", () => {
  const hook = block("sh", "#!/bin/sh").replace(
    "npx zmigrate",
    `"${process.execPath}" "${resolve("dist/src/cli.js")}"`,
  );
  expect(hook.trimEnd().split("\n")).toHaveLength(3);
  write("hook", hook);
  const runs = () => spawnSync("sh", ["hook"], { cwd: repo, encoding: "utf8" });
  expect(runs().status, "nothing is staged").toBe(0);
  write(MIGRATION, "ALTER TABLE users DROP COLUMN email;\n");
  git("add", MIGRATION);
  expect(runs()).toMatchObject({ status: 1, stdout: expect.stringContaining("ban-drop-column") });
  write(MIGRATION, "ALTER TABLE users ADD COLUMN nickname text;\n");
  git("add", MIGRATION);
  expect(runs().status).toBe(0);
});
