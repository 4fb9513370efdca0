import { expect, it } from "vitest";
import { withoutConstants } from "../../../../src/engines/postgres/execute/without-constants.js";

it.each([
  ["UPDATE t1 SET mail = 'a@b.c', n = 7.5e3 WHERE id = -3", "UPDATE t1 SET mail = ?, n = ? WHERE id = -?"],
  ["ALTER ROLE app PASSWORD 'it''s s3cret' VALID UNTIL 'x'", "ALTER ROLE app PASSWORD ? VALID UNTIL ?"],
  ["SELECT E'it\\'s a secret', 'b'", "SELECT ?, ?"],
  ["SELECT X'ff', B'01', U&'d\\0061t' || 'z', n'x'", "SELECT ?, ?, ? ..."],
  ["SELECT 'a\\', secret, ' b'", "SELECT ? ..."],
  ["DO $do$ BEGIN PERFORM 'x'; END $do$", "DO ?"],
  ['SELECT "a\'b", "c" FROM "T 1", t$2 WHERE id = $1', 'SELECT "a\'b", "c" FROM "T 1", t$2 WHERE id = $1'],
  ["SELECT 1 /* nightly, of 'bob' 7 */ FROM t -- 'x", "SELECT ? /* ... */ FROM t -- ..."],
  [
    "SELECT a /* password=hunter2, route='x' */ FROM t -- token abc\nWHERE b",
    "SELECT a /* ... */ FROM t -- ...\nWHERE b",
  ],
  ["SELECT a /* cut off: hunter2", "SELECT a /* ..."],
  ["SELECT /* a /* b */ hunter2 */ c /* */ d", "SELECT /* ... */ c /* ... */ d"],
  ["INSERT INTO t VALUES ('cut off in the mid", "INSERT INTO t VALUES (?"],
  ["SELECT $a$ cut off $b$", "SELECT ?"],
  ["<insufficient privilege>", "<insufficient privilege>"],
  ["SELECT 0xdeadbeef, 1_000, .5, a.b5", "SELECT ?, ?, ?, a.b5"],
])("%s", (sql, shown) => {
  expect(withoutConstants(sql)).toBe(shown);
});

it("comes to an end in a text of nothing but the marks of comments", () => {
  const sql = `SELECT 1 ${"-- ".repeat(100_000)}'secret'`;
  const shown = withoutConstants(sql);
  expect(shown).toBe("SELECT ? -- ...");
});
