import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { allRules } from "./judged.js";

const RULE = "contradicting-history";
const POSTGRES = `CREATE TABLE orgs (id bigint PRIMARY KEY, name text UNIQUE);
CREATE TABLE users (id bigint PRIMARY KEY, org_id bigint, nick text, age int, meta jsonb);
CREATE FUNCTION shown(u users) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT u.nick $$;`;

const REFUSED_BY_POSTGRES = [
  "UPDATE users SET age = 1 WHERE nope = 3 AND id = 1",
  "UPDATE users SET nick = bio WHERE id = 1",
  "UPDATE users u SET age = 1 WHERE u.nope = 1 AND id = 1",
  "UPDATE users SET nick = o.nope FROM orgs o WHERE o.id = org_id",
  "UPDATE users SET nick = nope FROM orgs o WHERE o.id = org_id",
  "UPDATE users SET age = 1 WHERE nope = 1 AND id IN (SELECT id FROM orgs)",
  "DELETE FROM users WHERE nope = 1 AND id = 1",
  "DELETE FROM users USING orgs o WHERE o.nope = users.id",
  "INSERT INTO orgs (name) SELECT nope FROM users WHERE id = 1",
  "INSERT INTO orgs (id, name) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET nam = 'x'",
  "INSERT INTO orgs (id, name) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET name = excluded.nam",
  "CREATE VIEW v1 AS SELECT u.nope, o.id FROM users u JOIN orgs o ON o.id = u.org_id",
  "CREATE VIEW v2 AS SELECT u.id FROM users u JOIN orgs o ON o.nope = u.org_id",
  "CREATE TABLE t1 AS SELECT nope FROM users",
  "ALTER TABLE users ALTER COLUMN nope SET DEFAULT 1",
  "ALTER TABLE users ALTER nope DROP DEFAULT",
  "ALTER TABLE users ALTER nope DROP NOT NULL",
  "ALTER TABLE users RENAME COLUMN nope TO nope2",
  "ALTER TABLE users RENAME CONSTRAINT nope TO nope2",
  "ALTER TABLE users ALTER COLUMN age ADD GENERATED ALWAYS AS IDENTITY",
] as const;
const TAKEN_BY_POSTGRES = [
  "UPDATE users SET age = 1 WHERE ctid IS NULL OR xmin IS NULL OR tableoid IS NULL",
  "UPDATE users u SET nick = u::text, age = age + 1 WHERE u IS NOT NULL",
  "UPDATE users SET nick = users::text WHERE users.id = 1",
  "UPDATE users u SET nick = u.shown",
  "UPDATE users SET nick = shown(users)",
  "UPDATE users SET nick = CURRENT_USER, age = extract(year FROM now())",
  "UPDATE users SET nick = v.k FROM (VALUES (1, 'a')) AS v (i, k) WHERE i = id",
  "UPDATE users SET nick = key FROM jsonb_each(meta) AS e WHERE value IS NULL AND users.id = 1".replace("meta", "'{}'"),
  "UPDATE users SET nick = name FROM orgs o WHERE o.id = org_id",
  "WITH x AS (SELECT 1 AS one) UPDATE users SET age = one FROM x",
  "UPDATE users SET age = (SELECT count(*) FROM orgs WHERE name = nick AND orgs.id = org_id)",
  "DELETE FROM users USING orgs o JOIN orgs p USING (id) WHERE o.name = p.name AND org_id = o.id RETURNING nick",
  "INSERT INTO orgs (id, name) SELECT id AS i, nick AS n FROM users ORDER BY i, n",
  "INSERT INTO orgs AS t (id, name) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET name = excluded.name || t.name WHERE t.id > 0",
  "CREATE VIEW v1 AS SELECT u.id, o.name, o.id AS oid FROM users u LEFT JOIN orgs o ON o.id = u.org_id GROUP BY 1, 2, oid",
  "CREATE VIEW v2 AS SELECT id, k, v FROM users, jsonb_each_text(meta) AS e(k, v)",
  "CREATE VIEW v3 AS SELECT id, key, value FROM users, jsonb_each_text(meta)",
  "CREATE VIEW v4 AS SELECT a.x FROM users AS a (x)",
  "CREATE VIEW v5 AS SELECT u.count, d.n FROM (SELECT 1 AS count) u, LATERAL (SELECT u.count AS n) d",
  "CREATE VIEW v6 AS SELECT id, n FROM orgs NATURAL JOIN (SELECT id, age AS n FROM users) d",
  "CREATE VIEW v7 AS SELECT nick, count(*) AS total FROM users GROUP BY nick HAVING count(*) > 1 ORDER BY total",
  "CREATE TABLE t1 AS SELECT id AS one FROM users",
  "ALTER TABLE users ADD COLUMN late int, ALTER COLUMN late SET DEFAULT 1",
  "ALTER TABLE users ALTER COLUMN early SET DEFAULT 1, ADD COLUMN early int",
  "ALTER TABLE users RENAME CONSTRAINT users_pkey TO users_key",
  "ALTER TABLE users ALTER COLUMN age SET NOT NULL, ALTER COLUMN age ADD GENERATED ALWAYS AS IDENTITY",
  "ALTER TABLE users ALTER COLUMN org_id ADD GENERATED ALWAYS AS IDENTITY, ALTER COLUMN org_id SET NOT NULL",
] as const;

