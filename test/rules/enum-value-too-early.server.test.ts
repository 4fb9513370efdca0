import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { judged, rules } from "./judged.js";

const BASE = `CREATE TYPE et AS ENUM ('A'); CREATE TYPE other AS ENUM ('A', 'user'); CREATE DOMAIN d AS et; CREATE TYPE "Quoted" AS ENUM ('A');
CREATE TABLE c (id bigint PRIMARY KEY, e et, es et[], e2 other, dd d, kind text, q "Quoted"); CREATE TABLE o (id bigint, e text, ref bigint);
CREATE TABLE parts (e et) PARTITION BY LIST (e);
CREATE VIEW vc AS SELECT id, e, kind AS k FROM c; CREATE VIEW vs AS SELECT * FROM c; CREATE VIEW vr AS SELECT e AS z, e::text AS e FROM c;
CREATE FUNCTION fe(et) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION ft(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION fo(et) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION fo(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION lower(et) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION fn(a int, b et DEFAULT 'A') RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION fv(VARIADIC et[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE pe(et) LANGUAGE plpgsql AS 'BEGIN NULL; END'; CREATE FUNCTION re() RETURNS et LANGUAGE sql AS 'SELECT ''A''::et';
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;`;
const ADDED = "BEGIN; ALTER TYPE et ADD VALUE 'user';";

