import { expect, test } from "vitest";
import { idsOf, slugOf } from "../../src/adopt/names.js";
import { parseMigrationName } from "../../src/files/name.js";

const files = (...paths: string[]) => paths.map((path) => ({ path, version: "" }));

test("moments in names become the digits", () => {
  expect(idsOf(files("20240101000000_a.js", "20240102000000_b.js"))).toEqual(["20240101000000", "20240102000000"]);
  expect(idsOf(files("V20240101000000__a.sql"))).toEqual(["20240101000000"]);
  expect(idsOf(files("20240101000000_init/migration.sql"))).toEqual(["20240101000000"]);
  expect(idsOf(files("1704067200000_a.sql", "1704153600000_b.sql"))).toEqual(["20240101000000", "20240102000000"]);
  expect(idsOf([{ path: "0000_x.sql", version: "1704067200000" }])).toEqual(["20240101000000"]);
});

test("where one has none, or they do not rise, the places do", () => {
  const counted = ["00000000000001", "00000000000002"];
  expect(idsOf(files("000001_a.up.sql", "000002_b.up.sql"))).toEqual(counted);
  expect(idsOf(files("20240101000000_a.sql", "R__views.sql"))).toEqual(counted);
  expect(idsOf(files("1704067200001_a.sql", "1704067200002_b.sql"))).toEqual(counted);
});

test.each([
  ["V1_2__Add user's age.sql", "Add_user_s_age"],
  ["R__views.sql", "views"],
  ["000012_orders.up.sql", "orders"],
  ["20240101000000_init/migration.sql", "init"],
  ["0003_loud_hulk.sql", "loud_hulk"],
  ["20240101000000-AddUsers.ts", "AddUsers"],
  ["20160131153104_0.1.2_add.sql", "add"],
  ["V7__.sql", "migration"],
  [`1_${"x".repeat(300)}.sql`, "x".repeat(100)],
])("%s is called %s", (path, slug) => {
  expect(slugOf(path)).toBe(slug);
  expect(parseMigrationName(`20240101000000_${slug}.sql`)?.slug).toBe(slug);
});
