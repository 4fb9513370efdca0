import { beforeAll, expect, test } from "vitest";
import { withoutDumpGuard } from "../../../../src/engines/postgres/parse/dump-guard.js";
import { loadParser, parsePostgres } from "../../../../src/engines/postgres/parse/index.js";

const DUMP = `--
-- PostgreSQL database dump
--

\\restrict wNJ6Rw4hGWCA8UTaC9S

SET lock_timeout = 0;
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT '
\\unrestrict wNJ6Rw4hGWCA8UTaC9S
' $$;

--
-- PostgreSQL database dump complete
--

\\unrestrict wNJ6Rw4hGWCA8UTaC9S

`;

beforeAll(loadParser);

test("a dump is read, and everything in it stays where it is", () => {
  const text = withoutDumpGuard(DUMP);
  expect(text.length).toBe(DUMP.length);
  expect(text.split("\n").filter((line) => line.includes("restrict"))).toEqual(["\\unrestrict wNJ6Rw4hGWCA8UTaC9S"]);
  const { statements, problems } = parsePostgres(DUMP);
  expect(problems).toEqual([]);
  expect(statements.map((s) => DUMP.slice(s.span.start, s.span.end))).toEqual(statements.map((s) => s.sql));
  expect(statements).toHaveLength(2);
});

test.each([
  ["another token", DUMP.replace(/S\n\n$/, "T\n")],
  ["no end", DUMP.replace(/\\unrestrict \S+\n\n$/, "")],
  ["statements behind it", `${DUMP}SELECT 1;\n`],
  ["a statement before it", `SELECT 1;\n${DUMP}`],
  ["another command", DUMP.replace("\\restrict", "\\connect")],
])("%s: it is left as it is", (_, text) => {
  expect(withoutDumpGuard(text)).toBe(text);
  expect(parsePostgres(text).problems[0]?.message).toMatch(/is a command of psql/);
});
