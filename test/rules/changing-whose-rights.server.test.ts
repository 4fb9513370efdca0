import { describe, expect, test } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { judged, rules } from "./judged.js";

const TABLE = "CREATE TABLE users (id bigint PRIMARY KEY, mail varchar(99));";
const QUERY = "AS SELECT id, mail FROM users;";
const OWN = `${TABLE} CREATE VIEW v ${QUERY}`;
const READERS = `${TABLE} CREATE SQL SECURITY INVOKER VIEW v ${QUERY}`;

describe.each(["mysql", "mariadb"] as const)("%s: a view that reads with other rights than before", (engine) => {
  test.each([
    [OWN, `CREATE OR REPLACE SQL SECURITY INVOKER VIEW v ${QUERY}`, "with the rights of its reader"],
    [OWN, `ALTER SQL SECURITY INVOKER VIEW v ${QUERY}`, "with the rights of its reader"],
    [READERS, `CREATE OR REPLACE VIEW v ${QUERY}`, "with the rights of its definer"],
    [READERS, `CREATE OR REPLACE SQL SECURITY DEFINER VIEW v ${QUERY}`, "with the rights of its definer"],
  ])("%s %s", async (before, after, why) => {
    const [found] = (await judged([before, after], engine)).filter(({ rule }) => rule === "changing-whose-rights");
    expect(found).toMatchObject({ severity: "warning" });
    expect(found?.message).toContain(why);
  });

  test("or not", async () => {
    expect(await rules([OWN, `CREATE OR REPLACE SQL SECURITY DEFINER VIEW v ${QUERY}`], engine)).toBe("");
    expect(await rules([READERS, `CREATE OR REPLACE SQL SECURITY INVOKER VIEW v ${QUERY}`], engine)).toBe("");
    expect(await rules([READERS, `ALTER VIEW v ${QUERY}`], engine)).toBe("");
    const altered = `ALTER SQL SECURITY INVOKER VIEW v ${QUERY}`;
    expect(await rules([OWN, altered, `CREATE OR REPLACE SQL SECURITY INVOKER VIEW v ${QUERY}`], engine)).toBe("");
    expect(await rules(["", `CREATE OR REPLACE SQL SECURITY INVOKER VIEW v ${QUERY}`], engine)).toBe("");
  });

  describeServer(engine, (server) => {
    test("ALTER without the words keeps what the view has, OR REPLACE does not", async () => {
      const db = await server.createDatabase("whose");
      const securityAfter = async (sql: string) => {
        await query(db.url, sql);
        return (
          await query(
            db.url,
            "SELECT security_type AS how FROM information_schema.views WHERE table_schema = DATABASE()",
          )
        ).map(({ how }) => how);
      };
      await query(db.url, TABLE);
      expect(await securityAfter(`CREATE SQL SECURITY INVOKER VIEW v ${QUERY}`)).toEqual(["INVOKER"]);
      expect(await securityAfter(`ALTER VIEW v ${QUERY}`)).toEqual(["INVOKER"]);
      expect(await securityAfter(`CREATE OR REPLACE VIEW v ${QUERY}`)).toEqual(["DEFINER"]);
      await db.drop();
    });
  });
});
