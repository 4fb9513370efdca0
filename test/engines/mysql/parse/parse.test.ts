import { describe, expect, it } from "vitest";
import { parseMysql } from "../../../../src/engines/mysql/parse/index.js";
import { operationText } from "./operation-text.js";
import { knownTo } from "./statements/index.js";

describe.each(["mysql", "mariadb"] as const)("parseMysql for %s", (dialect) => {
  it.each(knownTo(dialect).filter(([on]) => on === dialect || dialect === "mysql"))("%s: %s", (_, sql, operations) => {
    const parsed = parseMysql(sql, dialect);
    expect(parsed.problems).toEqual([]);
    expect(parsed.statements.flatMap((statement) => statement.operations.map(operationText))).toEqual(operations);
  });
});

describe("parseMysql", () => {
  it("reads on MariaDB too what both servers take", () => {
    for (const [on, sql, operations] of knownTo("mariadb")) {
      const { statements, problems } = parseMysql(sql, "mariadb");
      expect(problems, sql).toEqual([]);
      // The one statement that MariaDB skips: an executable comment of MySQL's.
      if (sql === "/*!80000 SELECT 2 */") expect(statements, `${on} ${sql}`).toEqual([]);
      else
        expect(
          statements.flatMap((each) => each.operations.map(operationText)),
          sql,
        ).toEqual(operations);
    }
  });

  it("gives what can be read beside what cannot, in the order of the text", () => {
    const text = "SELECT 1; FOO; SELECT 2; SELECT (; SELECT 3 /*! + 4";
    const { statements, problems } = parseMysql(text, "mysql");
    expect(statements.map(({ sql }) => sql)).toEqual(["SELECT 1", "SELECT 2"]);
    expect(problems.map(({ span }) => span.start)).toEqual([10, 32, 44]);
  });

  it("gives a statement's text and place", () => {
    const text = "-- a\n ALTER TABLE t ADD a INT /* b */ ;";
    const [statement] = parseMysql(text, "mysql").statements;
    expect(statement?.sql).toBe("ALTER TABLE t ADD a INT");
    expect(text.slice(statement?.span.start, statement?.span.end)).toBe(statement?.sql);
    expect(parseMysql(text, "mysql").comments.map((comment) => comment.text)).toEqual(["-- a", "/* b */"]);
  });

  it("gives nothing for nothing", () => {
    for (const text of ["", " \n", ";;", "-- a"]) expect(parseMysql(text, "mysql").statements).toEqual([]);
  });

  it("gives frozen records", () => {
    const parsed = parseMysql("ALTER TABLE t ADD a INT CHECK (a > 0), ADD INDEX (a)", "mysql");
    const pending: unknown[] = [parsed];
    for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
      if (typeof each !== "object" || each === null || "start" in each) continue;
      expect(Object.isFrozen(each), JSON.stringify(each)).toBe(true);
      pending.push(...Object.values(each));
    }
  });
});

describe("the time it takes", () => {
  // The processor's time, which others on the machine do not lengthen.
  const ms = (text: string): number => {
    const start = process.cpuUsage();
    parseMysql(text, "mariadb");
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  };

  // The largest of them are files of 20,000 and more statements, and statements of a megabyte. Some of them took time that
  // grew with the square of its length in some parser, or in this one.
  it.each([
    ["ALTER TABLE t ADD COLUMN c VARCHAR(255) NOT NULL DEFAULT 'x', ADD INDEX i (c);\n", ""],
    ["CREATE PROCEDURE p(;", ""],
    ["CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN ", ""],
    ["SELECT (", ""],
    ["/*", ""],
    ["/*! ", ""],
    ["DELIMITER \n", ""],
    ["a:", ""],
    ["'", ""],
    ["ADD a INT, ", "ALTER TABLE t "],
    ["(1, 'x', NOW(), DEFAULT), ", "INSERT INTO t VALUES "],
    ["a = 1 AND b IN (1, 2) OR NOT c LIKE 'x' AND ", "SELECT a FROM t WHERE "],
    ["JOIN t USING (a) ", "SELECT 1 FROM t "],
    ["LEFT JOIN t ON 1 ", "SELECT 1 FROM t "],
    ["UNION SELECT f(INTERVAL 1 DAY + a) FROM t ", "SELECT 1 "],
    ["f(INTERVAL 1 DAY), ", "SELECT "],
    ["c1 INT NOT NULL DEFAULT (1 + 1) CHECK (c1 > 0), KEY k ((c1 + 1)), ", "CREATE TABLE t ("],
    ["PARTITION p VALUES LESS THAN (1), ", "ALTER TABLE t ADD PARTITION ("],
    ["SELECT 1; IF a THEN DELETE FROM t; END IF; ", "DELIMITER //\nCREATE PROCEDURE p() BEGIN "],
    ["SET sql_mode = 'ANSI_QUOTES', @a = @@sql_mode;\n", ""],
    ["GRANT SELECT ON a.* TO b; SHOW TABLES; FLUSH LOGS;\n", ""],
    ["CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW SET @a = 1;\n", ""],
    ["(", "CREATE TABLE t "],
  ])("grows no faster than the text: %j", (part, head) => {
    const small = head + part.repeat(1_000);
    const large = head + part.repeat(10_000);
    ms(small);
    // Ten times the text; the square would be a hundred times the time. Once is enough: what else the machine does only
    // lengthens it.
    const isLinear = () => ms(large) < 40 * Math.max(ms(small), 5);
    expect([1, 2, 3].some(isLinear)).toBe(true);
  });
});
