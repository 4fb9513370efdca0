import { describe, expect, test } from "vitest";
import { rules } from "../rules/judged.js";

const BASE = "CREATE TABLE orgs (id bigint PRIMARY KEY, name text NOT NULL, code varchar(10));";

// Seen on PostgreSQL 18: the temporary table is gone, and the statement is about the one that has rows.
describe("a temporary table that is gone hides the other one no longer", () => {
  test.each([
    "BEGIN; CREATE TEMP TABLE orgs (id int) ON COMMIT DROP; COMMIT;",
    "BEGIN; CREATE TEMP TABLE orgs ON COMMIT DROP AS SELECT 1 AS id; COMMIT;",
    "BEGIN; CREATE TABLE pg_temp.orgs (id int) ON COMMIT DROP; COMMIT;",
    "BEGIN; CREATE TEMP TABLE o (id int) ON COMMIT DROP; ALTER TABLE o RENAME TO orgs; COMMIT;",
    "BEGIN; CREATE TEMP TABLE orgs (id int) ON COMMIT DROP; COMMIT AND CHAIN; COMMIT;",
    "CREATE TEMP TABLE orgs (id int) ON COMMIT DROP;",
    "DO $$ BEGIN CREATE TEMP TABLE orgs (id int) ON COMMIT DROP; END $$;",
    "CREATE TEMP TABLE orgs (id int); DISCARD TEMP;",
    "CREATE TEMP TABLE orgs (id int); DISCARD ALL;",
  ])("%s", async (sql) => {
    expect(await rules([BASE, `${sql} CREATE INDEX orgs_name ON orgs (name);`])).toBe(
      "require-concurrent-index-creation",
    );
    expect(await rules([BASE, `${sql} DROP TABLE orgs;`])).toBe("ban-drop-table");
  });

  test.each([
    "BEGIN; CREATE TEMP TABLE orgs (id int) ON COMMIT DROP; DROP TABLE orgs; COMMIT;",
    "BEGIN; CREATE TEMP TABLE orgs (id int) ON COMMIT DELETE ROWS; COMMIT; DROP TABLE orgs;",
    "BEGIN; CREATE TEMP TABLE orgs (id int); COMMIT; DROP TABLE orgs;",
  ])("but as long as it is there: %s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });
});

describe("what a block has made is the file's own", () => {
  const index = "CREATE INDEX i ON made (id);";
  const makes = "CREATE TABLE made (id int); INSERT INTO made VALUES (1);";
  test.each([
    [`DO $$ BEGIN ${makes} END $$; ${index}`, ""],
    [`DO $$ BEGIN EXECUTE 'CREATE TABLE made (id int)'; END $$; ${index} DROP TABLE made;`, ""],
    [`DO $$ BEGIN IF now() > '2020-01-01' THEN ${makes} END IF; END $$; ${index}`, "require-concurrent-index-creation"],
    [`DO $$ BEGIN ${makes} EXCEPTION WHEN others THEN NULL; END $$; ${index}`, "require-concurrent-index-creation"],
    [`DO $$ BEGIN ${makes} DROP TABLE made; END $$; ${index}`, "contradicting-history"],
  ])("%s", async (sql, said) => {
    const found = await rules([BASE, sql]);
    expect(
      found
        .split(" ")
        .filter((rule) => rule !== "unbatched-data-change")
        .join(" "),
    ).toBe(said);
  });
});

test("what the file itself rolls back takes nothing away", async () => {
  expect(await rules([BASE, "BEGIN; DROP TABLE orgs; ROLLBACK;"])).toBe("");
  expect(await rules([BASE, "BEGIN; ALTER TABLE orgs DROP COLUMN code; ABORT;"])).toBe("");
  expect(await rules([BASE, "BEGIN; DROP TABLE orgs; COMMIT;"])).toContain("ban-drop-table");
  expect(await rules([BASE, "DROP TABLE orgs; BEGIN; ROLLBACK;"])).toContain("ban-drop-table");
  expect(await rules([BASE, "BEGIN; SAVEPOINT s; DROP TABLE orgs; ROLLBACK TO s; COMMIT;"])).toContain(
    "ban-drop-table",
  );
  expect(await rules([BASE, "BEGIN; DROP TABLE orgs; ROLLBACK;"], "mysql")).toContain("ban-drop-table");
});
