import { beforeAll, expect, it } from "vitest";
import { loadParser } from "../../../../src/engines/postgres/parse/library.js";
import { readQueries } from "../../../../src/engines/postgres/queries/read.js";

beforeAll(loadParser);

const sqlOf = (text: string): string | undefined => {
  const [query] = readQueries(text);
  return query?.read.kind === "query" ? query.read.sql.replace(/\s+/g, " ") : query?.read.reason;
};

it.each([
  ["SELECT 1 WHERE a = $1 AND b ? $2", "SELECT 1 WHERE a = $1 AND b ? $2"],
  ["SELECT 1 WHERE a = ? AND b>=? LIMIT ?", "SELECT 1 WHERE a = $1 AND b>= $2 LIMIT $3"],
  ["SELECT * FROM t WHERE a IN (?, ?) AND b = ?::int", "SELECT * FROM t WHERE a IN ( $1, $2) AND b = $3::int"],
  ["SELECT 1 WHERE a BETWEEN ? AND ? OR c LIKE ?", "SELECT 1 WHERE a BETWEEN $1 AND $2 OR c LIKE $3"],
  ["INSERT INTO t VALUES (:id, :name, :id)", "INSERT INTO t VALUES ( $1, $2, $1)"],
  ["SELECT a::text, b[1:n] FROM t WHERE c = ARRAY[:x]", "SELECT a::text, b[1:n] FROM t WHERE c = ARRAY[ $1]"],
  ["SELECT 1 WHERE a=@p AND b = @q AND c @> d", "SELECT 1 WHERE a= $1 AND b = $2 AND c @> d"],
  ["SELECT 1 WHERE data ? 'key' AND data ?| :keys", "SELECT 1 WHERE data ? 'key' AND data ?| $1"],
  ["SELECT ':a ? @b', \"?\" /* :c ? */ FROM t", "SELECT ':a ? @b', \"?\" /* :c ? */ FROM t"],
  ["SELECT now() - INTERVAL $1", "SELECT now() - CAST($1 AS INTERVAL)"],
  ["SELECT extract($1 FROM d) FROM t", "SELECT pg_catalog.date_part($1, d) FROM t"],
  ["SELECT * FROM t WHERE a IN ($1 /*, ... */)", "SELECT * FROM t WHERE a IN ($1 /*, ... */)"],
])("reads the placeholders of %s", (text, sql) => {
  expect(sqlOf(text)).toBe(sql);
});

it("reads each statement with its place and the name that a comment gives it", () => {
  const text = "-- name: GetUser :one\nSELECT 1;\n\n/* none */ SELECT ';' ;\n-- name: last!\nDELETE FROM t";
  expect(readQueries(text).map((q) => [q.text, text.slice(q.start, q.start + 6), q.name])).toEqual([
    ["SELECT 1", "SELECT", "GetUser"],
    ["SELECT ';'", "SELECT", null],
    ["DELETE FROM t", "DELETE", "last!"],
  ]);
});

it.each([
  ["SELEC 1", "unreadable"],
  ["COPY t FROM STDIN", "unreadable"],
  ["SELECT 1 INTO x", "unreadable"],
  ["SELECT 'without an end", "unreadable"],
  ["\\d t", "unreadable"],
  ["SET x = 1", "no-query"],
  ["BEGIN", "no-query"],
  ["CREATE TABLE t (a int)", "no-query"],
  ["MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE", "query"],
  ["WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a", "query"],
  ["VALUES (1)", "query"],
])("says of %s that it is %s", (text, kind) => {
  expect(readQueries(text).map((q) => q.read.kind)).toEqual([kind]);
});

it("has nothing to read in a text without a statement", () => {
  expect(readQueries("-- nothing\n;;\n")).toEqual([]);
});
