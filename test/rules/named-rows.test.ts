import { describe, expect, test } from "vitest";
import { judged, rules } from "./judged.js";

const BASE = `CREATE TABLE orgs (id bigint PRIMARY KEY, name varchar(90) NOT NULL, CONSTRAINT orgs_name UNIQUE (name));
CREATE TABLE users (id bigint PRIMARY KEY, org_id bigint, mail varchar(90), nick varchar(90));
CREATE UNIQUE INDEX users_mail ON users (mail);
CREATE INDEX users_org ON users (org_id);
CREATE TABLE archive (id bigint PRIMARY KEY, body varchar(90));
CREATE TABLE seats (id bigint PRIMARY KEY, org_id bigint NOT NULL, mail varchar(90) NOT NULL, nick varchar(90), boss bigint, CONSTRAINT seat UNIQUE (org_id, mail));`;

describe.each(["postgres", "mysql", "mariadb"] as const)("%s: rows that a key or the text bounds", (engine) => {
  test.each([
    "UPDATE users SET nick = 'x' WHERE mail = 'a@b';",
    "UPDATE users SET nick = 'x' WHERE mail IN ('a@b', 'c@d') AND nick IS NULL;",
    "DELETE FROM users WHERE mail = 'a@b';",
    "INSERT INTO archive (id, body) SELECT 1, 'x';",
    "INSERT INTO archive (id, body) SELECT 1, 'x' WHERE NOT EXISTS (SELECT 1 FROM archive WHERE id = 1);",
    "INSERT INTO archive (id, body) SELECT id, name FROM orgs WHERE id = 3;",
    "INSERT INTO archive (id, body) SELECT o.id, o.name FROM orgs o WHERE o.name = 'x';",
    "INSERT INTO archive (id) VALUES ((SELECT id FROM orgs WHERE name = 'x'));",
    "INSERT INTO archive (id) SELECT id FROM orgs ORDER BY id LIMIT 100;",
    "UPDATE seats SET nick = 'x' WHERE (org_id, mail) = (1, 'a@b');",
    "UPDATE seats SET nick = 'x' WHERE (ROW(mail, org_id) = ROW('a@b', 1)) AND nick IS NULL;",
    "DELETE FROM seats WHERE (org_id, mail) IN ((1, 'a@b'), (2, 'c@d'));",
    "UPDATE users SET nick = 'x' WHERE mail = 'a@b' AND (nick IS NULL OR nick <> 'x');",
    "UPDATE users SET nick = 'x' WHERE (id = 5 AND NOT (nick = 'y' AND org_id = 1)) AND nick != 'x';",
    "UPDATE users SET nick = 'x' WHERE nick IS NOT NULL AND id BETWEEN 1 AND 100 AND org_id = 7;",
    "UPDATE users SET nick = 'x' WHERE id = 5 AND CASE WHEN nick = 'x' AND org_id = 1 THEN org_id ELSE 2 END = 2;",
    "UPDATE seats SET nick = 'x' WHERE org_id IN (1, 2) AND mail = 'a@b';",
    "UPDATE seats SET nick = 'x' WHERE org_id = (SELECT id FROM orgs WHERE name = 'x') AND mail = 'a@b';",
    "UPDATE seats SET nick = 'x' WHERE org_id = (SELECT o.id FROM orgs AS o WHERE o.name = 'x') AND mail = 'a@b';",
    "CREATE TABLE p (id bigint PRIMARY KEY, n bigint); INSERT INTO p SELECT id, org_id FROM users WHERE id = 4;",
  ])("%s", async (sql) => {
    expect(await rules([BASE, sql], engine)).toBe("");
  });

  test.each([
    "UPDATE users SET nick = 'x' WHERE org_id = 5;",
    "UPDATE users SET nick = 'x' WHERE mail = 'a@b' OR nick IS NULL;",
    "UPDATE users SET nick = 'x' WHERE mail > 'a@b';",
    "UPDATE users SET nick = 'x' WHERE mail = 'a@b' AND org_id = 1 OR nick IS NULL;",
    "UPDATE users SET nick = 'x' WHERE NOT (mail = 'a@b' AND id = 5);",
    "UPDATE users SET nick = 'x' WHERE NOT id = 5 AND nick IS NULL;",
    "UPDATE users SET nick = 'x' WHERE (mail = 'a@b' OR nick = 'x') AND nick IS NULL;",
    "UPDATE users SET nick = 'x' WHERE CASE WHEN nick = 'x' AND id = 5 THEN org_id ELSE 2 END = 2;",
    "UPDATE users SET nick = 'x' WHERE id BETWEEN 1 AND 100 OR id = 7;",
    "UPDATE seats SET nick = 'x' WHERE (org_id, nick) = (1, 'a@b');",
    "UPDATE seats SET nick = 'x' WHERE (org_id, mail) = (boss, 'a@b');",
    "UPDATE seats SET nick = 'x' WHERE (org_id, mail) > (1, 'a@b');",
    "UPDATE seats SET nick = 'x' WHERE (org_id, mail) = (1, 'a@b') OR nick = 'y';",
    "UPDATE seats SET nick = 'x' WHERE id = (SELECT boss FROM orgs WHERE name = 'x');",
    "UPDATE seats SET nick = 'x' WHERE id = (SELECT seats.boss FROM orgs WHERE name = 'x');",
    "INSERT INTO archive (id, body) SELECT id, name FROM orgs;",
    "INSERT INTO archive (id) SELECT id FROM users WHERE org_id = 3;",
    "INSERT INTO archive (id) SELECT u.id FROM users u JOIN orgs o ON o.id = u.org_id WHERE o.id = 3;",
    "INSERT INTO archive (id) SELECT id FROM orgs WHERE id = 3 UNION ALL SELECT id FROM users;",
    "INSERT INTO archive (id) SELECT id FROM orgs WHERE id = 3 OR name <> 'x';",
  ])("but not %s", async (sql) => {
    expect(await rules([BASE, sql], engine)).toContain("unbatched-data-change");
  });
});

