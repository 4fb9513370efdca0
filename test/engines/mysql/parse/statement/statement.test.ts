import { describe, expect, it } from "vitest";
import type { MysqlDialect } from "../../../../../src/engines/mysql/parse/index.js";
import { operationsOf, problemOf } from "../one.js";
import { operationText } from "../operation-text.js";

const texts = (sql: string, dialect: MysqlDialect = "mysql") => operationsOf(sql, dialect).map(operationText);

describe("statements", () => {
  it.each([
    ["FOO BAR", "Expected a statement, but found FOO.", "FOO"],
    ["SELEC 1", "Expected a statement, but found SELEC.", "SELEC"],
    ["CREATE TABEL x (a INT)", "Expected what to create, but found TABEL.", "TABEL"],
    ["DROP TABEL x", "Expected what to drop, but found TABEL.", "TABEL"],
    ["ALTER TABEL x", "Expected what to alter, but found TABEL.", "TABEL"],
    ["RENAME t TO u", "Expected TABLE or USER, but found t.", "t"],
    ["SELECT (1", "The parenthesis is not closed.", "("],
    ["SELECT 1)", "Nothing is open that this parenthesis closes.", ")"],
    ["SELECT", "Expected an expression, but the statement ends.", ""],
    ["UPDATE t a", "Expected SET, but the statement ends.", ""],
    ["UPDATE t SET", "Expected the name of a column, but the statement ends.", ""],
    ["INSERT INTO t", "Expected what to insert, but the statement ends.", ""],
    ["DELETE t", "Expected FROM, but the statement ends.", ""],
    ["DROP INDEX i", "Expected ON, but the statement ends.", ""],
    ["DROP TABLE t WHERE", "Expected the end of the statement, but found WHERE.", "WHERE"],
    ["DROP TEMPORARY VIEW v", "Expected TABLE, but found VIEW.", "VIEW"],
    ["TRUNCATE TABLE t, u", "Expected the end of the statement, but found ,.", ","],
    ["CREATE VIEW", "Expected a name, but the statement ends.", ""],
    ["CREATE OR REPLACE TABLE t (a INT)", "Expected what to create, but found TABLE.", "TABLE"],
    ["USE", "Expected the name of a database, but the statement ends.", ""],
    ["USE a SELECT 1", "Expected the end of the statement, but found SELECT.", "SELECT"],
    ["SET", "Expected what to set, but the statement ends.", ""],
  ])("%s is a problem", (sql, message, at) => {
    expect(problemOf(sql)).toEqual({ message, at });
  });

  it("make an operation of each relation that is dropped or renamed", () => {
    const sql = "DROP TABLE a, s.b; RENAME TABLE a TO b, c TO d";
    expect(texts(sql)).toEqual(["drop-table a", "drop-table s.b", "rename-table a", "rename-table c"]);
    expect(operationsOf(sql).map(({ span }) => sql.slice(span.start, span.end))).toEqual([
      "a",
      "s.b",
      "a TO b",
      "c TO d",
    ]);
  });

  it("do not take the replacement of a table for its creation", () => {
    expect(texts("CREATE OR REPLACE TABLE t (a INT)", "mariadb")).toEqual(["create-or-replace-table t"]);
    expect(texts("CREATE OR REPLACE INDEX i ON t (a)", "mariadb")).toEqual(["create-or-replace-index t"]);
  });

  it("tell the table that is written from several", () => {
    expect(texts("UPDATE t SET a = 1; UPDATE t, u SET a = 1; UPDATE t JOIN u USING (i) SET u.a = 1")).toEqual([
      ...["update t", "update", "update u"],
    ]);
    expect(texts("DELETE FROM t; DELETE FROM t, u USING t JOIN u; DELETE t FROM t JOIN u USING (i)")).toEqual([
      ...["delete t", "delete", "delete t"],
    ]);
  });
});

describe("what is harmless", () => {
  it.each([
    "SELECT 1",
    "(SELECT 1)",
    "SHOW TABLES",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SET NAMES utf8mb4",
    "SET a = 1",
    "UNLOCK TABLES",
    "EXPLAIN DELETE FROM t",
  ])("%s is", (sql) => {
    expect(texts(sql)[0]).toContain("(harmless)");
  });

  it.each([
    "USE p",
    "SET GLOBAL a = 1",
    "SET a = 1, PERSIST b = 2",
    "SET @@global.a = 1",
    "SET PASSWORD = 'x'",
    "LOCK TABLES t WRITE",
    "SELECT 1 INTO OUTFILE 'x'",
    "CALL p()",
    "EXECUTE s",
    "FLUSH TABLES",
    "WITH q AS (SELECT 1) DELETE FROM t",
    "EXPLAIN ANALYZE DELETE FROM t",
  ])("%s is not", (sql) => {
    expect(texts(sql)[0]).not.toContain("(harmless)");
  });

  it.each([
    ["SET STATEMENT lock_wait_timeout=1 FOR ALTER TABLE t DROP a", "drop-column t.a"],
    ["SET STATEMENT sql_mode='' FOR ALTER TABLE t DROP a", "set-statement"],
    ["ANALYZE UPDATE t SET a = 1", "analyze"],
    ["SELECT NEXTVAL(s)", "advance-sequence"],
    ["SELECT NEXT VALUE FOR s", "advance-sequence"],
    ["BEGIN NOT ATOMIC DROP TABLE t; END", "compound"],
  ])("%s is not on MariaDB", (sql, what) => {
    expect(texts(sql, "mariadb")).toEqual([what]);
  });
});
