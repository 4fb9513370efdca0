import { describe, expect, test } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { allRules, judged } from "./judged.js";

const BASE = "CREATE TABLE t (id int PRIMARY KEY);";
const TRIGGER =
  "CREATE DEFINER=`zm_nobodys_definer`@`localhost` TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.id = NEW.id";
const VIEW = "CREATE DEFINER=`zm_nobodys_definer`@`localhost` VIEW v AS SELECT id FROM t";
const OWN = VIEW.replace("VIEW v", "SQL SECURITY INVOKER VIEW own");
const CALLED = "CREATE DEFINER=`zm_nobodys_definer`@`localhost` PROCEDURE p() SELECT 1";

/** What is made of a definer who is not there, and what fails then; null for nothing. */
const CASES = [
  [TRIGGER, "INSERT INTO t VALUES (1)", "every INSERT of `t` fails"],
  [VIEW, "SELECT * FROM v", "whoever reads view `v` fails"],
  [CALLED, "CALL p()", "calls of procedure `p` fail"],
  [OWN, "SELECT * FROM own", null],
] as const;

describe.each(["mysql", "mariadb"] as const)("%s", (engine) => {
  test.each(CASES)("%s", async (sql, _, why) => {
    const said = (await judged([BASE, `${sql};`], engine)).filter(({ rule }) => rule === "unknown-definer");
    expect(said.map(({ message }) => message).join("")).toContain(why ?? "");
    expect(said).toHaveLength(why === null ? 0 : 1);
  });

  test("an account is told once, and not where files make it", async () => {
    const said = (...files: string[]) => allRules([BASE, ...files], engine);
    expect(await said(`${VIEW};\n${CALLED};`)).toBe("unknown-definer");
    expect(await said(`${VIEW};`, `${CALLED};`)).toBe("");
    expect(await said("CREATE USER zm_nobodys_definer@LOCALHOST IDENTIFIED BY 'x', b;", `${VIEW};`)).toBe("");
    expect(await said("GRANT SELECT ON t TO 'zm_nobodys_definer'@'localhost';", `${VIEW};`)).toBe("");
    expect(await said("CREATE USER zm_nobodys_definer;", `${VIEW};`)).toBe("unknown-definer");
    expect(await said(`${VIEW.replace("`zm_nobodys_definer`@`localhost`", "CURRENT_USER()")};`)).toBe("");
    expect(await said(`${VIEW.replace("zm_nobodys_definer", "root")};`)).toBe("");
  });

  describeServer(engine, (server) => {
    test("it is made, and fails when it is used", async () => {
      const db = await server.createDatabase("definer");
      await query(db.url, BASE);
      for (const [sql, use, why] of CASES) {
        await query(db.url, sql);
        const code = await query(db.url, use).then(
          () => 0,
          (error: { readonly errno: number }) => error.errno,
        );
        expect(code, use).toBe(why === null ? 0 : 1449);
      }
      await db.drop();
    });
  });
});
