import { describe, expect, test } from "vitest";
import { rules } from "../rules/judged.js";

const BASE = `CREATE TABLE users (id bigint PRIMARY KEY, name text); CREATE TABLE log (id bigint);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (NEW.id); RETURN NEW; END $$;
CREATE TRIGGER tg AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION tf();`;
const DROP = "-- zmigrate:phase contract\nDROP TABLE log;";
const BROKEN =
  "CREATE OR REPLACE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.nope := 1; RETURN NEW; END $$;";

// PostgreSQL 18: INSERTs went on, or failed.
describe("a trigger that is switched off fails no writes", () => {
  test.each([
    "ALTER TABLE users DISABLE TRIGGER tg;",
    "ALTER TABLE users DISABLE TRIGGER USER;",
    "ALTER TABLE users DISABLE TRIGGER ALL;",
    "ALTER TABLE users ENABLE REPLICA TRIGGER tg;",
  ])("%s", async (off) => {
    expect(await rules([BASE, off, DROP])).toBe("");
    expect(await rules([BASE, off, BROKEN])).toBe("");
    expect(await rules([BASE, off, BROKEN, "ALTER TABLE users ENABLE TRIGGER tg;"])).toBe("breaking-running-code");
    expect(await rules([BASE, off, BROKEN, "ALTER TABLE users ENABLE TRIGGER ALL;"])).toBe("breaking-running-code");
    expect(await rules([BASE, off, "ALTER TABLE users ENABLE TRIGGER tg;"])).toBe("");
  });

  test.each([
    "",
    "ALTER TABLE users DISABLE TRIGGER tg; ALTER TABLE users ENABLE ALWAYS TRIGGER tg;",
    "ALTER TABLE users DISABLE TRIGGER tg; CREATE OR REPLACE TRIGGER tg AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION tf();",
  ])("but not behind: %s", async (on) => {
    expect(await rules([BASE, on, DROP])).toBe("breaking-running-code");
    expect(await rules([BASE, on, BROKEN])).toBe("breaking-running-code");
  });

  test("the function of one is still needed", async () => {
    const off = "ALTER TABLE users DISABLE TRIGGER tg;";
    expect(await rules([BASE, off, "-- zmigrate:phase contract\nDROP FUNCTION tf();"])).toBe("contradicting-history");
  });
});
