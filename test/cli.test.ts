import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Sandbox, sandbox } from "./commands/support.js";

// The built program, as it is shipped: `npm test` builds first.
const CLI = fileURLToPath(new URL("../dist/src/cli.js", import.meta.url));

let box: Sandbox;
beforeEach(() => {
  box = sandbox();
});
afterEach(() => box.remove());

const { CI: _ci, DATABASE_URL: _url, NODE_OPTIONS: _options, ...ENV } = process.env;

function run(
  args: readonly string[],
  more: { readonly input?: string; readonly env?: Record<string, string>; readonly node?: readonly string[] } = {},
) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...(more.node ?? []), CLI, ...args], {
    cwd: box.cwd,
    encoding: "utf8",
    maxBuffer: 1e8,
    input: more.input ?? "",
    env: { ...ENV, ...more.env },
  });
  return { status, stdout, stderr };
}

test("--version is the package's, on stdout", () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(run(["--version"])).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
});

test("--help lists the commands", () => {
  const { status, stdout, stderr } = run(["--help"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  for (const verb of ["init", "new", "lint", "explain"]) expect(stdout).toMatch(new RegExp(`^  ${verb} `, "m"));
});

test.each([["postgres"], ["mysql"]])(
  "a %s password that was not encoded is told with how to encode it, whole",
  (scheme) => {
    const url = `${scheme}://app:S3/cr#t@?%@127.0.0.1:1/shop`;
    expect(run(["status", "--engine", scheme], { env: { DATABASE_URL: url } })).toEqual({
      status: 2,
      stdout: "",
      stderr: `error: The database URL of DATABASE_URL is not usable: its user name or password holds an @, /, # or ? as it is; percent-encode @ as %40, / as %2F, # as %23, ? as %3F, : as %3A, % as %25 and a space as %20.
  Write postgres://user:password@host:5432/database, mysql://... or mariadb://... (special letters of the password as %XX). Nothing was done.
`,
    });
  },
);

test.each([[["lint", "--help"]], [["help", "lint"]]])("%j shows the command's flags", (args) => {
  const { status, stdout } = run(args);
  expect(status).toBe(0);
  for (const flag of ["--format", "--engine", "--server-version", "--max-severity", "--stdin-filepath"]) {
    expect(stdout).toContain(flag);
  }
});

test.each([
  [[], "Usage"],
  [["lnit"], "Did you mean"],
  [["lint", "--fromat", "json"], "Did you mean"],
  [["lint", "--format"], "argument missing"],
  [["new"], "missing required argument"],
  [["new", "a", "b"], "too many arguments"],
  [["lint", "--format", "xml"], "--format"],
])("%j is a usage error: exit 2, nothing on stdout", (args, words) => {
  const { status, stdout, stderr } = run(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(words);
});

test("init, new and lint work one after the other", () => {
  expect(run(["init"])).toMatchObject({ status: 0, stdout: "zmigrate.config.json\nmigrations/\n" });
  const made = run(["new", "drop_it"]);
  expect(made).toMatchObject({ status: 0, stdout: expect.stringMatching(/^migrations\/\d{14}_drop_it\.sql\n$/) });
  expect(run(["lint"])).toMatchObject({ status: 0, stdout: expect.stringContaining("1 file, 0 statements") });
  box.put(made.stdout.trim(), "ALTER TABLE t DROP COLUMN a;\n");
  const { status, stdout, stderr } = run(["lint"]);
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  expect(stdout).toContain(`error[ban-drop-column] ${made.stdout.trim()}:1:1`);
});

test("a file from standard input is judged under its name", () => {
  const { status, stdout } = run(["lint", "--format", "json", "--stdin-filepath", "x.sql"], { input: "SELEC 1" });
  expect(status).toBe(2);
  expect(JSON.parse(stdout).findings).toMatchObject([{ rule: "syntax-error", file: "x.sql", line: 1, column: 1 }]);
});

test("an error is one sentence and one help line on stderr", () => {
  const { status, stdout, stderr } = run(["lint", "none.sql"]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/^error: .*none\.sql.*\n {2}.+\n$/);
});

test("a password of a flag or variable is in no output", () => {
  const url = "postgres://app:hunter22@db/x";
  const outputs = [
    run(["lint", url]),
    run(["lint", "--fromat", url]),
    run(["lint", "--engine", url]),
    run(["lint", "--engine", "hunter22"], { env: { DATABASE_URL: url } }),
  ];
  for (const { status, stdout, stderr } of outputs) {
    expect(status).toBe(2);
    expect(stdout + stderr).not.toContain("hunter22");
  }
});

test("all of a large output reaches a pipe", () => {
  box.put("a.sql", "ALTER TABLE t DROP COLUMN a;\n".repeat(5_000));
  const { status, stdout } = run(["lint", "--format", "json", "a.sql"]);
  expect(status).toBe(1);
  expect(JSON.parse(stdout).findings).toHaveLength(5_000);
});

test("a reader that goes away is no error", async () => {
  box.put("a.sql", "ALTER TABLE t DROP COLUMN a;\n".repeat(5_000));
  const child = spawn(process.execPath, [CLI, "lint", "a.sql"], {
    cwd: box.cwd,
    env: ENV,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const [status] = await once(child, "close");
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
});

test("an output that cannot be written is an error, not success", { skip: !existsSync("/dev/full") }, async () => {
  box.put("a.sql", "SELECT 1;");
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [CLI, "lint", "a.sql"], {
    cwd: box.cwd,
    env: ENV,
    stdio: ["ignore", full, "pipe"],
  });
  const [stderr, [status]] = await Promise.all([child.stderr ? text(child.stderr) : "", once(child, "close")]);
  closeSync(full);
  expect(status).toBe(3);
  expect(stderr).toMatch(/^error: The output cannot be written: .*ENOSPC.*\n {2}.+\n$/);
});

test("off a terminal there is no colour", () => {
  box.put("a.sql", "ALTER TABLE t DROP COLUMN a;\n");
  expect(run(["lint", "a.sql"]).stdout).not.toContain("\u001b");
});

/** The modules that a run loads and the files that it reads, printed to stderr. */
function modulesOf(args: readonly string[]): string {
  const hook = "export async function load(url, context, next) { process._rawDebug(url); return next(url, context); }";
  const source = `import fs from "node:fs"; import { register } from "node:module";
    const tell = (read) => (file, ...rest) => { process._rawDebug(String(file)); return read(file, ...rest); };
    fs.readFileSync = tell(fs.readFileSync); fs.promises.readFile = tell(fs.promises.readFile);
    register("data:text/javascript,${encodeURIComponent(hook)}");`;
  const env = { NODE_DISABLE_COMPILE_CACHE: "1" };
  return run(args, { env, node: ["--import", `data:text/javascript,${encodeURIComponent(source)}`] }).stderr;
}

test("a command loads what it needs and no more", () => {
  box.put("a.sql", "SELECT 1;");
  const lint = modulesOf(["lint", "a.sql"]);
  expect(lint).toContain("/libpg-query/");
  expect(lint).not.toMatch(
    /node_modules\/(zod|jiti|kysely|pg|mysql2|commander)\/|mysql|commands\/(new|init|explain|plan|apply)\./,
  );
  expect(modulesOf(["explain"])).not.toMatch(/libpg-query\/|engines\/(postgres|mysql)\/index/);
});

test.each(["SIGTERM", "SIGINT"] as const)("%s while it only starts ends it with 130", async (signal) => {
  box.put("zmigrate.config.mjs", 'console.log("loading"); await new Promise((done) => setTimeout(done, 30_000));');
  for (const verb of ["apply", "status"]) {
    const child = spawn(process.execPath, [CLI, verb], { cwd: box.cwd, env: ENV, stdio: ["ignore", "pipe", "pipe"] });
    // What a configuration says goes to stderr: stdout is for data.
    await once(child.stderr, "data");
    child.kill(signal);
    expect(await once(child, "close"), verb).toEqual([130, null]);
  }
});

test.each(["SIGTERM", "SIGINT"] as const)("%s ends lint while it computes", async (signal) => {
  const statements = Array.from({ length: 300_000 }, (_, i) => `ALTER TABLE t ADD COLUMN c${i} int;\n`);
  box.put("20260101000000_x.sql", statements.join(""));
  const args = [CLI, "lint", "20260101000000_x.sql"];
  const child = spawn(process.execPath, args, { cwd: box.cwd, env: ENV, stdio: "ignore" });
  await once(child, "spawn");
  await new Promise((done) => setTimeout(done, 1_500));
  const killed = performance.now();
  child.kill(signal);
  expect(await once(child, "close")).toEqual([null, signal]);
  expect(performance.now() - killed).toBeLessThan(2_000);
});

test("SIGTERM while it waits for a server that does not answer ends it with 130", async () => {
  box.put("migrations/20260101000000_x.sql", "SELECT 1;\n");
  const silent = createServer();
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const env = { ...ENV, DATABASE_URL: `postgres://u@127.0.0.1:${port}/d` };
  const child = spawn(process.execPath, [CLI, "apply"], { cwd: box.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const [socket] = (await once(silent, "connection")) as [Socket];
  child.kill("SIGTERM");
  await once(child.stderr, "data");
  socket.destroy();
  expect(await once(child, "close")).toEqual([130, null]);
  silent.close();
});

test("the help says what exit codes mean, and what a duration is where one is taken", () => {
  for (const code of ["0 done", "1 findings", "2 usage", "3 a database", "4 could not", "130 interrupted"])
    expect(run(["--help"]).stdout).toContain(code);
  for (const verb of ["plan", "apply", "status", "verify", "rollback"])
    expect(run([verb, "--help"]).stdout, verb).toContain("A duration is a number with its unit: 250ms, 5s");
  expect(run(["new", "--help"]).stdout).not.toContain("duration");
});

test.each([
  ["none.sql", "none.sql does not exist."],
  ["other/20260101000000_x.sql", "other/20260101000000_x.sql is not one of the migrations folder."],
])("plan says of %s why it cannot be planned", (file, sentence) => {
  box.put("migrations/20260102000000_x.sql", "CREATE TABLE t (id int PRIMARY KEY);\n");
  box.put("other/20260101000000_x.sql", "SELECT 1;\n");
  const { status, stdout, stderr } = run(["plan", file]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(`error: ${sentence}\n`);
});

test.each(["*.sq", "migrations"])("lint says of %s what it is", (file) => {
  const { status, stderr } = run(["lint", file]);
  expect(status).toBe(2);
  expect(stderr).toContain(file === "*.sq" ? "*.sq matches no file." : "migrations does not exist.");
});

test.each([
  ["a promise", 'Promise.resolve().then(() => { throw new Error("no such table"); });'],
  ["a timer", 'setTimeout(() => { throw new Error("no such table"); }, 20);'],
])("what a rule of one's own starts and does not wait for is named with the rule when it fails: %s", (_, starts) => {
  box.put(
    "zmigrate.config.js",
    `module.exports = { engine: "postgres", rules: [{
      id: "asks-elsewhere", engines: ["postgres"], severity: "error", protects: "Ours.",
      check() { ${starts} return null; }, bad: [{ sql: "SELECT 1;" }], good: [{ sql: "SELECT 2;" }],
    }] };`,
  );
  box.put("a.sql", "SELECT 1;\nDROP TABLE t;\n");
  const { status, stdout, stderr } = run(["lint", "a.sql"]);
  expect(status).toBe(2);
  expect(stdout).toContain("ban-drop-table");
  expect(stderr).toContain("asks-elsewhere");
  expect(stderr).toContain("no such table");
  expect(stderr).not.toContain("defect");
});

describe("code of a backfill in TypeScript", () => {
  const planOf = (top: string) => {
    box.put("zmigrate.config.json", '{ "engine": "postgres" }');
    box.put("migrations/20260101000000_t.sql", "CREATE TABLE t (id int PRIMARY KEY, n int);\n");
    const definition = 'export default { table: "t", select: ["n"], update: ["n"], map: () => [] };';
    box.put("migrations/20260102000000_n.backfill.ts", `${top}\n${definition}\n`);
    return run(["plan"]);
  };

  test.each([["process.exit(0);"], ["await new Promise(() => undefined);"]])(
    "does not end a command as if it were done: %s",
    (top) => {
      const { status, stderr } = planOf(top);
      expect(status).toBe(3);
      expect(stderr).toMatch(/^error: The process was ended before the command was done\.\n {2}.*process\.exit.*\n$/);
    },
  );

  test("is named where it fails in what it does not wait for", () => {
    const { status, stderr } = planOf(
      'Promise.reject(new Error("boom")); await new Promise((done) => setTimeout(done, 5_000));',
    );
    expect(status).toBe(3);
    expect(stderr).toMatch(/^error: The code of .*20260102000000_n\.backfill\.ts started something.*: boom\n/);
  });
});
