import { beforeAll, describe, expect, it } from "vitest";
import { loadParser } from "../../src/engines/postgres/parse/index.js";
import { afterSession, emptyCatalog } from "../../src/history/replay.js";
import { applied, names, replayed, table } from "./replayed.js";

beforeAll(loadParser);

const T = "CREATE TABLE t (a int);";
const columns = (sql: string) => table(replayed(T + sql), "t").columns.map((c) => c.name);

describe("a transaction", () => {
  it.each([
    ["BEGIN; ALTER TABLE t ADD b int; ROLLBACK", ["a"]],
    ["BEGIN; ALTER TABLE t ADD b int; COMMIT", ["a", "b"]],
    ["BEGIN; ALTER TABLE t ADD b int; COMMIT AND CHAIN; ALTER TABLE t ADD c int; ROLLBACK", ["a", "b"]],
    ["BEGIN; SAVEPOINT s; ALTER TABLE t ADD b int; ROLLBACK TO s; ALTER TABLE t ADD c int; COMMIT", ["a", "c"]],
    ["BEGIN; SAVEPOINT s; ALTER TABLE t ADD b int; RELEASE s; ROLLBACK", ["a"]],
    ["BEGIN; SAVEPOINT s; ALTER TABLE t ADD b int; SAVEPOINT s; ROLLBACK TO s; ROLLBACK TO s; COMMIT", ["a", "b"]],
    [
      "BEGIN; SAVEPOINT s; ALTER TABLE t ADD b int; SAVEPOINT q; RELEASE s; ALTER TABLE t ADD c int; COMMIT",
      ["a", "b", "c"],
    ],
    ["BEGIN; ALTER TABLE t ADD b int; BEGIN; ROLLBACK", ["a"]],
    ["ROLLBACK; ALTER TABLE t ADD b int", ["a", "b"]],
    ["BEGIN; ALTER TABLE t ADD b int; PREPARE TRANSACTION 'x'; COMMIT PREPARED 'x'", ["a"]],
  ])("%s", (sql, expected) => {
    expect(columns(sql)).toEqual(expected);
  });

  it("undoes no schema where the server commits it at once", () => {
    const begin = { kind: "transaction", chain: false, name: null, distributed: false, readOnly: null } as const;
    const open = applied(replayed(T), null, { ...begin, action: "begin" });
    const changed = replayed("ALTER TABLE t ADD b int", open);
    expect(table(applied(changed, null, { ...begin, action: "rollback" }), "t").columns).toHaveLength(2);
  });

  it("that may be committed later leaves the catalog incomplete", () => {
    const whole = emptyCatalog("shadow", "public");
    expect(replayed("BEGIN; CREATE TABLE t (a int); PREPARE TRANSACTION 'x'", whole).complete).toBe(false);
  });
});

describe("the schema that a name without one means", () => {
  it.each([
    ["SET search_path TO app", ["public.t", "app.u"]],
    ['SET search_path TO "$user", app, public', ["public.t", "app.u"]],
    ["SELECT set_config('search_path', 'app', false)", ["public.t", "app.u"]],
    ["SET LOCAL search_path TO app", ["public.t", "app.u"]],
    ["SET search_path TO app; RESET search_path", ["public.t", "public.u"]],
    ["SET search_path TO app; SET search_path TO DEFAULT", ["public.t", "public.u"]],
    ["SET search_path TO app; RESET ALL", ["public.t", "public.u"]],
    ["BEGIN; SET LOCAL search_path TO app; COMMIT", ["public.t", "public.u"]],
    ["BEGIN; SET search_path TO app; ROLLBACK", ["t", "u"]],
    ["SET lock_timeout = 1", ["t", "u"]],
  ])("%s", (sql, expected) => {
    expect(names(replayed(`${T} ${sql}; CREATE TABLE u (a int)`))).toEqual(expected);
  });

  it("is none after an empty path, and nothing is found by a bare name", () => {
    const catalog = replayed(`${T} SELECT set_config('search_path', '', false)`);
    expect(catalog.defaultSchema).toBeNull();
    expect(names(replayed("ALTER TABLE t ADD b int; DROP TABLE t", catalog))).toEqual(["public.t"]);
    expect(table(replayed("ALTER TABLE public.t ADD b int", catalog), "t", "public").columns).toHaveLength(2);
  });

  it("may be one of several: a table that is not listed may be found in another", () => {
    expect(replayed("SET search_path TO a, b", emptyCatalog("shadow", "public")).complete).toBe(false);
  });

  it("is a database on MySQL", () => {
    const catalog = replayed("CREATE TABLE u (a int)", applied(replayed(T), null, { kind: "use", database: "shop" }));
    expect(names(catalog)).toEqual(["public.t", "shop.u"]);
  });

  it("leaves foreign keys, views and types where they are", () => {
    const sql = `${T} CREATE TABLE c (x int REFERENCES c2); CREATE TYPE e AS ENUM (); CREATE TABLE k (id int PRIMARY KEY);
      CREATE TABLE r (k int REFERENCES k); SET search_path TO app; ALTER TABLE public.k RENAME TO kk; DROP TABLE public.r`;
    const catalog = replayed(sql);
    expect(table(catalog, "kk", "public").referencedBy).toEqual([]);
    expect(catalog.types).toMatchObject([{ relation: { schema: "public", name: "e" } }]);
  });
});

