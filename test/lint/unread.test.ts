import { expect, test } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import { lintMigrations } from "../../src/lint/index.js";
import { rules } from "../rules/judged.js";

const SETTINGS = "CREATE TABLE settings (key text PRIMARY KEY, value text);";
const UPDATE = "UPDATE settings SET value = 'x' WHERE key = 'a';";

/** As Flyway and goose write a placeholder. */
const filled = (text: string) => text.replaceAll(/<(\w+)>/g, (_, name) => `$\{${name}}`);

test.each([
  "GRANT SELECT ON settings TO <app>;",
  "-- rights; of the application\nGRANT SELECT ON settings TO <app>;\nREVOKE ALL ON settings FROM <app>;",
  "CREATE TABLE b (id int);\nGRANT SELECT ON b TO <app>;\nCREATE TABLE c (id int);",
  "UPDATE settings SET value = <value>;",
  "ALTER TABLE <schema>.others ADD COLUMN n int;",
  "CREATE TABLE <prefix>users (id int);",
  "ALTER TABLE <prefix>users ADD COLUMN n int;",
  "CREATE TABLE others (id int) <options>;",
  "CREATE VIEW <schema>.shown AS SELECT id FROM others;",
  "CREATE USER <app> PASSWORD 'x';",
])("an old file is still known around %s", async (unread) => {
  expect(await rules([SETTINGS, filled(unread), UPDATE])).toBe("");
});

test.each([
  "ALTER TABLE settings RENAME TO <name>;",
  "ALTER TABLE <schema>.settings DROP CONSTRAINT settings_pkey;",
  "ALTER TABLE <prefix>tings DROP CONSTRAINT settings_pkey;",
  "DROP INDEX <schema>.settings_pkey;",
  "CREATE TABLE others (id int REFERENCES settings <action>);",
  "<ddl>;",
  "DROP TABLE <name>;",
  "GRANT SELECT ON settings TO <app>; ALTER TABLE <name> DROP CONSTRAINT settings_pkey;",
  "DO $$ BEGIN <code> $$ $;",
])("nothing is known behind %s", async (unread) => {
  expect(await rules([SETTINGS, filled(unread), UPDATE])).toBe("unbatched-data-change");
});

test("the same in one run, and for MySQL", async () => {
  const place = (file: string, text: string) => ({ file, text, report: true });
  const engine = await engineFor("mysql");
  await engine.load();
  const table = "CREATE TABLE settings (name varchar(9) PRIMARY KEY, value text);";
  const said = (unread: string) => {
    const inputs = [
      place("1.sql", table),
      place("2.sql", filled(unread)),
      place("3.sql", UPDATE.replace("key", "name")),
    ];
    const { findings } = lintMigrations(inputs, { engine, version: engine.oldestVersion, severities: {} });
    return findings
      .filter(({ file }) => file === "3.sql")
      .map(({ rule }) => rule)
      .join(" ");
  };
  expect(said("ALTER TABLE <schema>.others ADD COLUMN n int;")).toBe("");
  expect(said("ALTER TABLE <schema>.settings DROP PRIMARY KEY;")).toBe("unbatched-data-change");
});

test("what was forgotten may be there: nothing is told as missing", async () => {
  const files = ["CREATE TABLE audit (id int);", filled("<ddl>;"), "CREATE TABLE t (id int PRIMARY KEY);"];
  const trigger = "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW INSERT INTO audit (id) VALUES (NEW.id);";
  expect(await rules([...files, trigger], "mysql")).toBe("");
});
