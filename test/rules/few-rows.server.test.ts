import { createConnection, type RowDataPacket } from "mysql2/promise";
import { Client } from "pg";
import { describe, expect, test } from "vitest";
import type { EngineName } from "../../src/engines/engine.js";
import { describeServer, query } from "../servers/index.js";
import { rules } from "./judged.js";

const BASE = `CREATE TABLE orgs (id bigint PRIMARY KEY, owner bigint, code varchar(9) UNIQUE, name varchar(90));
CREATE TABLE users (id bigint PRIMARY KEY, org_id bigint, mail varchar(90) UNIQUE, nick varchar(90));
CREATE TABLE seats (org_id bigint NOT NULL, place int NOT NULL, nick varchar(90), PRIMARY KEY (org_id, place));`;
const UNBATCHED = "unbatched-data-change";

const matched = "WHEN MATCHED THEN UPDATE SET nick = v.n";
const added = "WHEN NOT MATCHED THEN INSERT (id, nick) VALUES (v.id, v.n)";
const loop = (query: string, turn = "UPDATE users SET nick = 'x' WHERE id = r.id;") =>
  `DO $$ DECLARE r record; BEGIN FOR r IN ${query} LOOP ${turn} END LOOP; END $$;`;
const OR_NAMED = [
  "UPDATE users SET nick = 'x' WHERE id = 5 OR id = 6;",
  "DELETE FROM users WHERE id = 5 OR id IN (7, 8);",
  "UPDATE users SET nick = 'x' WHERE (id = 5 AND nick IS NULL) OR (id = 6 AND nick = 'y');",
  "UPDATE users SET nick = 'x' WHERE (id = 5 OR id = 6) AND nick IS NULL;",
  "UPDATE seats SET nick = 'x' WHERE (org_id = 1 AND place = 2) OR (org_id = 3 AND place = 4);",
  "UPDATE seats SET nick = 'x' WHERE (org_id = 1 OR org_id = 2) AND (place = 3 OR place = 4);",
  "UPDATE users SET nick = 'x' WHERE id BETWEEN 1 AND 10 OR id BETWEEN 20 AND 30;",
  "INSERT INTO orgs (id) SELECT id FROM users WHERE id = 5 OR id = 6;",
];
const QUERY_NAMED = [
  "UPDATE users SET nick = 'x' WHERE id IN (SELECT id FROM users WHERE mail = '5');",
  "UPDATE users SET nick = 'x' WHERE id = ANY (SELECT u.id FROM users u WHERE u.mail IN ('5', '6'));",
  "DELETE FROM users WHERE id IN (SELECT owner FROM orgs WHERE code = 'x') AND nick IS NULL;",
  "DELETE FROM users WHERE id IN (SELECT owner FROM orgs WHERE id IN (SELECT org_id FROM users WHERE id = 5));",
  "UPDATE users SET nick = (SELECT name FROM orgs WHERE owner = users.id LIMIT 1) WHERE id = 5;",
  "WITH x AS (SELECT * FROM orgs WHERE name = 'x') UPDATE users SET nick = x.name FROM x WHERE users.id = 7;",
  "WITH x AS (SELECT count(*) AS n FROM orgs) DELETE FROM users USING x WHERE users.id = 7 AND x.n > 3;",
  "UPDATE users u SET nick = o.name FROM orgs o WHERE u.id = o.owner AND o.id = 5;",
  "DELETE FROM users u USING orgs o JOIN seats s ON s.org_id = o.id AND s.place = 3 WHERE u.id = o.owner AND o.code = 'x';",
  "UPDATE users u SET nick = o.name FROM (SELECT owner, name FROM orgs WHERE id = 5) o WHERE u.id = o.owner;",
  "UPDATE users u SET nick = v.n FROM (VALUES (1, 'a')) v (id, n) JOIN orgs o ON o.id = v.id WHERE u.id = o.owner;",
  "UPDATE users u SET nick = o.name FROM orgs o LEFT JOIN seats s ON s.org_id = o.id WHERE u.id = 5 AND o.id = u.org_id;",
];
const MERGED = [
  `MERGE INTO users USING (VALUES (1, 'a'), (2, 'b')) v (id, n) ON users.id = v.id ${matched};`,
  `MERGE INTO users u USING (VALUES (1, 'a')) v (id, n) ON u.id = v.id ${matched} ${added};`,
  `MERGE INTO users u USING (VALUES (1, 'a')) v (id, n) ON u.nick = v.n ${added};`,
  `MERGE INTO users u USING (SELECT id, name AS n FROM orgs WHERE code = 'x') v ON u.id = v.id ${matched} ${added};`,
  `WITH v (id, n) AS (VALUES (1, 'a')) MERGE INTO users u USING v ON u.id = v.id ${matched};`,
];
const SERIES = [
  "INSERT INTO users (id) SELECT i FROM generate_series(1000, 1010) i;",
  "INSERT INTO users (id) SELECT generate_series(10, 1, -1);",
  "INSERT INTO users (id, nick) SELECT i, v.n FROM generate_series(1, 100) i CROSS JOIN (VALUES ('a'), ('b')) v (n);",
  "INSERT INTO users (id, nick) SELECT 1, d::text FROM generate_series('2025-01-01'::date, '2025-12-31', '1 day') d;",
  "UPDATE users SET nick = 'x' FROM generate_series(1, 10) g (i) WHERE users.id = g.i;",
];
const LOOPS = [
  loop("SELECT id FROM orgs WHERE code IN ('x', 'y')"),
  loop("SELECT id FROM orgs WHERE name = 'x' LIMIT 10"),
  loop("SELECT * FROM (VALUES (1), (2)) v (id)"),
  loop("SELECT id FROM generate_series(1, 10) id"),
  loop("SELECT id FROM orgs WHERE code = 'x'", "UPDATE users u SET nick = 'x' WHERE u.id = r.id AND u.nick IS NULL;"),
];
const KEY_NAMED = [
  "DELETE u FROM users u JOIN orgs o ON o.owner = u.id WHERE o.id = 5;",
  "DELETE u FROM users u, orgs o WHERE u.id = o.owner AND o.code IN ('x', 'y');",
  "UPDATE users u INNER JOIN orgs o ON u.id = o.owner AND o.id = 5 SET u.nick = o.name;",
  "UPDATE users u LEFT JOIN orgs o ON o.id = u.org_id SET u.nick = o.name WHERE u.id = 5;",
  "DELETE FROM u USING users u JOIN orgs o ON o.owner = u.id WHERE o.id = 5 OR o.id = 6;",
  "INSERT INTO orgs (id) SELECT id FROM users WHERE id IN (SELECT owner FROM orgs WHERE code = 'x');",
];