const MYSQL = `CREATE TABLE orgs (id bigint PRIMARY KEY, name varchar(60) UNIQUE);
CREATE TABLE users (id bigint PRIMARY KEY, org_id bigint, nick varchar(40), age int, at datetime, FULLTEXT KEY (nick)) DEFAULT CHARSET=utf8mb4;`;
const REFUSED_BY_MYSQL = [
  "ALTER TABLE users ADD COLUMN g1 int AS (nope + 1) VIRTUAL",
  "ALTER TABLE users ADD COLUMN g1 varchar(90) AS (LOWER(mail)) VIRTUAL, ADD COLUMN late int",
  "UPDATE users SET nicknam = 'x' WHERE id = 1",
  "UPDATE users SET nick = 'x' WHERE idd = 1 AND id = 2",
  "UPDATE users SET nick = bio WHERE id = 1",
  "UPDATE users SET users.nicknam = 'x' WHERE id = 1",
  "UPDATE users u JOIN orgs o ON o.id = u.org_id SET u.nick = o.nope WHERE u.id = 1",
  "UPDATE users u JOIN orgs o ON o.nope = u.org_id SET u.nick = o.name WHERE u.id = 1",
  "UPDATE users SET nick = 'x' WHERE idd = 1 AND id IN (SELECT id FROM orgs)",
  "DELETE FROM users WHERE idd = 1 AND id = 2",
  "DELETE u FROM users u JOIN orgs o ON o.id = u.org_id WHERE o.nope = 1",
  "INSERT INTO orgs (name) SELECT nope FROM users WHERE id = 1",
  "INSERT INTO orgs (id, name) SELECT id, nick FROM users WHERE nope = 1",
  "INSERT INTO orgs (id, name) VALUES (1, 'n') ON DUPLICATE KEY UPDATE nam = 'x'",
  "INSERT INTO orgs (id, name) VALUES (1, 'n') ON DUPLICATE KEY UPDATE name = VALUES(name), `nam` = 'x'",
  "CREATE VIEW v1 AS SELECT u.nope, o.id FROM users u JOIN orgs o ON o.id = u.org_id",
  "CREATE VIEW v2 AS SELECT u.id FROM users u LEFT JOIN orgs o ON o.nope = u.org_id",
] as const;
const TAKEN_BY_MYSQL = [
  "ALTER TABLE users ADD COLUMN g1 int AS (Age + late) VIRTUAL, ADD COLUMN late int",
  "ALTER TABLE users ADD COLUMN g2 varchar(90) AS (CONCAT(nick, '-', DATE_FORMAT(at + INTERVAL 1 DAY, '%Y'), CAST(age AS CHAR))) VIRTUAL",
  "ALTER TABLE users ADD COLUMN g3 int AS (CASE WHEN age IS NULL THEN EXTRACT(YEAR FROM at) ELSE `id` END) VIRTUAL",
  "UPDATE users SET NICK = UPPER(Nick), age = age + 1 WHERE USERS.ID = 1 ORDER BY id DESC LIMIT 1".replace(
    "USERS.",
    "",
  ),
  "UPDATE users SET nick = CURRENT_USER, at = CURRENT_TIMESTAMP, age = NULL WHERE age IS UNKNOWN OR age IS TRUE",
  "UPDATE users SET at = at + INTERVAL 1 DAY, age = EXTRACT(YEAR FROM at) WHERE at < DATE '2026-01-01'",
  "UPDATE users SET age = TIMESTAMPDIFF(MONTH, at, UTC_DATE), nick = CONVERT(nick USING latin1), at = CAST(at AS DATE)",
  "UPDATE users SET nick = CONVERT(age, CHAR), age = DEFAULT(age) WHERE nick COLLATE utf8mb4_bin = 'x'",
  "UPDATE users SET age = 1 WHERE MATCH (nick) AGAINST ('x' IN BOOLEAN MODE) OR MATCH (nick) AGAINST ('x' IN NATURAL LANGUAGE MODE)",
  "UPDATE users u, (SELECT 1 AS one, 2 AS two) d SET u.age = d.one WHERE two = u.id",
  "UPDATE users u JOIN orgs o USING (id) SET nick = name, age = @n := 1 WHERE @x = 1",
  "UPDATE users SET age = (SELECT COUNT(*) FROM orgs WHERE name = nick AND orgs.id = org_id)",
  "DELETE FROM users WHERE EXISTS (SELECT 1 FROM orgs o WHERE o.name = users.nick AND o.id = 3)",
  "DELETE FROM u USING users u JOIN orgs o ON o.id = u.org_id WHERE name = 'x'",
  "DELETE u, o FROM users u NATURAL JOIN orgs o WHERE nick = name",
  "INSERT INTO orgs (id, name) SELECT id AS i, nick n FROM users WHERE age > 5 GROUP BY i, n HAVING n > 'a' ORDER BY i",
  "INSERT INTO orgs (id, name) SELECT u.id, nick FROM users u ON DUPLICATE KEY UPDATE name = u.nick, orgs.id = VALUES(id)",
  "INSERT INTO orgs SET id = 1, name = 'x' ON DUPLICATE KEY UPDATE name = IF(name = 'a', VALUES(name), CONCAT(name, orgs.id))",
  "INSERT INTO orgs (id, name) SELECT 1, 'x' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM orgs WHERE id = 1)",
  "CREATE VIEW v1 AS SELECT u.id, o.name, COUNT(*) total FROM users u LEFT JOIN orgs o ON o.id = u.org_id GROUP BY u.id, o.name HAVING total > 1",
  "CREATE VIEW v2 AS SELECT CASE WHEN age IS NULL THEN 'none' ELSE nick END AS shown, GROUP_CONCAT(nick ORDER BY id SEPARATOR ',') FROM users GROUP BY shown",
  "CREATE VIEW v3 AS SELECT CASE age WHEN 1 THEN id ELSE org_id END x, nick LIKE 'a' ESCAPE '|' y FROM users",
] as const;

