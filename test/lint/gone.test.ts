import { describe, expect, test } from "vitest";
import { rules } from "../rules/judged.js";
import { lintTexts } from "./support.js";

const USERS = "CREATE TABLE users (id int PRIMARY KEY);";
const OLD = "CREATE TABLE old (id int PRIMARY KEY, a int);";
const DROP = "-- zmigrate:ignore ban-drop-table -- nothing uses it\nDROP TABLE old;\n";

// Each seen on PostgreSQL 18.
describe("PostgreSQL: what went with its table is not missed again", () => {
  const base = `${USERS} ${OLD} CREATE INDEX oi ON old (a);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tg BEFORE INSERT ON old FOR EACH ROW EXECUTE FUNCTION tf();
CREATE POLICY po ON old USING (true); CREATE RULE ru AS ON DELETE TO old DO INSTEAD NOTHING;`;

  test.each([
    "DROP TRIGGER IF EXISTS tg ON old;",
    "DROP POLICY IF EXISTS po ON old;",
    "DROP RULE IF EXISTS ru ON old;",
    "DROP INDEX IF EXISTS oi;",
    "DROP INDEX IF EXISTS old_pkey;",
    "ALTER TABLE IF EXISTS old DROP COLUMN a;",
    "DROP FUNCTION tf();",
  ])("%s", async (sql) => {
    expect(await rules([base, DROP + sql])).toBe("");
    expect(await rules([base, `BEGIN;\n${DROP}${sql}\nCOMMIT;`])).toBe("");
  });

  test.each([
    "DROP TRIGGER tg ON old;",
    "DROP POLICY po ON old;",
    "DROP INDEX oi;",
    "COMMENT ON TABLE old IS NULL;",
    "REVOKE ALL ON old FROM public;",
    "ALTER TABLE old DISABLE TRIGGER tg;",
    "CREATE TRIGGER tz BEFORE INSERT ON old FOR EACH ROW EXECUTE FUNCTION tf();",
  ])("the server refuses %s", async (sql) => {
    expect(await rules([base, DROP + sql])).toBe("contradicting-history");
  });

  test("what has the name since is another thing", async () => {
    const again = `${DROP} ${USERS.replace("users", "old")} CREATE TRIGGER tg BEFORE INSERT ON old FOR EACH ROW EXECUTE FUNCTION tf();`;
    expect(await rules([base, again, "DROP TRIGGER IF EXISTS tg ON old;"])).toBe("dropping-safeguard");
    const moved = `${DROP} CREATE INDEX CONCURRENTLY oi ON users (id);`;
    expect(await rules([base, moved, "DROP INDEX IF EXISTS oi;"])).toBe("require-concurrent-index-deletion");
    const undone = `BEGIN; ${DROP} ROLLBACK;`;
    expect(await rules([base, undone, "DROP POLICY IF EXISTS po ON old;"])).toBe("dropping-safeguard");
  });
});

// Seen on MySQL 9.7 and MariaDB 10.11.
describe.each(["mysql", "mariadb"] as const)("%s", (engine) => {
  const base = `${USERS} ${OLD} CREATE TRIGGER tg BEFORE INSERT ON old FOR EACH ROW SET NEW.a = 1;`;

  test("a trigger that went with its table is not missed again", async () => {
    expect(await rules([base, `${DROP} DROP TRIGGER IF EXISTS tg;`], engine)).toBe("");
    expect(await rules([base, `${DROP} DROP TRIGGER tg;`], engine)).toBe("contradicting-history");
    expect(await rules([base, "DROP TRIGGER IF EXISTS tg;"], engine)).not.toBe("");
  });
});

const TARGET = "CREATE TABLE target (id bigint PRIMARY KEY);";

test.each([
  "ALTER TABLE unk DROP COLUMN t_id;",
  "ALTER TABLE unk DROP CONSTRAINT unk_t_id_fkey;",
  "ALTER TABLE unk RENAME COLUMN t_id TO u_id; ALTER TABLE unk DROP COLUMN u_id;",
  "DROP TABLE unk;",
])("a foreign key of a table that no file makes holds nothing behind %s", async (gone) => {
  const added = "ALTER TABLE unk ADD COLUMN t_id bigint REFERENCES target (id);";
  const refused = async (files: readonly string[]) =>
    (await lintTexts(files)).findings.some(({ message }) => message.includes("2BP01"));
  expect(await refused([TARGET, added, gone, "DROP TABLE target;"])).toBe(false);
  expect(await refused([TARGET, added, "DROP TABLE target;"])).toBe(true);
  expect(
    await refused([
      TARGET,
      `${added} ALTER TABLE unk ADD COLUMN o bigint REFERENCES target;`,
      gone,
      "DROP TABLE target;",
    ]),
  ).toBe(gone !== "DROP TABLE unk;");
});
