import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseMysql } from "../../../src/engines/mysql/parse/index.js";
import { layoutOf } from "../../../src/files/layouts/detect.js";
import { flyway } from "../../../src/files/layouts/flyway.js";
import { flywayDefault } from "../../../src/files/layouts/flyway-settings.js";
import { golangMigrate } from "../../../src/files/layouts/numbered.js";
import { placeOf } from "../../../src/files/layouts/place-of.js";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "zmigrate-flyway-"));
  write(".git/HEAD", "");
  write("db/migration/V1__a.sql", "SELECT 1;");
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}

const migrations = () => join(project, "db", "migration");

test.each([
  ["flyway.toml", "[flyway]\nmixed = true\n", "mixed"],
  ["flyway.conf", "flyway.mixed=true\n", "mixed"],
  ["conf/flyway.conf", "flyway.url=jdbc:postgresql:x\nflyway.mixed = true\n", "mixed"],
  ["db/application.yml", "spring:\n  flyway:\n    mixed: true\n", "mixed"],
  ["application.properties", "spring.flyway.mixed=true\n", "mixed"],
  ["application.properties", "spring.flyway.execute-in-transaction=false\n", "none"],
  ["flyway.toml", "[flyway]\nexecuteInTransaction = false\nmixed = true\n", "none"],
  ["flyway.toml", "[flyway]\nexecuteInTransaction = true\n", "auto"],
  ["flyway.conf", "# flyway.mixed=true\n", "auto"],
  ["application.yml", "paint:\n  mixed: true\n", "auto"],
])("%s with %j: %s", (file, text, expected) => {
  write(file, text);
  expect(flywayDefault(migrations())).toBe(expected);
  expect(layoutOf(migrations())).toMatchObject({ tool: "Flyway", transaction: expected });
});

test("without settings Flyway decides by the statements, and the nearest settings count", () => {
  expect(flywayDefault(migrations())).toBe("auto");
  write("flyway.toml", "[flyway]\nmixed = true\n");
  write("db/flyway.toml", "[flyway]\nmixed = false\n");
  expect(flywayDefault(migrations())).toBe("auto");
});

test("settings above the repository are another project's", () => {
  write("db/.git/HEAD", "");
  write("flyway.toml", "[flyway]\nmixed = true\n");
  expect(flywayDefault(migrations())).toBe("auto");
});

test("Flyway takes the word of DELIMITER from the next line", () => {
  const text =
    "SELECT 1;\nDELIMITER\n$$\nCREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END\n$$\nDELIMITER ;\nSELECT 3 FROM;\n";
  const place = placeOf("V1__a.sql", text, flyway);
  expect(place.written).toBe(text);
  expect(place.text).toHaveLength(text.length);
  expect(placeOf("1_a.up.sql", text, golangMigrate).text).toBe(text);
  const { statements, problems } = parseMysql(place.text, "mysql");
  expect(statements.map(({ span }) => text.slice(span.start, span.end).slice(0, 16))).toEqual([
    "SELECT 1",
    "CREATE PROCEDURE",
  ]);
  expect(problems.map(({ span }) => text.slice(0, span.start).split("\n").length)).toEqual([7]);
});
