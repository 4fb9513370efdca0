import { describe, expect, test } from "vitest";
import { judged } from "../rules/judged.js";
import { lintTexts } from "./support.js";

const INDEX = "require-concurrent-index-creation";
const MAKES = "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, email text);";
const BUILDS = "CREATE INDEX users_email ON users (email);";

/** Severity, rule and what is assumed, of each finding that a rule about a table that is there has. */
async function said(...args: Parameters<typeof lintTexts>): Promise<string> {
  const { findings } = await lintTexts(...args);
  const told = findings.filter(({ severity }) => severity !== "info");
  return told.map((f) => `${f.severity} ${f.rule}${/ Assumed:.*/.exec(f.message)?.[0] ?? ""}`).join("; ");
}

const ASSUMED = `warning ${INDEX} Assumed: "users" is there already.`;

describe("what IF NOT EXISTS makes where nothing in front tells whether it was there", () => {
  test.each([
    ["in the first file", [MAKES + BUILDS], ASSUMED],
    ["where the base is elsewhere", ["~ALTER TABLE orders ADD COLUMN z int;", MAKES + BUILDS], ASSUMED],
    ["in a block", [`DO $$ BEGIN ${MAKES} ${BUILDS} END $$;`], ASSUMED],
    ["where a file has changed it", ["~ALTER TABLE users ADD COLUMN z int;", MAKES + BUILDS], `error ${INDEX}`],
    [
      "where one that changes others has",
      ["~ALTER TABLE orders ADD COLUMN z int; ALTER TABLE users ADD COLUMN z int;", MAKES + BUILDS],
      `error ${INDEX}`,
    ],
    ["where a file has filled it", ["~INSERT INTO users VALUES (1);", MAKES + BUILDS], `error ${INDEX}`],
    ["where a file makes it", [`~${MAKES}`, MAKES + BUILDS], `error ${INDEX}`],
    ["where files make others", ["~CREATE TABLE orders (id int);", MAKES + BUILDS], ""],
    ["of another table", [`${MAKES} CREATE INDEX ON orders (z);`], `error ${INDEX}`],
    [
      "row security",
      [`${MAKES} ALTER TABLE users ENABLE ROW LEVEL SECURITY;`],
      'warning breaking-running-code Assumed: "users" is there already.',
    ],
  ])("%s", async (_, texts, expected) => {
    expect(await said(texts)).toBe(expected);
  });

  test("a routine by OR REPLACE", async () => {
    const takes = "REVOKE ALL ON FUNCTION f() FROM PUBLIC;";
    const sql = `CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1'; ${takes}`;
    const given = "breaking-running-code Assumed: PUBLIC has it, though no file is seen to give it";
    expect(await said([sql])).toBe(`warning ${given}; "f" is there already.`);
    expect(await said([takes])).toBe(`error ${given}.`);
  });

  test("a severity of the configuration is kept, and so is an ignore", async () => {
    expect(await said([MAKES + BUILDS], { [INDEX]: "error" })).toBe(ASSUMED.replace("warning", "error"));
    expect(await said([`${MAKES}\n-- zmigrate:ignore ${INDEX} -- nobody uses it\n${BUILDS}`])).toBe("");
  });

  test("MySQL", async () => {
    const makes = "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, email varchar(9));";
    const change = "ALTER TABLE users MODIFY email int;";
    const first = await judged([`${makes} ${change}`], "mysql");
    expect(first.length).toBeGreaterThan(0);
    for (const { severity, message } of first) {
      expect(severity).not.toBe("error");
      expect(message).toContain("Assumed: ");
      expect(message).toContain("`users` is there already");
    }
    expect((await judged([makes, change], "mysql")).map(({ severity }) => severity)).toContain("error");
  });
});
