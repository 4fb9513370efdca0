import { describe, expect, test } from "vitest";
import { rules } from "./judged.js";

const BASE =
  "CREATE TABLE users (id bigint PRIMARY KEY, mail text UNIQUE, nick text, a int, b int, UNIQUE (a, b), deleted_at timestamptz); CREATE TABLE part (id int) PARTITION BY RANGE (id);";
const FOUND = "SELECT id FROM users WHERE nick IS NULL LIMIT 1000";

describe("no more rows are written than the LIMIT of a query gives", () => {
  test.each([
    `UPDATE users SET nick = 'x' WHERE id IN (${FOUND});`,
    `UPDATE users SET nick = 'x' WHERE id IN (${FOUND} FOR UPDATE SKIP LOCKED) AND nick IS NULL;`,
    "DELETE FROM users WHERE ctid IN (SELECT ctid FROM users WHERE deleted_at IS NOT NULL LIMIT 500);",
    "DELETE FROM unseen WHERE ctid IN (SELECT ctid FROM unseen LIMIT 500);",
    "DELETE FROM users WHERE ctid = ANY (ARRAY(SELECT ctid FROM users LIMIT 500));",
    "DELETE FROM users WHERE mail IN (SELECT u.mail FROM users u JOIN orgs o ON o.id = u.a FETCH FIRST 10 ROWS ONLY);",
    "UPDATE users SET nick = 'x' WHERE (b, a) IN (SELECT b, a FROM users LIMIT 1000);",
    `WITH todo AS (${FOUND}) UPDATE users SET nick = 'x' FROM todo WHERE users.id = todo.id;`,
    `UPDATE users u SET nick = 'x' FROM (${FOUND}) AS t WHERE t.id = u.id AND u.nick IS NULL;`,
    `WITH todo AS MATERIALIZED (${FOUND}) DELETE FROM users USING todo t WHERE users.id = t.id;`,
    `DO $$ BEGIN UPDATE users SET nick = 'x' WHERE id IN (${FOUND}); END $$;`,
  ])("%s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });

  test.each([
    // Many rows may have one nick.
    "UPDATE users SET nick = 'x' WHERE nick IN (SELECT nick FROM users LIMIT 10);",
    "UPDATE users SET nick = 'x' WHERE a IN (SELECT a FROM users LIMIT 10);",
    "UPDATE users SET nick = 'x' WHERE id NOT IN (SELECT id FROM users LIMIT 10);",
    "UPDATE users SET nick = 'x' WHERE id IN (SELECT id FROM users LIMIT 10) OR nick IS NULL;",
    "UPDATE users SET nick = 'x' WHERE id > ANY (SELECT id FROM users LIMIT 10);",
    "UPDATE users SET nick = 'x' WHERE id IN (SELECT id FROM users LIMIT 1000000);",
    "UPDATE users SET nick = 'x' WHERE id IN (SELECT id FROM users ORDER BY nick FETCH FIRST 5 ROWS WITH TIES);",
    // Asked again for each row.
    "UPDATE users SET nick = 'x' WHERE id IN (SELECT u.id FROM users u WHERE u.nick = users.nick LIMIT 1);",
    "UPDATE users SET nick = 'x' WHERE id IN (SELECT owner FROM orgs WHERE name = nick LIMIT 1);",
    `WITH todo AS (${FOUND}) UPDATE users SET nick = 'x' FROM todo WHERE users.nick = todo.id::text;`,
    `WITH todo AS (${FOUND}), w AS (UPDATE users SET nick = 'x') UPDATE users SET nick = 'x' FROM todo WHERE users.id = todo.id;`,
    "UPDATE users SET nick = 'x' FROM orgs, LATERAL (SELECT id FROM users LIMIT 5) t WHERE t.id = users.id;",
    "DELETE FROM part WHERE ctid IN (SELECT ctid FROM part LIMIT 500);",
    `DO $$ DECLARE i int; BEGIN FOR i IN 1..9999 LOOP UPDATE users SET nick = 'x' WHERE id IN (${FOUND}); END LOOP; END $$;`,
  ])("but not: %s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("unbatched-data-change");
  });

  test("the query itself may look for long", async () => {
    const sql = `BEGIN; ALTER TABLE users ADD COLUMN c int; UPDATE users SET c = 1 WHERE id IN (${FOUND}); COMMIT;`;
    expect(await rules([BASE, sql])).toBe("working-under-lock");
  });
});
