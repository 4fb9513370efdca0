import { expect, test } from "vitest";
import { found, lintTexts } from "./support.js";

test("a finding has its rule, place, words and operation", async () => {
  const { findings, files, statements, unreadable } = await lintTexts([
    "SELECT 1;\n  ALTER TABLE t DROP COLUMN a,\n  ADD COLUMN b int;",
  ]);
  expect({ files, statements, unreadable }).toEqual({ files: 1, statements: 2, unreadable: false });
  expect(findings).toMatchObject([
    {
      rule: "ban-drop-column",
      severity: "error",
      file: "1.sql",
      start: { line: 2, column: 17 },
      end: { line: 2, column: 30 },
      operation: "drop-column",
      message: expect.stringContaining('"a"'),
      help: expect.stringContaining("zmigrate plan"),
    },
  ]);
});

test("a finding that rests on a guess says so", async () => {
  const { findings } = await lintTexts(["ALTER TABLE t ADD COLUMN m mood;"]);
  expect(findings[0]?.message).toMatch(/Assumed: .*mood/);
});

test("files before it tell what a file's tables are", async () => {
  const partitioned = "~CREATE TABLE p (k int) PARTITION BY RANGE (k);";
  const index = "CREATE INDEX CONCURRENTLY i ON p (k);";
  expect(await found([index])).toEqual([]);
  expect(await found([partitioned, index])).toEqual(["failing-statement@1"]);
});

test("a table of an earlier file is not fresh", async () => {
  expect(await found(["~CREATE TABLE t (a int);", "CREATE INDEX i ON t (a);"])).toEqual([
    "require-concurrent-index-creation@1",
  ]);
});

test("after a statement that does not parse nothing is known of the tables that it names", async () => {
  const broken = "~CREATE TABLE p (k int) PARTITION BY RANGE (k); ALTER TABL p;";
  expect(await found([broken, "CREATE INDEX CONCURRENTLY i ON p (k);"])).toEqual(["unread-history@1"]);
});

test("a syntax error does not hide the other statements, nor the other files", async () => {
  const report = await lintTexts(["ALTER TABLE t DROP COLUMN a;\nSELEC 1;\n", "DROP TABLE t;"]);
  expect(report.unreadable).toBe(true);
  expect(report.findings.map(({ rule, file }) => `${file} ${rule}`)).toEqual([
    "1.sql ban-drop-column",
    "1.sql syntax-error",
    "2.sql ban-drop-table",
  ]);
});

test("a bad directive is a finding at its place, beside the others", async () => {
  const report = await lintTexts(["ALTER TABLE t DROP COLUMN a;\n  -- zmigrate:phse expand\nSELECT 1;"]);
  expect(report.unreadable).toBe(true);
  expect(report.findings).toMatchObject([
    { rule: "ban-drop-column" },
    { rule: "bad-directive", start: { line: 2, column: 3 }, end: { line: 2, column: 26 }, operation: "none" },
  ]);
});

test("severities may be changed, and rules switched off", async () => {
  const text = "ALTER TABLE t DROP COLUMN a;\nALTER TABLE t RENAME COLUMN b TO c;";
  const { findings } = await lintTexts([text], { "ban-drop-column": "info", "renaming-column": "off" });
  expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([["ban-drop-column", "info"]]);
});

test("a rule that is switched off does not wake the fallback rules", async () => {
  expect(await found(["CREATE INDEX i ON t (a);"], { "require-concurrent-index-creation": "off" })).toEqual([]);
});

test("findings come in the order of their places", async () => {
  const text = "-- zmigrate:ignore ban-drop-column -- x\nSELECT 1;\nDROP TABLE t;\nALTER TABLE u DROP COLUMN a;";
  expect(await found([text])).toEqual(["unused-ignore@1", "ban-drop-table@3", "ban-drop-column@4"]);
});

