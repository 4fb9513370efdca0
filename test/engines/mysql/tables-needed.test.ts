import { expect, it } from "vitest";
import { createMysqlEngine } from "../../../src/engines/mysql/index.js";

const engine = createMysqlEngine("mysql");

function needs(sql: string): boolean {
  const { statements, problems } = engine.parse(sql);
  expect(problems, sql).toEqual([]);
  const all = statements.flatMap((s) => s.operations).flatMap((o) => engine.tablesNeeded(o, sql));
  return all.some(({ name }) => name === "t3");
}

it.each([
  "CREATE TABLE t4 (id int PRIMARY KEY, t_id int, FOREIGN KEY (t_id) REFERENCES t3 (id))",
  "CREATE TABLE t4 LIKE t3",
  "ALTER TABLE x ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES t3 (id)",
  "ALTER TABLE t3 ADD COLUMN c int",
  "ALTER TABLE t3 COMMENT = 'x'",
  "CREATE INDEX i ON t3 ((a + 1))",
  "CREATE TRIGGER tg BEFORE INSERT ON t3 FOR EACH ROW SET NEW.a = 7",
  "ANALYZE TABLE t3",
])("%s", (sql) => expect(needs(sql)).toBe(true));

it.each([
  "CREATE VIEW v3 AS SELECT id FROM t3",
  "CREATE TABLE t4 AS SELECT id FROM t3",
  "CREATE TABLE t4 (t3 int)",
  "CREATE TRIGGER tg BEFORE INSERT ON x FOR EACH ROW INSERT INTO t3 VALUES (1)",
  "CREATE PROCEDURE p() SELECT * FROM t3",
  "GRANT SELECT ON t3 TO app",
  "INSERT INTO t3 VALUES (1)",
  "SELECT * FROM t3",
])("not: %s", (sql) => expect(needs(sql)).toBe(false));