/** What reads 'user' as a value of the enum. */
const REFUSED = [
  "SELECT * FROM c, LATERAL (SELECT c.e AS z) s WHERE s.z = 'user'",
  "SELECT * FROM c x CROSS JOIN LATERAL (SELECT x.e AS z, o.id FROM o) s WHERE z = 'user'",
  "SELECT * FROM c JOIN LATERAL (SELECT c.e AS z UNION SELECT 'A'::et) s ON s.z = 'user'",
  "CREATE FUNCTION f() RETURNS et LANGUAGE sql AS $$ SELECT 'user'::et $$",
  "CREATE FUNCTION f() RETURNS et LANGUAGE sql BEGIN ATOMIC SELECT 'user'::et; END",
  "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS $$ SELECT id FROM c WHERE e = 'user' $$",
  "CREATE FUNCTION f(a et DEFAULT 'user') RETURNS void LANGUAGE sql AS $$ SELECT $$",
  "CREATE TRIGGER t BEFORE INSERT ON c FOR EACH ROW WHEN (NEW.e = 'user') EXECUTE FUNCTION tf()",
  "ALTER TABLE c ALTER COLUMN e SET DEFAULT 'user'",
  "ALTER TABLE c ALTER COLUMN e SET DEFAULT CAST('user' AS et)",
  "ALTER TABLE c ALTER COLUMN dd SET DEFAULT 'user'",
  "ALTER TABLE c ALTER COLUMN es SET DEFAULT '{user}'",
  "ALTER TABLE c ALTER COLUMN es SET DEFAULT ARRAY['user']::et[]",
  "ALTER TABLE c ALTER COLUMN es SET DEFAULT ARRAY['user'::et]",
  "ALTER TABLE c ADD COLUMN z et DEFAULT 'user'",
  "ALTER TABLE c ADD COLUMN z et CHECK (z <> 'user')",
  "ALTER TABLE c ADD COLUMN y int, ALTER COLUMN e SET DEFAULT 'user'",
  "CREATE TABLE n (id bigint PRIMARY KEY, e et DEFAULT 'user')",
  "CREATE TABLE n (id bigint PRIMARY KEY, e et CHECK (e <> 'user'))",
  "INSERT INTO c (id, e) VALUES (2, 'user')",
  "INSERT INTO c VALUES (2, 'user')",
  "INSERT INTO c (id, e) SELECT id, 'user' FROM o WHERE id = 1",
  "INSERT INTO c (id, dd) VALUES (2, 'user')",
  "INSERT INTO c (id, e) VALUES (1, 'A') ON CONFLICT (id) DO UPDATE SET e = 'user'",
  "UPDATE c SET e = 'user' WHERE id = 1",
  "UPDATE c SET es = array_append(es, 'user') WHERE id = 1",
  "SELECT array_prepend('user', es), 1 FROM c",
  "SELECT pg_catalog.array_replace(es, 'A', 'user') FROM c",
  "SELECT array_position(es, 'user') FROM c",
  "WITH u AS (UPDATE c SET kind = 'x' WHERE id = 1 RETURNING e) SELECT 1 FROM u WHERE e = 'user'",
  "WITH u AS (DELETE FROM c WHERE id = 1 RETURNING *) SELECT 1 FROM u WHERE e = 'user'",
  "WITH u AS (INSERT INTO c (id, e) VALUES (9, 'A') RETURNING e AS z, id) SELECT 1 FROM u WHERE z = 'user'",
  "UPDATE c SET (e, kind) = ('user', 'x') WHERE id = 1",
  "UPDATE c SET e = COALESCE(e, 'user') WHERE id = 1",
  "UPDATE c SET e = CASE WHEN kind = 'x' THEN 'user'::et ELSE 'A' END WHERE id = 1",
  "UPDATE c SET kind = 'x' WHERE id = 1 AND e = 'user'",
  "DELETE FROM c WHERE id = 1 AND e IN ('A', 'user')",
  "DELETE FROM c WHERE id = 1 AND e = ANY ('{user}')",
  "ALTER TABLE c ADD CONSTRAINT ck CHECK (e <> 'user') NOT VALID",
  "CREATE INDEX i ON c (id) WHERE e = 'user'",
  "CREATE VIEW v AS SELECT * FROM c WHERE e = 'user'",
  "CREATE VIEW v AS SELECT et 'user' AS x",
  "CREATE VIEW v AS SELECT CASE e WHEN 'user' THEN 1 END AS x FROM c",
  "CREATE MATERIALIZED VIEW v AS SELECT * FROM c WHERE e = 'user'",
  "CREATE POLICY p ON c USING (e = 'user')",
  "CREATE POLICY p ON o USING (EXISTS (SELECT 1 FROM c WHERE c.id = o.ref AND c.e = 'user'))",
  "SELECT * FROM c WHERE e BETWEEN 'A' AND 'user'",
  "SELECT * FROM c WHERE e IS DISTINCT FROM 'user'",
  "SELECT * FROM c WHERE 'user' = ANY(es)",
  "DO $$ BEGIN INSERT INTO c (id, e) VALUES (7, 'user'); END $$",
  "DO $$ BEGIN ALTER TABLE c ALTER e SET DEFAULT 'user'; END $$",
  "ALTER TABLE o ALTER COLUMN e TYPE et USING 'user'",
  "CREATE TABLE p1 PARTITION OF parts FOR VALUES IN ('user')",
  "CREATE DOMAIN dd2 AS et DEFAULT 'user'",
  "CREATE DOMAIN dd2 AS et CHECK (VALUE <> 'user')",
  "CREATE RULE r AS ON INSERT TO o DO INSTEAD INSERT INTO c (id, e) VALUES (1, 'user')",
  "MERGE INTO c USING o ON c.id = o.id WHEN NOT MATCHED THEN INSERT (id, e) VALUES (1, 'user')",
  "WITH x AS (INSERT INTO c (id, e) VALUES (9, 'user') RETURNING id) SELECT * FROM x",
  "SELECT * FROM vc WHERE e = 'user'",
  "SELECT * FROM vs WHERE e = 'user'",
  "SELECT * FROM vr WHERE z = 'user'",
  "CREATE VIEW n AS SELECT * FROM vc WHERE e = 'user'",
  "WITH q AS (SELECT id, e FROM c) SELECT * FROM q WHERE e = 'user'",
  "WITH q AS (SELECT id, e AS f FROM c) SELECT * FROM q x WHERE x.f = 'user'",
  "WITH q(a, b) AS (SELECT id, e FROM c), r AS (SELECT b AS d FROM q) SELECT * FROM r WHERE d = 'user'",
  "WITH q AS (SELECT * FROM c) SELECT * FROM q WHERE e = 'user'",
  "SELECT * FROM (SELECT e AS f FROM c UNION SELECT e FROM c) s WHERE f = 'user'",
  "SELECT * FROM (SELECT c.e FROM c JOIN o ON true) s(f) WHERE f = 'user'",
  "SELECT * FROM (SELECT x.* FROM o CROSS JOIN c x) s(a, f) WHERE f = 'user'",
  "SELECT fe('user')",
  "SELECT fn(b => 'user', a => 1)",
  "SELECT fn(1, 'user')",
  "SELECT fv('A', 'user')",
  "SELECT fv(VARIADIC '{user}')",
  "CALL pe('user')",
  "SELECT re() = 'user'",
  "DO $$ BEGIN PERFORM fe('user'); END $$",
  "SELECT greatest(e, 'user') FROM c",
  "ALTER TABLE c ADD COLUMN z et DEFAULT 'user'::text::et",
  "ALTER TYPE et RENAME TO et3; ALTER TABLE c ALTER COLUMN e SET DEFAULT 'user'::et3",
];

