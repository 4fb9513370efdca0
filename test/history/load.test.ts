import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { loadMigrations } from "../../src/history/load.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zmigrate-load-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test("a folder's migrations come in order, parsed", async () => {
  put("20260102030406_b.sql", "ALTER TABLE t DROP COLUMN a;");
  put("20260102030405_a.sql", "-- zmigrate:gate soak=1h\nCREATE TABLE t (a int);");
  const [a, b] = await loadMigrations(folder, postgresEngine);
  expect(a).toMatchObject({ id: "20260102030405", slug: "a", directives: [{ kind: "gate" }] });
  expect(a?.statements[0]?.operations[0]?.kind).toBe("create-table");
  expect(b?.statements[0]?.operations[0]?.kind).toBe("drop-column");
});

test("named files come in the order given", async () => {
  const files = [put("20260102030406_b.sql", "SELECT 2;"), put("20260102030405_a.sql", "SELECT 1;")];
  expect((await loadMigrations(files, postgresEngine)).map((migration) => migration.slug)).toEqual(["b", "a"]);
});

test("a syntax error is named with its file, line and column", async () => {
  const file = put("20260102030405_a.sql", "SELECT 1;\n  ALTER TABLE t AD COLUMN a int;\n");
  await expect(loadMigrations(folder, postgresEngine)).rejects.toMatchObject({
    code: "syntax-error",
    exitCode: 2,
    message: expect.stringMatching(new RegExp(`^${file.replaceAll(".", "\\.")}:2:17: `)),
  });
});

test("a directive that nothing comes after is an error", async () => {
  put("20260102030405_a.sql", "SELECT 1;\n-- zmigrate:ignore a -- b\n");
  await expect(loadMigrations(folder, postgresEngine)).rejects.toMatchObject({
    code: "bad-directive",
    data: { line: 2 },
  });
});
