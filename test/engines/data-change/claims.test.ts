import { expect, it } from "vitest";
import { claimsOf } from "../../../src/engines/data-change/claims.js";
import { parseMysql } from "../../../src/engines/mysql/parse/index.js";
import { postgresEngine } from "../../../src/engines/postgres/index.js";
import type { Operation } from "../../../src/model/operation.js";

const into = (query: string) => `INSERT INTO o (a) ${query}`;

function columnsOf(operations: readonly Operation[]): readonly (string | null)[] {
  const details = operations.flatMap((o) => (o.kind === "other" && o.detail?.kind === "data-change" ? [o.detail] : []));
  return [...new Set(details.flatMap(claimsOf).flatMap((c) => (c.relation.name === "t" ? [c.name] : [])))];
}

async function onPostgres(sql: string): Promise<readonly (string | null)[]> {
  await postgresEngine.load();
  return columnsOf(postgresEngine.parse(sql).statements.flatMap((s) => s.operations));
}

const onMysql = (sql: string) => columnsOf(parseMysql(sql, "mysql").statements.flatMap((s) => s.operations));

it("claims the columns that a query may name where its rows cannot be walked", async () => {
  const sql = into("SELECT DISTINCT b FROM t JOIN u ON t.c = u.d WHERE e > 0");
  expect(await onPostgres(sql)).toEqual(expect.arrayContaining(["a", "b", "c", "d", "e"]));
  expect(onMysql(sql)).toEqual(expect.arrayContaining(["a", "b", "c", "d", "e"]));
  expect(await onPostgres(into("SELECT DISTINCT b FROM t JOIN u USING (c)"))).toContain("c");
});

it.each([
  into("SELECT DISTINCT * FROM t"),
  into("SELECT DISTINCT b FROM t NATURAL JOIN u"),
  "INSERT INTO o SELECT DISTINCT b FROM t",
])("claims the whole table where all of its columns matter: %s", async (sql) => {
  expect(await onPostgres(sql)).toEqual([null]);
  expect(onMysql(sql)).toEqual([null]);
});

it("takes a column of a table's name for its whole row (PostgreSQL)", async () => {
  expect(await onPostgres(into("SELECT DISTINCT t::text FROM t"))).toEqual([null]);
  expect(await onPostgres(into("SELECT DISTINCT r::text FROM t AS r"))).toEqual([null]);
});
