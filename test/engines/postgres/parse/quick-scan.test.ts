import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { KEYWORDS } from "../../../../src/engines/postgres/parse/keywords.js";
import { fullScan, loadParser } from "../../../../src/engines/postgres/parse/library.js";
import { quickScan } from "../../../../src/engines/postgres/parse/quick-scan.js";

beforeAll(loadParser);

/** What it answers is what PostgreSQL's scanner answers. */
function expectSame(text: string): void {
  const quick = quickScan(text);
  if (quick !== null) expect(quick, JSON.stringify(text)).toEqual(fullScan(text));
}

test("the keywords are the grammar's own", () => {
  const wasm = createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm");
  const [list = ""] = /abort\0absent\0.*?\0zone\0/s.exec(readFileSync(wasm, "latin1")) ?? [];
  expect([...KEYWORDS]).toEqual(list.split("\0").slice(0, -1));
});

test.each([
  "",
  "ALTER TABLE users ADD COLUMN n int DEFAULT 0;",
  "-- a comment\nCREATE TABLE \"T\" (a numeric(10, 2) NOT NULL, b text DEFAULT 'x', CHECK (a >= 0 AND b <> ''));\n",
  "SELECT a::text || 'b', count(*) FROM s.t WHERE x->>'k' = '1' AND y != 2.5 -- end",
  'CREATE INDEX CONCURRENTLY größe_idx ON größe ("ß")',
])("an ordinary text is read: %j", (text) => {
  expect(quickScan(text)).not.toBeNull();
  expectSame(text);
});

test.each([
  "E'a\\'b'",
  'U&"a"',
  "U&'a'",
  "n'a'",
  "b'0'",
  "'a''b'",
  "'a'\n'b'",
  "'a' -- c\n'b'",
  "'open",
  '"open',
  '""',
  '"a""b"',
  "$1",
  "$$a$$",
  "a$$b$$",
  "/* a */",
  "1e5",
  "1.",
  ".5",
  "1..2",
  "0x1f",
  "1_000",
  "12abc",
  "a := b",
  "a => b",
  "a =- b",
  "a *-- b\n",
  "\\d",
  "a\0b",
  "\u0001",
  "?",
])("a text with something else in it is left to PostgreSQL or read as it does: %j", expectSame);

const piece = fc.constantFrom(
  ...("abEeUuNnBbXx_09.'\"$&;:=<>|!-+*/%~@#?()[],\\ \n\r\t\f\v\u00a0\u2028é😀".match(/./gsu) ?? []),
  "select",
  "NOT",
  "''",
  "--",
  "::",
  "->>",
  "||",
  "'a'",
  '"b"',
  " ",
  "1.5",
);

test("any text is read as PostgreSQL's scanner reads it, or not at all", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => expectSame(pieces.join(""))),
    { numRuns: 5_000 },
  );
});

test("the example's files are read", () => {
  const folder = "migrations-example/postgres";
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".sql"));
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) {
    const text = readFileSync(join(folder, file), "utf8");
    expect(quickScan(text), file).not.toBeNull();
    expectSame(text);
  }
});