/** What only has the text in it. */
const TAKEN = [
  "SELECT array_to_string(es, 'user') FROM c",
  "SELECT array_append(ARRAY['x'], 'user')",
  "SELECT array_append(ARRAY[e2], 'user') FROM c",
  "WITH u AS (UPDATE c SET kind = 'x' WHERE id = 1 RETURNING kind, e) SELECT e FROM u WHERE kind = 'user'",
  "WITH u AS (UPDATE c SET kind = 'x' WHERE id = 1 RETURNING e::text AS e) SELECT 1 FROM u WHERE e = 'user'",
  "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.e := 'user'; RETURN NEW; END $$",
  "CREATE FUNCTION f(a text DEFAULT 'user') RETURNS void LANGUAGE sql AS $$ SELECT $$",
  "SET LOCAL check_function_bodies = off; CREATE FUNCTION f() RETURNS et LANGUAGE sql AS $$ SELECT 'user'::et $$",
  "CREATE TRIGGER t BEFORE INSERT ON c FOR EACH ROW EXECUTE FUNCTION tf('user')",
  "ALTER TABLE c ALTER COLUMN kind SET DEFAULT 'user'",
  "ALTER TABLE c ADD COLUMN z text DEFAULT 'user'",
  "CREATE TABLE n (id bigint PRIMARY KEY, e text CHECK (e <> 'user'))",
  "INSERT INTO c (id, kind) VALUES (2, 'user')",
  "INSERT INTO c (id, e2) VALUES (2, 'user')",
  "UPDATE c SET kind = 'user' WHERE id = 1",
  "UPDATE c SET e = CASE WHEN kind = 'user' THEN 'A'::et ELSE e END WHERE id = 1",
  "DELETE FROM c WHERE id = 1 AND e::text = 'user'",
  "DELETE FROM c USING o WHERE o.e = 'user' AND o.ref = c.id AND c.id = 1",
  "ALTER TABLE c ADD CONSTRAINT ck CHECK (kind <> 'user') NOT VALID",
  "CREATE INDEX i ON c (id) WHERE kind = 'user'",
  "CREATE VIEW v AS SELECT * FROM c WHERE kind = 'user'",
  "CREATE VIEW v AS SELECT 'user' AS x FROM c",
  "CREATE VIEW v AS SELECT * FROM o WHERE e = 'user'",
  "CREATE VIEW v AS SELECT * FROM (SELECT kind AS e FROM c) s WHERE e = 'user'",
  "CREATE VIEW v AS WITH c AS (SELECT e FROM o) SELECT * FROM c WHERE e = 'user'",
  "CREATE POLICY p ON c USING (kind = 'user')",
  "CREATE POLICY p ON c USING (EXISTS (SELECT 1 FROM o WHERE o.e = 'user'))",
  "SELECT * FROM vr WHERE e = 'user'",
  "SELECT * FROM c, LATERAL (SELECT c.kind AS e) s WHERE s.e = 'user'",
  "SELECT * FROM c, LATERAL (SELECT c.e FROM o AS c) s WHERE s.e = 'user'",
  "SELECT * FROM c, (SELECT * FROM o AS c, LATERAL (SELECT c.e AS z) s WHERE s.z = 'user') q",
  "SELECT * FROM o, LATERAL (SELECT o.e AS z) s WHERE s.z = 'user'",
  "SELECT * FROM vc WHERE k = 'user'",
  "WITH q AS (SELECT id, kind AS e FROM c) SELECT * FROM q WHERE e = 'user'",
  "SELECT * FROM (SELECT e::text FROM c) s WHERE e = 'user'",
  "SELECT ft('user'), fo('user')",
  "SELECT lower('user')",
  "ALTER TABLE c ALTER COLUMN e SET DEFAULT 'user'::text::et",
  "CREATE TABLE n (id int, e et DEFAULT 'user'::text::et)",
  "COMMENT ON TABLE c IS 'user'",
  "SELECT set_config('app.x', 'user', true)",
  "DO $$ BEGIN UPDATE c SET kind = 'user' WHERE id = 1; END $$",
  "DO $$ BEGIN IF false THEN INSERT INTO c (id, e) VALUES (7, 'user'); END IF; END $$",
  "ALTER TABLE o ALTER COLUMN e TYPE et USING CASE WHEN e = 'user' THEN 'A'::et END",
  "ALTER TYPE et ADD VALUE 'z' BEFORE 'user'",
  "ALTER TYPE other ADD VALUE IF NOT EXISTS 'A'; UPDATE c SET e2 = 'A' WHERE id = 1",
];

