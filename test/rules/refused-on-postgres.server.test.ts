import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { allRules, judged } from "./judged.js";

const BASE = `CREATE TYPE addr AS (street text, zip text);
CREATE TABLE orgs (id bigint PRIMARY KEY, name text);
CREATE TABLE users (id bigint PRIMARY KEY, age int, nick text, total int, a addr, "Odd" int, year int GENERATED ALWAYS AS (total * 2) STORED);
CREATE TABLE events (id bigint NOT NULL, day date NOT NULL, kind text) PARTITION BY RANGE (day);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE typed (id int PRIMARY KEY, j json, jb jsonb, x xml, pt point, txt text, vc varchar(9), arr int[], ts tsvector, ip inet, u uuid, m money, b bool, r int4range);
CREATE TABLE parent (id int);
CREATE TABLE kid (id int);
ALTER TABLE kid INHERIT parent;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE child (x int) INHERITS (parent);
CREATE TABLE above (id int, s int);
CREATE TABLE below () INHERITS (above);
CREATE TABLE split (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE split_1 PARTITION OF split FOR VALUES FROM (1) TO (2);
CREATE TABLE split_rest PARTITION OF split DEFAULT;
CREATE TABLE told (a int NOT NULL, b int);
CREATE UNIQUE INDEX told_a ON told (a);
ALTER TABLE told REPLICA IDENTITY USING INDEX told_a;
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE states (id int, s state);
CREATE VIEW joined AS SELECT s.*, o.name FROM states s JOIN orgs o ON o.id = s.id;
ALTER TABLE states ADD COLUMN late int;
CREATE VIEW named AS SELECT id FROM users;
CREATE FUNCTION shout(users) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.nick';`;

