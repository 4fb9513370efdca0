import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { rules } from "./judged.js";

const BASE = "CREATE TABLE users (id bigint PRIMARY KEY, nick text);";
const loop = (over: string, inside = "COMMIT;") =>
  `DO $$ DECLARE r record; BEGIN FOR r IN ${over} LOOP ${inside} END LOOP; END $$;`;
const ALL = "UPDATE users SET nick = 'x' RETURNING id";

/** What PostgreSQL refuses. */
const REFUSED = [
  loop(ALL),
  loop("DELETE FROM users RETURNING id"),
  loop(`WITH w AS (${ALL}) SELECT id FROM w`),
  loop(`EXECUTE $q$${ALL}$q$`),
  loop(ALL, "IF r.id > 0 THEN FOR r IN SELECT 1 LOOP COMMIT; END LOOP; END IF;"),
];

const TAKEN = [
  loop("SELECT id FROM users", "UPDATE users SET nick = 'y' WHERE id = r.id; COMMIT;"),
  loop("SELECT id FROM users FOR UPDATE", "UPDATE users SET nick = 'y' WHERE id = r.id; COMMIT;"),
  "DO $$ DECLARE i int := 0; BEGIN WHILE i < 3 LOOP UPDATE users SET nick = 'z' WHERE id = i; COMMIT; i := i + 1; END LOOP; END $$;",
];

describe("COMMIT in a loop over rows that are written", () => {
  test.each(REFUSED)("%s", async (sql) => {
    expect((await rules([BASE, sql])).split(" ")).toContain("refused-in-transaction");
  });

  test.each(TAKEN)("but not: %s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });

  test("the query of a loop is asked once", async () => {
    expect(await rules([BASE, loop(ALL, "RAISE NOTICE '%', r.id;")])).toBe("unbatched-data-change");
    expect(await rules([BASE, loop(ALL)])).toBe("refused-in-transaction unbatched-data-change");
    expect(await rules([BASE, loop("UPDATE users SET nick = 'x' WHERE id = 3 RETURNING id", "NULL;")])).toBe("");
  });
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("loops");
    await query(db.url, `${BASE} INSERT INTO users VALUES (1), (2)`);
  });
  afterAll(() => db?.drop());

  test.each(REFUSED)("refuses %s", async (sql) => {
    await expect(query(db.url, sql)).rejects.toThrow("cannot perform transaction command");
  });
  test.each(TAKEN)("takes %s", async (sql) => {
    await query(db.url, sql);
  });
});