describe("a value that this transaction has added to an enum", () => {
  test.each(REFUSED)("is refused: %s", async (sql) => {
    expect(await rules([BASE, `${ADDED} ${sql}; COMMIT;`])).toContain("enum-value-too-early");
  });
  test.each(TAKEN)("is not read: %s", async (sql) => {
    expect(await rules([BASE, `${ADDED} ${sql}; COMMIT;`])).not.toContain("enum-value-too-early");
  });
  test("may be read in a table that no file makes, which is a warning", async () => {
    for (const sql of ["UPDATE unknown SET e = 'user' WHERE id = 1", "SELECT 1 FROM c, unknown u WHERE u.e = 'user'"]) {
      const found = await judged([BASE, `${ADDED} ${sql}; COMMIT;`]);
      expect(found.filter((one) => one.rule === "enum-value-too-early")).toMatchObject([
        { severity: "warning", message: expect.stringContaining('Assumed: it is read as one of "public"."et".') },
      ]);
    }
  });
  test("of an enum whose name is quoted", async () => {
    const added = `BEGIN; ALTER TYPE "Quoted" ADD VALUE 'user';`;
    const set = "ALTER TABLE c ALTER COLUMN q SET DEFAULT 'user'; COMMIT;";
    expect(await rules([BASE, `${added} ${set}`])).toContain("enum-value-too-early");
  });
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("enum_value_too_early");
    await query(db.url, BASE);
  });
  afterAll(() => db?.drop());

  test("says the same", async () => {
    for (const sql of REFUSED)
      await expect(query(db.url, `${ADDED} ${sql}`), sql).rejects.toMatchObject({ code: "55P04" });
    for (const sql of TAKEN) await query(db.url, `${ADDED} ${sql}; ROLLBACK`);
  });
});
