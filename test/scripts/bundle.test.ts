import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = join(root, "dist/src/bundle");
const texts = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);

test.each(texts)("%s names no path of the machine that built it", (_, text) => {
  expect(text).not.toContain(root);
  for (const [, id = ""] of text.matchAll(/\brequire\(["`]([^"`]+)["`]\)/g)) {
    expect(id).toMatch(/^(?:\.\.?\/|node:|@?[a-z][\w-]*(?:\/|$))/);
  }
});

test("the first file is named by its own content, by which compiled code is kept", () => {
  const [, hash, code = ""] = /^\/\*([0-9a-f]{64})\*\/(.*)$/s.exec(new Map(texts).get("main.cjs") ?? "") ?? [];
  expect(createHash("sha256").update(code).digest("hex")).toBe(hash);
});

test("nothing is left that a script from the cache cannot do", () => {
  for (const [name, text] of texts.filter(([name]) => name !== "native-import.cjs")) {
    expect(text, name).not.toMatch(/\bimport\((?=[`(])/);
  }
});

// Its JavaScript is in the bundle, its WebAssembly is not: one fits no other.
test("the parser is of the very version that was bundled", () => {
  const read = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8"));
  const { dependencies } = read("package.json");
  expect(dependencies["libpg-query"]).toBe(read("node_modules/libpg-query/package.json").version);
});
