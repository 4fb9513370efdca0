import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readMigrationFile, readMigrationsFolder, readText } from "../../src/files/read.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zmigrate-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, text: string | Uint8Array): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test("a file has its digits, slug, text and checksum", () => {
  const file = put("20260102030405_add-Age_1.sql", "SELECT 1;\n");
  expect(readMigrationFile(file)).toEqual({
    id: "20260102030405",
    slug: "add-Age_1",
    file,
    text: "SELECT 1;\n",
    checksum: "b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd",
  });
});

test("line ends and a byte order mark do not change text or checksum", () => {
  const lf = readMigrationFile(put("20260102030405_a.sql", "SELECT 1;\nSELECT 2;\n"));
  const crlf = readMigrationFile(put("20260102030406_b.sql", "\uFEFFSELECT 1;\r\nSELECT 2;\r\n"));
  expect(crlf.text).toBe(lf.text);
  expect(crlf.checksum).toBe(lf.checksum);
});

test("another text has another checksum, and a lone carriage return is data", () => {
  const a = readMigrationFile(put("20260102030405_a.sql", "SELECT 'x\ry';"));
  const b = readMigrationFile(put("20260102030406_b.sql", "SELECT 'x\ny';"));
  expect(a.text).toContain("\r");
  expect(a.checksum).not.toBe(b.checksum);
});

test("bytes that are not UTF-8 are an error at their place", () => {
  const file = put("20260102030405_a.sql", Uint8Array.from([0x61, 0x0a, 0x62, 0xff]));
  expect(() => readMigrationFile(file)).toThrow(
    expect.objectContaining({ code: "syntax-error", data: { file, line: 2, column: 2, reason: expect.any(String) } }),
  );
});

test.each([
  "a.sql",
  "2026_a.sql",
  "20260102030405.sql",
  "20260102030405_.sql",
  "20260102030405_a.down.sql",
  "20260102030405_a b.sql",
  "2026_a.backfill.ts",
  "20260102030405_a.backfill.cts",
  "20260102030405_a.b.backfill.js",
])("%s is a bad name", (name) => {
  const file = put(name, "");
  expect(() => readMigrationFile(file)).toThrow(expect.objectContaining({ code: "bad-file-name", data: { file } }));
  expect(() => readMigrationsFolder(folder)).toThrow(expect.objectContaining({ code: "bad-file-name" }));
});

test("a folder is read in the order of its digits, and what is no migration is left alone", () => {
  put("20260102030406_a.sql", "");
  put("20260102030405_b.sql", "");
  put("README.md", "");
  put("20260102030405_b.ts", "");
  put("20260102030407_c.backfill.ts", "-- migrate:up\n-- migrate:down\n");
  put("20260102030408_d.backfill.mjs", "");
  put("schema.sql", "not a migration");
  mkdirSync(join(folder, "old.sql"));
  const files = readMigrationsFolder(folder);
  expect(files.map(({ id, slug }) => `${id.slice(-2)} ${slug}`)).toEqual(["05 b", "06 a", "07 c", "08 d"]);
  expect(files[2]?.text).toBe("-- migrate:up\n-- migrate:down\n");
});

test("a folder whose SQL stands in folders below it is another tool's", () => {
  mkdirSync(join(folder, "0_init"));
  expect(readMigrationsFolder(folder)).toEqual([]);
  const file = put("0_init/migration.sql", "CREATE TABLE t (a int);");
  expect(() => readMigrationsFolder(folder)).toThrow(
    expect.objectContaining({ code: "migrations-below", data: { folder, file } }),
  );
  put("20260102030405_a.sql", "");
  expect(readMigrationsFolder(folder)).toHaveLength(1);
});

test.each(["20260102030405_a.sql", "20260102030405_a.backfill.ts"])("a folder named %s is refused", (name) => {
  put("20260102030406_b.sql", "");
  mkdirSync(join(folder, name));
  expect(() => readMigrationsFolder(folder)).toThrow(
    expect.objectContaining({ code: "file-not-found", message: expect.stringContaining("named as a migration is") }),
  );
});

test("what is no ordinary file is refused before it is read, which may never end", () => {
  const file = join(folder, "20260102030405_a.sql");
  execFileSync("mkfifo", [file]);
  expect(() => readMigrationsFolder(folder)).toThrow(
    expect.objectContaining({ code: "file-not-found", data: { file, why: "special" } }),
  );
});

// An administrator may read everything.
test.skipIf(process.getuid?.() === 0)("a folder that this user may not read is said to be there", () => {
  chmodSync(folder, 0);
  expect(() => readMigrationsFolder(folder)).toThrow(
    expect.objectContaining({ code: "folder-not-found", data: { folder, why: "denied" } }),
  );
  chmodSync(folder, 0o700);
});

test("two files with the same digits are an error that names both", () => {
  const files = [put("20260102030405_a.backfill.ts", ""), put("20260102030405_b.sql", "")];
  put("20260102030404_c.sql", "");
  expect(() => readMigrationsFolder(folder)).toThrow(
    expect.objectContaining({ code: "duplicate-id", data: { id: "20260102030405", files } }),
  );
});

test("a missing file and a missing folder are named", () => {
  const file = join(folder, "20260102030405_a.sql");
  expect(() => readMigrationFile(file)).toThrow(expect.objectContaining({ code: "file-not-found", data: { file } }));
  mkdirSync(file);
  expect(() => readMigrationFile(file)).toThrow(`${file} is a folder, not a file.`);
  const none = join(folder, "none");
  expect(() => readMigrationsFolder(none)).toThrow(
    expect.objectContaining({ code: "folder-not-found", data: { folder: none } }),
  );
});

test("what another tool runs on the way down is not in the text, and in the checksum", () => {
  const file = readMigrationFile(put("20260102030405_a.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n"));
  expect(file.text).toContain("SELECT 1");
  expect(file.text).not.toContain("SELECT 2");
  const other = readMigrationFile(
    put("20260102030406_b.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 3;\n"),
  );
  expect(file.checksum).not.toBe(other.checksum);
});

test.runIf(process.platform === "linux")("a device, which may never end, is not read", () => {
  expect(() => readText("/dev/zero")).toThrow(
    expect.objectContaining({ code: "file-not-found", data: { file: "/dev/zero", why: "special" } }),
  );
});