test("ten times the statements take not much more than ten times as long", async () => {
  const text = (count: number) =>
    "-- zmigrate:ignore ban-drop-column -- gone\nALTER TABLE t DROP COLUMN a;\nCREATE INDEX i ON t (a);\n".repeat(
      count,
    );
  const time = async (count: number) => {
    const started = performance.now();
    await lintTexts([text(count)]);
    return performance.now() - started;
  };
  await time(500);
  const small = await time(500);
  expect(await time(5_000)).toBeLessThan(Math.max(small, 20) * 40);
});

test("under --git-base, a contract is told whose expand comes in another file of the same deploy", async () => {
  const files = [
    "ALTER TABLE users ADD COLUMN email_address text;",
    "-- zmigrate:phase contract\nALTER TABLE users DROP COLUMN user_email;",
  ];
  const lint = async (oneDeploy: boolean, texts: readonly string[]) =>
    (await lintTexts(texts, {}, { oneDeploy })).findings.map(({ rule, file }) => `${rule} ${file}`);
  expect(await lint(true, files)).toEqual(["contract-with-expand 2.sql"]);
  expect(await lint(true, ["ALTER TABLE teams ADD COLUMN a int;", files[1] ?? ""])).toEqual([]);
  // What the base branch has already came with an earlier deploy, and a folder is a whole history.
  expect(await lint(true, [`~${files[0]}`, files[1] ?? ""])).toEqual([]);
  expect(await lint(false, files)).toEqual([]);
});

test("what is wrong in a body has its place", async () => {
  const place = async (text: string) => {
    const { findings } = await lintTexts([text]);
    return findings.map(({ rule, span }) => `${rule}: ${text.slice(span.start, span.end)}`);
  };
  expect(await place("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETRUN 1;\nEND $$;")).toEqual([
    "unreadable-routine: RETRUN",
  ]);
  expect(
    await place(
      "CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DROP TABLE ' || t; END $$;",
    ),
  ).toEqual([expect.stringMatching(/^dynamic-sql: .*'DROP TABLE ' \|\| t/)]);
  expect(await place("DO $$ BEGIN\n  UPDATE t SET a = 1 WHERE id = 1;\n  EXECUTE x;\nEND $$;")).toContain(
    "not-supported-yet: x",
  );
});

test("a temporary table hides no table of the same name that has its schema written", async () => {
  const temporary = "CREATE TEMP TABLE t (a int);\n";
  expect(await found([`${temporary}CREATE INDEX i ON t (a);`])).toEqual([]);
  expect(await found([`${temporary}CREATE INDEX i ON pg_temp.t (a);`])).toEqual([]);
  expect(await found([`${temporary}CREATE INDEX i ON public.t (a);`])).toEqual(["require-concurrent-index-creation@2"]);
  expect(await found([`${temporary}ALTER TABLE t RENAME TO u;\nCREATE INDEX i ON u (a);`])).toEqual([]);
  expect(await found([`${temporary}ALTER TABLE t RENAME TO u;\nCREATE INDEX i ON public.u (a);`])).toEqual([
    "require-concurrent-index-creation@3",
  ]);
});

test("what ROLLBACK takes back was not dropped and not added", async () => {
  const build = "CREATE INDEX CONCURRENTLY i ON t (a);";
  expect(await found([`DROP INDEX CONCURRENTLY i;\n${build}`])).toEqual(["index-gap@2"]);
  expect(await found([`BEGIN;\nDROP INDEX i;\nROLLBACK;\n${build}`])).not.toContain("index-gap@4");
  const check = "ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0) NOT VALID;";
  const phase = "-- zmigrate:phase expand\n";
  expect(await found([`${phase}ALTER TABLE t ADD COLUMN b int;\n${check}`])).toEqual([]);
  expect(await found([`${phase}BEGIN;\nALTER TABLE t ADD COLUMN b int;\nROLLBACK;\n${check}`])).toEqual([
    "wrong-phase@5",
  ]);
  expect(
    await found([`${phase}BEGIN;\nSAVEPOINT s;\nALTER TABLE t ADD COLUMN b int;\nROLLBACK TO s;\n${check}\nCOMMIT;`]),
  ).toEqual(["wrong-phase@6"]);
});