/** What PostgreSQL refuses, and with which code. */
const REFUSED: readonly (readonly [string, string])[] = [
  ...["(j)", "(txt, j DESC)", "(x)", "(pt)", "USING hash (j)", "USING hash (m)", "USING hash (ts)"].map(
    (keys): [string, string] => [`CREATE INDEX ON typed ${keys}`, "42704"],
  ),
  ...["gin (txt)", "gin (vc)", "gin (id)", "gin (u)", "gin (j)", "gist (txt)", "gist (jb)", "gist (arr)"].map(
    (keys): [string, string] => [`CREATE INDEX ON typed USING ${keys}`, "42704"],
  ),
  ...["spgist (id)", "brin (j)", "brin (jb)", "brin (arr)", "brin (b)"].map((keys): [string, string] => [
    `CREATE INDEX ON typed USING ${keys}`,
    "42704",
  ]),
  ["ALTER TABLE typed ADD UNIQUE (j)", "42704"],
  ["ALTER TABLE typed ADD COLUMN k json UNIQUE", "42704"],
  ["CREATE TABLE z (j json PRIMARY KEY)", "42704"],
  ["CREATE TABLE z (id int, j json, UNIQUE (id, j))", "42704"],
  ["ALTER TABLE users ADD CONSTRAINT c CHECK (id IN (SELECT id FROM orgs)) NOT VALID", "0A000"],
  ["ALTER TABLE users ADD COLUMN z int CHECK (z IN (SELECT 1))", "0A000"],
  ["ALTER TABLE users ALTER COLUMN age SET DEFAULT (SELECT 1)", "0A000"],
  ["CREATE TABLE t (id int, CHECK (id IN (SELECT 1)))", "0A000"],
  ["CREATE INDEX i ON users (id) WHERE id IN (SELECT id FROM orgs)", "0A000"],
  ["ALTER TABLE users ADD CONSTRAINT c CHECK (no_col > 0) NOT VALID", "42703"],
  ["CREATE TABLE t (id int, CHECK (nope > 0))", "42703"],
  ["ALTER TABLE users ADD COLUMN g int GENERATED ALWAYS AS (year + 1) STORED", "42P17"],
  ["CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED, c int GENERATED ALWAYS AS (b) STORED)", "42P17"],
  ["CREATE TABLE t (at timestamptz, d date GENERATED ALWAYS AS (at::date) STORED)", "42P17"],
  ["CREATE TABLE t (at timestamptz, d date GENERATED ALWAYS AS (date(at)) STORED)", "42P17"],
  ["ALTER TABLE users ADD COLUMN g text GENERATED ALWAYS AS (concat(nick, 'x')) STORED", "42P17"],
  ["ALTER TABLE users ADD COLUMN g date GENERATED ALWAYS AS (nick::date) STORED", "42P17"],
  ["CREATE UNIQUE INDEX eu ON ONLY events (id)", "0A000"],
  ["CREATE UNIQUE INDEX eu ON events (id) INCLUDE (day)", "0A000"],
  ["ALTER TABLE ONLY events ADD PRIMARY KEY (id)", "0A000"],
  ["CREATE TABLE e (id bigint PRIMARY KEY, day date) PARTITION BY RANGE (day)", "0A000"],
  ["ALTER TABLE ONLY events ADD CONSTRAINT c CHECK (id > 0) NOT VALID", "42P16"],
  ["ALTER TABLE ONLY parent ADD COLUMN z int", "42P16"],
  ["ALTER TABLE ONLY above ADD COLUMN z int", "42P16"],
  ["ALTER TABLE ONLY above RENAME COLUMN s TO z", "42P16"],
  ["ALTER TABLE ONLY events RENAME COLUMN kind TO z", "42P16"],
  ["ALTER TABLE ONLY events ALTER COLUMN kind SET NOT NULL", "42P16"],
  ["ALTER TABLE ONLY events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY", "42P16"],
  ["ALTER TABLE ONLY events DROP COLUMN kind", "42P16"],
  ["ALTER TABLE ONLY events ALTER COLUMN kind TYPE varchar", "42P16"],
  ["CREATE TRIGGER tq BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION never_fn()", "42883"],
  [
    "CREATE TRIGGER tq BEFORE UPDATE ON users FOR EACH ROW WHEN (OLD.nope <> NEW.age) EXECUTE FUNCTION touch()",
    "42703",
  ],
  ["CREATE TRIGGER tq BEFORE UPDATE OF nope ON users FOR EACH ROW EXECUTE FUNCTION touch()", "42703"],
  ["CREATE TRIGGER tq BEFORE UPDATE ON named FOR EACH ROW EXECUTE FUNCTION touch()", "42809"],
  ["CREATE TRIGGER tq INSTEAD OF UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()", "42809"],
  ["ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES named (id) NOT VALID", "42809"],
  ["CREATE INDEX i ON states (id) WHERE s = 'paid'", "22P02"],
  ["ALTER TABLE states ADD CONSTRAINT c CHECK (s IN ('new', 'paid')) NOT VALID", "22P02"],
  ["ALTER TABLE states ADD COLUMN t state CHECK (t <> 'paid')", "22P02"],
  ["CREATE OR REPLACE VIEW joined AS SELECT s.*, o.name FROM states s JOIN orgs o ON o.id = s.id", "42P16"],
  ["CREATE VIEW v AS SELECT id, no_col FROM users", "42703"],
  ["CREATE VIEW v AS SELECT u.id, no_col AS x FROM users AS u WHERE age > 3", "42703"],
  ["CREATE MATERIALIZED VIEW v AS SELECT DISTINCT no_col FROM users ORDER BY 1", "42703"],
];