describe.each(["postgres", "mysql", "mariadb"] as const)("%s: rows that OR names", (engine) => {
  test.each(OR_NAMED)("%s", async (sql) => {
    expect(await rules([BASE, sql], engine)).toBe("");
  });

  test.each([
    "UPDATE users SET nick = 'x' WHERE id = 5 OR org_id = 6;",
    "UPDATE users SET nick = 'x' WHERE id = 5 OR NOT id = 6;",
    "UPDATE users SET nick = 'x' WHERE id = 5 OR id = org_id;",
    "UPDATE users SET nick = 'x' WHERE id = 5 OR id > 6;",
    "UPDATE users SET nick = 'x' WHERE NOT (id = 5 OR id = 6);",
    "UPDATE users SET nick = 'x' WHERE id = 5 AND nick = 'y' OR nick = 'x' AND org_id = 6;",
    "UPDATE users SET nick = 'x' WHERE id BETWEEN 1 AND 10 OR id BETWEEN 20000000 AND 20000010;",
    "UPDATE seats SET nick = 'x' WHERE org_id = 1 OR place = 4;",
  ])("but not %s", async (sql) => {
    expect(await rules([BASE, sql], engine)).toBe(UNBATCHED);
  });
});

describe("postgres: rows that a query names", () => {
  test.each(QUERY_NAMED)("%s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });

  test.each([
    "UPDATE users SET nick = 'x' WHERE id IN (SELECT id FROM users WHERE nick = '5');",
    "UPDATE users SET nick = 'x' WHERE id NOT IN (SELECT id FROM users WHERE mail = '5');",
    "UPDATE users SET nick = 'x' WHERE id <> ALL (SELECT id FROM users WHERE mail = '5');",
    "UPDATE users SET nick = 'x' WHERE id IN (SELECT users.id FROM orgs WHERE code = '5');",
    "UPDATE users SET nick = 'x' WHERE id IN (SELECT mail::bigint FROM orgs WHERE code = '5');",
    "UPDATE users SET nick = 'x' WHERE id IN (SELECT id FROM orgs WHERE code = users.nick);",
    "UPDATE users SET nick = 'x' WHERE id IN (SELECT id FROM orgs WHERE code = '5' UNION SELECT id FROM orgs);",
    "WITH orgs AS (SELECT id, 'x' AS code FROM users) UPDATE users SET nick = 'x' WHERE id IN (SELECT id FROM orgs WHERE code = 'x');",
    "WITH orgs AS (SELECT id, 5 AS code, id AS owner FROM users) UPDATE users u SET nick = 'x' FROM orgs o WHERE u.id = o.owner AND o.id = 5;",
    "UPDATE users u SET nick = o.name FROM orgs o WHERE u.id = o.owner AND o.name = 'x';",
    "UPDATE users u SET nick = o.name FROM orgs o WHERE u.id = o.owner OR o.id = 5;",
    "UPDATE users u SET nick = o.name FROM orgs o LEFT JOIN seats s ON o.id = 5 WHERE u.id = o.owner;",
    "UPDATE users u SET nick = o.name FROM (SELECT owner, name FROM orgs) o WHERE u.id = o.owner;",
    "UPDATE users u SET nick = 'x' FROM (SELECT generate_series(1, 1000000) AS id FROM orgs WHERE id = 5) o WHERE u.id = o.id;",
  ])("but not %s", async (sql) => {
    expect(await rules([BASE, sql])).toBe(UNBATCHED);
  });
});

describe("postgres: MERGE", () => {
  test.each(MERGED)("%s", async (sql) => {
    expect(await rules([BASE, sql], "postgres", "17")).toBe("");
  });

  test.each([
    `MERGE INTO users u USING (VALUES (1, 'a')) v (id, n) ON u.nick = v.n ${matched};`,
    `MERGE INTO users u USING (VALUES (1, 'a')) v (id, n) ON u.nick = v.n ${matched} ${added};`,
    `MERGE INTO users u USING (SELECT id, name AS n FROM orgs) v ON u.id = v.id ${matched};`,
    `MERGE INTO users u USING (SELECT id, name AS n FROM orgs) v ON u.id = 5 AND v.id = 6 ${added};`,
    `MERGE INTO users u USING orgs v ON u.id = v.id ${matched};`,
    `MERGE INTO users u USING (VALUES (1, 'a')) v (id, n) ON u.id = v.id ${matched} WHEN NOT MATCHED BY SOURCE THEN DELETE;`,
  ])("but not %s", async (sql) => {
    expect(await rules([BASE, sql], "postgres", "17")).toBe(UNBATCHED);
  });
});

describe("postgres: a series", () => {
  test.each(SERIES)("%s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });

  test.each([
    "INSERT INTO users (id) SELECT i FROM generate_series(1, 1000000) i;",
    "INSERT INTO users (id) SELECT i + j FROM generate_series(1, 1000) i, generate_series(1, 1000) j;",
    "INSERT INTO users (id) SELECT generate_series(1, org_id) FROM users;",
    "INSERT INTO users (id) SELECT i FROM generate_series(1, (SELECT max(id) FROM users)) i;",
    "INSERT INTO users (id, nick) SELECT 1, d::text FROM generate_series('2025-01-01'::timestamp, '2025-12-31', '1 second') d;",
    "INSERT INTO users (id, nick) SELECT 1, d::text FROM generate_series('2025-01-01'::timestamp, now(), '1 day') d;",
  ])("but not %s", async (sql) => {
    expect(await rules([BASE, sql])).toBe(UNBATCHED);
  });
});

describe("postgres: a loop over few rows", () => {
  test.each(LOOPS)("%s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });

  test.each([
    loop("SELECT id FROM orgs"),
    loop("SELECT id FROM orgs WHERE name = 'x'"),
    loop("SELECT id FROM orgs LIMIT 100000"),
    loop("SELECT id FROM generate_series(1, 1000000) id"),
    loop("SELECT generate_series(1, 1000000) AS id FROM orgs WHERE code = 'x'"),
    loop("SELECT id FROM orgs WHERE code = 'x'", "UPDATE users SET nick = 'x' WHERE org_id = r.id;"),
    loop("SELECT id FROM orgs WHERE code = 'x'", "UPDATE users r SET nick = 'x' WHERE r.id = r.org_id;"),
    loop("SELECT id FROM orgs", "FOR i IN 1..3 LOOP UPDATE users SET nick = 'x' WHERE id = r.id; END LOOP;"),
    `DO $$ DECLARE r record; BEGIN FOR r IN EXECUTE 'SELECT id FROM orgs' LOOP UPDATE users SET nick = 'x' WHERE id = r.id; END LOOP; END $$;`,
  ])("but not %s", async (sql) => {
    expect(await rules([BASE, sql])).toContain(UNBATCHED);
  });
});

describe.each(["mysql", "mariadb"] as const)("%s: rows that keys name", (engine) => {
  test.each(KEY_NAMED)("%s", async (sql) => {
    expect(await rules([BASE, sql], engine)).toBe("");
  });

  test.each([
    "DELETE u FROM users u JOIN orgs o ON o.id = u.org_id WHERE o.id = 5;",
    "DELETE u FROM users u JOIN orgs o ON o.owner = u.id WHERE o.name = 'x';",
    "DELETE u FROM users u JOIN orgs o ON o.owner = u.id OR o.id = 5;",
    "DELETE u FROM users u LEFT JOIN orgs o ON o.owner = u.id AND o.id = 5;",
    "DELETE u FROM orgs o LEFT JOIN users u ON o.owner = u.id AND o.id = 5;",
    "DELETE FROM users WHERE id IN (SELECT owner FROM orgs WHERE code = 'x');",
    "DELETE FROM users WHERE id = 5 OR id IN (SELECT owner FROM orgs WHERE code = 'x');",
    "INSERT INTO orgs (id) SELECT id FROM users WHERE id IN (SELECT owner FROM orgs WHERE code = 'x' UNION SELECT 4);",
    "INSERT INTO orgs (id) SELECT id FROM users WHERE id IN (SELECT owner FROM orgs WHERE code = nick);",
  ])("but not %s", async (sql) => {
    expect(await rules([BASE, sql], engine)).toContain(UNBATCHED);
  });
});

/** The keys and texts of the statements above, among many other rows. */
const filled = (engine: EngineName): readonly string[] => [
  ...BASE.split("\n"),
  engine === "postgres"
    ? "INSERT INTO users SELECT i, i % 10, 'm' || i, 'a' FROM generate_series(1, 5000) i"
    : "INSERT INTO users WITH RECURSIVE d AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM d WHERE i < 900) SELECT i, i % 10, concat('m', i), 'a' FROM d",
  "INSERT INTO orgs SELECT id, id, mail, 'n' FROM users",
  "INSERT INTO seats SELECT id, 3, 'a' FROM orgs",
  "UPDATE users SET mail = '5' WHERE id = 5",
  "UPDATE orgs SET code = 'x' WHERE id = 7",
  "UPDATE orgs SET name = 'x' WHERE id = 8",
  ...["users", "orgs", "seats"].map((table) => `${engine === "postgres" ? "ANALYZE" : "ANALYZE TABLE"} ${table}`),
];

describeServer("postgres", (server) => {
  test("these write few rows, which their keys find", async () => {
    const db = await server.createDatabase("few");
    for (const sql of filled("postgres")) await query(db.url, sql);
    const client = new Client({ connectionString: db.url });
    await client.connect();
    // MERGE that only inserts looks for rows that are there by what its ON says.
    const changes = [...OR_NAMED, ...QUERY_NAMED, ...MERGED.filter((sql) => sql.includes("id = v.id"))];
    for (const sql of changes.filter((each) => !each.startsWith("INSERT"))) {
      const plan = JSON.stringify((await client.query(`EXPLAIN ${sql}`)).rows);
      expect(plan, sql).not.toMatch(/Seq Scan on (users|seats)/);
    }
    for (const sql of [...changes, ...MERGED, ...SERIES, ...LOOPS]) {
      await client.query("BEGIN");
      await client.query(sql.replace(/^INSERT .*(?=;)/, "$& ON CONFLICT DO NOTHING"));
      const [written] = (
        await client.query("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::int AS n FROM pg_stat_xact_user_tables")
      ).rows;
      expect(written.n, sql).toBeLessThanOrEqual(366);
      await client.query("ROLLBACK");
    }
    await client.end();
    await db.drop();
  });
});

describe.each(["mysql", "mariadb"] as const)("%s", (engine) => {
  describeServer(engine, (server) => {
    test("these read, and lock, few rows", async () => {
      const db = await server.createDatabase("few");
      for (const sql of filled(engine)) await query(db.url, sql);
      const session = await createConnection({ uri: db.url });
      for (const sql of [...OR_NAMED, ...KEY_NAMED]) {
        await session.query("FLUSH STATUS");
        await session.query("BEGIN");
        await session.query(sql.replace(/^INSERT/, "INSERT IGNORE"));
        const [read] = await session.query<RowDataPacket[]>("SHOW SESSION STATUS LIKE 'Handler_read%'");
        expect(
          read.reduce((all, { Value }) => all + Number(Value), 0),
          sql,
        ).toBeLessThan(40);
        await session.query("ROLLBACK");
      }
      session.destroy();
      await db.drop();
    });
  });
});
