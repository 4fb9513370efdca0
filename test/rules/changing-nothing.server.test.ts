import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { judged, rules } from "./judged.js";

const BASE = `CREATE TABLE z (id bigint PRIMARY KEY, name text);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tg BEFORE INSERT ON z FOR EACH ROW EXECUTE FUNCTION tf();
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1';`;
const on = (what: string) => `ALTER TABLE z ${what};`;

/** What was done before, the same again, and what undoes it. */
const AGAIN: readonly (readonly [done: string, again: string, undone: string])[] = [
  [on("ENABLE ROW LEVEL SECURITY"), on("ENABLE ROW LEVEL SECURITY"), on("DISABLE ROW LEVEL SECURITY")],
  [on("DISABLE ROW LEVEL SECURITY"), on("DISABLE ROW LEVEL SECURITY"), on("ENABLE ROW LEVEL SECURITY")],
  [on("FORCE ROW LEVEL SECURITY"), on("FORCE ROW LEVEL SECURITY"), on("NO FORCE ROW LEVEL SECURITY")],
  [on("DISABLE TRIGGER tg"), on("DISABLE TRIGGER tg"), on("ENABLE TRIGGER tg")],
  [on("DISABLE TRIGGER USER"), on("DISABLE TRIGGER tg"), on("ENABLE TRIGGER tg")],
  ["", on("SET LOGGED"), on("SET UNLOGGED")],
  [on("SET UNLOGGED"), on("SET UNLOGGED"), on("SET LOGGED")],
];

describe("a statement that changes nothing, as files show, stops nobody", () => {
  test.each(AGAIN)("%s, and again: %s", async (done, again, undone) => {
    expect(await rules([BASE, done, again])).toBe("");
    expect(await rules([BASE, done, undone, again])).not.toBe("");
    expect(await rules([again])).not.toBe("");
  });

  test("what may have run is not known to have", async () => {
    const perhaps = (sql: string) => `DO $$ BEGIN IF now() > '2020-01-01' THEN ${sql} END IF; END $$;`;
    const [enable, disable] = [on("ENABLE ROW LEVEL SECURITY"), on("DISABLE ROW LEVEL SECURITY")];
    expect(await rules([BASE, perhaps(enable), enable])).toBe("breaking-running-code");
    expect(await rules([BASE, enable, perhaps(disable), enable])).toBe("breaking-running-code");
    expect(await rules([BASE, `BEGIN; ${enable} ROLLBACK;`, enable])).toBe("breaking-running-code");
  });

  test("what no file has turned on may be on by somebody else", async () => {
    const [said] = await judged([BASE, on("DISABLE ROW LEVEL SECURITY")]);
    expect(said?.message).toContain('Assumed: row security of "z" is on, though no file turned it on.');
  });
});

const STATE = `SELECT relrowsecurity, relforcerowsecurity, relfilenode, relacl::text,
  (SELECT array_agg(tgenabled ORDER BY tgname)::text FROM pg_trigger WHERE tgrelid = c.oid) AS triggers,
  (SELECT string_agg(concat(proacl::text, prosecdef), ',' ORDER BY proname) FROM pg_proc WHERE proname IN ('f', 'tf')) AS routines
  FROM pg_class c WHERE relname = 'z'`;

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("nothing");
  });
  afterAll(() => db?.drop());

  test.each(AGAIN)("the server's catalog stays as it is: %s, and again: %s", async (done, again, undone) => {
    await query(db.url, `DROP TABLE IF EXISTS z CASCADE; DROP FUNCTION IF EXISTS tf, f; ${BASE} ${done}`);
    const before = await query(db.url, STATE);
    await query(db.url, again);
    expect(await query(db.url, STATE)).toEqual(before);
    await query(db.url, undone);
    expect(await query(db.url, STATE)).not.toEqual(before);
  });
});
