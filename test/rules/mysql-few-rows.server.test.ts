import { createConnection } from "mysql2/promise";
import { describe, expect, test } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { rules } from "./judged.js";

const ORGS = "CREATE TABLE orgs (id bigint PRIMARY KEY, n int);";
const NOTHING = [
  "SELECT * FROM orgs WHERE 1 = 0",
  "SELECT * FROM orgs WHERE n > 3 AND FALSE",
  "SELECT * FROM orgs LIMIT 0",
  "SELECT n, count(*) AS c FROM orgs GROUP BY n ORDER BY n LIMIT 0",
];
const BATCH = "SELECT * FROM orgs WHERE id > 1 AND id <= 1000";
const ONE = [
  "SELECT * FROM orgs WHERE id = 1",
  BATCH,
  "WITH o AS (SELECT * FROM orgs WHERE id IN (1, 2)) SELECT * FROM o",
];
const ALL = [
  "SELECT * FROM orgs",
  "SELECT * FROM orgs WHERE 1 = 1",
  "SELECT * FROM orgs WHERE n BETWEEN -3 AND 0",
  "SELECT * FROM orgs WHERE n = 3 OR 1 = 0",
  "SELECT * FROM orgs UNION ALL SELECT * FROM orgs LIMIT 0",
  "SELECT * FROM orgs LIMIT 5",
  "WITH o AS (SELECT * FROM orgs) SELECT * FROM o WHERE id = 1",
];

describe.each(["mysql", "mariadb"] as const)("%s: CREATE TABLE ... AS SELECT", (engine) => {
  test.each([...NOTHING, ...ONE])("%s holds nobody up", async (from) => {
    expect(await rules([ORGS, `CREATE TABLE o AS ${from};`], engine)).not.toContain("blocking-table-access");
  });

  test.each(ALL)("%s holds writers up", async (from) => {
    expect(await rules([ORGS, `CREATE TABLE o AS ${from};`], engine)).toContain("blocking-table-access");
  });

  test("INSERT of a batch holds up only who writes its rows", async () => {
    const copied = (from: string) =>
      rules([ORGS, `CREATE TABLE o LIKE orgs;\nCOMMIT;\nINSERT INTO o ${from};`], engine);
    expect(await copied(BATCH)).toBe("");
    expect(await copied("SELECT * FROM orgs WHERE id > 1")).toBe("blocking-table-access");
    expect(await rules([`${ORGS} CREATE TABLE o LIKE orgs;`, `INSERT INTO o ${BATCH};`], engine)).toBe("");
  });

  describeServer(engine, (server) => {
    test("reads no row in order to find none", async () => {
      const db = await server.createDatabase("few");
      await query(db.url, ORGS.replace(";", ""));
      await query(db.url, "INSERT INTO orgs VALUES (1, 1), (2, 2), (3, 3), (40, 4)");
      const session = await createConnection({ uri: db.url });
      await session.query("FLUSH STATUS");
      for (const [at, from] of [...NOTHING, ...ONE].entries()) await session.query(`CREATE TABLE o${at} AS ${from}`);
      const [read] = await session.query("SHOW SESSION STATUS LIKE 'Handler_read_rnd_next'");
      await session.query("CREATE TABLE o LIKE orgs");
      await session.query("BEGIN");
      await session.query("INSERT INTO o SELECT * FROM orgs WHERE id > 0 AND id <= 2");
      for (const sql of ["UPDATE orgs SET n = 5 WHERE id = 40", "INSERT INTO orgs VALUES (50, 5)"])
        await query(db.url, sql);
      session.destroy();
      expect(read).toMatchObject([{ Value: "0" }]);
      await db.drop();
    });
  });
});