describe("the end of a session", () => {
  it("rolls back, and brings back the schema of the beginning", () => {
    const catalog = afterSession(replayed(`${T} SET search_path TO app; BEGIN; DROP TABLE public.t`));
    expect(names(catalog)).toEqual(["public.t"]);
    expect(catalog.defaultSchema).toBe("public");
    expect(table(replayed("ALTER TABLE t ADD b int", catalog), "t").columns).toHaveLength(2);
  });

  it("is the end of temporary tables", () => {
    const open = replayed("CREATE TEMP TABLE t (x int); CREATE TABLE t (y int)");
    expect(names(open)).toEqual([]);
    expect(names(replayed("CREATE TABLE u (a int); CREATE TABLE t (z int)", afterSession(open)))).toEqual(["u", "t"]);
  });

  it("changes nothing that was not of the session", () => {
    const catalog = replayed(T);
    expect(afterSession(catalog)).toBe(catalog);
  });
});

// PostgreSQL 18: a session that is open goes on as it was, the next one begins with the new path.
describe("search_path of later sessions", () => {
  const later = (first: string, second: string) => names(replayed(second, afterSession(replayed(first))));
  it.each([
    ["ALTER DATABASE d SET search_path = app, public", ["public.t", "app.u"]],
    ["ALTER DATABASE d SET search_path = app; ALTER DATABASE d RESET search_path", ["t", "u"]],
    ["ALTER DATABASE d SET search_path = app; ALTER DATABASE d RESET ALL", ["t", "u"]],
    ["ALTER ROLE ALL SET search_path = app", ["public.t", "app.u"]],
    ["ALTER ROLE somebody SET search_path = app", ["t", "u"]],
    ["BEGIN; ALTER DATABASE d SET search_path = app; ROLLBACK", ["t", "u"]],
    ["ALTER DATABASE d SET work_mem = '8MB'", ["t", "u"]],
  ])("%s", (sql, expected) => {
    expect(later(`${T} ${sql};`, "CREATE TABLE u (a int)")).toEqual(expected);
  });
  it("holds for each of them, and is what RESET goes back to", () => {
    const second = afterSession(replayed(`${T} ALTER DATABASE d SET search_path = app;`));
    const third = afterSession(replayed("SET search_path = other; RESET search_path; CREATE TABLE u (a int)", second));
    expect(names(replayed("CREATE TABLE v (a int)", third))).toEqual(["public.t", "app.u", "app.v"]);
    expect(names(replayed("DROP TABLE t", second))).toEqual(["public.t"]);
  });
  it("of a role leaves uncertain what has its name in two schemas", () => {
    const both = `${T} CREATE TABLE one (a int); CREATE TABLE app.t (b int);`;
    expect(names(replayed(`${both} ALTER ROLE somebody SET search_path = app, public;`))).toEqual(["one", "app.t"]);
    expect(names(replayed(`${both} ALTER ROLE somebody SET search_path = public, app;`))).toEqual([
      "t",
      "one",
      "app.t",
    ]);
  });
});
