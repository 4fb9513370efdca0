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
});