describe("a column that no table has which a statement reads", () => {
  test.each(REFUSED_BY_POSTGRES)("%s (PostgreSQL)", async (sql) => {
    expect(await allRules([POSTGRES, `-- zmigrate:phase contract\n${sql};`])).toContain(RULE);
  });
  test.each(TAKEN_BY_POSTGRES)("but not %s (PostgreSQL)", async (sql) => {
    expect(await allRules([POSTGRES, `${sql};`])).not.toContain(RULE);
  });
  test("is one that the same file has dropped", async () => {
    const file = (more: string) => `-- zmigrate:phase contract\nALTER TABLE users DROP COLUMN nick;${more}`;
    for (const engine of ["postgres", "mysql", "mariadb"] as const) {
      const base = engine === "postgres" ? POSTGRES : MYSQL;
      expect(await allRules([base, file("\nUPDATE users SET age = nick WHERE id = 1;")], engine)).toContain(RULE);
    }
  });
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("unknown");
    await query(db.url, POSTGRES);
  });
  afterAll(() => db?.drop());
  const run = (sql: string) =>
    query(db.url, `BEGIN; ${sql}; ROLLBACK`).then(
      () => "done",
      (error: { readonly code?: string }) => error.code,
    );
  test("does what is said of it", async () => {
    for (const sql of REFUSED_BY_POSTGRES) expect(await run(sql), sql).toMatch(/^(?:42703|42704|55000)$/);
    for (const sql of TAKEN_BY_POSTGRES) expect(await run(sql), sql).toBe("done");
  });
});

describe.each(["mysql", "mariadb"] as const)("the same on %s", (engine) => {
  test.each(REFUSED_BY_MYSQL)("%s", async (sql) => {
    expect(await allRules([MYSQL, `-- zmigrate:phase contract\n${sql};`], engine)).toContain(RULE);
  });
  test.each(TAKEN_BY_MYSQL)("but not %s", async (sql) => {
    expect(await allRules([MYSQL, `${sql};`], engine)).not.toContain(RULE);
  });
  describeServer(engine, (server) => {
    test("does what is said of it", async () => {
      const db = await server.createDatabase("unknown");
      try {
        for (const sql of MYSQL.split(";\n")) await query(db.url, sql.replace(/;$/, ""));
        const run = (sql: string) =>
          query(db.url, sql).then(
            () => "done",
            (error: { readonly errno?: number }) => error.errno,
          );
        for (const sql of REFUSED_BY_MYSQL) expect(await run(sql), sql).toBe(1054);
        for (const sql of TAKEN_BY_MYSQL) expect(await run(sql), sql).toBe("done");
      } finally {
        await db.drop();
      }
    });
  });
});
