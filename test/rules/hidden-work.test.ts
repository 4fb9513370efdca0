import { describe, expect, test } from "vitest";
import { rules } from "./judged.js";

const USERS = "CREATE TABLE users (id bigint PRIMARY KEY, nick text); CREATE TABLE orgs (id bigint PRIMARY KEY);";
const WALK =
  "DECLARE n int; BEGIN LOOP UPDATE users SET nick = 'x' WHERE id IN (SELECT id FROM users WHERE nick IS NULL LIMIT 500); GET DIAGNOSTICS n = ROW_COUNT; EXIT WHEN n = 0;";

describe("every table of the database is written again", () => {
  test.each(["VACUUM FULL;", "VACUUM (FULL);", "VACUUM FULL ANALYZE;", "CLUSTER;", "CLUSTER (VERBOSE);"])(
    "%s",
    async (sql) => {
      expect(await rules([USERS, sql])).toBe("blocking-table-access");
    },
  );

  test.each(["VACUUM;", "ANALYZE;", "VACUUM (ANALYZE);"])("but not by %s", async (sql) => {
    expect(await rules([USERS, sql])).toBe("");
  });
});

describe("a block that walks a table in one transaction", () => {
  test.each([
    `DO $$ ${WALK} END LOOP; END $$;`,
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM users LOOP UPDATE users SET nick = 'x' WHERE id = r.id; END LOOP; END $$;",
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM orgs LOOP DELETE FROM users WHERE id = 5; END LOOP; END $$;",
    "EXPLAIN (ANALYZE) UPDATE users SET nick = 'x';",
  ])("%s", async (sql) => {
    expect(await rules([USERS, sql])).toBe("unbatched-data-change");
  });

  test.each([
    `DO $$ ${WALK} COMMIT; END LOOP; END $$;`,
    "DO $$ BEGIN UPDATE users SET nick = 'x' WHERE id = 5; END $$;",
    "DO $$ DECLARE r text; BEGIN FOREACH r IN ARRAY ARRAY['a'] LOOP INSERT INTO users (nick) VALUES (r); END LOOP; END $$;",
    "EXPLAIN UPDATE users SET nick = 'x';",
  ])("but not %s", async (sql) => {
    expect(await rules([USERS, sql])).toBe("");
  });
});

// PostgreSQL 18: 2D000 invalid transaction termination.
test("COMMIT in a block inside of a transaction is refused", async () => {
  const block = `DO $$ ${WALK} COMMIT; END LOOP; END $$;`;
  expect(await rules([USERS, `BEGIN; ${block} COMMIT;`])).toBe("refused-in-transaction");
});

describe("a prepared transaction keeps its locks", () => {
  const prepare = "BEGIN; ALTER TABLE users ADD COLUMN z int; PREPARE TRANSACTION 'x';";

  test("unless the file ends it", async () => {
    expect(await rules([USERS, prepare])).toBe("ban-uncommitted-transaction");
    expect(await rules([USERS, `${prepare} COMMIT PREPARED 'x';`])).toBe("");
  });
});

// PostgreSQL 18, 300,000 rows: an UPDATE of users waited as long as the INSERT took.
describe("a table that the file made is filled while others wait", () => {
  const profiles = "CREATE TABLE profiles (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));";
  const bare = "CREATE TABLE profiles (id bigint PRIMARY KEY, user_id bigint);";
  const fill = "INSERT INTO profiles SELECT id, id FROM users;";
  const key = "ALTER TABLE profiles ADD CONSTRAINT pf FOREIGN KEY (user_id) REFERENCES users (id);";

  test.each([
    `BEGIN; ${profiles} ${fill} COMMIT;`,
    `BEGIN; ALTER TABLE orgs ADD COLUMN z int; ${bare} ${fill} COMMIT;`,
    "BEGIN; ALTER TABLE orgs ADD COLUMN z int; DO $$ BEGIN PERFORM count(*) FROM users; END $$; COMMIT;",
    `${bare} ${fill} BEGIN; ALTER TABLE orgs ADD COLUMN z int; CREATE INDEX ON profiles (user_id); COMMIT;`,
  ])("%s", async (sql) => {
    expect(await rules([USERS, sql])).toBe("working-under-lock");
  });

  test.each([
    `BEGIN; ${profiles} COMMIT; ${fill}`,
    `${bare} ${key} ${fill}`,
    `BEGIN; ${profiles} CREATE INDEX ON profiles (user_id); COMMIT;`,
    `BEGIN; ${profiles} INSERT INTO profiles VALUES (1, 1); COMMIT;`,
    `BEGIN; ${profiles} CREATE TABLE p2 (id bigint); INSERT INTO p2 SELECT id FROM profiles; COMMIT;`,
    `${bare} INSERT INTO profiles VALUES (1, 1); ${key}`,
    "BEGIN; ALTER TABLE orgs ADD COLUMN z int; DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_type) THEN PERFORM 1; END IF; END $$; COMMIT;",
  ])("but not %s", async (sql) => {
    expect(await rules([USERS, sql])).toBe("");
  });

  test("or a foreign key of it is checked", async () => {
    expect(await rules([USERS, `${bare} ${fill} ${key}`])).toBe("constraint-missing-not-valid");
    const copied = "CREATE TABLE profiles AS SELECT id, id AS user_id FROM users;";
    expect(await rules([USERS, `${copied} ${key}`])).toBe("constraint-missing-not-valid");
  });
});

// MySQL 9.7 and MariaDB 10.11, 100,000 rows: an UPDATE of the table that is read waited as long as the INSERT took.
describe.each(["mysql", "mariadb"] as const)("%s: rows that are read for a write are locked", (engine) => {
  const plain = "CREATE TABLE plain (id bigint PRIMARY KEY, a int) ENGINE=InnoDB;";
  const made = "CREATE TABLE p (id bigint PRIMARY KEY, uid bigint) ENGINE=InnoDB;";
  const fill = "INSERT INTO p SELECT id, a FROM plain;";
  const key = "ALTER TABLE p ADD CONSTRAINT pf FOREIGN KEY (uid) REFERENCES plain (id);";

  test("also for a table that the file made", async () => {
    expect(await rules([plain, `${made} ${fill}`], engine)).toBe("blocking-table-access");
    expect(await rules([plain, `${made} INSERT INTO p VALUES (1, 2);`], engine)).toBe("");
  });

  test("and by a foreign key of one that it has filled", async () => {
    const committed = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;";
    expect(await rules([plain, `${committed} ${made} ${fill} ${key}`], engine)).toBe("constraint-missing-not-valid");
    expect(await rules([plain, `${made} ${key}`], engine)).toBe("");
  });

  test.each([
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;",
    "SET transaction_isolation = 'READ-COMMITTED';",
  ])("unless %s", async (sql) => {
    expect(await rules([plain, `${sql} ${made} ${fill}`], engine)).toBe("");
    expect(await rules([plain, `${sql} CREATE TABLE q AS SELECT id FROM plain;`], engine)).toBe("");
  });
});

test("what is bounded, new or quiet is no danger", async () => {
  expect(await rules([USERS, "UPDATE users SET nick = 'z' WHERE id = ANY (ARRAY[1, 2, 3]);"])).toBe("");
  expect(await rules([USERS, "UPDATE users SET nick = 'z' WHERE id = ANY (ARRAY(SELECT 1));"])).toBe(
    "unbatched-data-change",
  );
  expect(await rules([USERS, "ALTER TABLE users ADD COLUMN b int; ALTER TABLE users RENAME COLUMN b TO c;"])).toBe("");
  expect(await rules(["CHECKPOINT;"])).toBe("");
});
