import { expect, it } from "vitest";
import { engineFor } from "../../../src/config/engine.js";
import { parseMigration } from "../../../src/history/load.js";
import { emptyCatalog } from "../../../src/history/replay.js";
import { planMigration } from "../../../src/plan/plan.js";

const SETUP = `CREATE TABLE o (id int PRIMARY KEY, a int);
CREATE TABLE k (id int PRIMARY KEY, o int, FOREIGN KEY (o) REFERENCES o (id));
CREATE TABLE w (id int PRIMARY KEY, a int);`;

/** Why a file is refused; nothing where it is planned. */
async function refusalsOf(text: string): Promise<string> {
  const engine = await engineFor("mysql");
  await engine.load();
  const version = { text: "9.7", parts: [9, 7] };
  const planned = (id: string, sql: string, catalog = emptyCatalog("database", "shop", "mysql")) =>
    planMigration(parseMigration({ id, slug: "x", file: "x.sql", text: sql, checksum: "" }, engine), {
      engine,
      catalog,
      version,
    });
  const { refusals } = planned("20260102000000", text, planned("20260101000000", SETUP).catalog);
  return refusals.map((r) => `${r.line}: ${r.reason} ${r.help}`).join("\n");
}

const OFF = "SET FOREIGN_KEY_CHECKS = 0;\n";
const SAVED = "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;\n";

it.each([
  "SET FOREIGN_KEY_CHECKS = 1;",
  `${OFF}CREATE TABLE n (id int PRIMARY KEY, o int, FOREIGN KEY (o) REFERENCES o (id));\nSET FOREIGN_KEY_CHECKS = 1;\nDELETE FROM o WHERE id = 1;`,
  `${OFF}INSERT INTO w VALUES (1, 1);`,
  `${SAVED}ALTER TABLE w ADD COLUMN c int;\n/*!40101 SET SQL_MODE=IFNULL(@OLD_SQL_MODE, '') */;\nUPDATE w SET a = 2;`,
  "/*!40101 SET NAMES utf8mb4 */;\nSET UNIQUE_CHECKS = 0;\nSET time_zone = '+00:00';\nSET AUTOCOMMIT = 0;",
  "SET sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE';\nUPDATE w SET a = 2;",
])("what a dump sets is left out where nothing depends on it: %s", async (text) => {
  expect(await refusalsOf(text)).toBe("");
});

it.each([
  [
    `${OFF}DELETE FROM o WHERE id = 1;`,
    /^2: .* what it does to o may be refused, or cascade, then\. Leave the SET out/,
  ],
  [`${OFF}INSERT INTO k VALUES (1, 9);`, /^2: .*keeps to the foreign keys/],
  [`${OFF}CREATE TABLE n (o int, FOREIGN KEY (o) REFERENCES later (id));`, /^2: .*what is pointed at first/],
  [`${SAVED}INSERT INTO w VALUES (0, 1);`, /^2: .*the sql_mode that the file sets \('NO_AUTO_VALUE_ON_ZERO'\)/],
  [`${SAVED}CREATE TRIGGER g BEFORE INSERT ON w FOR EACH ROW SET NEW.a = 1;`, /^2: .*sql_mode/],
  ["SET sql_mode = '';\nUPDATE w SET a = 'x';", /^2: .*rows are written in strict mode/],
  ["SET sql_mode = 'PAD_CHAR_TO_FULL_LENGTH';", /^1: .*changes what the statements behind it mean/],
  ["SET SQL_MODE = @OLD_SQL_MODE;", /^1: .*changes what/],
  ["SET @a = 1;", /^1: .*changes what/],
  ["SET time_zone = '+02:00';", /^1: .*changes what/],
])("what would be another thing is refused: %s", async (text, said) => {
  expect(await refusalsOf(text)).toMatch(said);
});
