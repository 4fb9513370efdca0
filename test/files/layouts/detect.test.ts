import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { layoutFolder, layoutOf } from "../../../src/files/layouts/detect.js";
import { migrationsIn, passedOverIn } from "../../../src/files/layouts/folder.js";
import { placeOf } from "../../../src/files/layouts/place-of.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zmigrate-layouts-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const DBMATE = "-- migrate:up\nSELECT 1;\n-- migrate:down\n";
const GOOSE = "-- +goose Up\nSELECT 1;\n-- +goose Down\n";
const SQL_MIGRATE = "-- +migrate Up\nSELECT 1;\n-- +migrate Down\n";
const JOURNAL = JSON.stringify({
  entries: [
    { idx: 1, tag: "0001_b" },
    { idx: 0, tag: "0000_z" },
  ],
});

test.each([
  ["dbmate", { "10_b.sql": DBMATE, "09_a.sql": DBMATE }, ["09_a.sql", "10_b.sql"]],
  [null, { "9_a.sql": GOOSE, "10_b.sql": GOOSE, "seed.sql": "" }, ["9_a.sql", "10_b.sql"]],
  [
    null,
    { "10_c.sql": "", "1_a.sql": "", "002-b.sql": "", "002-b.down.sql": "", "1_a_rollback.sql": "", "seed.sql": "" },
    ["1_a.sql", "002-b.sql", "10_c.sql"],
  ],
  [null, { "001_init.sql": "", "001_init_down.sql": "", "schema.sql": "", "README.md": "" }, ["001_init.sql"]],
  [
    "golang-migrate",
    { "10_b.up.sql": "", "10_b.down.sql": "", "9_a.up.sql": "", "9_a.down.sql": "" },
    ["9_a.up.sql", "10_b.up.sql"],
  ],
  [
    "Flyway",
    { "V1_10__c.sql": "", "V1_9__b.sql": "", "V1__a.sql": "", "R__views.sql": "", "U1__a.sql": "", "B1__all.sql": "" },
    ["V1__a.sql", "V1_9__b.sql", "V1_10__c.sql", "R__views.sql"],
  ],
  [
    "Prisma",
    {
      "migration_lock.toml": "",
      "20250102_b/migration.sql": "",
      "20250101_a/migration.sql": "",
      "20250101_a/down.sql": "",
    },
    [join("20250101_a", "migration.sql"), join("20250102_b", "migration.sql")],
  ],
  [
    "Drizzle",
    { "meta/_journal.json": JOURNAL, "0001_b.sql": "", "0000_z.sql": "", "0002_x.sql": "" },
    ["0000_z.sql", "0001_b.sql"],
  ],
  [
    "Drizzle",
    { "20250101_a/migration.sql": "", "20250101_a/snapshot.json": "{}" },
    [join("20250101_a", "migration.sql")],
  ],
  [
    "Atlas",
    { "atlas.sum": "", "20250102000000_b.sql": "", "20250101000000.sql": "" },
    ["20250101000000.sql", "20250102000000_b.sql"],
  ],
  ["Knex", { "20250102_b.ts": "", "20250101_a.js": "", "types.d.ts": "" }, ["20250101_a.js", "20250102_b.ts"]],
  ["TypeORM", { "1700000000000-B.ts": "", "900-A.js": "", "index.ts": "" }, ["900-A.js", "1700000000000-B.ts"]],
  [
    "Diesel",
    {
      "2026-01-02-000000_b/up.sql": "",
      "2026-01-02-000000_b/down.sql": "",
      "20260101000000_a/up.sql": "",
      ".keep/up.sql": "",
    },
    [join("20260101000000_a", "up.sql"), join("2026-01-02-000000_b", "up.sql")],
  ],
  [null, { "20260102030405_a.sql": DBMATE }, ["20260102030405_a.sql"]],
  [
    "golang-migrate",
    { "atlas.sum": "", "20250101000000_a.up.sql": "", "20250101000000_a.down.sql": "" },
    ["20250101000000_a.up.sql"],
  ],
  [
    "Flyway",
    { "atlas.sum": "", "V20250101000000__a.sql": "", "U20250101000000__a.sql": "" },
    ["V20250101000000__a.sql"],
  ],
  [
    null,
    { "atlas.sum": "", "20250101000000.sql": GOOSE, "20250102000000_b.sql": "", "checks.sql": "" },
    ["20250101000000.sql", "20250102000000_b.sql"],
  ],
  [
    "Flyway",
    { "1.0.1/dml/V1.0.1_1__d.sql": "", "1.0.1/ddl/V1.0.1__c.sql": "", "1.0.0/V1.0.0__a.sql": "", "R__v.sql": "" },
    [
      join("1.0.0", "V1.0.0__a.sql"),
      join("1.0.1", "ddl", "V1.0.1__c.sql"),
      join("1.0.1", "dml", "V1.0.1_1__d.sql"),
      "R__v.sql",
    ],
  ],
  [
    null,
    { "20160118194630_init.sql": GOOSE, "20160131153104_0.1.2_add.sql": GOOSE, "notes.sql": "" },
    ["20160118194630_init.sql", "20160131153104_0.1.2_add.sql"],
  ],
  [
    null,
    { "V0002.B.up.sql": "", "V0001.A.up.sql": "", "V0001.A.down.sql": "", "V0010.C.up.sql": "" },
    ["V0001.A.up.sql", "V0002.B.up.sql", "V0010.C.up.sql"],
  ],
  [
    "Diesel",
    { "2026-01-02-000000_b/up.sql": "", "2026-01-02-000000_b/down.sql": "", "data.sql": "" },
    [join("2026-01-02-000000_b", "up.sql")],
  ],
  [
    null,
    { "2_b.sql": SQL_MIGRATE, "zz.sql": SQL_MIGRATE, "10_c.sql": SQL_MIGRATE, "init.sql": SQL_MIGRATE },
    ["2_b.sql", "10_c.sql", "init.sql", "zz.sql"],
  ],
])("%s", (tool, files, order) => {
  put(files);
  const layout = layoutOf(folder);
  expect(layout?.tool).toBe(tool);
  expect(migrationsIn(folder, layout)).toEqual(order);
});

