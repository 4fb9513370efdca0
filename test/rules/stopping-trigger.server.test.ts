import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { rules } from "./judged.js";

const BASE = `CREATE TABLE archive (id bigint PRIMARY KEY, body text);
CREATE FUNCTION nope() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE x int; BEGIN RAISE EXCEPTION 'read only'; END $$;
CREATE FUNCTION lost() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN /* gone */ RETURN NULL; END; $$;
CREATE FUNCTION checks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id < 0 THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;`;
const trigger = (how: string) => `CREATE TRIGGER ro ${how}();`;
const REFUSED = trigger("BEFORE INSERT ON archive FOR EACH ROW EXECUTE FUNCTION nope");
const LOST = trigger("BEFORE INSERT ON archive FOR EACH ROW EXECUTE FUNCTION lost");
const WRITTEN = [
  trigger("BEFORE INSERT ON archive FOR EACH ROW EXECUTE FUNCTION checks"),
  trigger("AFTER INSERT ON archive FOR EACH ROW EXECUTE FUNCTION lost"),
  trigger("BEFORE INSERT ON archive FOR EACH STATEMENT EXECUTE FUNCTION lost"),
  trigger("BEFORE INSERT ON archive FOR EACH ROW WHEN (NEW.id < 0) EXECUTE FUNCTION nope"),
];

describe("a first trigger that refuses or swallows what running code writes", () => {
  test.each([REFUSED, LOST])("%s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("breaking-running-code");
    expect(await rules([BASE, `-- zmigrate:phase contract\n${sql}`])).toBe("");
  });
  test.each(WRITTEN)("but not %s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });
  test("of a new table nobody writes to", async () => {
    expect(await rules([BASE, `CREATE TABLE n (id int); ${REFUSED.replace("archive", "n")}`])).toBe("");
  });
});

const LIVE = `${BASE}
CREATE TABLE audit (what text);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.body := 'x'; RETURN NEW; END $$;
CREATE TRIGGER tg BEFORE INSERT ON archive FOR EACH ROW EXECUTE FUNCTION tf();`;
const replaced = (body: string) =>
  `CREATE OR REPLACE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} END $$;`;
const LACKS = replaced("NEW.more := 1; RETURN NEW;");
const SWALLOWS = replaced("RETURN NULL;");
const FAILING = [
  ["42703", LACKS],
  ["2F005", replaced("NEW.body := 'y';")],
  ["P0001", replaced("RAISE EXCEPTION 'no';")],
  ["42703", replaced("INSERT INTO audit (what, who) VALUES ('x', 'y'); RETURN NEW;")],
] as const;
const FINE = replaced("NEW.body := 'y'; INSERT INTO audit (what) VALUES ('x'); RETURN NEW;");
const ADDED = "ALTER TABLE archive ADD COLUMN more int;";

describe("another body of a function that a live trigger calls", () => {
  test.each([...FAILING.map(([, sql]) => sql), SWALLOWS])("%s", async (sql) => {
    expect(await rules([LIVE, sql])).toBe("breaking-running-code");
  });
  test.each([
    [FINE],
    [`${ADDED} ${LACKS}`],
    [`BEGIN; ${LACKS} ${ADDED} COMMIT;`],
    [
      `CREATE FUNCTION own() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; ${SWALLOWS.replace("tf", "own")}`,
    ],
  ])("but not %s", async (sql) => {
    expect(await rules([LIVE, sql])).toBe("");
  });
  test("a trigger that comes too late to stop a row no longer changes it either", async () => {
    const after = "CREATE OR REPLACE TRIGGER tg AFTER INSERT ON archive FOR EACH ROW EXECUTE FUNCTION tf();";
    expect(await rules([LIVE, `BEGIN; ${SWALLOWS} ${after} COMMIT;`])).toBe("dropping-safeguard");
  });
  test("what it did before is no news, and without its trigger it stops nothing", async () => {
    expect(await rules([LIVE, LACKS, replaced("/* as before */ NEW.more := 1; RETURN NEW;")])).toBe("");
    expect(await rules([LIVE, "DROP TRIGGER tg ON archive;", LACKS])).toBe("");
    const after =
      "DROP TRIGGER tg ON archive; CREATE TRIGGER tg AFTER INSERT ON archive FOR EACH ROW EXECUTE FUNCTION tf();";
    expect(await rules([LIVE, after, SWALLOWS])).toBe("");
  });
  test("of a table that the file makes nobody writes to", async () => {
    const made =
      "CREATE TABLE n (id int); CREATE TRIGGER t2 BEFORE INSERT ON n FOR EACH ROW EXECUTE FUNCTION checks();";
    expect(await rules([BASE, `${made} ${LACKS.replace("tf", "checks")}`])).toBe("");
  });
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("stopping");
    await query(db.url, BASE);
  });
  afterAll(() => db?.drop());
  const insert = async (sql: string) => {
    await query(db.url, `DROP TRIGGER IF EXISTS ro ON archive; TRUNCATE archive; ${sql}`);
    await query(db.url, "INSERT INTO archive VALUES (1, 'x')");
    return (await query(db.url, "SELECT id FROM archive")).length;
  };

  test("does what is said of it", async () => {
    await expect(insert(REFUSED)).rejects.toMatchObject({ code: "P0001" });
    expect(await insert(LOST)).toBe(0);
    for (const sql of WRITTEN) expect(await insert(sql)).toBe(1);
  });
  test("does the same where its function gets another body", async () => {
    await query(db.url, `DROP TRIGGER IF EXISTS ro ON archive; ${LIVE.replace(BASE, "")}`);
    for (const [code, sql] of FAILING) await expect(insert(sql)).rejects.toMatchObject({ code });
    expect(await insert(SWALLOWS)).toBe(0);
    expect(await insert(FINE)).toBe(1);
    expect(await insert(`${LACKS} ${ADDED}`)).toBe(1);
  });
});
