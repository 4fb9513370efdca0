import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.js";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "zmigrate-config-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const put = (name: string, text: string): void => writeFileSync(join(cwd, name), text);

test("no configuration is none", async () => {
  expect(await loadConfig(cwd, null)).toBeNull();
});

test.each(["zmigrate.config.json", "nowhere.json"])("a link to %s, which is not there, is an error", async (target) => {
  const file = join(cwd, "zmigrate.config.json");
  symlinkSync(join(cwd, target), file);
  const failure = { code: "file-not-found", message: expect.stringContaining(file) };
  await expect(loadConfig(cwd, null)).rejects.toMatchObject(failure);
  await expect(loadConfig(cwd, "zmigrate.config.json")).rejects.toMatchObject(failure);
});

test("a folder is no configuration", async () => {
  await expect(loadConfig(cwd, ".")).rejects.toMatchObject({ data: { file: cwd, why: "folder" } });
});

test.runIf(process.platform === "linux")("a device is no configuration", async () => {
  await expect(loadConfig(cwd, "/dev/zero")).rejects.toMatchObject({ data: { file: "/dev/zero", why: "special" } });
});

test.each([
  ["zmigrate.config.json", '{"engine":"mysql"}'],
  ["zmigrate.config.json", '\uFEFF{"engine":"mysql"}'],
  ["zmigrate.config.mjs", 'export default { engine: "mysql" };'],
  ["zmigrate.config.ts", 'const engine: string = "mysql";\nexport default { engine };'],
  ["zmigrate.config.mts", 'export default { engine: "mysql" as const };'],
  ["zmigrate.config.ts", 'import { defineConfig } from "zmigrate";\nexport default defineConfig({ engine: "mysql" });'],
])("%s: %s", async (name, text) => {
  put(name, text);
  expect(await loadConfig(cwd, null)).toEqual({ file: join(cwd, name), config: { engine: "mysql" } });
});

test("two configurations are an error, because one of them would be passed over", async () => {
  put("zmigrate.config.json", "{}");
  put("zmigrate.config.mjs", "export default {};");
  await expect(loadConfig(cwd, null)).rejects.toMatchObject({
    code: "bad-config",
    message: expect.stringContaining("exists too"),
  });
});

test.each(['{"databaseUrl":"postgres://u:secretpw@h/d" oops}', "secretpw@h/d", '{"a": "x" secretpw}', '{"a": 1,}'])(
  "of a JSON file that does not parse nothing is shown: %s",
  async (text) => {
    put("zmigrate.config.json", text);
    const error: unknown = await loadConfig(cwd, null).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "bad-config", message: expect.stringMatching(/cannot be loaded: .*JSON/) });
    expect(String(error)).not.toContain("secret");
  },
);

test("a named file must exist", async () => {
  await expect(loadConfig(cwd, "none.json")).rejects.toMatchObject({ code: "file-not-found", exitCode: 2 });
});

test.each([
  ['{"maxlag":"1s"}', 'unknown key "maxlag"'],
  ['{"lint":{"rule":{}}}', 'unknown key "lint.rule"'],
  ['{"maxLag":5}', '"maxLag"'],
  ['{"maxLag":"5"}', "is not a duration"],
  ['{"engine":"oracle"}', '"engine"'],
  ['{"lint":{"rules":{"a":"fatal"}}}', '"lint.rules.a"'],
  ['{"lint":{"style":"loud"}}', '"lint.style"'],
  ['{"rules":[{"id":"mine"}]}', '"rules.0.check" is not a function'],
  ['{"rules":{"mine":"off"}}', '"rules"'],
  ['{"serverVersion":"x"}', "is not a version"],
  ["[]", "it holds a list and no settings"],
  ["{", "cannot be loaded"],
])("%s is refused: %s", async (text, reason) => {
  put("zmigrate.config.json", text);
  await expect(loadConfig(cwd, null)).rejects.toMatchObject({
    code: "bad-config",
    exitCode: 2,
    message: expect.stringContaining(reason),
  });
});

test.each([
  ["throw new Error('boom');", "boom"],
  ["export const a = 1;", "no default export"],
  ["export default (async () => { throw new Error('vault down'); })();", "vault down"],
  ["export default { get engine() { throw new Error('no engine'); } };", "no engine"],
])("a module that does not give a configuration is refused: %s", async (text, reason) => {
  put("zmigrate.config.mjs", text);
  await expect(loadConfig(cwd, null)).rejects.toMatchObject({
    code: "bad-config",
    message: expect.stringContaining(reason),
  });
});

test.each([
  ["zmigrate.config.mjs", "export default null;", "its default export is null and no settings: write export default {"],
  ["zmigrate.config.mjs", "export default undefined;", "its default export is undefined and no settings"],
  ["zmigrate.config.mjs", "export default 5;", "its default export is a number and no settings"],
  ["zmigrate.config.mjs", "export default () => ({});", "its default export is a function and no settings"],
  ["zmigrate.config.json", "null", 'it holds null and no settings: write { "engine": "postgres" }'],
])("what holds no settings says what it holds: %s: %s", async (name, text, reason) => {
  put(name, text);
  await expect(loadConfig(cwd, null)).rejects.toMatchObject({ message: expect.stringContaining(reason) });
});

test("a value that is refused is not repeated: it may be a secret", async () => {
  put("zmigrate.config.json", '{"databaseUrl":{"password":"hunter22"},"hunter":1}');
  await expect(loadConfig(cwd, null)).rejects.toMatchObject({ message: expect.not.stringContaining("hunter22") });
});

test("rules of one's own are handed on as they are", async () => {
  put(
    "zmigrate.config.ts",
    `import { defineConfig, defineRule, detailOf } from "zmigrate";
    const rule = defineRule({ id: "mine-2", engines: ["postgres"], severity: "info", protects: "Ours.",
      check: ({ operation }) => (detailOf(operation, "drop-table") === null ? null : { message: "m", help: "h" }),
      bad: [{ sql: "DROP TABLE t;" }], good: [{ sql: "SELECT 1;" }] });
    export default defineConfig({ rules: [rule], lint: { style: "info", rules: { "mine-2": "error" } } });`,
  );
  const loaded = await loadConfig(cwd, null);
  expect(loaded?.config.rules?.map(({ id }) => id)).toEqual(["mine-2"]);
  expect(Object.isFrozen(loaded?.config.rules?.[0])).toBe(true);
  expect(loaded?.config.lint?.style).toBe("info");
});
