import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { gitInputs } from "../../src/lint/git-inputs.js";

const A = "20260101000000_a.sql";
const B = "20260102000000_b.sql";
const C = "20260103000000_c.sql";

let top = "";
beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), "zmigrate-git-"));
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

let count = 0;
let repo = "";
const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync("git", ["-C", cwd, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
const put = (path: string, text = ""): void => {
  mkdirSync(dirname(join(repo, path)), { recursive: true });
  writeFileSync(join(repo, path), text);
};
const commit = (): void => {
  git(repo, "add", "-A");
  git(repo, "commit", "-qm", "x", "--allow-empty");
};

/** A repository whose branch `main` has A and B, checked out on `feature`. */
beforeEach(() => {
  repo = join(top, `r${count++}`);
  mkdirSync(repo);
  git(repo, "init", "-q", "-b", "main");
  put(`migrations/${A}`, "SELECT 1;\n");
  put(`migrations/${B}`, "SELECT 2;\nSELECT 3;\n");
  commit();
  git(repo, "switch", "-qc", "feature");
});

const seen = async (paths = ["migrations"], ref = "main") => {
  const { histories, edited } = await gitInputs(
    ref,
    paths.map((path) => join(repo, path)),
  );
  const name = (file: string): string => file.slice(join(repo, "migrations/").length);
  return {
    files: histories.map((history) => history.map(({ file, report }) => `${name(file)}${report ? "!" : ""}`)),
    edited: edited.findings.map(({ rule, file, start }) => `${rule} ${name(file)}:${start.line}`),
  };
};

test("what the branch adds is judged, the base is history", async () => {
  put(`migrations/${C}`);
  commit();
  expect(await seen()).toEqual({ files: [[A, B, `${C}!`]], edited: [] });
});

test("what is not committed yet, and what git does not know yet, is the branch's too; what it ignores is not", async () => {
  put(`migrations/${C}`);
  put("migrations/20260104000000_d.sql");
  git(repo, "add", `migrations/${C}`);
  put(".gitignore", "20260105*\n");
  put("migrations/20260105000000_e.sql");
  expect((await seen()).files).toEqual([[A, B, `${C}!`, "20260104000000_d.sql!", "20260105000000_e.sql"]]);
});

test("what the base got since is not the branch's", async () => {
  git(repo, "switch", "-q", "main");
  put(`migrations/${C}`);
  commit();
  git(repo, "switch", "-q", "feature");
  put("migrations/20260104000000_d.sql");
  expect(await seen()).toEqual({ files: [[A, B, "20260104000000_d.sql!"]], edited: [] });
});

test("an edit of a migration of the base is a finding at its line, and the file is judged", async () => {
  put(`migrations/${B}`, "SELECT 2;\nSELECT 4;\n");
  expect(await seen()).toEqual({ files: [[A, `${B}!`]], edited: [`edited-migration ${B}:2`] });
});

test("an edit of a backfill in TypeScript is a finding, too, and so is one that is gone; a new one is none", async () => {
  const code = "20260201000000_slugs.backfill.ts";
  git(repo, "switch", "-q", "main");
  put(`migrations/${code}`, "export default 1;\n");
  commit();
  git(repo, "switch", "-qC", "other");
  put("migrations/20260202000000_new.backfill.ts", "export default 2;\n");
  put(`migrations/${code}`, "export default 1;\r\n");
  expect(await seen()).toEqual({ files: [[A, B]], edited: [] });
  put(`migrations/${code}`, "export default 1;\nexport const two = 2;\n");
  expect(await seen()).toEqual({ files: [[A, B]], edited: [`edited-migration ${code}:2`] });
  expect((await seen([`migrations/${code}`])).edited).toEqual([`edited-migration ${code}:2`]);
  rmSync(join(repo, "migrations", code));
  expect((await seen()).edited).toEqual([`edited-migration ${code}:1`]);
});

test("a deleted migration is a finding", async () => {
  rmSync(join(repo, "migrations", B));
  expect(await seen()).toEqual({ files: [[A]], edited: [`edited-migration ${B}:1`] });
  expect((await seen([`migrations/${B}`])).edited).toEqual([`edited-migration ${B}:1`]);
});

test("all migrations of a folder may be deleted, which git leaves no folder of", async () => {
  put("db/tool/1_a.up.sql", "SELECT 1;\n");
  commit();
  git(repo, "branch", "-f", "main");
  rmSync(join(repo, "migrations"), { recursive: true });
  rmSync(join(repo, "db"), { recursive: true });
  const both = [`edited-migration ${A}:1`, `edited-migration ${B}:1`];
  expect(await seen()).toEqual({ files: [], edited: both });
  commit();
  expect(await seen()).toEqual({ files: [], edited: both });
  expect((await gitInputs("main", [join(repo, "db/tool")])).edited.findings).toHaveLength(1);
  await expect(seen(["nowhere"])).rejects.toThrow();
});

test("a rename that keeps the digits, and other line ends, are no edit; both with another text are", async () => {
  renameSync(join(repo, "migrations", B), join(repo, "migrations/20260102000000_renamed.sql"));
  put(`migrations/${A}`, "SELECT 1;\r\n");
  expect(await seen()).toEqual({ files: [[A, "20260102000000_renamed.sql"]], edited: [] });
  put("migrations/20260102000000_renamed.sql", "SELECT 5;\n");
  expect((await seen()).edited).toEqual(["edited-migration 20260102000000_renamed.sql:1"]);
});

test("named files: only those that changed", async () => {
  put(`migrations/${C}`);
  put("migrations/20260104000000_d.sql");
  expect((await seen([`migrations/${A}`, `migrations/${C}`])).files).toEqual([[A, B, `${C}!`]]);
});

test("names with blanks, line breaks and letters of any script", async () => {
  const names = ["a b.up.sql", "ä.up.sql", 'l\nb"q\t.up.sql'].map((name, at) => `${at + 1}_${name}`);
  for (const name of names) put(`other/${name}`);
  const { histories } = await gitInputs("main", [join(repo, "other")]);
  expect(histories.flat().map(({ file, report }) => [file.slice(join(repo, "other/").length), report])).toEqual(
    names.map((name) => [name, true]),
  );
});

test("a section that runs on the way down, and a repeatable migration, may be edited", async () => {
  git(repo, "switch", "-q", "main");
  put("dbmate/1_a.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n");
  put("flyway/R__views.sql", "SELECT 1;");
  put("flyway/V1__a.sql", "SELECT 1;");
  commit();
  git(repo, "switch", "-qC", "other");
  put("dbmate/1_a.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 3;\n");
  put("flyway/R__views.sql", "SELECT 2;");
  const { histories, edited } = await gitInputs("main", [join(repo, "dbmate"), join(repo, "flyway")]);
  expect(edited.findings).toEqual([]);
  expect(histories.flat().filter(({ report }) => report)).toMatchObject([{ text: "SELECT 2;" }]);
});

describe("checkouts", () => {
  test("a detached head, and a worktree", async () => {
    put(`migrations/${C}`);
    commit();
    git(repo, "switch", "-q", "--detach");
    expect((await seen()).files).toEqual([[A, B, `${C}!`]]);
    const first = repo;
    repo = `${first}-worktree`;
    git(first, "worktree", "add", "-q", repo, "feature");
    expect((await seen()).files).toEqual([[A, B, `${C}!`]]);
  });

  test("inside a hook git's own variables, which are relative, do no harm", async () => {
    put(`migrations/${C}`);
    const before = process.cwd();
    process.env.GIT_DIR = ".git";
    process.env.GIT_INDEX_FILE = ".git/index";
    try {
      process.chdir(repo);
      const { histories } = await gitInputs("main", ["migrations"]);
      expect(histories.flat().filter(({ report }) => report)).toHaveLength(1);
    } finally {
      process.chdir(before);
      process.env.GIT_DIR = "";
      process.env.GIT_INDEX_FILE = "";
      delete process.env.GIT_DIR;
      delete process.env.GIT_INDEX_FILE;
    }
  });

  test("a shallow clone without a common commit says what to do", async () => {
    commit();
    const clone = `${repo}-clone`;
    git(top, "clone", "-q", "--depth", "1", "--no-single-branch", `file://${repo}`, clone);
    repo = clone;
    await expect(seen(["migrations"], "origin/main")).rejects.toMatchObject({
      code: "git-failed",
      message: expect.stringContaining("no commit in common"),
      help: expect.stringContaining("--unshallow"),
    });
  });

  test.each([
    ["a ref that is not there", "origin/nothing", "no commit"],
    ["one that looks like a flag", "--upload-pack=x", "no commit"],
  ])("%s", async (_, ref, words) => {
    await expect(seen(["migrations"], ref)).rejects.toMatchObject({
      code: "git-failed",
      exitCode: 2,
      message: expect.stringContaining(words),
    });
  });

  test("a tag beside a branch of its name, of another commit", async () => {
    git(repo, "tag", "-am", "x", "main");
    put(`migrations/${C}`);
    commit();
    expect((await seen()).files).toEqual([[A, B, `${C}!`]]);
    git(repo, "tag", "-fam", "x", "main", "HEAD");
    await expect(seen()).rejects.toMatchObject({
      code: "git-failed",
      exitCode: 2,
      message: expect.stringContaining('"main" is a tag and a branch here, of different commits.'),
      help: expect.stringContaining("--git-base refs/tags/main or --git-base refs/heads/main"),
    });
    expect((await seen(["migrations"], "refs/heads/main")).files).toEqual([[A, B, `${C}!`]]);
    expect((await seen(["migrations"], "heads/main~0")).files).toEqual([[A, B, `${C}!`]]);
    expect((await seen(["migrations"], "tags/main")).files).toEqual([[A, B, C]]);
  });

  test("a folder outside any repository, and no folder", async () => {
    const outside = mkdtempSync(join(tmpdir(), "zmigrate-nogit-"));
    await expect(gitInputs("main", [outside])).rejects.toMatchObject({
      code: "git-failed",
      message: expect.stringContaining("not a git repository"),
    });
    rmSync(outside, { recursive: true });
    await expect(seen(["none"])).rejects.toMatchObject({ code: "file-not-found" });
  });

  test("no git", async () => {
    const path = process.env.PATH;
    process.env.PATH = top;
    try {
      await expect(seen()).rejects.toMatchObject({
        code: "git-failed",
        message: expect.stringContaining("none on the PATH"),
      });
    } finally {
      process.env.PATH = path;
    }
  });

  test("a repository without a commit", async () => {
    const empty = mkdtempSync(join(top, "empty-"));
    git(empty, "init", "-q", "-b", "main");
    await expect(gitInputs("main", [empty])).rejects.toMatchObject({ code: "git-failed" });
  });
});

/** `m` is a submodule of another repository, whose branch moves its commit: in `m` all is on `main`. */
test("migrations in a submodule are compared with the commit that the base had there", async () => {
  git(repo, "switch", "-q", "main");
  const around = join(top, `r${count++}`);
  mkdirSync(around);
  git(around, "init", "-q", "-b", "main");
  git(around, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", repo, "m");
  git(around, "commit", "-qm", "x");
  git(around, "switch", "-qc", "feature");
  const folder = join(around, "m/migrations");
  const judged = async () => {
    const { histories, edited } = await gitInputs("main", [folder]);
    const files = histories.flat().flatMap(({ file, report }) => (report ? [basename(file)] : []));
    return [...files, ...edited.findings.map(({ rule }) => rule)];
  };
  expect(await judged()).toEqual([]);
  writeFileSync(join(folder, C), "DROP TABLE t;\n");
  git(join(around, "m"), "add", "-A");
  git(join(around, "m"), "commit", "-qm", "x");
  expect(await judged()).toEqual([C]);
  git(around, "commit", "-qam", "x");
  expect(await judged()).toEqual([C]);
  // A ref that only the submodule knows is its own.
  git(join(around, "m"), "tag", "own");
  expect((await gitInputs("own", [folder])).histories.flat().some(({ report }) => report)).toBe(false);
});
