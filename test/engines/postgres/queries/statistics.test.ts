import { expect, it } from "vitest";
import { postgresEngine } from "../../../../src/engines/postgres/index.js";
import { statistics } from "../../../../src/engines/postgres/queries/statistics.js";
import { describeServer, query } from "../../../servers/index.js";

describeServer("postgres", (server) => {
  it("reads the texts of this database, and says of those that the role may not see that they are there", async () => {
    const { url, drop } = await server.createDatabase("statistics");
    const options = { connectTimeoutMs: 10_000, applicationName: "test" };
    const database = await postgresEngine.connect(url, options);
    const session = await database.open();
    try {
      await expect(statistics(session)).rejects.toMatchObject({
        code: "not-available",
        message: "The database does not have the extension pg_stat_statements.",
      });
      await query(url, 'CREATE SCHEMA "of stats"');
      await query(url, 'CREATE EXTENSION pg_stat_statements SCHEMA "of stats"');
      for (const n of [1, 2, 3]) await query(url, `SELECT ${n} AS asked_often`);
      const own = await statistics(session);
      expect(own.filter((s) => s.text === "SELECT $1 AS asked_often")).toHaveLength(1);
      await query(url, "CREATE ROLE zmigrate_test_blind");
      await query(url, 'GRANT USAGE ON SCHEMA "of stats" TO zmigrate_test_blind');
      await session.query("SET ROLE zmigrate_test_blind");
      expect(await statistics(session)).toContainEqual({ id: expect.any(String), text: null });
      await session.query("RESET ROLE");
    } finally {
      await session.close();
      await database.close();
      await query(url, 'REVOKE USAGE ON SCHEMA "of stats" FROM zmigrate_test_blind').catch(() => undefined);
      await query(url, "DROP ROLE IF EXISTS zmigrate_test_blind");
      await drop();
    }
  });
});
