import { describe, expect, test } from "vitest";
import { judged, rules } from "./judged.js";

const BASE = `CREATE TABLE orgs (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE users (id bigint PRIMARY KEY, org_id bigint CONSTRAINT users_org REFERENCES orgs (id) ON DELETE CASCADE);
CREATE MATERIALIZED VIEW stats AS SELECT org_id, count(*) AS n FROM users GROUP BY 1;`;

// PostgreSQL 18: INSERT INTO orgs VALUES (9, NULL) is taken behind each.
describe("a NOT NULL that has another name by now", () => {
  const dropped = (name: string) => `ALTER TABLE orgs DROP CONSTRAINT ${name};`;

  test("is dropped by that name", async () => {
    const renamed = "ALTER TABLE orgs RENAME CONSTRAINT orgs_name_not_null TO nnn;";
    expect(await rules([BASE, renamed + dropped("nnn")], "postgres", "18")).toBe("ban-drop-not-null");
    expect(await rules([BASE + renamed, dropped("nnn")], "postgres", "18")).toBe("ban-drop-not-null");
    const twice = `${renamed} ALTER TABLE orgs RENAME CONSTRAINT nnn TO mmm;`;
    expect(await rules([BASE + twice, dropped("mmm")], "postgres", "18")).toBe("ban-drop-not-null");
  });
});

// PostgreSQL 18: ACCESS EXCLUSIVE on both tables; a row that points nowhere is taken, and DELETE leaves rows behind.
describe("a foreign key that is dropped, or not enforced any more", () => {
  test.each(["DROP CONSTRAINT users_org", "ALTER CONSTRAINT users_org NOT ENFORCED"])("%s", async (change) => {
    const [finding, ...more] = await judged([BASE, `ALTER TABLE users ${change};`], "postgres", "18");
    expect(more).toEqual([]);
    expect(finding?.rule).toBe("dropping-foreign-key");
    expect(finding?.message).toContain("ON DELETE CASCADE no longer happens");
  });

  test("says nothing of actions that it had not", async () => {
    const plain = BASE.replace(" ON DELETE CASCADE", "");
    const [finding] = await judged([plain, "ALTER TABLE users DROP CONSTRAINT users_org;"], "postgres", "18");
    expect(finding?.message).not.toContain("ON DELETE");
  });
});

// PostgreSQL 18: with WHEN others no batch stays, with another condition 2D000.
describe("COMMIT in front of EXCEPTION", () => {
  const batches = (inside: string) => `DO $$ BEGIN FOR i IN 0..3 LOOP ${inside} END LOOP; END $$;`;
  const update = "UPDATE users SET org_id = 1 WHERE id BETWEEN i * 10 AND i * 10 + 9;";

  test("is refused, and no batch", async () => {
    const caught = batches(`BEGIN ${update} COMMIT; EXCEPTION WHEN others THEN NULL; END;`);
    expect(await rules([BASE, caught])).toBe("refused-in-transaction unbatched-data-change");
    const inner = batches(`BEGIN BEGIN ${update} COMMIT; END; EXCEPTION WHEN others THEN NULL; END;`);
    expect(await rules([BASE, inner])).toBe("refused-in-transaction unbatched-data-change");
  });

  test("but not behind it, nor in the handler", async () => {
    expect(await rules([BASE, batches(`BEGIN ${update} EXCEPTION WHEN others THEN NULL; END; COMMIT;`)])).toBe("");
    expect(await rules([BASE, batches(`BEGIN ${update} EXCEPTION WHEN others THEN COMMIT; END; COMMIT;`)])).toBe("");
  });
});

// PostgreSQL 18: SHARE on the view, which nobody but REFRESH writes to; SELECT goes on.
describe("an index of a materialized view", () => {
  test("keeps nobody waiting who reads it", async () => {
    expect(await rules([BASE, "CREATE INDEX ON stats (n);"])).toBe("");
    expect(await rules(["CREATE INDEX ON stats (n);"])).toBe("require-concurrent-index-creation");
    expect(await rules([`${BASE} ALTER MATERIALIZED VIEW stats RENAME TO sums;`, "CREATE INDEX ON sums (n);"])).toBe(
      "",
    );
  });
});

describe.each(["postgres", "mysql", "mariadb"] as const)("%s: CREATE TABLE IF NOT EXISTS", (engine) => {
  const made =
    "CREATE TABLE IF NOT EXISTS tags (id bigint PRIMARY KEY, name varchar(9)); ALTER TABLE tags DROP COLUMN name;";
  const orgs = "CREATE TABLE orgs (id bigint PRIMARY KEY);";

  test("makes a table that the history does not have", async () => {
    expect(await rules([orgs, made], engine)).toBe("");
    expect(await rules([`${orgs} CREATE TABLE tags (id int); DROP TABLE tags;`, made], engine)).toBe("");
  });

  test("may mean one that is there", async () => {
    expect(await rules([made], engine)).toBe("ban-drop-column");
    const there = "CREATE TABLE tags (id bigint PRIMARY KEY, name varchar(9));";
    expect(await rules([orgs + there, made], engine)).toBe("ban-drop-column");
  });
});
