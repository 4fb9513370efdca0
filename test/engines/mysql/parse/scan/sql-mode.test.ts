import { describe, expect, it } from "vitest";
import { parseMysql, tokenize } from "../../../../../src/engines/mysql/parse/index.js";

/** The kinds of the last `"x"` of a text, as it is scanned behind these statements. */
function kindBehind(sql: string, quoted = '"x"'): string | undefined {
  return tokenize(`${sql}\nSELECT ${quoted}`, "mariadb").tokens.at(-1)?.kind;
}

describe("sql_mode, as the file sets it", () => {
  it.each([
    "SET sql_mode = 'ANSI_QUOTES';",
    "SET SESSION sql_mode='STRICT_ALL_TABLES,ANSI';",
    "SET @@sql_mode = ANSI_QUOTES;",
    "SET @@SESSION.sql_mode := 'ansi_quotes';",
    "SET a = 1, sql_mode = 'ANSI_QUOTES';",
    "SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES');",
    "SET sql_mode = (SELECT CONCAT(@@sql_mode, ',ANSI_QUOTES'));",
    "DELIMITER //\nSET sql_mode = 'ANSI_QUOTES'//\nDELIMITER ;",
    "/*!40101 SET sql_mode = 'ANSI_QUOTES' */;",
  ])("%s makes double quotes hold names", (sql) => {
    expect(kindBehind(sql)).toBe("quoted");
  });

  it.each([
    "",
    "SET sql_mode = 'STRICT_ALL_TABLES';",
    "SET GLOBAL sql_mode = 'ANSI_QUOTES';",
    "SET @@global.sql_mode = 'ANSI_QUOTES';",
    "SET @mode = 'ANSI_QUOTES';",
    "SELECT 'sql_mode = ANSI_QUOTES';",
    "SET sql_mode = 'ANSI_QUOTES'; SET sql_mode = '';",
    "SET sql_mode = 'ANSI_QUOTES'; SET sql_mode = DEFAULT;",
    "SET sql_mode = 'ANSI_QUOTES'; SET sql_mode = REPLACE(@@sql_mode, 'ANSI_QUOTES', '');",
    "SET @old = @@sql_mode, sql_mode = 'ANSI_QUOTES'; SET sql_mode = @old;",
  ])("%s leaves them strings", (sql) => {
    expect(kindBehind(sql)).toBe("string");
  });

  it("keeps a doubled quote in a name, and a backslash as it is under NO_BACKSLASH_ESCAPES", () => {
    const { tokens } = tokenize(`SET sql_mode = 'ANSI_QUOTES'; SELECT "a""b"`, "mysql");
    expect(tokens.at(-1)?.value).toBe('a"b');
    const plain = tokenize(String.raw`SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT 'a\', 'b'`, "mysql");
    expect(plain.tokens.slice(-3).map(({ value }) => value)).toEqual(["a\\", ",", "b"]);
  });

  it("makes columns of names in double quotes", () => {
    const { statements } = parseMysql(`SET sql_mode = 'ANSI_QUOTES'; ALTER TABLE "t" ADD "a b" INT`, "mysql");
    const [operation] = statements[1]?.operations ?? [];
    expect(operation).toMatchObject({ kind: "add-column", relation: { name: "t" }, column: { name: "a b" } });
  });

  it.each([
    "SET sql_mode = 'ORACLE'",
    "SET sql_mode = 'STRICT_ALL_TABLES,MSSQL'",
    "SET sql_mode = CONCAT(@@sql_mode, ',ORACLE')",
    "SET sql_mode = IF(1, 'ANSI_QUOTES', '')",
  ])("%s is a problem: the rest of the file would be another language", (sql) => {
    expect(parseMysql(sql, "mariadb").problems[0]?.message).toContain("write the file for the default mode");
  });

  it("is a problem in a body that no DELIMITER keeps together", () => {
    const sql = "CREATE PROCEDURE p() BEGIN SELECT 1; SET sql_mode = 'ANSI_QUOTES'; END";
    expect(parseMysql(sql, "mysql").problems[0]?.message).toContain("must stand behind DELIMITER");
    expect(parseMysql(`DELIMITER //\n${sql}//\n`, "mysql").problems).toEqual([]);
  });
});
