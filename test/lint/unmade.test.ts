import { describe, expect, test } from "vitest";
import { lintTexts } from "./support.js";

const T = "CREATE TABLE t (id bigint PRIMARY KEY, a text);";

/** Severities and what is assumed, of what is found at all. */
async function said(...texts: readonly string[]): Promise<string> {
  const { findings } = await lintTexts(texts.map((text, at) => (at < texts.length - 1 ? `~${text}` : text)));
  const told = findings.filter(({ severity }) => severity !== "info");
  return told.map((f) => `${f.severity}${/ Assumed: [^;.]*/.exec(f.message)?.[0] ?? ""}`).join("; ");
}

describe("what is dropped or changed IF EXISTS, and no file has made", () => {
  test.each([
    "DROP TABLE IF EXISTS nope;",
    "DROP INDEX IF EXISTS nope;",
    "DROP SCHEMA IF EXISTS nope;",
    "DROP SCHEMA IF EXISTS nope CASCADE;",
    "DROP SEQUENCE IF EXISTS nope;",
    "DROP VIEW IF EXISTS nope;",
    "SET lock_timeout = '1s'; ALTER TABLE IF EXISTS nope RENAME TO other;",
    "SET lock_timeout = '1s'; ALTER TABLE IF EXISTS nope DROP COLUMN a;",
  ])("%s", async (sql) => {
    const assumed = "Assumed: nope is there, though no file made it";
    // Files that name all there is do not have it; a base elsewhere may.
    expect(await said(T, sql)).toMatch(new RegExp(`^warning ${assumed}`));
    expect(await said(sql)).toMatch(new RegExp(`^error ${assumed}`));
    expect(await said("ALTER TABLE orders ADD COLUMN z int;", T, sql)).toMatch(new RegExp(`^error ${assumed}`));
  });

  test("a function is a warning where files make others, and a role never: it is the whole server's", async () => {
    const made = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';";
    expect(await said(T + made, "DROP FUNCTION IF EXISTS nope();")).toMatch(/^warning Assumed: nope is there/);
    expect(await said(T, "DROP ROLE IF EXISTS nope;")).toMatch(/^error Assumed: nope is there/);
  });

  test("what files have made, or changed, is there", async () => {
    expect(await said(T, "DROP TABLE IF EXISTS t;")).toBe("error");
    expect(await said("ALTER TABLE t ADD COLUMN z int;", "DROP TABLE IF EXISTS t;")).toBe("error");
    expect(await said(`${T} CREATE INDEX i ON t (a);`, "DROP INDEX IF EXISTS i;")).toBe("error");
    expect(await said(`${T} CREATE SCHEMA s;`, "DROP SCHEMA IF EXISTS s CASCADE;")).toBe("error");
  });

  test("what files have dropped is not", async () => {
    expect(await said(T, "DROP TABLE t;", "DROP TABLE IF EXISTS t;")).toBe("");
  });
});
