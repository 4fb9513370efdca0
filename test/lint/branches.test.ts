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
