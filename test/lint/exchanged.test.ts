import { describe, expect, test } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { lintMigrations } from "../../src/lint/index.js";
import { rules } from "../rules/judged.js";

const BASE = `CREATE TABLE users (id bigint PRIMARY KEY, mail text); CREATE VIEW v AS SELECT id, mail FROM users;
  CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
  CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION tf();
  ALTER TABLE users ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON users USING (id > 0);
  CREATE RULE r AS ON DELETE TO users DO ALSO SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT id FROM users;
  CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';`;
const TRIGGER = "CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION tf();";

const withoutTransaction = async (sql: string): Promise<readonly string[]> => {
  await postgresEngine.load();
  const runner = { tool: "dbmate", transaction: "none" } as const;
  const inputs = [BASE, sql].map((text, at) => ({ file: `${at}.sql`, text, report: at === 1, runner }));
  const options = { engine: postgresEngine, version: postgresEngine.oldestVersion, severities: {} };
  return lintMigrations(inputs, options).findings.map(({ rule }) => rule);
};

// What `zmigrate plan` makes of each was read: "The old one gives way in the same transaction", "In one transaction".
describe("what zmigrate exchanges in one transaction is never missing", () => {
  test.each([
    `DROP TRIGGER IF EXISTS t ON users; ${TRIGGER}`,
    `DROP TRIGGER t ON users; UPDATE users SET mail = 'x' WHERE id = 1; ${TRIGGER.replace("INSERT", "INSERT OR UPDATE")}`,
    "DROP POLICY p ON users; CREATE POLICY p ON users USING (true);",
    "DROP POLICY p ON users; CREATE POLICY q ON users USING (id > 0);",
    "DROP POLICY p ON users; CREATE POLICY q ON users USING (id > 0); CREATE POLICY p ON users USING (id = 0);",
    "DROP RULE r ON users; CREATE RULE r AS ON DELETE TO users DO ALSO SELECT 2;",
    "DROP VIEW IF EXISTS v; CREATE VIEW v AS SELECT id, mail, 1 AS one FROM users;",
    "DROP FUNCTION f(int); CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 2';",
    "DROP FUNCTION f; CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 2';",
  ])("%s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
    const [lost] = await withoutTransaction(sql);
    expect(lost).toMatch(/dropping-safeguard|breaking-running-code/);
  });

  test.each([
    ["what differs", "DROP VIEW v; CREATE VIEW v AS SELECT id FROM users;", "breaking-running-code"],
    ["what differs", "DROP VIEW v; CREATE VIEW v AS SELECT id, mail FROM users WHERE id > 1;", "narrowing-view"],
    ["what differs", `DROP TRIGGER t ON users; ${TRIGGER.replace("BEFORE", "AFTER")}`, "dropping-safeguard"],
    ["what differs", "DROP POLICY p ON users; CREATE POLICY p ON users USING (id > 9);", "dropping-safeguard"],
    [
      "what differs",
      "DROP FUNCTION f(int); CREATE FUNCTION f(b int) RETURNS int LANGUAGE sql AS 'SELECT 2';",
      "breaking-running-code",
    ],
    [
      "a policy behind the one of its name",
      "DROP POLICY p ON users; CREATE POLICY p ON users USING (id > 9); CREATE POLICY q ON users USING (id > 0);",
      "dropping-safeguard",
    ],
    [
      "one of another name",
      `DROP TRIGGER t ON users; ${TRIGGER.replace("TRIGGER t", "TRIGGER u")}`,
      "dropping-safeguard",
    ],
    [
      "other arguments",
      "DROP FUNCTION f(int); CREATE FUNCTION f(a int, b int DEFAULT 0) RETURNS int LANGUAGE sql AS 'SELECT 2';",
      "breaking-running-code",
    ],
    [
      "CASCADE",
      "DROP VIEW v CASCADE; CREATE VIEW v AS SELECT id, mail FROM users;",
      "ban-cascade breaking-running-code",
    ],
    [
      "what is exchanged for nothing",
      "DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m AS SELECT id FROM users;",
      "breaking-running-code",
    ],
    ["a COMMIT in between", `BEGIN; DROP TRIGGER t ON users; COMMIT; ${TRIGGER}`, "dropping-safeguard"],
    ["a switch", "ALTER TABLE users DISABLE TRIGGER t; ALTER TABLE users ENABLE TRIGGER t;", "dropping-safeguard"],
  ])("but told is %s: %s", async (_, sql, rule) => {
    expect(await rules([BASE, sql])).toBe(rule);
  });
});
