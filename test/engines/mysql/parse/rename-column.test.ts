import { describe, expect, it } from "vitest";
import { renameColumnInExpression } from "../../../../src/engines/mysql/parse/index.js";
import { isError } from "../../../../src/errors.js";

describe("renameColumnInExpression", () => {
  it.each([
    ["`a` > 0", "`b` > 0"],
    ["a > 0 AND A < `A`", "`b` > 0 AND `b` < `b`"],
    ["a(1) + a (2)", "a(1) + a (2)"],
    ["'a' <> \"a\" -- a", "'a' <> \"a\" -- a"],
    ["aa + a1 + @a + `a b`", "aa + a1 + @a + `a b`"],
    ["t.a + `T`.`a` + s.t.a", "t.`b` + `T`.`b` + s.t.`b`"],
    ["u.a + a.c + t.c", "u.a + a.c + t.c"],
    ["json_extract(a, '$.a') ->> '$.a'", "json_extract(`b`, '$.a') ->> '$.a'"],
    ["CASE a WHEN 1 THEN a ELSE -a END", "CASE `b` WHEN 1 THEN `b` ELSE -`b` END"],
  ])("%s becomes %s", (before, after) => {
    expect(renameColumnInExpression(before, "a", "b", "t")).toBe(after);
  });

  it("leaves every qualified name alone when it does not know the table", () => {
    expect(renameColumnInExpression("t.a + a", "a", "b")).toBe("t.a + `b`");
  });

  it("quotes the new name", () => {
    expect(renameColumnInExpression("a", "a", "x`; DROP")).toBe("`x``; DROP`");
  });

  it.each([
    ["date", "CAST(`date` AS date) > date", "CAST(`x` AS date) > `x`"],
    ["date", "DATE '2020-01-01' < date", "DATE '2020-01-01' < `x`"],
    ["day", "d + INTERVAL 1 day > day", "d + INTERVAL 1 day > `x`"],
    ["day", "d + INTERVAL day day", "d + INTERVAL `x` day"],
    ["year", "EXTRACT(year FROM year)", "EXTRACT(year FROM `x`)"],
    ["month", "TIMESTAMPDIFF(month, month, d)", "TIMESTAMPDIFF(month, `x`, d)"],
    ["utf8mb4_bin", "a COLLATE utf8mb4_bin = utf8mb4_bin", "a COLLATE utf8mb4_bin = `x`"],
    ["utf8mb4", "CONVERT(utf8mb4 USING utf8mb4)", "CONVERT(`x` USING utf8mb4)"],
    ["latin1", "CAST(a AS CHAR CHARACTER SET latin1) = latin1", "CAST(a AS CHAR CHARACTER SET latin1) = `x`"],
    ["and", "`and` and 1", "`x` and 1"],
  ])("knows where %s is a keyword: %s", (from, before, after) => {
    expect(renameColumnInExpression(before, from, "x")).toBe(after);
  });

  it("refuses what has no tokens", () => {
    try {
      renameColumnInExpression("a > 'b", "a", "b");
      expect.unreachable();
    } catch (error) {
      expect(isError(error, "internal")).toBe(true);
    }
  });
});
