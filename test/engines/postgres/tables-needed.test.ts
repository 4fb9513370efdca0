import { beforeAll, expect, it } from "vitest";
import { postgresEngine } from "../../../src/engines/postgres/index.js";

beforeAll(() => postgresEngine.load());

/** Whether an operation of the statement needs s.t3, or t3, as a table. */
function needs(sql: string): boolean {
  const { statements, problems } = postgresEngine.parse(sql);
  expect(problems, sql).toEqual([]);
  const all = statements.flatMap((s) => s.operations).flatMap((o) => postgresEngine.tablesNeeded(o, sql));
  return all.some(({ schema, name }) => name === "t3" && (schema === null || schema === "s"));
}

it.each([
  "CREATE TABLE t4 (id int PRIMARY KEY, t_id int REFERENCES t3 (id))",
  "CREATE TABLE t4 (t_id int, FOREIGN KEY (t_id) REFERENCES s.t3)",
  "CREATE TABLE t4 (LIKE t3 INCLUDING ALL)",
  "CREATE TABLE t4 () INHERITS (t3)",
  "CREATE TABLE t4 PARTITION OF t3 FOR VALUES IN (1)",
  "CREATE TABLE t4 (r t3[])",
  "ALTER TABLE x ADD COLUMN a int, ADD FOREIGN KEY (a) REFERENCES t3",
  "ALTER TABLE x ATTACH PARTITION t3 DEFAULT",
  "ALTER TABLE t3 OWNER TO app",
  "CREATE TRIGGER tg BEFORE INSERT ON s.t3 FOR EACH ROW EXECUTE FUNCTION tf()",
  "DROP TRIGGER tg ON t3",
  "COMMENT ON TABLE t3 IS 'x'",
  "COMMENT ON COLUMN s.t3.a IS 'x'",
  "COMMENT ON TRIGGER tg ON t3 IS 'x'",
  "CREATE VIEW v3 AS WITH w AS (SELECT a FROM t3) SELECT * FROM w",
  "CREATE MATERIALIZED VIEW v3 AS SELECT * FROM t3",
  "CREATE INDEX ON t3 (lower(b))",
  "CREATE STATISTICS st ON a, b FROM t3",
  "CREATE POLICY p ON x USING (EXISTS (SELECT FROM t3))",
  "DROP POLICY p ON t3",
  "ALTER PUBLICATION p ADD TABLE x, t3",
  "CREATE FUNCTION f(t3) RETURNS int LANGUAGE sql AS 'SELECT 1'",
  "CREATE FUNCTION f() RETURNS SETOF s.t3 LANGUAGE sql AS 'SELECT 1'",
  "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC INSERT INTO t3 VALUES (1); SELECT 1; END",
  "CREATE RULE r AS ON INSERT TO x DO ALSO INSERT INTO y SELECT * FROM t3",
  "GRANT SELECT ON t3 TO app",
  "ALTER SEQUENCE x OWNED BY t3.id",
  "ANALYZE t3",
])("%s", (sql) => expect(needs(sql)).toBe(true));

it.each([
  "SELECT * FROM t3",
  "INSERT INTO t3 VALUES (1) ON CONFLICT (id) DO NOTHING",
  "UPDATE x SET a = 1 WHERE b IN (SELECT b FROM t3)",
  "CREATE TABLE t4 AS SELECT * FROM t3",
  "CREATE VIEW v3 AS WITH t3 AS (SELECT 1) SELECT * FROM t3",
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT count(*)::int FROM t3'",
  "CREATE TABLE t4 (t3 int CHECK (t3 > 0), b text DEFAULT 't3')",
  "COMMENT ON FUNCTION t3(int) IS 'x'",
  "DO 'BEGIN PERFORM 1 FROM t3; END'",
])("not: %s", (sql) => expect(needs(sql)).toBe(false));
