import { describe, expect, test } from "vitest";
import { judged } from "../rules/judged.js";

const BASE = "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20)); CREATE VIEW v AS SELECT name FROM users;";
const [DROP, TYPE] = ["DROP VIEW v;", "ALTER TABLE users ALTER COLUMN name TYPE varchar(30);"];
const refused = async (body: string) => {
  const found = await judged([BASE, `DO $$ BEGIN ${body} END $$;`]);
  return found.flatMap(({ message }) => (message.includes("0A000") ? [message] : []));
};

describe("a statement in a branch of a block", () => {
  test.each([
    `IF a() THEN ${DROP} ${TYPE} END IF;`,
    `IF a() THEN NULL; ELSIF b() THEN ${DROP} ${TYPE} ELSE NULL; END IF;`,
    `IF a() THEN NULL; ELSE ${DROP} IF b() THEN ${TYPE} END IF; END IF;`,
    `CASE WHEN a() THEN ${DROP} ${TYPE} ELSE NULL; END CASE;`,
    `BEGIN ${DROP} ${TYPE} EXCEPTION WHEN others THEN NULL; END;`,
    `FOR i IN 1..2 LOOP ${DROP} ${TYPE} END LOOP;`,
    `BEGIN NULL; EXCEPTION WHEN others THEN ${DROP} ${TYPE} END;`,
  ])("stands behind those in front of it there: %s", async (body) => {
    expect(await refused(body)).toEqual([]);
  });
  test.each([
    `IF a() THEN ${DROP} END IF; ${TYPE}`,
    `IF a() THEN ${DROP} END IF; IF b() THEN ${TYPE} END IF;`,
    `IF a() THEN IF b() THEN ${DROP} END IF; ${TYPE} END IF;`,
    `IF a() THEN ${DROP} ELSE ${TYPE} END IF;`,
    `IF a() THEN ${DROP} ELSIF b() THEN ${TYPE} END IF;`,
  ])("and behind what may not have run: %s", async (body) => {
    expect(await refused(body)).toEqual([expect.stringMatching(/Assumed: .*what a condition/)]);
  });
});

describe("what a block drops and makes again", () => {
  const MADE = [
    ["view", "DROP VIEW v;", "CREATE VIEW v AS SELECT name FROM users;"],
    [
      "trigger",
      "DROP TRIGGER tr ON users;",
      "CREATE TRIGGER tr BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION tf();",
    ],
    ["policy", "DROP POLICY p ON users;", "CREATE POLICY p ON users USING (id > 0);"],
    ["function", "DROP FUNCTION f(int);", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 2';"],
  ] as const;
  const ALL = `${BASE}
    CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := lower(NEW.name); RETURN NEW; END $$;
    CREATE TRIGGER tr BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION tf();
    ALTER TABLE users ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON users USING (id > 0);
    CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';`;
  const lost = async (file: string) => {
    const found = await judged([ALL, file]);
    return found.some(({ rule }) => rule === "breaking-running-code" || rule === "dropping-safeguard");
  };
  const block = (body: string) => `DO $$ BEGIN ${body} END $$;`;

  test.each(MADE)("a %s is lost to nobody", async (_, drop, make) => {
    expect(await lost(block(`IF a() THEN ${drop} ${TYPE} ${make} END IF;`))).toBe(false);
    expect(await lost(block(`IF a() THEN RETURN; END IF; ${drop} ${make}`))).toBe(false);
    expect(await lost(block(`IF a() THEN IF b() THEN ${drop} END IF; ${make} END IF;`))).toBe(false);
    expect(await lost(block(`FOR i IN 1..2 LOOP ${drop} ${make} END LOOP;`))).toBe(false);
    expect(await lost(`BEGIN; ${block(drop)} ${make} COMMIT;`)).toBe(false);
  });
  test.each(MADE)("but a %s that may not be made again is", async (_, drop, make) => {
    expect(await lost(block(`IF a() THEN ${drop} END IF; IF b() THEN ${make} END IF;`))).toBe(true);
    expect(await lost(block(`IF a() THEN ${drop} ELSE ${make} END IF;`))).toBe(true);
    expect(await lost(block(`${drop} IF a() THEN RETURN; END IF; ${make}`))).toBe(true);
    expect(await lost(block(`LOOP ${drop} EXIT WHEN a(); ${make} END LOOP;`))).toBe(true);
    expect(await lost(block(`${drop} FOR i IN 1..0 LOOP ${make} END LOOP;`))).toBe(true);
    expect(await lost(block(`${drop} COMMIT; ${make}`))).toBe(true);
    expect(await lost(`${block(drop)} ${make}`)).toBe(true);
  });
});
