import { expect, it } from "vitest";
import { withoutConstants } from "../../../../src/engines/mysql/execute/without-constants.js";

it.each([
  ["UPDATE t1 SET mail = 'a@b.c', n = 7.5e3 WHERE id = -3", "UPDATE t1 SET mail = ?, n = ? WHERE id = -?"],
  ['CREATE USER `a b` IDENTIFIED BY "it\'s s3cret"', "CREATE USER `a b` IDENTIFIED BY ?"],
  ["SELECT 'a''b', x'ff', 0xFF, b'01', N'x', @v", "SELECT ?, ?, ?, ?, ?, @v"],
  ["SELECT 'a\\', secret, ' b'", "SELECT ? ..."],
  ["SELECT 1 /* nightly, of 'bob' 7 */ FROM t -- 'x", "SELECT ? /* ... */ FROM t -- ..."],
  [
    "SELECT a /* password=hunter2, route='x' */ FROM t -- token abc\nWHERE b",
    "SELECT a /* ... */ FROM t -- ...\nWHERE b",
  ],
  ["SELECT a /* cut off: hunter2", "SELECT a ?"],
  ["SELECT /*+ BKA(t) */ a # hunter2\nFROM t", "SELECT /* ... */ a # ...\nFROM t"],
  ["INSERT INTO t VALUES ('cut off in the mid", "INSERT INTO t VALUES (?"],
])("%s", (sql, shown) => {
  expect(withoutConstants(sql, "mysql")).toBe(shown);
  expect(withoutConstants(sql, "mariadb")).toBe(shown);
});

it("comes to an end in a text of nothing but the marks of comments", () => {
  const sql = `SELECT 1 ${"-- ".repeat(100_000)}'secret'`;
  const shown = withoutConstants(sql, "mysql");
  expect(shown).toBe("SELECT ? -- ...");
});
