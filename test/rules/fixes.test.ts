import { expect, test } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { applyEdits } from "../../src/lint/fix.js";
import { lintMigrations } from "../../src/lint/index.js";

async function lint(text: string) {
  await postgresEngine.load();
  const options = { engine: postgresEngine, version: postgresEngine.oldestVersion, severities: {} };
  return lintMigrations([{ file: "t.sql", text, report: true }], options).findings;
}

test.each([
  ["CREATE INDEX i ON t (a);", "CREATE INDEX CONCURRENTLY i ON t (a);"],
  [
    "SELECT 1;\ncreate  unique index if not exists i on t (a);",
    "SELECT 1;\ncreate  unique index CONCURRENTLY if not exists i on t (a);",
  ],
  ["DROP INDEX IF EXISTS i;", "DROP INDEX CONCURRENTLY IF EXISTS i;"],
  [
    "ALTER TABLE s.t ADD CONSTRAINT c CHECK (a > 0);\nSELECT 1;",
    'ALTER TABLE s.t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\nALTER TABLE "s"."t" VALIDATE CONSTRAINT "c";\nSELECT 1;',
  ],
  [
    "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (p) REFERENCES p (id)",
    'ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (p) REFERENCES p (id) NOT VALID;\nALTER TABLE "t" VALIDATE CONSTRAINT "c"',
  ],
])("%s is fixed, and nothing is found any more", async (sql, expected) => {
  const edits = (await lint(sql)).flatMap(({ fix }) => fix?.edits ?? []);
  const text = applyEdits(sql, edits);
  expect(text).toBe(expected);
  expect((await lint(text)).filter(({ severity }) => severity !== "info")).toEqual([]);
});

test.each([
  "BEGIN; CREATE INDEX i ON t (a); COMMIT;",
  "BEGIN; DROP INDEX i; COMMIT;",
  "BEGIN; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0); COMMIT;",
  "DROP INDEX i, j;",
  "DROP INDEX i CASCADE;",
  "CREATE /* wide */ INDEX i ON t (a);",
  "ALTER TABLE t ADD CHECK (a > 0);",
  "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0), ADD COLUMN b int;",
])("what is not certain is not fixed: %s", async (sql) => {
  const findings = await lint(sql);
  expect(findings.length).toBeGreaterThan(0);
  expect(findings.flatMap(({ fix }) => fix?.edits ?? [])).toEqual([]);
});
