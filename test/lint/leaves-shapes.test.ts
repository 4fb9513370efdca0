import { expect, test } from "vitest";
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
])("an old file is still known around %s", async (unread) => {
  expect(await rules([SETTINGS, filled(unread), UPDATE])).toBe("");
});

test.each([
  "ALTER TABLE settings RENAME TO <name>;",
  "DROP TABLE <name>;",
  "GRANT SELECT ON settings TO <app>; ALTER TABLE <name> DROP CONSTRAINT settings_pkey;",
  "DO $$ BEGIN <code> $$ $;",
])("nothing is known behind %s", async (unread) => {
  expect(await rules([SETTINGS, filled(unread), UPDATE])).toBe("unbatched-data-change");
});
