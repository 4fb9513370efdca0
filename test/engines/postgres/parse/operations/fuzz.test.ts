import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { loadParser, parsePostgres } from "../../../../../src/engines/postgres/parse/index.js";

beforeAll(loadParser);

const SPEECH = fc.constantFrom(
  "ALTER TABLE t ",
  "ADD a int",
  "DROP CONSTRAINT c",
  "ALTER b TYPE numeric(4, 2) USING (b, c)",
  ", ",
  "; ",
  "UPDATE t SET a = 1 ",
  "WHERE b = ''é'' ",
  "WITH d AS (DELETE FROM t RETURNING *) ",
  "SELECT * FROM d",
  "EXECUTE 'DROP ' || x; ",
  "IF a THEN ",
  "END IF; ",
  "/* DELETE FROM t */ ",
  "-- é\n",
  "BEGIN ",
  "END; ",
  "PERFORM f(1); ",
  "SELECT a INTO b FROM t; ",
  "CREATE TABLE s.t (a int CHECK (a > 0), b text) ",
  "DECLARE x int := f('(');",
  "'",
  "$$",
  "(",
  ")",
  "\\",
  "漢",
);
const WRAPPED = fc.constantFrom(
  (s: string) => s,
  (s: string) => `DO $x$ BEGIN ${s}; END $x$`,
  (s: string) => `CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN ${s}; END'; SELECT 1`,
  (s: string) => `é; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ ${s} $$`,
  (s: string) => `CREATE PROCEDURE p() BEGIN ATOMIC ${s}; END`,
  (s: string) => `CREATE SCHEMA s ${s}`,
);

/** Every place that a record holds, however deep. */
function places(value: unknown): [number, number][] {
  if (typeof value !== "object" || value === null) return [];
  const { start, end } = value as { start?: unknown; end?: unknown };
  if (typeof start === "number" && typeof end === "number") return [[start, end]];
  return Object.values(value).flatMap(places);
}

it("whatever is read has its places inside the file, and nothing is thrown", () => {
  fc.assert(
    fc.property(fc.array(SPEECH, { maxLength: 12 }), WRAPPED, (words, wrap) => {
      const text = wrap(words.join(""));
      for (const [start, end] of places(parsePostgres(text))) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 500 },
  );
});
