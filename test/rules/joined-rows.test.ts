import { describe, expect, test } from "vitest";
import { rules } from "./judged.js";

const BASE = `CREATE TABLE orgs (id bigint PRIMARY KEY, name varchar(90) NOT NULL, code varchar(9) UNIQUE);
CREATE TABLE users (id bigint PRIMARY KEY, org_id bigint, nick varchar(90), seen timestamp);
CREATE TABLE roles (id int PRIMARY KEY, name varchar(90) UNIQUE);
CREATE TABLE user_roles (user_id bigint, role_id int, PRIMARY KEY (user_id, role_id));`;
const UNBATCHED = "unbatched-data-change";

describe("postgres: rows of joined tables that keys name", () => {
  test.each([
    "UPDATE users u SET nick = o.name FROM orgs o WHERE u.org_id = o.id AND u.id = 5;",
    "DELETE FROM users u USING orgs o WHERE u.org_id = o.id AND u.id IN (1, 2);",
    "UPDATE users SET nick = v.n FROM (VALUES (1, 'a'), (2, 'b')) AS v (id, n) WHERE users.id = v.id;",
    "UPDATE users u SET nick = v.n FROM (SELECT 1 AS id, 'a' AS n UNION ALL SELECT 2, 'b') v WHERE v.id = u.id;",
    "WITH v (id, n) AS (VALUES (1, 'a')) UPDATE users SET nick = v.n FROM v WHERE users.id = v.id;",
    "BEGIN; ALTER TABLE roles ADD COLUMN a int; UPDATE roles SET a = v.n FROM (VALUES (1, 1)) AS v (id, n) WHERE roles.id = v.id; COMMIT;",
    "BEGIN; ALTER TABLE roles ADD COLUMN a int; INSERT INTO roles (id, name) SELECT 1, 'a' UNION ALL SELECT 2, lower('B'); COMMIT;",
    "INSERT INTO user_roles (user_id, role_id) SELECT u.id, r.id FROM users u, roles r WHERE u.id = 1 AND r.name = 'admin';",
    "INSERT INTO user_roles (user_id, role_id) SELECT u.id, r.id FROM users u JOIN roles r ON r.name = 'admin' WHERE u.id = 1;",
  ])("%s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });

  test.each([
    "UPDATE users u SET nick = o.name FROM orgs o WHERE u.org_id = o.id AND o.id = 5;",
    "UPDATE users u SET nick = o.name FROM orgs o WHERE u.org_id = o.id AND id = 5;",
    "UPDATE users u SET nick = v.n FROM (VALUES (1, 'a')) AS v (id, n) WHERE u.nick = v.n;",
    "UPDATE users u SET nick = v.n FROM (SELECT 1 AS id, 'a' AS n UNION ALL SELECT id, name FROM orgs) v WHERE u.id = v.id;",
    "INSERT INTO roles (id) SELECT generate_series(1, 1000000) UNION ALL SELECT 0;",
    "INSERT INTO roles (id, name) SELECT 1, 'a' UNION SELECT id, name FROM orgs;",
    "INSERT INTO user_roles (user_id, role_id) SELECT u.id, r.id FROM users u CROSS JOIN roles r WHERE r.name = 'admin';",
    "INSERT INTO user_roles (user_id, role_id) SELECT u.id, r.id FROM users u LEFT JOIN roles r ON r.id = 1 AND u.id = 1;",
    "INSERT INTO user_roles (user_id, role_id) SELECT u.id, r.id FROM users u, roles r WHERE id = 1 AND r.name = 'admin';",
  ])("but not %s", async (sql) => {
    expect(await rules([BASE, sql])).toBe(UNBATCHED);
  });
});

describe.each(["mysql", "mariadb"] as const)("%s: rows of joined tables that keys name", (engine) => {
  test.each([
    "UPDATE users u JOIN orgs o ON o.id = u.org_id SET u.nick = o.name WHERE u.id = 5;",
    "UPDATE users u, orgs o SET u.nick = o.name WHERE o.id = u.org_id AND u.id IN (1, 2);",
    "INSERT INTO roles (id, name) SELECT 1, 'a' UNION ALL SELECT 2, 'b';",
    "UPDATE migrations SET batch = 3 WHERE migration = 'x';",
  ])("%s", async (sql) => {
    expect(await rules([BASE, sql], engine)).toBe("");
  });

  test.each([
    "UPDATE users u JOIN orgs o ON o.id = u.org_id SET u.nick = o.name;",
    "UPDATE users u JOIN orgs o ON o.id = u.org_id SET u.nick = o.name WHERE o.code = 'x';",
    "DELETE u FROM users u LEFT JOIN orgs o ON o.id = u.org_id WHERE o.id IS NULL;",
    "INSERT INTO roles (id, name) SELECT 1, 'a' UNION SELECT id, name FROM orgs;",
  ])("but not %s", async (sql) => {
    expect(await rules([BASE, sql], engine)).toBe(UNBATCHED);
  });

  test("a table that is met by no key of its own is read as a whole", async () => {
    const sql = "UPDATE users u JOIN orgs o ON o.name = u.nick SET u.nick = 'x' WHERE u.id = 5;";
    expect(await rules([BASE, sql], engine)).not.toBe("");
  });
});

test("a table `migrations` that files make is the application's own", async () => {
  const change = "UPDATE migrations SET batch = 3 WHERE migration = 'x';";
  expect(await rules([BASE, change])).toBe("");
  expect(await rules([`${BASE} CREATE TABLE migrations (migration text, batch int);`, change])).toBe(UNBATCHED);
});
