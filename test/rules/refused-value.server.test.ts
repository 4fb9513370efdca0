import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { rules } from "./judged.js";

const BASE = `CREATE TYPE mood AS ENUM ('ok', 'bad'); CREATE TYPE addr AS (street text, zip text);
CREATE TABLE shops (id bigint PRIMARY KEY, a addr, age int, price numeric(10,2), note varchar(9), CONSTRAINT c CHECK (age > 0));
CREATE POLICY p ON shops USING (price > 0);`;

/** What the server refuses, and its code. */
const REFUSED: readonly (readonly [string, string])[] = [
  ["ALTER TYPE mood ADD VALUE 'ok';", "42710"],
  ["ALTER TYPE mood ADD VALUE 'meh' BEFORE 'nope';", "22023"],
  ["ALTER TYPE mood RENAME VALUE 'nope' TO 'yes';", "22023"],
  ["ALTER TYPE mood RENAME VALUE 'ok' TO 'bad';", "42710"],
  ["ALTER TABLE shops ADD COLUMN mm mood DEFAULT 'angry';", "22P02"],
  ["ALTER TABLE shops ADD COLUMN zz int DEFAULT 'abc';", "22P02"],
  ["ALTER TABLE shops ALTER COLUMN age SET DEFAULT 'abc';", "22P02"],
  ["ALTER TABLE shops VALIDATE CONSTRAINT never_c;", "42704"],
  ["COMMENT ON COLUMN shops.no_col IS 'x';", "42703"],
  ["ALTER TABLE shops ALTER COLUMN price TYPE numeric(12,2);", "0A000"],
  ["ALTER TYPE addr ALTER ATTRIBUTE zip TYPE int;", "0A000"],
];

const TAKEN = [
  "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok';",
  "ALTER TYPE mood ADD VALUE 'meh' BEFORE 'ok';",
  "ALTER TABLE shops ADD COLUMN mm mood DEFAULT 'bad';",
  "ALTER TABLE shops ADD COLUMN zz int DEFAULT ' -12 ', ADD COLUMN yy numeric DEFAULT '1e3', ADD COLUMN xx float8 DEFAULT 'NaN';",
  "ALTER TABLE shops ALTER COLUMN note SET DEFAULT 'abc';",
  "COMMENT ON COLUMN shops.age IS 'x';",
  "ALTER TYPE addr ADD ATTRIBUTE city text;",
];

describe("what the server refuses by what the files have made", () => {
  test.each(REFUSED)("%s", async (sql) => {
    expect(await rules([BASE, sql])).toMatch(/contradicting-history|failing-statement|changing-column-type/);
  });
  test.each(TAKEN)("but not %s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });
  test("values that an earlier file has added, and renamed ones", async () => {
    const more = "ALTER TYPE mood ADD VALUE 'meh'; ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';";
    expect(await rules([BASE, more, "ALTER TYPE mood ADD VALUE 'meh';"])).toBe("contradicting-history");
    expect(await rules([BASE, more, "ALTER TYPE mood ADD VALUE 'ok' AFTER 'fine';"])).toBe("");
  });
  test("a policy that was altered, or asks another table, may name it or not", async () => {
    const widen = "ALTER TABLE shops ALTER COLUMN price TYPE numeric(12,2);";
    expect(await rules([BASE, "ALTER POLICY p ON shops USING (age > 0);", widen])).toBe("");
    const other = "DROP POLICY p ON shops; CREATE POLICY q ON shops USING (EXISTS (SELECT price FROM others));";
    expect(await rules([BASE, other, widen])).toBe("");
  });
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("refused_value");
    await query(db.url, BASE);
  });
  afterAll(() => db?.drop());

  test("says the same", async () => {
    for (const [sql, code] of REFUSED)
      await expect(query(db.url, `BEGIN; ${sql}`), sql).rejects.toMatchObject({ code });
    for (const sql of TAKEN) await query(db.url, `BEGIN; ${sql} ROLLBACK`);
  });
});