// As each server reads them: a backslash ends no string of MySQL's and MariaDB's, and is a letter in most of PostgreSQL's.
test("an OR in front of a string is none inside of it", async () => {
  const hidden = (text: string) => `UPDATE users SET nick = 'x' WHERE id = 5 AND nick = ${text};`;
  expect(await rules([BASE, hidden("'a\\' OR nick = 'b'")])).toContain("unbatched-data-change");
  expect(await rules([BASE, hidden("E'a\\' OR nick = '")])).toBe("");
  expect(await rules([BASE, hidden("$$a' OR nick = $$")])).toBe("");
  expect(await rules([BASE, hidden("'a\\' OR nick = '")], "mysql")).toBe("");
  expect(await rules([BASE, hidden("'a\\'' OR nick = 'b'")], "mysql")).toContain("unbatched-data-change");
});

test("PostgreSQL: a constant may say its type", async () => {
  expect(await rules([BASE, "UPDATE users SET nick = 'x' WHERE mail = 'a@b'::text;"])).toBe("");
});

test("of a table that no file made it says what it takes for granted", async () => {
  const [found] = await judged([BASE, "UPDATE accounts SET a = 1 WHERE id = 4;"]);
  expect(found?.message).toMatch(
    /Assumed: its WHERE finds many rows, as the files do not tell for certain which keys "accounts" has\.$/,
  );
  const [all] = await judged([BASE, "UPDATE accounts SET a = 1;"]);
  expect(all?.message).not.toContain("Assumed");
});

test("INSERT ... SELECT holds up nobody who writes to the table", async () => {
  const [finding] = await judged([BASE, "INSERT INTO archive (id, body) SELECT id, name FROM orgs;"]);
  expect(finding?.message).not.toContain("writers of the same rows wait");
});

describe.each(["mysql", "mariadb"] as const)("%s", (engine) => {
  test("FROM DUAL is no table", async () => {
    const seed = "INSERT INTO archive (id) SELECT 1 FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM archive WHERE id = 7);";
    expect(await rules([BASE, seed], engine)).toBe("");
  });

  test("what is read for a write stays locked where its rows are not named", async () => {
    const made = "CREATE TABLE p (id bigint PRIMARY KEY); INSERT INTO p SELECT id FROM users WHERE org_id = 4;";
    expect(await rules([BASE, made], engine)).toBe("blocking-table-access");
  });

  // MySQL finds every text that is no number: SELECT 'x' = 0 is 1.
  test("a text that is compared with a number is not named", async () => {
    expect(await rules([BASE, "UPDATE users SET nick = 'x' WHERE mail = 0;"], engine)).toBe("unbatched-data-change");
  });
});

