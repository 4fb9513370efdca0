import { expect, it } from "vitest";
import { readQueries } from "../../../../src/engines/mysql/queries/read.js";

const of = (text: string) =>
  readQueries(text, "mysql").map((q) => (q.read.kind === "query" ? q.read.sql : `${q.read.kind}: ${q.read.reason}`));

it.each([
  ["SELECT a FROM t WHERE b = ? AND c = @p", "SELECT a FROM t WHERE b = ? AND c = @p"],
  ["SELECT a FROM t WHERE b = :b AND c=$1 AND d = ':x ?'", "SELECT a FROM t WHERE b = ? AND c=? AND d = ':x ?'"],
  ["SELECT COUNT ( * ) FROM `t` WHERE `a` IN (...)", "SELECT COUNT( * ) FROM `t` WHERE `a` IN (?)"],
  ["INSERT INTO `t` ( `a` , `b` ) VALUES (...) /* , ... */", "INSERT INTO `t` ( `a` , `b` ) VALUES (?, ?)"],
  ["INSERT INTO `t` VALUES (...)", "unreadable: the digest does not say how many values it has"],
  ["CALL p()", "unreadable: CALL cannot be prepared"],
  ["SET @a = 1", "no-query: SET is no query"],
  ["(SELECT 1) UNION (SELECT 2)", "(SELECT 1) UNION (SELECT 2)"],
])("reads %s", (text, sql) => {
  expect(of(text)).toEqual([sql]);
});

it("reads each statement with its place and name, and says what does not parse", () => {
  const text = "-- name: GetUser :one\nSELECT 1;\nDELETE FROM t # none\n;\nSELECT 'no end";
  const read = readQueries(text, "mysql");
  expect(read.map((q) => [q.text, q.name, q.read.kind])).toEqual([
    ["SELECT 1", "GetUser", "query"],
    ["DELETE FROM t", null, "query"],
    [expect.stringContaining("'no end"), null, "unreadable"],
  ]);
  expect(read.map((q) => text.slice(q.start, q.start + 3))).toEqual(["SEL", "DEL", expect.any(String)]);
});
