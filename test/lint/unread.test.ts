import { expect, test } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import { lintMigrations } from "../../src/lint/index.js";
import { rules } from "../rules/judged.js";
import { lintTexts } from "./support.js";

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

const USERS = "CREATE TABLE users (id bigint PRIMARY KEY, v varchar(50)); CREATE TABLE x (a int, b varchar(50));";
const longer = (table: string, column: string) => `ALTER TABLE ${table} ALTER COLUMN ${column} TYPE varchar(100);`;

test.each([
  "UPDATE x SET a = 1 b = 2;",
  'ALTER TABLE "x" FOO;',
  "\\connect x",
  "DROP TABLE x;\nCREATE TABLE x (a int,, b int);",
])("what an old %s cannot have touched is still known, and that is told once", async (unread) => {
  const kept = await lintTexts([`~${USERS}`, `~\n${unread}`, longer("users", "v")]);
  expect(kept.findings.map(({ rule, severity, file }) => `${rule} ${severity} ${file}`)).toEqual([
    "unread-history info 2.sql",
  ]);
  expect(kept.texts.has("2.sql")).toBe(true);
  const index = await lintTexts([`~${USERS}`, `~\n${unread}`, "CREATE INDEX i ON users (v);"]);
  expect(index.findings[1]?.message).toMatch(
    / Assumed: what was not read in 2\.sql:[23] changed nothing of "users"\.$/,
  );
  const touched = await lintTexts([`~${USERS}`, `~\n${unread}`, longer("x", "b")]);
  expect(touched.findings.map(({ rule }) => rule)).toContain("changing-column-type");
});

test("several places are told in one finding, and none behind the last file that is judged", async () => {
  const { findings } = await lintTexts([`~${USERS}`, "~FOO x;\nBAR y;", "~FOO z;", longer("users", "v"), "~FOO a;"]);
  expect(findings.map(({ rule, start }) => `${rule}@${start.line}`)).toEqual(["unread-history@1"]);
  expect(findings[0]?.message).toContain("So it is with 3.sql:1.");
});

test.each([
  "COPY users (id, v) FROM stdin;\n1\tit's\n2\t$$ /* ;\n\\.\n",
  "\\echo it is done\n",
  "\\set ON_ERROR_STOP on\nUPDATE x SET a = 1;",
])("rows and lines for psql leave the schema of the history as it is: %j", async (unread) => {
  expect((await lintTexts([`~${USERS}`, `~${unread}`, longer("x", "b")])).findings).toEqual([]);
});

test("what stands behind a statement that was not read is known, and what it may have made is not gone", async () => {
  const files = [`~${USERS}`, "~FOO x; DROP TABLE x; CREATE TABLE x (a int, b varchar(50));", longer("x", "b")];
  expect((await lintTexts(files)).findings.map(({ rule }) => rule)).toEqual(["unread-history"]);
  const { findings } = await lintTexts([
    USERS,
    "DROP TABLE x;\nCREATE TABLE x (a int,, b int);\nINSERT INTO x VALUES (1);",
  ]);
  expect(findings.filter(({ message }) => message.includes("earlier statement")).map(({ message }) => message)).toEqual(
    [],
  );
});