test("what a tool passes over is told", () => {
  put({ "20250101_a/up.sql": "", "20250101_a/down.sql": "", "data.sql": "", "schema.sql": "", "README.md": "" });
  expect(passedOverIn(folder, layoutOf(folder))).toEqual(["data.sql"]);
  expect(passedOverIn(folder, null)).toEqual([]);
});

test("a folder of zmigrate's own stays strict, whatever stands beside its files", () => {
  put({ "20260102030405_a.sql": "", "20260102030406_b.c.sql": "" });
  expect(() => migrationsIn(folder, layoutOf(folder))).toThrow(expect.objectContaining({ code: "bad-file-name" }));
  put({ "20260102030406_d/up.sql": "" });
  expect(layoutOf(folder)?.tool).toBeNull();
});

test("two files with one version below a location of Flyway are an error", () => {
  put({ "mysql/V1__a.sql": "", "postgres/V1.0__a.sql": "" });
  expect(() => migrationsIn(folder, layoutOf(folder))).toThrow(expect.objectContaining({ code: "duplicate-version" }));
});

test("a folder in which no migration is found is an error when it holds SQL", () => {
  put({ "README.md": "", "schema.sql": "" });
  expect(migrationsIn(folder, layoutOf(folder))).toEqual([]);
  put({ "db/deep/query.sql": "", "node_modules/x/y.sql": "" });
  expect(() => migrationsIn(folder, layoutOf(folder))).toThrow(
    expect.objectContaining({ code: "no-migrations", data: { folder, files: [join("db", "deep", "query.sql")] } }),
  );
});

test("the location of Flyway that a file is in: the folder above it that is named so, if its versions are unique", () => {
  put({ "migration/1.0/ddl/V1__a.sql": "", "migration/1.1/V2__b.sql": "" });
  put({ "migrations/h2/V1__a.sql": "", "migrations/mysql/V1__a.sql": "", "other/1.0/V1__a.sql": "" });
  const of = (...path: string[]) => layoutFolder(join(folder, ...path)).slice(folder.length + 1);
  expect(of("migration", "1.0", "ddl", "V1__a.sql")).toBe("migration");
  expect(of("migrations", "mysql", "V1__a.sql")).toBe(join("migrations", "mysql"));
  expect(of("other", "1.0", "V1__a.sql")).toBe(join("other", "1.0"));
});

test("a folder without a layout, and none at all", () => {
  put({ "query.sql": "SELECT 1;", "0001_a.sql": "SELECT 1;" });
  expect(layoutOf(folder)).toBeNull();
  expect(layoutOf(join(folder, "none"))).toBeNull();
});

test.each([
  [null, "file"],
  ["run_in_transaction = true\n", "file"],
  ["run_in_transaction = false\n", "batch"],
  ["comment = 'x'\n", "batch"],
])("Diesel's metadata.toml %j: %s", (metadata, transaction) => {
  put({ "1_a/up.sql": "SELECT 1;", ...(metadata === null ? {} : { "1_a/metadata.toml": metadata }) });
  const place = placeOf(join(folder, "1_a", "up.sql"), "SELECT 1;", layoutOf(folder));
  expect(place.runner).toEqual({ tool: "Diesel", transaction });
});

test("a file that runs on the way down is known", () => {
  put({ "1_a.up.sql": "" });
  expect(layoutOf(folder)?.role("1_a.down.sql")).toBe("down");
});

test.each(["{", "null", '{"entries":[{"idx":"0"}]}'])("a journal of Drizzle that is %s is an error", (journal) => {
  put({ "meta/_journal.json": journal });
  expect(() => layoutOf(folder)).toThrow(expect.objectContaining({ code: "bad-config" }));
});
