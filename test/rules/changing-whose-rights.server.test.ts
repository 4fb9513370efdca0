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

  const PROCEDURE = "CREATE PROCEDURE p() BEGIN SELECT 1; END;";
  const INVOKERS = PROCEDURE.replace("()", "() SQL SECURITY INVOKER");
  const replaced = (sql: string) => sql.replace("CREATE", "CREATE OR REPLACE");
  const told = async (files: readonly string[]) =>
    (await judged(files, engine)).filter(({ rule }) => rule === "changing-whose-rights").map(({ message }) => message);

  test("a procedure that runs with other rights than before", async () => {
    const [invoker, definer] = ["INVOKER", "DEFINER"].map((whose) => `ALTER PROCEDURE p SQL SECURITY ${whose};`);
    expect((await told([PROCEDURE, `${invoker}`])).join()).toContain("with the rights of its caller");
    expect((await told(["", `${invoker}`])).join()).toContain("with the rights of its caller");
    expect((await told([INVOKERS, `${definer}`])).join()).toContain("with the rights of its definer");
    expect(await told([PROCEDURE, `${definer}`])).toEqual([]);
    expect(await told([PROCEDURE, `${invoker}`, `${invoker}`])).toEqual([]);
    expect(await told([PROCEDURE, "ALTER PROCEDURE p COMMENT 'x';"])).toEqual([]);
    expect(await told([`${PROCEDURE} ${invoker}`])).toEqual([]);
    if (engine === "mysql") return;
    expect((await told([INVOKERS, replaced(PROCEDURE)])).join()).toContain("with the rights of its definer");
    expect((await told([PROCEDURE, replaced(INVOKERS)])).join()).toContain("with the rights of its caller");
    expect(await told([INVOKERS, replaced(INVOKERS)])).toEqual([]);
    expect(await told(["", replaced(INVOKERS)])).toEqual([]);
  });

  describeServer(engine, (server) => {
    test("a procedure has its definer's rights unless it says otherwise, and ALTER changes that", async () => {
      const db = await server.createDatabase("whose_procedure");
      const securityAfter = async (sql: string) => {
        await query(db.url, sql);
        const routines =
          "SELECT security_type AS how FROM information_schema.routines WHERE routine_schema = DATABASE()";
        return (await query(db.url, routines)).map(({ how }) => how);
      };
      expect(await securityAfter(PROCEDURE)).toEqual(["DEFINER"]);
      expect(await securityAfter("ALTER PROCEDURE p SQL SECURITY INVOKER")).toEqual(["INVOKER"]);
      expect(await securityAfter("ALTER PROCEDURE p COMMENT 'x'")).toEqual(["INVOKER"]);
      if (engine === "mariadb") expect(await securityAfter(replaced(PROCEDURE))).toEqual(["DEFINER"]);
      await db.drop();
    });
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

describe("postgres: a function whose rights ALTER changes", () => {
  const FUNCTION = "CREATE FUNCTION f(i int) RETURNS int LANGUAGE sql AS 'SELECT 1';";
  const DEFINERS = FUNCTION.replace("LANGUAGE", "SECURITY DEFINER LANGUAGE");
  const told = async (files: readonly string[]) =>
    (await judged(files)).filter(({ rule }) => rule === "changing-whose-rights").map(({ message }) => message);

  test.each([
    [FUNCTION, "ALTER FUNCTION f(int) SECURITY DEFINER;", "of its owner from here on"],
    ["", "ALTER ROUTINE f(int) SECURITY DEFINER SET search_path = public;", "of its owner from here on"],
    [DEFINERS, "ALTER FUNCTION f(int) SECURITY INVOKER;", "of its caller from here on"],
    [DEFINERS, "ALTER FUNCTION f(int) OWNER TO bob;", 'of "bob" from here on'],
  ])("%s %s", async (before, after, why) => {
    expect((await told([before, after])).join()).toContain(why);
  });
  test.each([
    [DEFINERS, "ALTER FUNCTION f(int) SECURITY DEFINER;"],
    [FUNCTION, "ALTER FUNCTION f SECURITY INVOKER;"],
    [FUNCTION, "ALTER FUNCTION f(int) OWNER TO bob;"],
    [DEFINERS, "ALTER FUNCTION f(int) COST 10 SET search_path = public;"],
    ["", `${FUNCTION} ALTER FUNCTION f(int) SECURITY DEFINER; ALTER FUNCTION f(int) OWNER TO bob;`],
  ])("but not %s %s", async (before, after) => {
    expect(await told([before, after])).toEqual([]);
  });
});
