import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { init } from "../../src/commands/init.js";
import { CONFIG_FILES } from "../../src/config/load.js";
import { resolveSettings } from "../../src/config/settings.js";
import { type Sandbox, sandbox } from "./support.js";

const boxes: Sandbox[] = [];
const box = (env = {}): Sandbox => {
  const made = sandbox(env);
  boxes.push(made);
  return made;
};
afterEach(() => {
  for (const made of boxes.splice(0)) made.remove();
});

test("it writes JSON and a folder, and what it writes works", async () => {
  const { io, cwd, stdout } = box();
  expect(await init({ engine: "mariadb" }, io)).toBe(0);
  expect(stdout()).toBe("zmigrate.config.json\nmigrations/\n");
  expect(existsSync(join(cwd, "migrations"))).toBe(true);
  expect(await resolveSettings({}, {}, cwd)).toMatchObject({ engine: "mariadb", migrations: join(cwd, "migrations") });
});

test("in a TypeScript project that depends on zmigrate it writes TypeScript that loads", async () => {
  const { io, cwd, put, stdout } = box();
  put("tsconfig.json", "{}");
  put("package.json", '{"devDependencies":{"zmigrate":"1"}}');
  await init({ engine: "mysql" }, io);
  expect(stdout()).toContain("zmigrate.config.ts\n");
  expect(readFileSync(join(cwd, "zmigrate.config.ts"), "utf8")).toContain('import { defineConfig } from "zmigrate"');
  expect(await resolveSettings({}, {}, cwd)).toMatchObject({ engine: "mysql" });
});

test.each([
  ["tsconfig.json", "{}"],
  ["package.json", '{"devDependencies":{"zmigrate":"1"}}'],
])("with only %s it writes JSON", async (file, text) => {
  const { io, put, stdout } = box();
  put(file, text);
  await init({}, io);
  expect(stdout()).toContain("zmigrate.config.json\n");
});

test("DATABASE_URL names the engine", async () => {
  const { io, cwd } = box({ DATABASE_URL: "mysql://u:secret@h/d" });
  await init({}, io);
  const text = readFileSync(join(cwd, "zmigrate.config.json"), "utf8");
  expect(JSON.parse(text)).toEqual({ engine: "mysql", migrations: "migrations" });
});

test.each(CONFIG_FILES)("an existing %s is left as it is", async (file) => {
  const { io, cwd, put } = box();
  put(file, "mine");
  await expect(init({}, io)).rejects.toMatchObject({ code: "already-exists", exitCode: 2 });
  expect(readdirSync(cwd)).toEqual([file]);
  expect(readFileSync(join(cwd, file), "utf8")).toBe("mine");
});

test("an existing folder and its files are kept", async () => {
  const { io, cwd, put } = box();
  put("migrations/20260102030405_a.sql", "SELECT 1;");
  await init({}, io);
  expect(readdirSync(join(cwd, "migrations"))).toEqual(["20260102030405_a.sql"]);
});

test("an unknown engine is a usage error, and nothing is made", async () => {
  const { io, cwd } = box();
  await expect(init({ engine: "oracle" }, io)).rejects.toMatchObject({ code: "usage" });
  expect(readdirSync(cwd)).toEqual([]);
});
