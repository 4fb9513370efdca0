import { afterEach, expect, test } from "vitest";
import { plan } from "../../src/commands/plan.js";
import { type Sandbox, sandbox } from "./support.js";

let made: Sandbox;
afterEach(() => made.remove());

const USERS =
  "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, name text, note text);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nCREATE UNIQUE INDEX users_email ON users (email);\n";

const QUERIES = `SELECT id, email FROM users WHERE id = :id;
SELECT * FROM users;
INSERT INTO users (id, email) VALUES (?, ?) ON CONFLICT (email) DO NOTHING;
INSERT INTO users (id, mail) VALUES (?, ?) ON CONFLICT (mail) DO NOTHING;
INSERT INTO users VALUES ($1, $2, $3, $4);
SELECT name FROM users JOIN orders ON users.id = user_id;
SELECT note, email FROM users JOIN orders ON users.id = user_id;
SELECT nothing FROM nowhere;
SELEC;
SET x = 1;
`;

interface Row {
  readonly query: string;
  readonly owner: string;
  readonly expand: string;
  readonly backfill: string;
  readonly contract: string;
  readonly reasons: Readonly<Record<string, string>>;
}

/** A folder with two tables and three changes of theirs, and the queries beside it. */
function box(env: Record<string, string> = {}) {
  made = sandbox(env);
  made.put("zmigrate.config.json", '{ "engine": "postgres", "queries": "queries" }');
  made.put("migrations/20260101000000_users.sql", USERS);
  made.put("queries/users.sql", QUERIES);
  const change = (name: string, sql: string) => made.put(`migrations/${name}.sql`, sql);
  const files = [
    change("20260102000000_mail", "ALTER TABLE users RENAME COLUMN email TO mail;"),
    change("20260103000000_note", "ALTER TABLE orders ADD COLUMN note text;"),
    change("20260104000000_name", "ALTER TABLE orders ADD COLUMN name text;"),
  ];
  return { ...made, files };
}

async function planned(env: Record<string, string> = {}) {
  const { io, files, stdout, stderr } = box(env);
  const code = await plan({ format: "json", serverVersion: "16" }, files, io);
  const [migration, beside, other] = JSON.parse(stdout()).migrations;
  return { code, migration, beside, other, rows: migration.compatibility as Row[], stderr: stderr() };
}

const verdicts = (rows: readonly Row[]) =>
  Object.fromEntries(rows.map((r) => [r.query, [r.owner, r.expand, r.backfill, r.contract].join(" ")]));

test("every query is prepared in every phase: contract may break what old code sends, expand may not", async () => {
  const { code, migration, beside, other, rows, stderr } = await planned();
  expect(migration.refusals).toEqual([]);
  expect(verdicts(rows)).toEqual({
    "SELECT id, email FROM users WHERE id = :id": "old works works breaks",
    "SELECT * FROM users": "old changes changes changes",
    "INSERT INTO users (id, email) VALUES (?, ?) ON CONFLICT (email) DO NOTHING": "old works works breaks",
    "INSERT INTO users (id, mail) VALUES (?, ?) ON CONFLICT (mail) DO NOTHING": "new breaks works works",
    "INSERT INTO users VALUES ($1, $2, $3, $4)": "old works works changes",
    "SELECT name FROM users JOIN orders ON users.id = user_id": "old works works works",
    "SELECT note, email FROM users JOIN orders ON users.id = user_id": "old works works breaks",
    "SELECT nothing FROM nowhere": "none breaks breaks breaks",
    SELEC: "unknown unknown unknown unknown",
  });
  expect(rows[0]?.reasons.swap).toBe('column "email" does not exist');
  expect(rows[1]?.reasons.expand).toBe('returns "mail" too');
  expect(rows[4]?.reasons.drop).toContain("is understood as `(id, name, note, mail)`, was `(id, email, name, note)`");
  expect(code).toBe(1);
  expect(other.phases.expand).toEqual([]);
  expect(other.refusals[0].reason).toMatch(
    /^A query of running code breaks: in expand `SELECT name FROM users JOIN .*users\.sql:6\): column reference "name" is ambiguous\.$/,
  );
  expect(verdicts(other.compatibility)).toMatchObject({
    "SELECT id, email FROM users WHERE id = :id": "gone breaks breaks breaks",
    "INSERT INTO users (id, mail) VALUES (?, ?) ON CONFLICT (mail) DO NOTHING": "old works works works",
  });
  // The first migration is not contracted when the second expands: old code still asks for "email".
  expect(beside.refusals[0].reason).toMatch(
    /^A query of running code breaks: in expand `SELECT note, email .*users\.sql:7\): column reference "note" is ambiguous\.$/,
  );
  expect(verdicts(beside.compatibility)).toMatchObject({
    "SELECT note, email FROM users JOIN orders ON users.id = user_id": "old breaks breaks breaks",
    "SELECT id, email FROM users WHERE id = :id": "gone breaks breaks breaks",
  });
  expect(stderr).toMatch(/^note: 1 statement of --queries was left out: .*users\.sql:10 \(SET is no query\)\.\n$/);
}, 60_000);

test("without a shadow every query is shown as unknown", async () => {
  const { code, rows } = await planned({ ZMIGRATE_SHADOW: "off" });
  expect(code).toBe(0);
  expect(rows).toHaveLength(9);
  expect(new Set(rows.map((r) => [r.owner, r.expand, r.backfill, r.contract].join(" ")))).toEqual(
    new Set(["unknown unknown unknown unknown"]),
  );
  expect(rows[0]?.reasons.expand).toContain("--no-shadow");
});
