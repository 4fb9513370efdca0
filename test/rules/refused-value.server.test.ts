import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { judged, rules } from "./judged.js";

const BASE = `CREATE TYPE mood AS ENUM ('ok', 'bad'); CREATE TYPE "Mood" AS ENUM ('ok'); CREATE TYPE addr AS (street text, zip text);
CREATE TABLE shops (id bigint PRIMARY KEY, a addr, age int, price numeric(10,2), note varchar(9), CONSTRAINT c CHECK (age > 0));
CREATE TABLE days (id bigint NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE POLICY p ON shops USING (price > 0);`;

/** What the server refuses, and its code. */
const REFUSED: readonly (readonly [string, string])[] = [
  ["ALTER TYPE mood ADD VALUE 'ok';", "42710"],
  ["ALTER TYPE mood ADD VALUE 'meh' BEFORE 'nope';", "22023"],
  ["ALTER TYPE mood RENAME VALUE 'nope' TO 'yes';", "22023"],
  ["ALTER TYPE mood RENAME VALUE 'ok' TO 'bad';", "42710"],
  ["ALTER TABLE shops ADD COLUMN mm mood DEFAULT 'angry';", "22P02"],
  [`ALTER TABLE shops ADD COLUMN mm "Mood" DEFAULT 'angry';`, "22P02"],
  [`ALTER TABLE shops ADD COLUMN mm public."Mood" DEFAULT 'ok' CHECK (mm <> 'angry');`, "22P02"],
  ["ALTER TABLE shops ADD COLUMN zz int DEFAULT 'abc';", "22P02"],
  ["ALTER TABLE shops ALTER COLUMN age SET DEFAULT 'abc';", "22P02"],
  ...[
    ["char(2) DEFAULT 'ABC'", "22001"],
    ["char DEFAULT 'AB'", "22001"],
    ["varchar(2) DEFAULT 'ABC'::text", "22001"],
    ["smallint DEFAULT 100000", "22003"],
    ["int DEFAULT 3000000000", "22003"],
    ["bool DEFAULT 0", "42804"],
    ["bool DEFAULT 'maybe'", "22P02"],
    ["int DEFAULT true", "42804"],
    ["mood DEFAULT 1", "42804"],
    ["timestamptz DEFAULT 0", "42804"],
    ["timestamp DEFAULT '0000-00-00 00:00:00'", "22008"],
    ["timestamp DEFAULT 'CURRENT_TIMESTAMP'", "22007"],
    ["date DEFAULT '2025-02-29'", "22008"],
    ["date DEFAULT ''", "22007"],
    ["uuid DEFAULT ''", "22P02"],
    ["uuid DEFAULT 1", "42804"],
    ["jsonb DEFAULT ''", "22P02"],
    ["json DEFAULT '{''a'': 1}'", "22P02"],
    ["text[] DEFAULT '[]'", "22P02"],
    ["text[] DEFAULT ''", "22P02"],
  ].map(([column, code]) => [`ALTER TABLE shops ADD COLUMN zz ${column};`, code] as [string, string]),
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
  ...[
    "char(2) DEFAULT 'AB  '",
    "varchar DEFAULT 'ABC'",
    "text DEFAULT 1",
    "text DEFAULT true",
    "int DEFAULT -2147483648",
    "int DEFAULT 1.5",
    "numeric DEFAULT 1",
    "bool DEFAULT 'of'",
    "bool DEFAULT ' T '",
    "date DEFAULT '2024-02-29'",
    "date DEFAULT 'infinity'",
    "date DEFAULT 'today'",
    "date DEFAULT 'Jan 5 2025'",
    "timestamptz DEFAULT '2025-01-02T03:04:05Z'",
    "uuid DEFAULT '{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}'",
    "uuid DEFAULT 'a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11'",
    "jsonb DEFAULT ' [1, {}]'",
    "text[] DEFAULT '{}'",
    "int[] DEFAULT '[0:1]={1,2}'",
  ].map((column) => `ALTER TABLE shops ADD COLUMN zz ${column};`),
  "CREATE TABLE z (id bigint PRIMARY KEY, a varchar(2) DEFAULT 'ABC', b smallint DEFAULT 100000);",
  "ALTER TABLE days ADD COLUMN zz varchar(2) DEFAULT 'ABC';",
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

// Asked of PostgreSQL 18.
const ENUMS = `CREATE TYPE few AS ENUM ('a', 'b'); CREATE TYPE more AS ENUM ('a', 'b', 'c'); CREATE TABLE kept (id int);
CREATE TABLE old (f few DEFAULT 'a', m more, ms more[], t text DEFAULT '0', n text DEFAULT 0, b bool DEFAULT false, i int DEFAULT 7, j json DEFAULT '{}', at timestamp DEFAULT '2026-01-01', none few DEFAULT NULL, d date DEFAULT now());`;
const STUCK = [
  "f TYPE more USING f::text::more",
  "t TYPE int USING t::int",
  "t TYPE few USING t::few",
  "t TYPE date USING t::date",
  "b TYPE int USING b::int",
  "i TYPE bool USING i = 1",
];
const MOVED = [
  "f TYPE text USING f::text",
  "n TYPE int USING n::int",
  "j TYPE jsonb USING j::jsonb",
  "at TYPE date USING at::date",
  "none TYPE more USING none::text::more",
  "m TYPE few USING m::text::few",
  "f DROP DEFAULT, ALTER f TYPE more USING f::text::more, ALTER f SET DEFAULT 'c'",
  "f TYPE more USING f::text::more, ALTER f DROP DEFAULT",
];

describe("ALTER COLUMN TYPE ... USING", () => {
  const found = async (sql: string) => judged([ENUMS, `ALTER TABLE old ALTER ${sql};`], "postgres", "18");
  test.each(STUCK)("leaves a default that is refused: %s", async (sql) => {
    const all = await found(sql);
    expect(all.map(({ rule }) => rule)).toContain("contradicting-history");
    expect(all.find(({ rule }) => rule === "contradicting-history")?.message).toContain("(42804)");
  });
  test.each(MOVED)("is taken: %s", async (sql) => {
    expect((await found(sql)).map(({ message }) => message).join()).not.toContain("42804");
  });
  test.each([
    ["m TYPE few USING m::text::few", "it fails where m is 'c' (22P02)."],
    ["ms TYPE few[] USING ms::text[]::few[]", "it fails where ms is 'c' (22P02)."],
    ["f DROP DEFAULT, ALTER f TYPE more USING f::text::more", "meet more."],
    ["m TYPE few USING 'a'", "it fails where a value of m is none of few (22001"],
  ])("of an enum says which values fail: %s", async (sql, end) => {
    const said = (await found(sql)).find(({ rule }) => rule === "changing-column-type");
    expect(said?.message).toContain(end);
  });
  describeServer("postgres", (server) => {
    test("says the same", async () => {
      const db = await server.createDatabase("retyped");
      await query(db.url, ENUMS);
      const alter = (sql: string) => query(db.url, `BEGIN; ALTER TABLE old ALTER ${sql}; ROLLBACK`);
      for (const sql of STUCK) await expect(alter(sql), sql).rejects.toMatchObject({ code: "42804" });
      for (const sql of MOVED) await alter(sql);
      await query(db.url, "INSERT INTO old (f, m, ms, t) VALUES ('a', 'c', '{c}', '0')");
      await expect(alter("m TYPE few USING m::text::few")).rejects.toMatchObject({ code: "22P02" });
      await expect(alter("ms TYPE few[] USING ms::text[]::few[]")).rejects.toMatchObject({ code: "22P02" });
      await db.drop();
    });
  });
});
