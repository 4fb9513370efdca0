import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Github, startGithub } from "./github.js";

const MARKER = "<!-- zmigrate plan -->";
const SAFE = "CREATE TABLE users (id bigint PRIMARY KEY, name text);\n";
const RENAME = "ALTER TABLE users RENAME COLUMN name TO full_name;\n";

let github: Github;
let top = "";
let repo = "";
let base = "";

const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync("git", ["-C", cwd, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
const put = (name: string, text: string): void => writeFileSync(join(repo, name), text);
const commit = (): void => {
  git(repo, "add", "-A", ":!node_modules");
  git(repo, "commit", "-qm", "x");
};

/** A project with one applied migration on main, and a branch. */
beforeEach(async () => {
  github = await startGithub();
  top = mkdtempSync(join(tmpdir(), "zmigrate-action-"));
  repo = join(top, "repo");
  mkdirSync(join(repo, "migrations"), { recursive: true });
  mkdirSync(join(repo, "node_modules"));
  symlinkSync(resolve("."), join(repo, "node_modules/zmigrate"));
  put("zmigrate.config.json", '{ "engine": "postgres" }\n');
  put("migrations/20260101000000_users.sql", SAFE);
  git(repo, "init", "-q", "-b", "main");
  commit();
  base = git(repo, "rev-parse", "HEAD").trim();
  git(repo, "switch", "-qc", "feature");
});
afterEach(async () => {
  await github.close();
  rmSync(top, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly log: string;
  readonly summary: string;
  readonly outputs: string;
}

/** Runs the action as GitHub's runner does: a program with inputs and the event in its environment. */
async function action(
  inputs: Readonly<Record<string, string>> = {},
  event: object = { pull_request: { number: 7, base: { sha: base } } },
  cwd: string = repo,
): Promise<Ran> {
  const file = (name: string) => join(top, name);
  writeFileSync(file("event.json"), JSON.stringify(event));
  for (const name of ["summary.md", "outputs"]) rmSync(file(name), { force: true });
  const given = { token: "ghs_secret", ...inputs };
  const env = {
    ...process.env,
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    ZMIGRATE_SHADOW: "off",
    GITHUB_EVENT_PATH: file("event.json"),
    GITHUB_REPOSITORY: "acme/shop",
    GITHUB_API_URL: github.url,
    GITHUB_STEP_SUMMARY: file("summary.md"),
    GITHUB_OUTPUT: file("outputs"),
  };
  const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), "utf8") : "");
  return new Promise((done) => {
    execFile(process.execPath, [resolve("action/main.mjs")], { cwd, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      done({ code, log: stdout + stderr, summary: read("summary.md"), outputs: read("outputs") });
    });
  });
}

describe("in a pull request", () => {
  it("annotates what the branch brings, writes the summary, and keeps one comment", async () => {
    put("migrations/20260102000000_rename.sql", RENAME);
    commit();
    const first = await action();
    expect(first.code, first.log).toBe(1);
    expect(first.log).toContain("::error file=migrations/20260102000000_rename.sql,line=1");
    expect(first.log).not.toContain("20260101000000_users.sql");
    expect(first.summary.startsWith(MARKER)).toBe(true);
    expect(first.summary).toContain("RENAME COLUMN");
    expect(first.outputs).toBe("lint-exit-code=1\nplan-exit-code=0\ncomment=created\n");
    expect(github.comments.map((c) => c.body)).toEqual([first.summary]);
    expect(github.asked.map((a) => `${a.method} ${a.path}`)).toEqual([
      "GET /repos/acme/shop/issues/7/comments",
      "POST /repos/acme/shop/issues/7/comments",
    ]);
    expect(github.asked[0]?.authorization).toBe("Bearer ghs_secret");

    expect((await action()).outputs).toContain("comment=unchanged");
    put("migrations/20260102000000_rename.sql", `-- zmigrate:ignore renaming-column -- phased\n${RENAME}`);
    const second = await action();
    expect(second.code, second.log).toBe(0);
    expect(second.outputs).toContain("comment=updated");
    expect(github.comments).toHaveLength(1);
    expect(github.asked.at(-1)?.path).toBe("/repos/acme/shop/issues/comments/1");
  });

  it("finds its comment on a later page, and leaves what people quote alone", async () => {
    for (let id = 1; id <= 100; id += 1)
      github.comments.push({ id, body: `${MARKER}\nquoted`, user: { type: "User" } });
    github.comments.push({ id: 101, body: `${MARKER}\nold`, user: { type: "Bot" } });
    put("migrations/20260102000000_column.sql", "ALTER TABLE users ADD COLUMN age int;\n");
    const { outputs, log } = await action();
    expect(outputs, log).toContain("comment=updated");
    expect(github.comments.filter((c) => c.body.includes("quoted"))).toHaveLength(100);
    expect(github.comments[100]?.body).toContain("ADD COLUMN");
  });

  it("falls back to the summary where it may not comment, and the job's result stays lint's", async () => {
    put("migrations/20260102000000_column.sql", "ALTER TABLE users ADD COLUMN age int;\n");
    github.refuse.push(0, 403);
    const { code, log, summary, outputs } = await action();
    expect(code, log).toBe(0);
    expect(log).toContain("::notice title=zmigrate::No comment: GitHub answers 403");
    expect(log).toContain("The plan is in the job's summary");
    expect(summary).toContain("ADD COLUMN");
    expect(outputs).toContain("comment=none: GitHub answers 403");
  });

  it("tries again when GitHub fails for a moment", async () => {
    put("migrations/20260102000000_column.sql", "ALTER TABLE users ADD COLUMN age int;\n");
    github.refuse.push(502, 503);
    expect((await action()).outputs).toContain("comment=created");
  });

  it("keeps within what GitHub takes", async () => {
    const columns = Array.from({ length: 900 }, (_, n) => `ALTER TABLE users ADD COLUMN ${"c".repeat(50)}${n} int;\n`);
    put("migrations/20260102000000_many.sql", columns.join(""));
    const { outputs, log, code } = await action();
    expect(code, log.slice(-2000)).toBe(0);
    expect(outputs).toContain("comment=created");
    expect(github.comments[0]?.body.length).toBeLessThanOrEqual(65_536);
  });

  it("fetches the base where the checkout has one commit", async () => {
    put("migrations/20260102000000_column.sql", "ALTER TABLE users ADD COLUMN age int;\n");
    commit();
    const shallow = join(top, "shallow");
    git(top, "clone", "-q", "--depth=1", "--branch", "feature", `file://${repo}`, shallow);
    mkdirSync(join(shallow, "node_modules"));
    symlinkSync(resolve("."), join(shallow, "node_modules/zmigrate"));
    const { code, summary, log } = await action({}, undefined, shallow);
    expect(code, log).toBe(0);
    expect(summary).toContain("ADD COLUMN");
    expect(summary).not.toContain("CREATE TABLE");
  });

  it("fails when a file does not parse, and says where", async () => {
    put("migrations/20260102000000_broken.sql", "ALTER TABEL users;\n");
    const { code, log, summary } = await action();
    expect(code).toBe(2);
    expect(log).toContain("20260102000000_broken.sql");
    expect(summary).toContain("The plan could not be made");
  });
});

describe("elsewhere", () => {
  it("does not comment on a push, and judges everything where a branch is new", async () => {
    put("migrations/20260102000000_column.sql", "ALTER TABLE users ADD COLUMN age int;\n");
    const { code, outputs, log } = await action({}, { before: "0".repeat(40) });
    expect(code, log).toBe(0);
    expect(outputs).toContain("comment=no pull request");
    expect(github.asked).toEqual([]);
  });

  it("leaves the comment out when it is told to", async () => {
    expect((await action({ comment: "false" })).outputs).toContain("comment=switched off");
    expect(github.asked).toEqual([]);
  });

  it.each([
    [{ base: "--upload-pack=touch pwned" }, "base"],
    [{ version: "1.0.0; touch pwned" }, "version"],
    [{ base: "nowhere" }, "fetch-depth: 0"],
  ])("refuses %j", async (inputs, word) => {
    const { code, log } = await action(inputs);
    expect(code).toBe(2);
    expect(log).toContain("::error title=zmigrate::");
    expect(log).toContain(word);
    expect(existsSync(join(repo, "pwned"))).toBe(false);
  });

  it("prints neither the token nor the database's password, and hands the token to no program", async () => {
    put(
      "zmigrate.config.mjs",
      "console.log('config sees', process.env.INPUT_TOKEN);\nexport default { engine: 'postgres' };\n",
    );
    rmSync(join(repo, "zmigrate.config.json"));
    const { log, summary, code } = await action({ "database-url": "postgres://u:hunter2secret@127.0.0.1:1/x" });
    expect(code).not.toBe(0);
    expect(log).toContain("config sees undefined");
    expect(log + summary).not.toContain("ghs_secret");
    expect(log + summary).not.toContain("hunter2secret");
  });
});
