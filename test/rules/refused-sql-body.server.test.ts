import { afterAll, beforeAll, expect, it } from "vitest";
import type { Session } from "../../src/engines/engine.js";
import { openSession } from "../../src/engines/postgres/execute/connect.js";
import { describeServer, type TestDatabase } from "../servers/index.js";
import { judged } from "./judged.js";

const BASE = "CREATE TABLE users (id bigint PRIMARY KEY, name text); CREATE TABLE old (id int); DROP TABLE old;";
const of = (body: string, head = "f(p int) RETURNS int") => `CREATE FUNCTION ${head} LANGUAGE sql AS $$ ${body} $$;`;

const REFUSED: readonly string[] = [
  of("SELECT nope FROM users"),
  of("SELECT 1 FROM users u WHERE u.nope = p"),
  of("SELECT id::int FROM old"),
  of("UPDATE users SET nope = 1; SELECT 1"),
  of("INSERT INTO users (id, nope) VALUES (1, 2); SELECT 1"),
  "SET check_function_bodies = off; CREATE FUNCTION f() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT nope FROM users; END;",
  of("SELECT nope FROM public.users", "f() RETURNS text SET search_path = ''"),
  of("SELECT count(*)::int FROM nope"),
  of("SELECT count(*)::int FROM public.nope"),
  of("SELECT count(*)::int FROM users JOIN nope ON nope.id = users.id"),
  of("INSERT INTO nope VALUES (1); SELECT 1"),
];

const TAKEN: readonly string[] = [
  of("SELECT p FROM users"),
  of("SELECT f.p FROM users"),
  of("SELECT id::int AS nope FROM users ORDER BY nope"),
  of("SELECT count(u)::int FROM users u WHERE ctid IS NOT NULL"),
  of("SELECT count(*)::int FROM pg_class"),
  of("SELECT count(*)::int FROM pg_stat_activity JOIN users ON true"),
  of("SELECT count(*)::int FROM information_schema.tables JOIN users ON true"),
  `CREATE TEMP TABLE nope (id int); ${of("SELECT count(*)::int FROM nope")}`,
  `CREATE VIEW nope AS SELECT 1 AS id; ${of("SELECT count(*)::int FROM nope")}`,
  `DO $b$ BEGIN CREATE TABLE nope (id int); END $b$; ${of("SELECT count(*)::int FROM nope")}`,
  `DO $b$ BEGIN EXECUTE 'CREATE TABLE ' || 'nope (id int)'; END $b$; ${of("SELECT count(*)::int FROM nope")}`,
  `CREATE TABLE s (id serial); ${of("SELECT last_value::int FROM s_id_seq")}`,
  of("SELECT count(*)::int FROM users, generate_series(1, 3) AS nope, LATERAL (SELECT nope.nope) AS more"),
  of("WITH RECURSIVE nope AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM nope WHERE n < p) SELECT n FROM nope"),
  `SET check_function_bodies = off; ${of("SELECT count(*)::int FROM nope")}`,
  of("WITH old AS (SELECT 1 AS nope) SELECT nope FROM old"),
  of("UPDATE users SET name = 'x' WHERE id = p; SELECT 1"),
  `SET check_function_bodies = off; ${of("SELECT nope FROM users")}`,
  "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT nope FROM users); END $$;",
  `CREATE SCHEMA s; CREATE TABLE s.users (nope int); ${of("SELECT nope FROM users", "f() RETURNS int SET search_path = s")}`,
];

describeServer("postgres", (server) => {
  let db: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    db = await server.createDatabase("sql_body");
    session = await openSession(db.url, { connectTimeoutMs: 5_000, applicationName: "test" });
  });
  afterAll(async () => {
    await session?.close();
    await db?.drop();
  });

  /** Whether the server takes it, in a transaction that is rolled back. */
  async function takes(sql: string): Promise<string> {
    try {
      await session.query(`BEGIN; ${BASE} ${sql}`);
      return "taken";
    } catch (error) {
      return (error as { readonly code?: string }).code ?? String(error);
    } finally {
      await session.query("ROLLBACK");
    }
  }

  const said = async (sql: string) =>
    (await judged([BASE, sql]))
      .flatMap(({ message }) => /refuses this: its body .*\((42\w{3})\)\.$/.exec(message)?.[1] ?? [])
      .join();

  it.each(REFUSED)("a body in SQL is refused as the server does: %s", async (sql) => {
    const code = await takes(sql);
    expect(code).toMatch(/^42/);
    expect(await said(sql)).toBe(code);
  });

  // PostGIS: no server of the tests has it.
  it("the words of a type's modifiers are no columns", async () => {
    expect(await said(of("SELECT id::geography(PointZ, 4326)::int FROM users"))).toBe("");
    expect(await said(of("SELECT nope::geography(PointZ, 4326)::int FROM users"))).toBe("42703");
  });

  it("a table that no file makes may be there where the files do not tell of all", async () => {
    const body = of("SELECT count(*)::int FROM nope");
    const rules = async (...files: string[]) => (await judged(files)).map(({ rule }) => rule).join(" ");
    expect(await rules(`${BASE} ${body}`)).toBe("");
    expect(await rules(`${BASE} ${body.replace("FROM nope", "FROM nope, users")}`)).toBe("contradicting-history");
    expect(await rules(BASE, "ALTER TABLE others ADD COLUMN a int;", body)).toBe("");
    expect(await rules(BASE, "CREATE EXTENSION postgis;", body)).toBe("");
    expect(await rules(BASE, "CREATE EXTENSION pgcrypto;", body)).toBe("contradicting-history");
  });

  it.each(TAKEN)("a body in SQL is taken as by the server: %s", async (sql) => {
    expect(await takes(sql)).toBe("taken");
    expect(await said(sql)).toBe("");
  });
});