test.each([
  "CREATE UNIQUE INDEX i ON archive (lower(body));",
  "CREATE UNIQUE INDEX i ON archive (body) WHERE id > 5;",
  "CREATE UNIQUE INDEX i ON archive (body, id);",
  "CREATE INDEX i ON archive (body);",
])("rows are not named by %s", async (index) => {
  const sql = "UPDATE archive SET id = 1 WHERE body = 'x';";
  expect(await rules([BASE + index, sql])).toBe("unbatched-data-change");
});

test.each([
  "INSERT INTO archive SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v (id, body);",
  "INSERT INTO archive (id) SELECT unnest(ARRAY[1, 2, 3]);",
  "UPDATE orgs SET name = 'z' WHERE id = ANY ('{1,2,3}');",
  "UPDATE orgs SET name = 'z' WHERE id = ANY (ARRAY[1, 2]::bigint[]);",
])("rows that are written out are few: %s", async (sql) => {
  expect(await rules([BASE, sql])).toBe("");
});

test.each([
  "INSERT INTO archive (id) SELECT generate_series(1, 1000000);",
  "INSERT INTO archive (id, body) SELECT id, unnest(string_to_array(mail, ',')) FROM users;",
  "INSERT INTO archive (id) SELECT unnest(ARRAY(SELECT id FROM users));",
  "INSERT INTO archive (id) SELECT unnest(ARRAY[1]) + generate_series(1, 9);",
  "INSERT INTO archive (id) SELECT v.id FROM (VALUES (1)) v (id), users;",
])("but not these: %s", async (sql) => {
  expect(await rules([BASE, sql])).toBe("unbatched-data-change");
});

// PostgreSQL 18: Index Scan, one row.
describe("under a lock", () => {
  const locked = (sql: string) => `BEGIN; ALTER TABLE archive ADD COLUMN z int; ${sql} COMMIT;`;

  test.each([
    "UPDATE archive SET z = 1 WHERE id = 3;",
    "UPDATE archive SET z = 1 WHERE id IN (3, 4);",
    "DELETE FROM archive WHERE id = 3;",
    "SELECT * FROM users WHERE id = 1;",
    "SELECT * FROM users WHERE mail = 'x' FOR UPDATE;",
    "INSERT INTO archive (id) SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM archive WHERE id = 1);",
    "INSERT INTO archive (id) SELECT id FROM orgs WHERE name = 'x';",
    "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM users WHERE id = 1) THEN RAISE NOTICE 'x'; END IF; END $$;",
    "DO $$ BEGIN UPDATE archive SET z = 1 WHERE id = 3; END $$;",
  ])("%s takes no time", async (sql) => {
    expect(await rules([BASE, locked(sql)])).toBe("");
  });

  test.each([
    "UPDATE archive SET z = 1 WHERE id BETWEEN 1 AND 40000;",
    "SELECT count(*) FROM users;",
    "SELECT * FROM users WHERE nick = 'x';",
    "SELECT * FROM users u, orgs o WHERE u.id = 1;",
    "SELECT * FROM users WHERE id = 1 OR nick = 'x';",
    "SELECT * FROM users WHERE id = org_id;",
    "WITH w AS (SELECT * FROM users WHERE id = 1) SELECT * FROM w;",
    "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM users WHERE nick = 'x') THEN RAISE NOTICE 'x'; END IF; END $$;",
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM users LOOP UPDATE archive SET z = 1 WHERE id = 3; END LOOP; END $$;",
    "SELECT pg_sleep(10);",
    "DO $$ BEGIN PERFORM pg_sleep_for('5 s'); END $$;",
  ])("%s takes long", async (sql) => {
    expect(await rules([BASE, locked(sql)])).toContain("working-under-lock");
  });

  test("a row that others point at may take many along", async () => {
    const pointed = `${BASE} ALTER TABLE users ADD CONSTRAINT f FOREIGN KEY (org_id) REFERENCES orgs (id) ON DELETE CASCADE;`;
    expect(await rules([pointed, locked("DELETE FROM orgs WHERE id = 3;")])).toContain("working-under-lock");
    expect(await rules([BASE, locked("DELETE FROM orgs WHERE id = 3;")])).toBe("");
  });
});