const TAKEN = [
  "CREATE TABLE t (at timestamptz, ts timestamp, d date GENERATED ALWAYS AS ((at AT TIME ZONE 'UTC')::date) STORED, e date GENERATED ALWAYS AS (ts::date) STORED)",
  "ALTER TABLE users ADD COLUMN g text GENERATED ALWAYS AS (lower(nick) || age::text) STORED",
  "CREATE INDEX ON typed (jb, txt DESC, vc, arr, ts, ip, u, m, b, r)",
  "CREATE INDEX ON typed ((j ->> 'a'), (x::text))",
  "CREATE INDEX ON typed USING gin (jb, arr, ts, to_tsvector('simple', txt))",
  "CREATE INDEX ON typed USING gist (pt, ts, r, ip inet_ops)",
  "CREATE INDEX ON typed USING spgist (txt)",
  "CREATE INDEX ON typed USING brin (id, txt, ip, u)",
  "CREATE INDEX ON typed USING hash (jb)",
  "CREATE TABLE IF NOT EXISTS typed (j json PRIMARY KEY)",
  "ALTER TABLE users ADD CONSTRAINT c CHECK (zz > 0 AND nick <> 'select'), ADD COLUMN zz int",
  'ALTER TABLE users ADD CONSTRAINT c CHECK (users IS NOT NULL AND users."Odd" < users.age AND (a).street <> current_user)',
  "ALTER TABLE users ADD CONSTRAINT c CHECK (tableoid > 0)",
  "CREATE TABLE t (id int, CHECK (t.id > 0), CHECK (public.t.id > 0))",
  "ALTER TABLE users ADD COLUMN d date, ADD COLUMN g int GENERATED ALWAYS AS (EXTRACT(year FROM d) + total) STORED",
  "CREATE TABLE t (a int, text int GENERATED ALWAYS AS (a) STORED, c varchar(9) GENERATED ALWAYS AS (a::text) STORED)",
  "CREATE UNIQUE INDEX eu ON events (id, day)",
  "CREATE INDEX eu ON ONLY events (id)",
  'CREATE TABLE e (id bigint, Day date, UNIQUE (id, "day")) PARTITION BY HASH (DAY)',
  "ALTER TABLE ONLY parent ADD CONSTRAINT c CHECK (id > 0) NO INHERIT",
  "ALTER TABLE ONLY parent DROP COLUMN id",
  "ALTER TABLE ONLY above ALTER COLUMN s SET NOT NULL",
  "ALTER TABLE ONLY users ADD CONSTRAINT c CHECK (id > 0)",
  "ALTER TABLE ONLY events ALTER COLUMN kind SET DEFAULT 'x'",
  "CREATE TRIGGER tq BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
  "CREATE TRIGGER tq BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()",
  'CREATE TRIGGER tq BEFORE UPDATE OF nick ON users FOR EACH ROW WHEN (OLD."Odd" <> NEW.age AND OLD.ctid IS NOT NULL) EXECUTE FUNCTION touch()',
  "CREATE OR REPLACE VIEW joined AS SELECT s.id, s.s, o.name, s.late FROM states s JOIN orgs o ON o.id = s.id",
  "CREATE INDEX i ON states (id) WHERE s = 'done' AND s <> 'new'",
  "CREATE TRIGGER tq INSTEAD OF INSERT ON named FOR EACH ROW EXECUTE FUNCTION touch()",
  "CREATE TRIGGER tq AFTER INSERT ON named EXECUTE FUNCTION touch()",
  'CREATE VIEW v AS SELECT users.shout, id AS x, "Odd", ID, NULL y FROM users ORDER BY x',
  "CREATE VIEW v AS SELECT u, current_user, tableoid FROM users u WHERE age > 3",
  "CREATE VIEW v AS SELECT g FROM users, generate_series(1, 3) AS g",
  "CREATE VIEW v AS SELECT name FROM users JOIN orgs USING (id)",
  "CREATE VIEW v AS SELECT x FROM (SELECT id AS x FROM users) AS u",
  "CREATE VIEW v AS WITH c AS (SELECT id AS x FROM users) SELECT x FROM c",
];

