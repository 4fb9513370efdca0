import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { truthOf } from "../../../bench/verdicts/case.js";
import { APP_ROLE, FILL, POSTGRES_CASES, SCHEMA } from "../../../bench/verdicts/cases/postgres/index.js";
import { postgresEngine } from "../../../src/engines/postgres/index.js";
import { lintMigrations } from "../../../src/lint/index.js";
import { describeServer, query, type TestDatabase, withDatabase } from "../../servers/index.js";
import { measure } from "./measure-postgres.js";

const VERSION = { text: "18", parts: [18] };

/** Where lint is wrong, and known to be: one that is right again must go from here. */
const KNOWN: ReadonlySet<string> = new Set([]);

/** What ours says of a case, louder than advice. */
async function alarms(sql: string): Promise<readonly string[]> {
  await postgresEngine.load();
  const inputs = [
    { file: "20260101000000_schema.sql", text: SCHEMA, report: false },
    { file: "20260102000000_case.sql", text: sql, report: true },
  ];
  const { findings } = lintMigrations(inputs, { engine: postgresEngine, version: VERSION, severities: {} });
  return findings.filter(({ severity }) => severity !== "info").map(({ rule }) => rule);
}

describe("the cases", () => {
  it("are as many as they are to be, each with its own name", () => {
    expect(POSTGRES_CASES.filter((c) => truthOf(c) === "safe").length).toBeGreaterThanOrEqual(44);
    expect(POSTGRES_CASES.filter((c) => truthOf(c) === "dangerous").length).toBeGreaterThanOrEqual(63);
    expect(new Set(POSTGRES_CASES.map(({ id }) => id)).size).toBe(POSTGRES_CASES.length);
  });

  it.each(POSTGRES_CASES)("$id: lint agrees with the server", async (given) => {
    const found = await alarms(given.sql);
    const verdict = found.length === 0 ? "safe" : "dangerous";
    const wrong = truthOf(given) === "safe" ? "dangerous" : "safe";
    expect(verdict, found.join()).toBe(KNOWN.has(given.id) ? wrong : truthOf(given));
  });
});

describeServer("postgres", (postgres) => {
  let template: TestDatabase;
  let count = 0;

  beforeAll(async () => {
    await postgresEngine.load();
    template = await postgres.createDatabase("verdicts");
    await query(postgres.url, `CREATE ROLE ${APP_ROLE}`).catch(() => []);
    await query(template.url, SCHEMA + FILL);
  });
  afterAll(async () => {
    await template?.drop();
    // Another run on the same server may use it still.
    await query(postgres.url, `DROP ROLE IF EXISTS ${APP_ROLE}`).catch(() => []);
  });

  /** Databases like the template for as long as `body` runs. */
  async function withDatabases<T>(body: (fresh: () => Promise<string>) => Promise<T>): Promise<T> {
    const made: string[] = [];
    try {
      return await body(async () => {
        count += 1;
        const name = `${template.name}_${count}`;
        made.push(name);
        await query(postgres.url, `CREATE DATABASE "${name}" TEMPLATE "${template.name}"`);
        return withDatabase(postgres.url, name);
      });
    } finally {
      for (const name of made) await query(postgres.url, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    }
  }

  // Much of a case is waiting: several at once need no more of the machine.
  it.concurrent.each(POSTGRES_CASES)("$id", async (given) => {
    const dangers = await withDatabases((fresh) => measure(given, fresh));
    expect([...dangers].toSorted()).toEqual([...given.dangers].toSorted());
  });
});
