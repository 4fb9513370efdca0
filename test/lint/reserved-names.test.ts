import { describe, expect, test } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import type { EngineName } from "../../src/engines/engine.js";
import { lintMigrations } from "../../src/lint/index.js";
import { judgedVersion } from "../../src/lint/judged-version.js";
import { judged, rules } from "../rules/judged.js";

const named = (word: string) => `CREATE TABLE users (id bigint PRIMARY KEY, ${word} int) ENGINE=InnoDB;`;

describe("names that only some versions take without backticks", () => {
  test.each([
    ["mysql", "8.0.12", "rank"],
    ["mysql", "8.0.12", "groups"],
    ["mysql", "8.0.12", "System"],
    ["mysql", "8.0.31", "intersect"],
    ["mysql", "8.4", "manual"],
    ["mysql", "9.7.0", "library"],
    ["mariadb", "10.11.0", "row_number"],
  ] as const)("%s %s: %s", async (engine, version, word) => {
    expect(await rules([named(word)], engine, version)).toBe("syntax-error");
    expect(await rules([named(`\`${word}\``)], engine, version)).toBe("");
  });

  test.each([
    ["mysql", "5.7.44", "rank"],
    ["mysql", "8.0.30", "intersect"],
    ["mysql", "9.7.0", "manual"],
    ["mysql", "8.4.0", "library"],
    ["mariadb", "10.6.0", "row_number"],
    ["mariadb", "10.11.0", "rank"],
  ] as const)("%s %s takes %s", async (engine, version, word) => {
    expect(await rules([named(word)], engine, version)).toBe("");
  });

  test("without a version all that are supported count, and the help says how to name one", async () => {
    expect(await said("mysql", named("library"))).toBe(
      "`library` is a reserved word of MySQL from 9.2 on, and a name only in backticks: the server refuses the statement (1064). Write `library`; or name your server's version with --server-version.",
    );
    expect(await said("mysql", named("rank"))).toBe(
      "`rank` is a reserved word of MySQL from 8.0 on, and a name only in backticks: the server refuses the statement (1064). Write `rank`.",
    );
  });

  test("behind a dot, and where they are keywords, they are none", async () => {
    const sql = "SELECT u.rank, RANK() OVER w FROM users AS u WINDOW w AS (ORDER BY id) FOR UPDATE OF u;";
    expect(await rules([sql], "mysql", "9.7.0")).toBe("");
  });

  test("an old file with one still tells its tables", async () => {
    const old = "CREATE TABLE users (id int PRIMARY KEY, rank int);";
    expect(await rules([old, "UPDATE users SET `rank` = 1 WHERE id = 1;"], "mysql", "8.0.36")).toBe("");
    expect((await judged([old], "mysql", "8.0.36")).map(({ start }) => start.column)).toEqual([41]);
  });
});

async function said(name: EngineName, text: string): Promise<string> {
  const engine = await engineFor(name);
  const { note: _, ...versions } = judgedVersion(null, engine);
  const { findings } = lintMigrations([{ file: "1.sql", text, report: true }], { engine, ...versions, severities: {} });
  return findings.map(({ message, help }) => `${message} ${help}`).join("\n");
}
