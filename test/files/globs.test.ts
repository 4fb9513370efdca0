import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { expandPaths } from "../../src/files/globs.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zmigrate-globs-"));
  mkdirSync(join(folder, "sub"));
  for (const name of ["b.sql", "a.sql", "a[1].sql", "sub/c.sql", "x.md"]) writeFileSync(join(folder, name), "");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const expand = async (...paths: readonly string[]) =>
  (await expandPaths(paths.map((path) => join(folder, path)))).map((file) => file.slice(folder.length + 1));

test("a glob is the files that it finds, sorted", async () => {
  expect(await expand("x.md", "**/*.sql")).toEqual(["x.md", "a.sql", "a[1].sql", "b.sql", "sub/c.sql"]);
});

test("a path that exists is itself, and one that does not is left to who reads it", async () => {
  expect(await expand("a[1].sql", "none.sql", "sub")).toEqual(["a[1].sql", "none.sql", "sub"]);
});

test("a glob that finds nothing is an error", async () => {
  await expect(expand("*.sq")).rejects.toMatchObject({ code: "file-not-found" });
});
