import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { judged, rules } from "./judged.js";

const BASE = "CREATE TABLE users (id bigserial PRIMARY KEY, email text NOT NULL, age int);";
const OLD = "INSERT INTO users (email) VALUES ('a')";
const ADDED = "ALTER TABLE users ADD COLUMN k text, ADD COLUMN k2 text;";
const check = (condition: string) => `ALTER TABLE users ADD CONSTRAINT c CHECK (${condition}) NOT VALID;`;

const REFUSING = [
  check("k IS NOT NULL"),
  check("num_nonnulls(k, k2) = 1"),
  check("(k IS NULL) <> (k2 IS NULL)"),
  check("k IS NOT NULL OR k2 IS NOT NULL"),
  check("coalesce(k, k2) IS NOT NULL AND email <> ''"),
  check("k IS DISTINCT FROM NULL"),
  check("coalesce(k = 'a', false)"),
  check("(k = 'x') IS TRUE"),
  check("NOT (k IS NULL)"),
  "ALTER TABLE users ADD CONSTRAINT c NOT NULL k NOT VALID;",
];
const LETTING = [
  check("k IN ('a', 'b')"),
  check("k <> ''"),
  check("num_nonnulls(k, k2) < 2"),
  check("k IS NOT NULL OR email IS NOT NULL"),
  check("k IS NULL OR length(k) > 3"),
  check("(k IS NULL) = (k2 IS NULL)"),
  check("(k = 'x') IS NOT FALSE"),
];

describe("a check NOT VALID of columns that the file adds", () => {
  test.each(REFUSING)("refuses what running code inserts: %s", async (sql) => {
    expect(await rules([BASE, ADDED + sql], "postgres", "18")).toBe("check-before-backfill");
    const split = `-- zmigrate:phase expand\n${ADDED}\n-- zmigrate:phase contract\n${sql}`;
    expect(await rules([BASE, split], "postgres", "18")).not.toContain("check-before-backfill");
  });
  test.each(LETTING)("lets it through: %s", async (sql) => {
    expect(await rules([BASE, ADDED + sql])).toBe("");
  });
  test("says for whom and why", async () => {
    const [finding] = await judged([BASE, `${ADDED}${check("num_nonnulls(k, k2) = 1")}`]);
    expect(finding?.message).toContain('leaves out "k", "k2"');
  });
  test.each([
    `ALTER TABLE users ADD COLUMN k text, ADD CONSTRAINT c CHECK (k IS NOT NULL) NOT VALID;`,
    `BEGIN; ${ADDED} ${check("k IS NOT NULL")} COMMIT;`,
  ])("%s", async (sql) => {
    expect(await rules([BASE, sql])).toContain("check-before-backfill");
  });
  test.each([
    `ALTER TABLE users ADD COLUMN k text DEFAULT 'a'; ${check("k IS NOT NULL")}`,
    `${ADDED} ALTER TABLE users ALTER k SET DEFAULT 'a'; ${check("k IS NOT NULL")}`,
    `BEGIN; ${ADDED} ${check("k IS NOT NULL")} ALTER TABLE users ALTER k SET DEFAULT 'a'; COMMIT;`,
    `${ADDED} CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.k := 'a'; RETURN NEW; END $$;
     CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f(); ${check("k IS NOT NULL")}`,
    check("age IS NOT NULL"),
    `CREATE TABLE t (id int); ALTER TABLE t ADD COLUMN k text; ${check("k IS NOT NULL").replace("users", "t")}`,
  ])("but not %s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });
});

describeServer("postgres", (server) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await server.createDatabase();
  });
  afterAll(() => database?.drop());

  test("INSERTs of running code behind each of them", async () => {
    const write = async (sql: string): Promise<boolean> => {
      await query(database.url, `DROP TABLE IF EXISTS users; ${BASE} ${ADDED} ${sql}`);
      return query(database.url, OLD).then(
        () => true,
        () => false,
      );
    };
    for (const sql of REFUSING) expect([sql, await write(sql)]).toEqual([sql, false]);
    for (const sql of LETTING) expect([sql, await write(sql)]).toEqual([sql, true]);
  });
});
