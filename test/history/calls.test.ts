import { beforeAll, expect, it } from "vitest";
import { loadParser } from "../../src/engines/postgres/parse/index.js";
import { isGoneTable, isWhole, unreadRunsOn } from "../../src/engines/table-lookup.js";
import { emptyCatalog } from "../../src/history/replay.js";
import type { Catalog } from "../../src/model/catalog.js";
import { names, replayed, table } from "./replayed.js";

beforeAll(loadParser);

const T = "CREATE TABLE t (a int); CREATE TABLE u (a int);";
const runsOn = (catalog: Catalog, name: string) => unreadRunsOn(catalog, { schema: null, name });

it.each([
  ["SELECT create_hypertable('t', 'at')", ["create_hypertable()"], []],
  ["SELECT diesel_manage_updated_at('public.t')", ["diesel_manage_updated_at()"], []],
  ["SELECT audit.enable('t')", ["audit.enable()"], ["audit.enable()"]],
  ["SELECT public.now()", ["public.now()"], ["public.now()"]],
  ["SELECT setval('s', 5)", [], []],
  ["SELECT pg_catalog.setval('s', 5), now()", [], []],
  ["SELECT pg_notify('a', 'b'), jsonb_build_object('a', 1)", [], []],
  ["SELECT mine(a) FROM t", [], []],
  ["SELECT cron.schedule('nightly', '0 3 * * *', 'DELETE FROM t'), vault.create_secret('a', 'b')", [], []],
  ["SELECT pgmq.create('jobs')", [], []],
])("%s", (sql, ofT, ofU) => {
  const catalog = replayed(`${T} ${sql}`);
  expect(names(catalog)).toEqual(["t", "u"]);
  expect([runsOn(catalog, "t"), runsOn(catalog, "u")]).toEqual([ofT, ofU]);
});

it("what no file tells may be there behind a call that no file tells of", () => {
  const call = "SELECT mine()";
  expect(replayed(T + call, emptyCatalog("shadow", "public"))).toMatchObject({ complete: false, tables: [] });
  expect(isWhole(replayed(T + call))).toBe(false);
  expect(isWhole(replayed(`${T} SELECT cron.schedule('a', 'b', 'c')`))).toBe(true);
  expect(isGoneTable(replayed(`${T} DROP TABLE u; ${call}`), { schema: null, name: "u" })).toBe(false);
});

it("a table that is made behind a call was not changed by it, one that has another name since was", () => {
  const catalog = replayed(
    `${T} SELECT mine(); CREATE TABLE v (a int); ALTER TABLE t RENAME TO w; DROP TABLE u; CREATE TABLE u (b int)`,
  );
  expect(["v", "w", "u"].map((name) => runsOn(catalog, name))).toEqual([[], ["mine()"], []]);
});

it("a ROLLBACK takes it back", () => {
  expect(runsOn(replayed(`${T} BEGIN; SELECT mine(); ROLLBACK`), "t")).toEqual([]);
});

const made = (name: string, body: string) =>
  `CREATE FUNCTION ${name}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${body} END $$;`;

it.each([
  [made("f", "ALTER TABLE t ADD b int;"), 2, []],
  [made("f", "PERFORM g();") + made("g", "ALTER TABLE t ADD b int;"), 2, []],
  [made("f", "ALTER TABLE t ADD b int; PERFORM f();"), 2, []],
  [made("f", "EXECUTE x; ALTER TABLE t ADD b int;"), 2, ["f()"]],
  [made("f", "PERFORM g();"), 1, ["g()"]],
  [made("f", "CALL p();"), 1, ["p()"]],
  [made("f", "IF x THEN PERFORM g(); END IF;") + made("g", "PERFORM count(*) FROM t;"), 1, []],
])("a function of the folder does what its body says: %s", (functions, columns, runs) => {
  const catalog = replayed(`${T} ${functions} SELECT f()`);
  expect(table(catalog, "t").columns).toHaveLength(columns);
  expect(runsOn(catalog, "t")).toEqual(runs);
});
