import { beforeAll, expect, it } from "vitest";
import { postgresEngine } from "../../../src/engines/postgres/index.js";

beforeAll(() => postgresEngine.load());

/** Whether an operation of the statement stays with the column p of t: by its name, or with all columns of t. */
function holds(sql: string): "p" | "all" | null {
  const { statements, problems } = postgresEngine.parse(sql);
  expect(problems, sql).toEqual([]);
  const [held] = statements.flatMap((s) => s.operations).map((o) => postgresEngine.columnsHeld?.(o, sql) ?? null);
  if (held == null || !held.relations.some((r) => r.name === "t")) return null;
  return held.all ? "all" : held.names.has("p") ? "p" : null;
}

it.each([
  "CREATE VIEW v AS SELECT p FROM s.t",
  "CREATE VIEW v AS SELECT u.id FROM u JOIN t USING (p)",
  "CREATE MATERIALIZED VIEW v AS SELECT id AS x FROM t WHERE p > 1",
  "CREATE POLICY q ON t USING (p <> 'z')",
  "ALTER POLICY q ON t USING (p <> 'z')",
  "CREATE TRIGGER tg AFTER UPDATE OF p ON t FOR EACH ROW EXECUTE FUNCTION tf()",
  "CREATE TRIGGER tg AFTER UPDATE ON t FOR EACH ROW WHEN (NEW.p > 1) EXECUTE FUNCTION tf()",
  "CREATE STATISTICS st ON a, p FROM t",
  "CREATE STATISTICS st ON a, (p || 'x') FROM t",
  "CREATE PUBLICATION pb FOR TABLE t (id, p)",
  "CREATE PUBLICATION pb FOR TABLE t WHERE (p > 1)",
  "ALTER PUBLICATION pb SET TABLE t (id, p)",
  "CREATE RULE r AS ON DELETE TO t WHERE old.p = 'x' DO INSTEAD NOTHING",
  "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(p) FROM t; END",
  "CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO t (p) VALUES (1); END",
  "CREATE FUNCTION f(x t.p%TYPE) RETURNS int LANGUAGE sql AS 'SELECT 1'",
  "ALTER SEQUENCE q OWNED BY t.p",
])("stays with the column that it names: %s", (sql) => expect(holds(sql)).toBe("p"));

it.each([
  "CREATE VIEW v AS SELECT * FROM t",
  "CREATE VIEW v AS TABLE t",
  "CREATE VIEW v AS SELECT u.id FROM u NATURAL JOIN t",
  "CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (1); END",
  "CREATE RULE r AS ON DELETE TO t DO ALSO INSERT INTO log SELECT old.*",
])("stays with all columns that are there: %s", (sql) => expect(holds(sql)).toBe("all"));

it.each([
  "CREATE VIEW v AS SELECT a FROM t WHERE b = 'p'",
  "CREATE VIEW v AS SELECT count(*) FROM t",
  "CREATE VIEW v AS SELECT p FROM u",
  "CREATE POLICY q ON t USING (t.* IS NOT NULL)",
  "CREATE TRIGGER tg AFTER UPDATE ON t FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION tf()",
  "CREATE PUBLICATION pb FOR TABLE t",
  "CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT p FROM t'",
  "DROP TRIGGER p ON t",
  "CREATE INDEX i ON t (p)",
  "COMMENT ON COLUMN t.p IS 'x'",
])("stays with no column, or is told in another way: %s", (sql) => expect(holds(sql)).toBeNull());
