import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RULES } from "../../rules/index.js";
import type { EngineName } from "../../src/engines/engine.js";
import { codeOf } from "../../src/engines/error-code.js";
import { tryExample } from "../../src/lint/examples.js";
import { describeServer, query, type TestDatabase } from "../servers/index.js";

const SQL =
  /\b(?:ALTER|BEGIN|COMMENT|COMMIT|CREATE|DELETE|DROP|GRANT|INSERT|REFRESH|REINDEX|SELECT|SET|TRUNCATE|UPDATE)\b[^;]*;/g;
/** What the author has to fill in: a value, a role. And a sentence that begins like SQL. */
const OPEN = /\.\.\.|<[a-z ]+>|^SET;|^BEGIN and|^SELECT of/;

/** The statements of what all rules advise for their examples. */
async function advised(engine: EngineName): Promise<readonly string[]> {
  const all = new Set<string>();
  for (const rule of RULES) {
    for (const example of rule.bad) {
      if (!(example.engines ?? rule.engines).includes(engine)) continue;
      const found = (await tryExample(rule, example, engine)).filter((one) => one.rule === rule.id);
      for (const { help } of found) for (const [sql] of help.matchAll(SQL)) if (!OPEN.test(sql)) all.add(sql);
    }
  }
  return [...all];
}

/** What a server says of text that is no SQL of its own, or of a clause that it never takes there. */
const SYNTAX = { postgres: /^(42601|0A000|25001)$/, mysql: /PARSE|SYNTAX/, mariadb: /PARSE|SYNTAX/ } as const;

describe.each(["postgres", "mysql", "mariadb"] as const)("%s", (engine) => {
  describeServer(engine, (server) => {
    let db: TestDatabase;
    beforeAll(async () => {
      db = await server.createDatabase();
    });
    afterAll(() => db.drop());

    // Most tables of the examples are not there: the server reads a statement before it looks for them.
    test("what rules advise for their examples is SQL that the server reads", async () => {
      const statements = await advised(engine);
      expect(statements.length).toBeGreaterThan(5);
      const refused: string[] = [];
      for (const sql of statements) {
        const code = await query(db.url, sql).then(
          () => "",
          (error: unknown) => codeOf(error),
        );
        if (SYNTAX[engine].test(code)) refused.push(`${code}: ${sql}`);
      }
      expect(refused).toEqual([]);
    }, 60_000);
  });
});
