import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { judged, rules } from "./judged.js";

const BASE = `CREATE TYPE x AS ENUM ('A', 'B'); CREATE DOMAIN em AS text; CREATE DOMAIN em2 AS em; CREATE DOMAIN c AS varchar(50) CHECK (VALUE <> '');
CREATE TABLE t (id bigint PRIMARY KEY, e x, es x[], m em, m2 em2, c c);
CREATE FUNCTION f(x, x[]) RETURNS x LANGUAGE sql AS 'SELECT $1';`;

/** The type has another name first: then what the column becomes, and whether the server writes the table again. */
const CHANGES = [
  ["ALTER TYPE x RENAME TO y;", "e TYPE y", false],
  ["ALTER TYPE x RENAME TO y;", "es TYPE y[]", false],
  ["ALTER TYPE x RENAME TO y; CREATE TYPE x AS ENUM ('A', 'B');", "e TYPE x USING e::text::x", true],
  ["ALTER TYPE x RENAME TO y; CREATE TYPE x AS ENUM ('A', 'B');", "e TYPE y", false],
  ["CREATE SCHEMA IF NOT EXISTS s; ALTER TYPE x SET SCHEMA s;", "e TYPE s.x", false],
  ["ALTER DOMAIN em RENAME TO old; CREATE DOMAIN em AS text;", "m TYPE em", false],
  ["ALTER DOMAIN em RENAME TO old; CREATE DOMAIN em AS varchar(100) CHECK (VALUE <> '');", "m TYPE em", true],
  ["ALTER DOMAIN em RENAME TO old; CREATE DOMAIN em AS text CHECK (VALUE <> '');", "m2 TYPE old", false],
  ["ALTER DOMAIN em RENAME TO old; CREATE DOMAIN em AS text CHECK (VALUE <> '');", "m TYPE em2", false],
  ["ALTER DOMAIN c RENAME TO old; CREATE DOMAIN c AS varchar(50);", "c TYPE c", true],
] as const;

const MADE = "CREATE TYPE x_new AS ENUM ('A', 'B', 'C');";
const MOVED = "ALTER TABLE t ALTER COLUMN e TYPE x_new USING e::text::x_new, ALTER COLUMN es TYPE text[];";
const OTHER = "DROP FUNCTION f(x, x[]);";
/** Statements that name the type find it again. */
const SWAPS = [
  `${OTHER} ${MADE} ${MOVED} ALTER TYPE x RENAME TO x_old; ALTER TYPE x_new RENAME TO x; DROP TYPE x_old;`,
  `${OTHER} ${MADE} ${MOVED} DROP TYPE x; ALTER TYPE x_new RENAME TO x;`,
  `${OTHER} ALTER TYPE x RENAME TO x_old; CREATE TYPE x AS ENUM ('A', 'B'); ${MOVED.replaceAll("x_new", "x")} DROP TYPE x_old;`,
  "ALTER DOMAIN em RENAME TO old; CREATE DOMAIN em AS text; ALTER TABLE t ALTER COLUMN m TYPE em;",
];

describe("a type that has another name", () => {
  test.each(CHANGES)("%s %s", async (renamed, change, isWritten) => {
    const found = await rules([BASE, renamed, `ALTER TABLE t ALTER COLUMN ${change};`]);
    expect(found.includes("changing-column-type")).toBe(isWritten);
  });
  test("is what its functions take", async () => {
    expect(await rules([BASE, "ALTER TYPE x RENAME TO y;", "DROP FUNCTION f(y, y[]);"])).toBe("breaking-running-code");
    expect(await rules([BASE, "ALTER TYPE x RENAME TO y;", "DROP FUNCTION f(x, x[]);"])).toContain("contradicting");
  });
});

describe("a type whose name the same transaction gives to another one", () => {
  const said = async (sql: string) =>
    (await judged([BASE, `BEGIN; ${sql} COMMIT;`])).filter(({ rule }) => rule === "breaking-running-code");
  test.each(SWAPS)("%s", async (sql) => {
    expect((await said(sql)).filter(({ message }) => !message.includes("function f"))).toEqual([]);
  });
  test("is told with the values that are lost", async () => {
    const [found] = await said("ALTER TYPE x RENAME TO x_old; CREATE TYPE x AS ENUM ('A');");
    expect(found).toMatchObject({ severity: "error", message: expect.stringContaining("is without 'B'") });
  });
  test("is told where it is not known which values it had", async () => {
    const [found] = await said("ALTER TYPE unknown RENAME TO old; CREATE TYPE unknown AS ENUM ('A');");
    expect(found).toMatchObject({ severity: "warning", message: expect.stringContaining("Assumed") });
  });
  test("is told where nothing gets the name, or it gets it in another transaction", async () => {
    expect(await said("ALTER TYPE x RENAME TO y;")).toHaveLength(1);
    expect(await said("ALTER TYPE x RENAME TO y; COMMIT; BEGIN; CREATE TYPE x AS ENUM ('A', 'B');")).toHaveLength(1);
    expect(await said("ALTER TYPE x RENAME TO y; CREATE TYPE s.x AS ENUM ('A', 'B');")).toHaveLength(1);
  });
});

describe("a column whose type gives way to another one of its name", () => {
  const said = async (sql: string) =>
    (await judged([BASE, sql])).filter(({ rule }) => rule === "changing-column-type").map(({ message }) => message);
  test.each(SWAPS.slice(1, 3))("is met by what was prepared before: %s", async (sql) => {
    expect(await said(`BEGIN; ${sql} COMMIT;`)).toContainEqual(expect.stringContaining("another x: connections"));
  });
  test("is told by the name that running code knows it by", async () => {
    const [other] = await said(`ALTER TYPE x RENAME TO y; ${MADE} ${MOVED}`);
    expect(other).toContain("bind or compare e as x meet x_new");
  });
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("renamed_type");
    await query(db.url, BASE);
  });
  afterAll(() => db?.drop());

  test("writes the same tables again", async () => {
    for (const [renamed, change, isWritten] of CHANGES) {
      const node = "SELECT set_config('t.node', pg_relation_filenode('t')::text, false);";
      const fails = `DO $$ BEGIN IF (current_setting('t.node') <> pg_relation_filenode('t')::text) <> ${isWritten} THEN RAISE 'other'; END IF; END $$;`;
      await query(db.url, `BEGIN; ${renamed} ${node} ALTER TABLE t ALTER COLUMN ${change}; ${fails} ROLLBACK`);
    }
  });
  test("fails what was prepared before, and no other statement", async () => {
    const prepared = "PREPARE p(x) AS SELECT id FROM t WHERE e = $1;";
    const sql = `BEGIN; ${prepared} ${SWAPS[2]} SELECT id FROM t WHERE e = 'A'::x;`;
    await query(db.url, `${sql} ROLLBACK; DEALLOCATE p`);
    await expect(query(db.url, `${sql} EXECUTE p('A')`)).rejects.toMatchObject({ code: "XX000" });
  });
  test("finds a type again", async () => {
    for (const sql of SWAPS) await query(db.url, `BEGIN; ${sql} SELECT 'A'::x, 'a'::em; ROLLBACK`);
    const lost = "BEGIN; ALTER TYPE x RENAME TO x_old; CREATE TYPE x AS ENUM ('A'); SELECT 'B'::x";
    await expect(query(db.url, lost)).rejects.toMatchObject({ code: "22P02" });
  });
});
