import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newMigration } from "../../src/commands/new.js";
import { lazyCode } from "../../src/files/code/load.js";
import { readMigrationsFolder } from "../../src/files/read.js";
import { type Sandbox, sandbox } from "./support.js";

let box: Sandbox;
beforeEach(() => {
  box = sandbox();
});
afterEach(() => box.remove());

const NOW = new Date("2026-01-02T03:04:05.678Z");
const names = (): string[] => readdirSync(join(box.cwd, "migrations")).toSorted();

test("the file has the UTC second and the slug, and its path is printed", async () => {
  expect(await newMigration("add_user_age", {}, box.io, NOW)).toBe(0);
  expect(names()).toEqual(["20260102030405_add_user_age.sql"]);
  const file = join(box.cwd, "migrations", "20260102030405_add_user_age.sql");
  expect(box.stdout()).toBe(`${file}\n`);
  expect(readFileSync(file, "utf8")).toBe("-- add user age\n\n");
});

test("a backfill in TypeScript is one that loads, and has digits of its own", async () => {
  await newMigration("fill_slugs", {}, box.io, NOW);
  await newMigration("fill_slugs", { backfill: true }, box.io, NOW);
  expect(names()).toEqual(["20260102030405_fill_slugs.sql", "20260102030406_fill_slugs.backfill.ts"]);
  await newMigration("after", {}, box.io, NOW);
  expect(names()).toContain("20260102030407_after.sql");
  const file = join(box.cwd, "migrations", "20260102030406_fill_slugs.backfill.ts");
  expect(await lazyCode(file, readFileSync(file, "utf8")).load()).toMatchObject({
    select: ["old"],
    update: ["fresh"],
    where: "fresh IS NULL",
  });
});

test("two in one second get digits of their own", async () => {
  for (const slug of ["a", "b", "a"]) await newMigration(slug, {}, box.io, NOW);
  expect(names()).toEqual(["20260102030405_a.sql", "20260102030406_b.sql", "20260102030407_a.sql"]);
  expect(readMigrationsFolder(join(box.cwd, "migrations"))).toHaveLength(3);
});

test("the next second after the end of a minute is a real one", async () => {
  const late = new Date("2025-12-31T23:59:59Z");
  for (const slug of ["a", "b"]) await newMigration(slug, {}, box.io, late);
  expect(names()).toEqual(["20251231235959_a.sql", "20260101000000_b.sql"]);
});

test.each([
  ["Add User Age", "add_user_age"],
  ["addUserAge", "add_user_age"],
  ["add-user-age", "add-user-age"],
])("the slug of %j is %s", async (text, slug) => {
  await newMigration(text, {}, box.io, NOW);
  expect(names()).toEqual([`20260102030405_${slug}.sql`]);
});

test.each(["", "../x", "a/b", "a.b", "-x", "naïve", "x".repeat(101)])(
  "%j is refused and nothing is made",
  async (slug) => {
    await expect(newMigration(slug, {}, box.io, NOW)).rejects.toMatchObject({ code: "usage", exitCode: 2 });
    expect(readdirSync(box.cwd)).toEqual([]);
  },
);

test("the folder is the configured one", async () => {
  box.put("zmigrate.config.json", '{"migrations":"db/sql"}');
  await newMigration("a", {}, box.io, NOW);
  expect(readdirSync(join(box.cwd, "db", "sql"))).toEqual(["20260102030405_a.sql"]);
});
