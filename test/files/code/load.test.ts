import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { lazyCode } from "../../../src/files/code/load.js";
import { blamed } from "../../../src/foreign-code.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "zmigrate-code-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function put(text: string, end = "ts") {
  files += 1;
  return lazyCode(join(folder, `${20260102030405 + files}_a.backfill.${end}`), text);
}

const IMPORT = 'import { defineBackfill } from "zmigrate";\n';
const WHOLE = 'table: "app.posts", select: ["title"], update: ["slug"], map: () => []';

it.each(["ts", "mts", "js", "mjs"])("loads a .%s file, once, when it is asked for", async (end) => {
  const text = `${IMPORT}globalThis.zmigrateLoaded = (globalThis.zmigrateLoaded ?? 0) + 1;
    export default defineBackfill({ ${WHOLE}, batch: { rows: 7, target: "2s" }, concurrency: 3, key: "id" });`;
  const code = put(text, end);
  expect(code.loaded()).toBeNull();
  const before = Number(Reflect.get(globalThis, "zmigrateLoaded") ?? 0);
  const loaded = await code.load();
  expect(loaded).toMatchObject({
    relation: { schema: "app", name: "posts" },
    ...{ select: ["title"], update: ["slug"], where: null, key: "id", rows: 7, targetMs: 2_000, concurrency: 3 },
  });
  expect(await code.load()).toBe(loaded);
  expect(code.loaded()).toEqual({ code: loaded });
  expect(Reflect.get(globalThis, "zmigrateLoaded")).toBe(before + 1);
});

it.each([
  ["it cannot be loaded: ", "import './none.js';"],
  ["it cannot be loaded: ", "export default {"],
  ["it cannot be loaded: mine", "throw new Error('mine');"],
  ["it has no default export", "export const a = 1;"],
  ['unknown key "wher"', `export default { ${WHOLE}, wher: "a" };`],
  ['"map" is not a function', 'export default { table: "t", select: ["a"], update: ["b"], map: 1 };'],
  ['"table" is not a table', `export default { ${WHOLE}, table: "a.b.c" };`],
  ['"select" names a column twice', `export default { ${WHOLE}, select: ["a", "a"] };`],
  ['"update" too small', `export default { ${WHOLE}, update: [] };`],
  ['"batch.target" is not a duration', `export default { ${WHOLE}, batch: { target: "soon" } };`],
  ['"where" is empty', `export default { ${WHOLE}, where: " " };`],
])("says %j of a file that is none", async (reason, text) => {
  const code = put(text);
  const error = { code: "bad-backfill", message: expect.stringContaining(reason) };
  await expect(code.load()).rejects.toMatchObject(error);
  expect(code.loaded()).toMatchObject({ reason: expect.stringContaining(reason) });
});

it("is blamed for what its map, and nothing else, starts", async () => {
  vi.stubGlobal("zmigrateBlamed", blamed);
  const map = 'map: async () => { await null; return zmigrateBlamed(new Error("boom")); }';
  const { map: called } = await put(`export default { ${WHOLE.replace("map: () => []", map)} };`).load();
  const context = { db: {} as Kysely<unknown>, signal: new AbortController().signal };
  expect(await called([], context)).toMatchObject({
    code: "backfill-code-failed-later",
    message: expect.stringMatching(/_a\.backfill\.ts started something .*: boom$/),
  });
  const own = new Error("ours");
  expect(blamed(own)).toBe(own);
  vi.unstubAllGlobals();
});

it("runs the text that it was given, beside the file's neighbours, which are loaded once", async () => {
  writeFileSync(
    join(folder, "table.ts"),
    "Reflect.set(globalThis, 'zmigrateTables', 1 + (Reflect.get(globalThis, 'zmigrateTables') ?? 0)); export const table: string = 'near';",
  );
  const file = join(folder, "20260103000000_a.backfill.ts");
  const text = (key: string) =>
    `import { table } from "./table.js"; const key: string = await "${key}"; export default { ${WHOLE}, table, key };`;
  for (const key of ["id", "other"])
    expect(await lazyCode(file, text(key)).load()).toMatchObject({ relation: { name: "near" }, key });
  expect(Reflect.get(globalThis, "zmigrateTables")).toBe(1);
});
