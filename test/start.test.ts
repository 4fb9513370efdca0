import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

// A copy of the built program, so that compiled code is kept and spoilt where no other test runs.
const repository = fileURLToPath(new URL("..", import.meta.url));
let root: string;
let cache: string;
let file: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "zmigrate-start-"));
  cache = join(root, "dist/src/cache");
  file = join(root, "a.sql");
  for (const part of ["package.json", "dist/src/start.cjs", "dist/src/bundle"]) {
    cpSync(join(repository, part), join(root, part), { recursive: true });
  }
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  writeFileSync(file, "ALTER TABLE t RENAME COLUMN a TO b;\n");
});
beforeEach(() => rmSync(cache, { recursive: true, force: true }));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function lint(env: Record<string, string> = {}, args: readonly string[] = [file]) {
  const { NODE_OPTIONS: _options, NODE_DISABLE_COMPILE_CACHE: _off, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "dist/src/start.cjs"), "lint", ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...inherited, ...env },
  });
  return { status, stdout, stderr };
}

const kept = (): readonly string[] => (existsSync(cache) ? readdirSync(cache) : []);

test("compiled code is kept once for this bundle and this node, and says the same", () => {
  const first = lint();
  expect(first).toMatchObject({ status: 1, stderr: "" });
  const [name = "", ...others] = kept();
  expect({ others, name }).toEqual({ others: [], name: expect.stringMatching(/^[0-9a-f]{64}-[0-9a-f]+$/) });
  const before = readFileSync(join(cache, name));
  expect(lint()).toEqual(first);
  expect(readFileSync(join(cache, name)).equals(before)).toBe(true);
});

test("code that is spoilt, or of another V8, is compiled anew", () => {
  const first = lint();
  const name = join(cache, kept()[0] ?? "");
  writeFileSync(name, readFileSync(name).subarray(0, 1000));
  expect(lint()).toEqual(first);
  expect(readFileSync(name).length).toBeGreaterThan(100_000);
});

test("where nothing can be kept, lint works all the same", () => {
  const first = lint();
  rmSync(cache, { recursive: true });
  writeFileSync(cache, "a file where the folder would be");
  expect(lint()).toEqual(first);
  expect(readFileSync(cache, "utf8")).toBe("a file where the folder would be");
});

test("NODE_DISABLE_COMPILE_CACHE keeps nothing", () => {
  expect(lint({ NODE_DISABLE_COMPILE_CACHE: "1" })).toMatchObject({ status: 1, stderr: "" });
  expect(kept()).toEqual([]);
});

test("the bundle's other files find the first one loaded", () => {
  for (const format of ["json", "sarif", "markdown"]) {
    expect(lint({}, ["--format", format, file])).toMatchObject({ status: 1, stderr: "" });
  }
  expect(lint({}, ["--engine", "mysql", file])).toMatchObject({ status: 1, stderr: "" });
});

test("linting loads no cryptography, and nothing that plans", () => {
  const told = join(root, "told.cjs");
  const say = "process.moduleLoadList.filter((m) => m.endsWith(' crypto')).concat(Object.keys(require.cache))";
  writeFileSync(told, `process.on("exit", () => require("fs").writeSync(2, JSON.stringify(${say})));\n`);
  const { status, stderr } = lint({ NODE_OPTIONS: `--require ${told}` });
  const loaded = (JSON.parse(stderr) as string[]).map((path) => path.replace(root, ""));
  expect({ status, loaded }).toEqual({
    status: 1,
    loaded: ["/told.cjs", "/dist/src/start.cjs", "/dist/src/bundle/main.cjs"],
  });
});
