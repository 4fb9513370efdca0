import { afterEach, expect, test } from "vitest";
import { plan } from "../../src/commands/plan.js";
import { type Sandbox, sandbox } from "./support.js";

let made: Sandbox;
afterEach(() => made.remove());

function box(files: Readonly<Record<string, string>>): Sandbox {
  made = sandbox();
  for (const [file, text] of Object.entries(files)) made.put(file, text);
  return made;
}

const CONFIG = '{ "engine": "postgres" }';
const USERS = "CREATE TABLE users (id bigint PRIMARY KEY);\n";
const COLUMN = "ALTER TABLE users ADD COLUMN age int;\n";

test("without a database a plan is tried in an embedded PostgreSQL", async () => {
  const { io, stdout, stderr } = box({
    "zmigrate.config.json": CONFIG,
    "migrations/20260101000000_users.sql": USERS,
    "migrations/20260102000000_age.sql": COLUMN,
  });
  expect(await plan({ format: "json" }, [], io)).toBe(0);
  const report = JSON.parse(stdout());
  expect(report.schemaSource).toBe("shadow");
  expect(report.migrations[1].phases.expand[0]).toMatchObject({ evidence: "traced" });
  expect(stderr()).toBe("");
}, 60_000);

test("a history that cannot be replayed is named, and planned from the files alone, with its queries unknown", async () => {
  const { io, stdout, stderr } = box({
    "zmigrate.config.json": '{ "engine": "postgres", "queries": ["q.sql"] }',
    "q.sql": "SELECT id FROM users",
    "migrations/20260102000000_older.sql": "SELECT 1;\n\nCREATE EXTENSION postgis_of_ours;\n",
    "migrations/20260103000000_users.sql": USERS,
  });
  await plan({ format: "json" }, [made.put("migrations/20260103000000_users.sql", USERS)], io);
  const { schemaSource, migrations } = JSON.parse(stdout());
  expect(schemaSource).toBe("files");
  expect(migrations[0].compatibility).toMatchObject([{ owner: "unknown", expand: "unknown" }]);
  expect(stderr()).toContain("20260102000000_older.sql:3:1");
  expect(stderr()).toContain("postgis_of_ours");
  expect(stderr()).toContain("was not tried");
}, 60_000);
