import { expect, test } from "vitest";
import { RULES } from "../../rules/index.js";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import type { Runner } from "../../src/files/place.js";
import { applyEdits, fixFindings } from "../../src/lint/fix.js";
import { lintMigrations } from "../../src/lint/index.js";

async function report(text: string, runner?: Runner) {
  await postgresEngine.load();
  const options = { engine: postgresEngine, version: postgresEngine.oldestVersion, severities: {} };
  const by = runner === undefined ? {} : { runner };
  return lintMigrations([{ file: "t.sql", text, report: true, ...by }], options);
}

const lint = async (text: string) => (await report(text)).findings;

test.each([
  ["CREATE INDEX i ON t (a);", "CREATE INDEX CONCURRENTLY i ON t (a);"],
  [
    "SELECT 1;\ncreate  unique index if not exists i on t (a);",
    "SELECT 1;\ncreate  unique index CONCURRENTLY if not exists i on t (a);",
  ],
  ["DROP INDEX IF EXISTS i;", "DROP INDEX CONCURRENTLY IF EXISTS i;"],
  [
    "DROP INDEX IF EXISTS i, s.j;\nSELECT 1;",
    'DROP INDEX CONCURRENTLY IF EXISTS "i";\nDROP INDEX CONCURRENTLY IF EXISTS "s"."j";\nSELECT 1;',
  ],
  [
    "ALTER TABLE s.t ADD CONSTRAINT c CHECK (a > 0);\nSELECT 1;",
    'ALTER TABLE s.t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\nALTER TABLE "s"."t" VALIDATE CONSTRAINT "c";\nSELECT 1;',
  ],
  [
    "ALTER TABLE IF EXISTS t ADD CONSTRAINT c CHECK (a > 0);",
    'ALTER TABLE IF EXISTS t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\nALTER TABLE IF EXISTS "t" VALIDATE CONSTRAINT "c";',
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
  "BEGIN; DROP INDEX i, j; COMMIT;",
  "DROP INDEX i, /* and */ j;",
  "DROP INDEX i, j CASCADE;",
  "DROP INDEX i CASCADE;",
  "CREATE /* wide */ INDEX i ON t (a);",
  "ALTER TABLE t ADD CHECK (a > 0);",
  "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0), ADD COLUMN b int;",
])("what is not certain is not fixed: %s", async (sql) => {
  const findings = await lint(sql);
  expect(findings.length).toBeGreaterThan(0);
  expect(findings.flatMap(({ fix }) => fix?.edits ?? [])).toEqual([]);
});

const EXAMPLES = RULES.filter(({ engines }) => engines.includes("postgres")).flatMap(({ bad }) =>
  bad.filter(({ engines }) => engines?.includes("postgres") !== false).map(({ sql }) => sql),
);

test.each<Runner>([
  { tool: "golang-migrate", transaction: "batch" },
  { tool: "goose", transaction: "file" },
  { tool: "Flyway", transaction: "auto" },
  { tool: "Flyway", transaction: "mixed" },
  { tool: "Knex", transaction: "none" },
])("a fix that is offered in a file of $tool ($transaction) is one that --fix does", async (runner) => {
  for (const sql of EXAMPLES) {
    const before = await report(sql, runner);
    const { failed } = await fixFindings(
      before,
      () => sql,
      (overlay) => report(overlay.get("t.sql") ?? sql, runner),
    );
    expect(failed, sql).toEqual([]);
  }
});

test("what takes two statements is fixed where a file may hold two, and only there", async () => {
  const sql = "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);";
  const offered = async (runner: Runner) => (await report(sql, runner)).findings.some(({ fix }) => fix !== undefined);
  expect(await offered({ tool: "Atlas", transaction: "none" })).toBe(true);
  expect(await offered({ tool: "golang-migrate", transaction: "batch" })).toBe(false);
  expect(await offered({ tool: "Knex", transaction: "none" })).toBe(false);
});
