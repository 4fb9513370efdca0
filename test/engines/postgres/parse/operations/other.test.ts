import { beforeAll, describe, expect, it } from "vitest";
import { loadParser, parsePostgres } from "../../../../../src/engines/postgres/parse/index.js";

beforeAll(loadParser);

const other = (sql: string) =>
  parsePostgres(sql).statements.flatMap((s) => s.operations.map((o) => (o.kind === "other" ? o : { ...o, what: "?" })));

describe("the name of what is not modelled", () => {
  it.each([
    ["ALTER TABLE t ALTER a TYPE bigint USING a::bigint", "alter-column-type"],
    ["ALTER TABLE t ALTER a SET NOT NULL", "set-not-null"],
    ["ALTER TABLE t ALTER a DROP NOT NULL", "drop-not-null"],
    ["ALTER TABLE t ALTER a SET DEFAULT 1", "set-default"],
    ["ALTER TABLE t ALTER a DROP DEFAULT", "drop-default"],
    ["ALTER TABLE t ADD CHECK (a > 0)", "add-check"],
    ["ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p", "add-foreign-key"],
    ["ALTER TABLE t ADD UNIQUE (a)", "add-unique"],
    ["ALTER TABLE t ADD PRIMARY KEY USING INDEX i", "add-primary-key"],
    ["ALTER TABLE t ADD EXCLUDE (a WITH =)", "add-exclusion"],
    ["ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID", "add-not-null"],
    ["ALTER TABLE t VALIDATE CONSTRAINT c", "validate-constraint"],
    ["ALTER TABLE t DROP CONSTRAINT c", "drop-constraint"],
    ["ALTER TABLE t ATTACH PARTITION p DEFAULT", "attach-partition"],
    ["ALTER TABLE t RENAME TO u", "rename-table"],
    ["ALTER TABLE t RENAME CONSTRAINT a TO b", "rename-constraint"],
    ["ALTER TABLE t SET SCHEMA s", "set-schema"],
    ["ALTER VIEW v ALTER a SET DEFAULT 1", "alter-view-set-default"],
    ["DROP TABLE t", "drop-table"],
    ["DROP INDEX CONCURRENTLY i", "drop-index"],
    ["DROP MATERIALIZED VIEW m", "drop-materialized-view"],
    ["TRUNCATE t", "truncate"],
    ["UPDATE t SET a = 1", "update"],
    ["DELETE FROM t", "delete"],
    ["MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE", "merge"],
    ["INSERT INTO t VALUES (1)", "insert"],
    ["INSERT INTO t DEFAULT VALUES", "insert"],
    ["INSERT INTO t SELECT * FROM u", "insert-select"],
    ["CREATE TYPE e AS ENUM ('a')", "create-type"],
    ["CREATE TYPE c AS (a int)", "create-type"],
    ["ALTER TYPE e ADD VALUE 'b'", "alter-type-add-value"],
    ["ALTER TYPE e RENAME VALUE 'a' TO 'b'", "alter-type-rename-value"],
    ["CREATE VIEW v AS SELECT 1", "create-view"],
    ["CREATE MATERIALIZED VIEW v AS SELECT 1", "create-materialized-view"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "create-function"],
    ["CREATE PROCEDURE f() LANGUAGE sql AS 'SELECT 1'", "create-procedure"],
    ["CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "create-trigger"],
    ["CREATE SEQUENCE s", "create-sequence"],
    ["CREATE AGGREGATE g (int) (sfunc = f, stype = int)", "create-aggregate"],
    ["DO $$ BEGIN END $$", "do-block"],
    ["GRANT SELECT ON t TO r", "grant"],
    ["REVOKE SELECT ON t FROM r", "revoke"],
    ["VACUUM FULL t", "vacuum"],
    ["ANALYZE t", "analyze"],
    ["ALTER EXTENSION x UPDATE", "alter-extension"],
    ["COMMIT", "commit"],
  ])("%s", (sql, what) => {
    expect(other(sql).map((o) => o.what)).toEqual([what]);
  });
});

describe("what is harmless", () => {
  it.each([
    "SELECT a + 1, COALESCE(b, CURRENT_DATE) FROM t WHERE c IN (SELECT d FROM u)",
    "SET lock_timeout = '2s'",
    "SET LOCAL search_path TO a",
    "SHOW server_version",
    "BEGIN",
    "COMMIT",
    "COMMENT ON COLUMN s.t.c IS 'x'",
    "EXPLAIN DELETE FROM t",
    "EXPLAIN ANALYZE SELECT 1",
  ])("%s", (sql) => {
    expect(other(sql).map((o) => o.kind === "other" && o.harmless)).toEqual([true]);
  });

  it.each([
    "SELECT setval('s', 1)",
    "SELECT a FROM t WHERE b = (SELECT f())",
    "SELECT 1 FROM t FOR UPDATE",
    "WITH x AS (DELETE FROM t RETURNING a) SELECT a FROM x",
    "EXPLAIN ANALYZE DELETE FROM t",
    "ROLLBACK",
    "CALL p()",
    "VACUUM t",
    "LOCK TABLE t",
    "GRANT SELECT ON t TO r",
    "DO $$ BEGIN END $$",
  ])("not %s", (sql) => {
    expect(other(sql).some((o) => o.kind === "other" && o.harmless)).toBe(false);
  });
});

describe("what it is about", () => {
  it.each([
    [
      "DROP TABLE a, s.b",
      [
        { schema: null, name: "a" },
        { schema: "s", name: "b" },
      ],
    ],
    [
      "TRUNCATE a, s.b",
      [
        { schema: null, name: "a" },
        { schema: "s", name: "b" },
      ],
    ],
    ["DROP TRIGGER g ON s.t", [{ schema: "s", name: "t" }]],
    ["DROP FUNCTION f(int)", [null]],
    ["COMMENT ON COLUMN db.s.t.c IS NULL", [{ schema: "s", name: "t" }]],
    ['UPDATE "T" SET a = 1', [{ schema: null, name: "T" }]],
    ["CREATE VIEW s.v AS SELECT 1", [{ schema: "s", name: "v" }]],
    ["CREATE POLICY p ON t", [{ schema: null, name: "t" }]],
    [
      "VACUUM a, b",
      [
        { schema: null, name: "a" },
        { schema: null, name: "b" },
      ],
    ],
    ["SELECT 1", [null]],
  ])("%s", (sql, relations) => {
    expect(other(sql).map((o) => o.relation)).toEqual(relations);
  });
});
