import { describe, expect, it } from "vitest";
import { type MysqlDialect, tokenize } from "../../../../../src/engines/mysql/parse/index.js";

const comments = (text: string) => tokenize(text, "mysql").comments.map((comment) => comment.text);
const words = (text: string, dialect: MysqlDialect) => tokenize(text, dialect).tokens.map((token) => token.text);

describe("comments", () => {
  it("are given with their markers and places", () => {
    const text = "SELECT 1 -- one\n# two\n/* three\n*/;--\n";
    expect(comments(text)).toEqual(["-- one", "# two", "/* three\n*/", "--"]);
    for (const { span, text: written } of tokenize(text, "mysql").comments) {
      expect(text.slice(span.start, span.end)).toBe(written);
    }
  });

  it("need a space behind two dashes", () => {
    expect(comments("SELECT 1--1")).toEqual([]);
    expect(comments("SELECT 1--\t1")).toEqual(["--\t1"]);
  });

  it("end before a carriage return", () => {
    expect(comments("-- a\r\nSELECT 1")).toEqual(["-- a"]);
  });

  it("are not looked for in quotes", () => {
    expect(comments("SELECT '-- a', \"# b\", `/* c */`")).toEqual([]);
  });

  it("are hints too", () => {
    expect(comments("SELECT /*+ MAX_EXECUTION_TIME(1) */ 1")).toEqual(["/*+ MAX_EXECUTION_TIME(1) */"]);
  });
});

describe("executable comments", () => {
  // Asked of MySQL 9.7 and MariaDB 10.11.
  it.each([
    ["/*! a */", true, true],
    ["/*!50000 a */", true, true],
    ["/*!50699 a */", true, true],
    ["/*!50700 a */", true, false],
    ["/*!80023 a */", true, false],
    ["/*!99999 a */", false, false],
    ["/*!100100 a */", false, true],
    ["/*!999999 a */", false, false],
    ["/*M! a */", false, true],
    ["/*M!100100 a */", false, true],
    ["/*M!80000 a */", false, true],
    ["/*M!999999\\- enable the sandbox mode */", false, false],
  ])("%s is code on MySQL: %s, on MariaDB: %s", (text, mysql, mariadb) => {
    expect(words(text, "mysql")).toEqual(mysql ? ["a"] : []);
    expect(words(text, "mariadb")).toEqual(mariadb ? ["a"] : []);
    expect(tokenize(text, "mysql").problems).toEqual([]);
    expect(tokenize(text, "mariadb").problems).toEqual([]);
  });

  it("read fewer than five digits as code", () => {
    expect(words("/*!1 + 1 */", "mysql")).toEqual(["1", "+", "1"]);
  });

  it("may hold a comment, but not another one of their kind", () => {
    expect(words("/*!50000 a /* b */ c */ d", "mysql")).toEqual(["a", "c", "d"]);
    expect(tokenize("/*!50000 a /*!50000 b */ */", "mysql").problems[0]?.message).toBe(
      "An executable comment may not hold another one.",
    );
  });
});
