import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { cached } from "./cache.js";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "zmigrate-cache-"));
  vi.stubEnv("XDG_CACHE_HOME", home);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

const entries = () => readdir(join(home, "zmigrate-test-servers"));

it("makes a folder once and keeps it", async () => {
  let made = 0;
  const make = async (folder: string) => {
    made += 1;
    await writeFile(join(folder, "file"), "whole");
  };
  const first = await cached("one", make);
  expect(await cached("one", make)).toBe(first);
  expect([made, await readFile(join(first, "file"), "utf8")]).toEqual([1, "whole"]);
});

it("lets one win when several make the same folder", async () => {
  const make = (text: string) => (folder: string) => writeFile(join(folder, "file"), text);
  const folders = await Promise.all(["a", "b", "c"].map((text) => cached("same", make(text))));
  expect(new Set(folders).size).toBe(1);
  expect(await entries()).toEqual(["same"]);
});

it("keeps nothing of a folder that could not be made", async () => {
  const fail = async (folder: string) => {
    await writeFile(join(folder, "half"), "");
    throw new Error("no disk");
  };
  await expect(cached("half", fail)).rejects.toThrow("no disk");
  expect(await entries()).toEqual([]);
});