/** What is made, and a statement that PostgreSQL refuses behind it, for its name is another's. */
const NAMED: readonly (readonly [made: string, sql: string, code: string])[] = [
  ["CREATE TYPE mood AS ENUM ('a')", "CREATE TYPE mood AS ENUM ('b')", "42710"],
  ["CREATE TYPE mood AS ENUM ('a')", "CREATE DOMAIN mood AS int", "42710"],
  ["CREATE TYPE mood AS ENUM ('a')", "CREATE TABLE mood (a int)", "42710"],
  ["CREATE TYPE mood AS ENUM ('a')", "ALTER TYPE addr RENAME TO mood", "42710"],
  ["CREATE TYPE mood AS ENUM ('a')", "CREATE SEQUENCE mood", "42710"],
  ["CREATE VIEW v AS SELECT 1", "CREATE TYPE v AS ENUM ('b')", "42710"],
  ["", "CREATE TYPE users AS (a int)", "42710"],
  ["CREATE SEQUENCE s", "CREATE SEQUENCE s", "42P07"],
  ["CREATE SEQUENCE s", "CREATE TABLE s (a int)", "42P07"],
  ["CREATE SEQUENCE r; ALTER TABLE r RENAME TO s", "CREATE SEQUENCE s", "42P07"],
  ["", "CREATE SEQUENCE users", "42P07"],
  ["", "CREATE SEQUENCE users_pkey", "42P07"],
  ["", "CREATE VIEW users AS SELECT 1", "42P07"],
  ["", "CREATE OR REPLACE VIEW users AS SELECT 1", "42809"],
  ["CREATE VIEW v AS SELECT 1", "CREATE VIEW v AS SELECT 1", "42P07"],
  ["CREATE VIEW v AS SELECT 1", "CREATE TABLE v (a int)", "42P07"],
  ["CREATE VIEW v AS SELECT 1", "CREATE INDEX v ON users (id)", "42P07"],
  ["CREATE VIEW v AS SELECT 1", "ALTER TABLE users RENAME TO v", "42P07"],
  ["CREATE MATERIALIZED VIEW v AS SELECT 1", "CREATE MATERIALIZED VIEW v AS SELECT 1", "42P07"],
  ["CREATE MATERIALIZED VIEW v AS SELECT 1", "CREATE OR REPLACE VIEW v AS SELECT 1", "42809"],
  ["", "CREATE INDEX orgs ON users (id)", "42P07"],
  ["", "ALTER TABLE users RENAME TO orgs", "42P07"],
  ["", "ALTER TABLE users RENAME COLUMN nick TO age", "42701"],
  ["CREATE INDEX ix ON users (id)", "ALTER INDEX ix RENAME TO orgs", "42P07"],
  ["CREATE INDEX ix ON users (id)", "ALTER INDEX ix RENAME TO users_pkey", "42P07"],
  ["CREATE INDEX ix ON users (id)", "ALTER INDEX ix RENAME TO ix", "42P07"],
  ["CREATE INDEX ix ON users (id); CREATE VIEW v AS SELECT 1", "ALTER INDEX IF EXISTS ix RENAME TO v", "42P07"],
  ["CREATE INDEX ix ON users (id); CREATE SEQUENCE s", "ALTER TABLE ix RENAME TO s", "42P07"],
  ["CREATE INDEX ix ON users (id); CREATE TYPE comp AS (a int)", "ALTER INDEX ix RENAME TO comp", "42P07"],
  ["CREATE SEQUENCE s", "ALTER SEQUENCE s RENAME TO users", "42P07"],
  ["CREATE VIEW v AS SELECT 1", "ALTER VIEW v RENAME TO users_pkey", "42P07"],
  ["CREATE VIEW v AS SELECT 1", "ALTER TABLE v RENAME TO users", "42P07"],
  ["CREATE MATERIALIZED VIEW v AS SELECT 1", "ALTER MATERIALIZED VIEW v RENAME TO users", "42P07"],
  ["", "ALTER TABLE users RENAME CONSTRAINT users_pkey TO orgs", "42P07"],
  ["", "ALTER TABLE users ADD CONSTRAINT orgs UNIQUE (id)", "42P07"],
];
const FREE: readonly (readonly [made: string, sql: string])[] = [
  ["CREATE TYPE mood AS ENUM ('a'); ALTER TYPE mood RENAME TO mood_old", "CREATE TYPE mood AS ENUM ('b')"],
  ["CREATE TYPE mood AS ENUM ('a'); DROP TYPE mood", "CREATE TYPE mood AS ENUM ('b')"],
  ["CREATE TYPE mood AS ENUM ('a')", "CREATE INDEX mood ON users (id)"],
  ["CREATE SEQUENCE s", "CREATE TYPE s AS ENUM ('b')"],
  ["CREATE SEQUENCE s", "CREATE SEQUENCE IF NOT EXISTS s"],
  ["", "ALTER INDEX IF EXISTS nope RENAME TO users"],
  ["", "ALTER VIEW IF EXISTS nope RENAME TO users"],
  ["", "ALTER SEQUENCE IF EXISTS nope RENAME TO users"],
  ["CREATE INDEX ix ON users (id); CREATE TYPE mood AS ENUM ('a')", "ALTER INDEX ix RENAME TO mood"],
  ["CREATE SEQUENCE s; CREATE TYPE mood AS ENUM ('a')", "ALTER SEQUENCE s RENAME TO mood"],
  ["CREATE INDEX ix ON users (id); ALTER INDEX ix RENAME TO ix2", "CREATE TABLE ix (id int)"],
  [
    "CREATE SCHEMA app; CREATE TABLE app.t (id int); CREATE INDEX ix ON app.t (id)",
    "ALTER INDEX app.ix RENAME TO users",
  ],
  ["CREATE UNIQUE INDEX uq ON users (id)", "ALTER TABLE users ADD CONSTRAINT uq UNIQUE USING INDEX uq"],
  ["CREATE TABLE t (id int UNIQUE)", "ALTER TABLE t DROP CONSTRAINT t_id_key, ADD CONSTRAINT t_id_key UNIQUE (id)"],
  ["CREATE TABLE t (id int UNIQUE)", "ALTER TABLE t ADD CONSTRAINT t_id_key UNIQUE (id), DROP CONSTRAINT t_id_key"],
  ["CREATE SEQUENCE s; ALTER SEQUENCE s RENAME TO r", "CREATE SEQUENCE s"],
  ["CREATE TABLE t (id int); CREATE SEQUENCE s OWNED BY t.id; DROP TABLE t", "CREATE SEQUENCE s"],
  ["CREATE TABLE t (id int); CREATE SEQUENCE s; ALTER SEQUENCE s OWNED BY t.id; DROP TABLE t", "CREATE SEQUENCE s"],
  ["CREATE SCHEMA app; CREATE SEQUENCE app.s; DROP SCHEMA app CASCADE; CREATE SCHEMA app", "CREATE SEQUENCE app.s"],
  [
    "CREATE SCHEMA app; CREATE VIEW app.v AS SELECT 1; DROP SCHEMA app CASCADE; CREATE SCHEMA app",
    "CREATE VIEW app.v AS SELECT 1",
  ],
  ["CREATE VIEW v AS SELECT 1", "CREATE OR REPLACE VIEW v AS SELECT 1"],
  ["CREATE TEMP VIEW v AS SELECT 1; DROP VIEW v", "CREATE VIEW v AS SELECT 1"],
  [
    "CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t; CREATE VIEW w AS SELECT id FROM v; DROP TABLE t CASCADE",
    "CREATE VIEW w AS SELECT 1",
  ],
  [
    "CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t; ALTER TABLE t DROP COLUMN id CASCADE",
    "CREATE VIEW v AS SELECT 1",
  ],
  [
    "CREATE VIEW v AS SELECT 1 AS a; CREATE VIEW w AS SELECT a FROM v; DROP VIEW v CASCADE",
    "CREATE VIEW w AS SELECT 1",
  ],
  ["ALTER TABLE kid RENAME TO kid_2", "ALTER TABLE orgs RENAME TO kid"],
  ["ALTER TABLE users RENAME COLUMN nick TO nick_2", "ALTER TABLE users RENAME COLUMN age TO nick"],
  ["CREATE SCHEMA app", "CREATE TABLE app.users (id int)"],
];

