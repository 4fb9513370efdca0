import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openShadow } from "../../src/engines/postgres/shadow/index.js";
import type { Shadow } from "../../src/engines/shadow.js";
import { differences } from "../../src/shadow/compare.js";

/** The embedded one. */
const VERSION = { text: "18", parts: [18] };

const BASE = `
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 1, b text COLLATE "C", m mood, CONSTRAINT k CHECK (a > 0));
CREATE INDEX t_b ON t (b);
CREATE VIEW v AS SELECT m FROM t;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE SEQUENCE s;
COMMENT ON COLUMN t.a IS 'x';
CREATE ROLE reader;
GRANT SELECT (a) ON t TO reader`;

const SIDES = { a: "before", b: "after" };

/** One change each, and a word of the difference that it makes. */
const CHANGES: readonly (readonly [sql: string, word: string])[] = [
  ["ALTER TABLE t ADD COLUMN c int", "column public.t.c is there only after"],
  ["ALTER TABLE t ALTER a TYPE bigint", "type: integer before, bigint after"],
  ["ALTER TABLE t ALTER a DROP NOT NULL", "notNull: true before, false after"],
  ["ALTER TABLE t ALTER a SET DEFAULT 2", "default: 1 before, 2 after"],
  ['ALTER TABLE t ALTER b TYPE text COLLATE "POSIX"', "collation"],
  ["COMMENT ON COLUMN t.a IS 'y'", "comment: x before, y after"],
  ["ALTER TABLE t ALTER a SET STATISTICS 7", "settings"],
  ["GRANT UPDATE (a) ON t TO reader", "grants"],
  ["ALTER TABLE t DROP CONSTRAINT k, ADD CONSTRAINT k CHECK (a > 1)", "definition"],
  ["ALTER TABLE t DROP CONSTRAINT k", "constraint k of public.t is there only before"],
  ["ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p NOT VALID", "t_a_fkey"],
  ["DROP INDEX t_b; CREATE INDEX t_b ON t (b DESC)", "definition"],
  ["DROP INDEX t_b", "index t_b of public.t is there only before"],
  ["CREATE OR REPLACE VIEW v AS SELECT m FROM t WHERE true", "view public.v"],
  ["CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'", "function public.f"],
  ["DROP SEQUENCE s", "sequence public.s is there only before"],
  ["DROP TABLE p CASCADE", "table public.p is there only before"],
  ["CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()", "trigger"],
  ["GRANT SELECT ON t TO reader", "grants"],
];

describe("two schemas", () => {
  let shadow: Shadow;
  beforeAll(async () => {
    shadow = await openShadow([], VERSION);
    expect((await shadow.run([BASE])).failed).toBeNull();
  }, 60_000);
  afterAll(() => shadow.close());

  it.each(CHANGES)("differ after %s", async (sql, word) => {
    const before = await shadow.introspect();
    await shadow.run(["CREATE TABLE marker ()"]);
    await shadow.run(["DROP TABLE marker"]);
    expect(differences(before, await shadow.introspect(), SIDES)).toEqual([]);
    expect((await shadow.run([sql])).failed).toBeNull();
    expect(differences(before, await shadow.introspect(), SIDES).join("\n")).toContain(word);
  });

  it("do not differ by the order of columns, or by rows", async () => {
    await shadow.run(["CREATE TABLE q (a int, b int)"]);
    const before = await shadow.introspect();
    await shadow.run(["DROP TABLE q; CREATE TABLE q (b int, a int); INSERT INTO q VALUES (1, 2)"]);
    expect(differences(before, await shadow.introspect(), SIDES)).toEqual([]);
  });
});
