import { beforeAll, expect, it } from "vitest";
import { postgresEngine } from "../../../../src/engines/postgres/index.js";
import { namesColumn } from "../../../../src/engines/postgres/queries/names-column.js";
import type { Catalog } from "../../../../src/model/catalog.js";
import { schema } from "../support/plan.js";

let catalog: Catalog;
beforeAll(async () => {
  await postgresEngine.loadParser();
  catalog = await schema("CREATE TABLE t (id int, a int, n int); CREATE TABLE o (id int, a int, t_id int);");
});

const T = { schema: "public", name: "t" };

it.each([
  "SELECT a FROM t",
  "SELECT x.a FROM t AS x JOIN o ON o.t_id = x.id",
  "SELECT 1 FROM o WHERE o.t_id IN (SELECT id FROM public.t WHERE a = $1)",
  "SELECT id FROM o WHERE EXISTS (SELECT 1 FROM t WHERE t.id = o.t_id ORDER BY t.a)",
  "SELECT id FROM o UNION SELECT a FROM t",
  "WITH x AS (SELECT a FROM t) SELECT * FROM x",
  "INSERT INTO t (id, a) VALUES ($1, $2)",
  "INSERT INTO t (id) VALUES ($1) ON CONFLICT (a) DO NOTHING",
  "INSERT INTO t (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET a = excluded.n",
  "INSERT INTO o (id) SELECT a FROM t",
  "UPDATE t SET a = $1 WHERE id = $2",
  "UPDATE t SET n = 1 WHERE a = 2 RETURNING id",
  "DELETE FROM t USING o WHERE t.a = o.id",
  "MERGE INTO t USING o ON t.id = o.id WHEN MATCHED THEN UPDATE SET a = 1",
  "SELECT id FROM t JOIN o USING (a)",
  "SELECT (SELECT a) FROM t",
])("%s names it", (sql) => expect(namesColumn(sql, { relation: T, column: "a" }, catalog)).toBe(true));

it.each([
  "SELECT * FROM t",
  "SELECT n AS a FROM t",
  "SELECT o.a FROM t JOIN o ON o.t_id = t.id",
  "SELECT a FROM o WHERE t_id IN (SELECT id FROM t)",
  "SELECT a FROM other.t",
  "INSERT INTO o (id, a) SELECT id, n FROM t",
  "UPDATE o SET a = t.n FROM t WHERE t.id = o.t_id",
  "SELECT a FROM generate_series(1, 2) AS a",
])("%s does not", (sql) => expect(namesColumn(sql, { relation: T, column: "a" }, catalog)).toBe(false));

it("finds a table by its name", () => {
  const named = (sql: string) => namesColumn(sql, { relation: T, column: null }, catalog);
  expect(["SELECT 1 FROM t", "DELETE FROM public.t", "SELECT 1 FROM o, t x"].map(named)).toEqual([true, true, true]);
  expect(["SELECT t FROM o", "SELECT 1 FROM other.t"].map(named)).toEqual([false, false]);
});