const said = async (sql: string, before = ""): Promise<string> => {
  const findings = await judged([BASE + before, `${sql};`], "postgres", "18");
  return findings.find(({ rule }) => rule === "contradicting-history")?.message ?? "";
};

describe("what PostgreSQL refuses by what the files have made", () => {
  test.each(REFUSED)("%s", async (sql, code) => {
    expect(await said(sql)).toContain(`(${code})`);
  });
  test.each(TAKEN)("but not %s", async (sql) => {
    expect(await said(sql)).toBe("");
  });

  // Outside a transaction; the server says so in test/engines/postgres/effects/proof.test.ts.
  test("beside a DEFAULT partition none is detached CONCURRENTLY", async () => {
    const detach = "ALTER TABLE split DETACH PARTITION split_1";
    expect(await said(`${detach} CONCURRENTLY`)).toContain("(55000)");
    expect(await said(detach)).toBe("");
    expect(await said(`${detach} CONCURRENTLY`, "; DROP TABLE split_rest")).toBe("");
  });
  test("NOT NULL stays on the columns of the replica identity", async () => {
    const findings = await judged([BASE, "ALTER TABLE told ALTER COLUMN a DROP NOT NULL;"]);
    expect(findings.map(({ message }) => message).join(" ")).toContain("replica identity told_a (42P16)");
  });

  const trigger = (name: string) => `CREATE TRIGGER tq BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION ${name}()`;
  test.each([
    ["an extension may have brought it", "CREATE EXTENSION moddatetime;", "mine"],
    [
      "it may be in a schema of the search path",
      "CREATE FUNCTION app.mine() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;",
      "mine",
    ],
    [
      "a block has made it",
      "DO $x$ BEGIN CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; END $x$;",
      "mine",
    ],
    ["it had another name", "ALTER FUNCTION touch() RENAME TO mine;", "mine"],
    ["it is in a schema of somebody else", "", "auth.mine"],
    [
      "a block may have made it",
      "DO $x$ BEGIN EXECUTE format('CREATE FUNCTION %I() ...', current_user); END $x$;",
      "mine",
    ],
  ])("a trigger's function is not missing where %s", async (_, before, name) => {
    expect(await said(trigger(name), before)).toBe("");
  });
  test("nor where files do not tell of all, or not of the table", async () => {
    const others = "ALTER TABLE others ADD COLUMN a int;";
    expect(await allRules([`CREATE TABLE users (id int); ${others}`, `${trigger("mine")};`])).not.toContain("contra");
    expect(await allRules(["", `${trigger("mine")};`])).not.toContain("contradicting");
  });
  test("triggers, policies and rules have their names on their table once", async () => {
    const made =
      "CREATE TRIGGER a BEFORE UPDATE ON users EXECUTE FUNCTION touch(); CREATE POLICY a ON users USING (true);";
    const again = made.split("; ").map((sql) => sql.replace(";", ""));
    for (const sql of again) expect(await said(sql, made), sql).toContain('"a" on "users" is there already');
    for (const sql of again)
      expect(await said(sql, `${made} DROP TRIGGER a ON users; DROP POLICY a ON users;`), sql).toBe("");
    expect(await said(again[0]?.replace("ON users", "ON orgs") ?? "", made)).toBe("");
  });
  test.each(NAMED)("%s; and then %s: the name is another's", async (made, sql) => {
    expect(await said(sql, `${made};`)).toContain("is there already");
  });
  test.each(FREE)("%s; and then %s: the name is free", async (made, sql) => {
    expect(await said(sql, `${made};`)).toBe("");
  });
  test("an extension may bring what an index compares by", async () => {
    const before = "CREATE EXTENSION btree_gin; CREATE TABLE typed (id int PRIMARY KEY, txt text, j json);";
    const told = async (sql: string) => allRules([before, sql], "postgres", "18");
    expect(await told("CREATE INDEX CONCURRENTLY i ON typed USING gin (txt);")).not.toContain("contradicting-history");
    expect(await told("CREATE INDEX CONCURRENTLY i ON typed USING gin (j);")).toContain("contradicting-history");
  });
  test("what is there by now is not asked", async () => {
    expect(await said("CREATE TABLE IF NOT EXISTS users (id int, CHECK (nope > 0))")).toBe("");
  });
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("refused_on_postgres");
    await query(db.url, BASE);
  });
  afterAll(() => db?.drop());

  test("says the same", async () => {
    for (const [sql, code] of REFUSED)
      await expect(query(db.url, `BEGIN; ${sql}`), sql).rejects.toMatchObject({ code });
    for (const [made, sql, code] of NAMED)
      await expect(query(db.url, `BEGIN; ${made}; ${sql}`), sql).rejects.toMatchObject({ code });
    for (const [made, sql] of FREE) await query(db.url, `BEGIN; ${made}; ${sql}; ROLLBACK`);
    for (const sql of TAKEN) await query(db.url, `BEGIN; ${sql}; ROLLBACK`);
  });
});
