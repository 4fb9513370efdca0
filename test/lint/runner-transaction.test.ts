import { describe, expect, test } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import type { RunnerTransaction } from "../../src/files/place.js";
import { lintMigrations } from "../../src/lint/index.js";

async function rules(text: string, transaction: RunnerTransaction): Promise<string[]> {
  await postgresEngine.load();
  const input = { file: "V1__x.sql", text, report: true, runner: { tool: "Flyway", transaction } };
  const options = { engine: postgresEngine, version: postgresEngine.oldestVersion, severities: {} };
  return lintMigrations([input], options).findings.map(({ rule }) => rule);
}

const CONCURRENT = "CREATE INDEX CONCURRENTLY j ON users (e);";
const REFUSED = "ban-concurrent-index-creation-in-transaction";

describe("Flyway", () => {
  test.each([
    ["work behind a lock", "ALTER TABLE users ADD b int; UPDATE users SET a = 1 WHERE id = 3;", ["working-under-lock"]],
    ["what a transaction refuses, beside what runs in one", `ALTER TABLE users ADD b int; ${CONCURRENT}`, [REFUSED]],
    ["a setting is no exception", `SET lock_timeout = '2s'; ${CONCURRENT}`, [REFUSED]],
    ["what Flyway does not know to run alone", "REINDEX INDEX CONCURRENTLY j;", ["refused-in-transaction"]],
  ])("runs a file in a transaction: %s", async (_, text, expected) => {
    expect(await rules(text, "auto")).toEqual(expect.arrayContaining(expected));
    expect(await rules(text, "none")).not.toEqual(expect.arrayContaining(expected));
  });

  test.each([CONCURRENT, `${CONCURRENT}\n-- again\nDROP INDEX  CONCURRENTLY i;`, "VACUUM users;"])(
    "runs without one what cannot be in one: %s",
    async (text) => {
      expect(await rules(text, "auto")).toEqual(await rules(text, "none"));
    },
  );
});

describe("Flyway's file of indexes", () => {
  const plain = "CREATE INDEX j ON users (e);";
  const found = async (text: string) => {
    await postgresEngine.load();
    const input = { file: "V1__x.sql", text, report: true, runner: { tool: "Flyway", transaction: "auto" as const } };
    const options = { engine: postgresEngine, version: postgresEngine.oldestVersion, severities: {} };
    return lintMigrations([input], options).findings.filter(({ rule }) => /concurrent/.test(rule));
  };

  test.each([plain, `${plain} CREATE UNIQUE INDEX k ON users (f);`, "DROP INDEX j;"])(
    "is run without a transaction as soon as it says CONCURRENTLY: %s",
    async (text) => {
      for (const { help, fix } of await found(text)) {
        expect(help).not.toMatch(/transaction|\.conf/);
        expect(fix).toBeDefined();
      }
      expect(await rules(text.replaceAll("INDEX", "INDEX CONCURRENTLY"), "auto")).not.toContain(REFUSED);
    },
  );

  test("has nothing else in it", async () => {
    const [index] = await found(`ALTER TABLE users ADD COLUMN e int; ${plain}`);
    expect(index?.help).toContain("into a file of its own, and write nothing else into it.");
    const [concurrently] = (await found(`${plain} ${CONCURRENT}`)).filter(({ rule }) => rule === REFUSED);
    expect(concurrently?.help).toContain("and write nothing else into it.");
  });
});

test("with `mixed`, Flyway runs a file without a transaction as soon as one statement of it must", async () => {
  const both = `ALTER TABLE users ADD b int; ${CONCURRENT}`;
  expect(await rules(both, "mixed")).toEqual(await rules(both, "none"));
  const plain = "ALTER TABLE users ADD b int; UPDATE users SET a = 1 WHERE id = 3;";
  expect(await rules(plain, "mixed")).toEqual(await rules(plain, "auto"));
});

test("several statements that are sent at once are a transaction, one is not", async () => {
  expect(await rules(CONCURRENT, "batch")).not.toContain(REFUSED);
  expect(await rules(`SELECT 1; ${CONCURRENT}`, "batch")).toContain(REFUSED);
  expect(await rules(CONCURRENT, "file")).toContain(REFUSED);
});

// PostgreSQL 18, each as one simple query: no warning for a first BEGIN, nor for one behind COMMIT; WARNING 25001 for a second one;
// 25001 for CONCURRENTLY behind COMMIT.
describe("BEGIN and COMMIT in a message", () => {
  const change = "ALTER TABLE users ADD b int; CREATE TABLE tt (id bigint PRIMARY KEY);";
  const nests = async (text: string, transaction: RunnerTransaction) =>
    (await rules(text, transaction)).filter((rule) => rule === "transaction-nesting").length;

  test("BEGIN makes its transaction an ordinary one", async () => {
    expect(await nests(`BEGIN; ${change} COMMIT;`, "batch")).toBe(0);
    expect(await nests(`BEGIN; ${change} COMMIT; BEGIN; SELECT 1; COMMIT;`, "batch")).toBe(0);
    expect(await rules(`BEGIN; ${change}`, "batch")).toContain("ban-uncommitted-transaction");
    expect(await nests(`BEGIN; BEGIN; ${change} COMMIT;`, "batch")).toBe(1);
    expect(await nests(`BEGIN; ${change} COMMIT;`, "file")).toBe(1);
  });

  test("what stands behind COMMIT is in a transaction still", async () => {
    const text = `BEGIN; ${change} COMMIT; ${CONCURRENT}`;
    expect(await rules(text, "batch")).toContain(REFUSED);
    expect(await rules(`BEGIN; ${change} COMMIT; VACUUM users;`, "batch")).toContain("refused-in-transaction");
    expect(await rules(text, "none")).not.toContain(REFUSED);
  });

  test("but not what its locks held up", async () => {
    const text = "BEGIN; ALTER TABLE users ADD b int; COMMIT; UPDATE users SET b = 1 WHERE id = 3;";
    expect(await rules(text, "batch")).not.toContain("working-under-lock");
  });
});

describe("what to write is what the tool understands", () => {
  const helpOf = async (tool: string, text: string) => {
    await postgresEngine.load();
    const input = { file: "1.sql", text, report: true, runner: { tool, transaction: "file" as const } };
    const options = { engine: postgresEngine, version: postgresEngine.oldestVersion, severities: {} };
    return lintMigrations([input], options)
      .findings.map(({ help }) => help)
      .join(" ");
  };
  test.each([
    ["dbmate", "-- migrate:up transaction:false"],
    ["goose", "-- +goose NO TRANSACTION"],
    ["sql-migrate", "-- +migrate Up notransaction"],
    ["Atlas", "-- atlas:txmode none"],
    ["Flyway", "executeInTransaction=false"],
    ["Knex", "transaction: false"],
    ["TypeORM", "transaction = false"],
    ["Diesel", "run_in_transaction = false"],
  ])("%s: %s", async (tool, said) => {
    expect(await helpOf(tool, CONCURRENT)).toContain(said);
    expect(await helpOf(tool, "VACUUM users;")).toContain(said);
    expect(await helpOf(tool, "CREATE INDEX j ON users (e);")).toContain(said);
  });
  test("node-pg-migrate and Drizzle have no such word", async () => {
    expect(await helpOf("Drizzle", CONCURRENT)).toContain("a file of its own that it runs without one");
  });
});
