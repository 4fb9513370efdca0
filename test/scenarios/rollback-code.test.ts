import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { ID, RENAME } from "./support/users.js";

const NEXT = "20260102000000";

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const own = suite();
  const body = "SELECT email_address FROM users WHERE id = 1";
  const made =
    server.name === "postgres"
      ? `CREATE FUNCTION "Mail"() RETURNS text LANGUAGE sql AS $$ ${body} $$;`
      : `CREATE FUNCTION Mail() RETURNS text READS SQL DATA RETURN (${body});`;

  it("keeps a column that a later migration's function names, until that one is taken back", async () => {
    const { db, project: p } = await own.scene(server, 20, RENAME);
    p.write(`migrations/${NEXT}_mail.sql`, `${made}\n`);
    await works(p.run("apply", "--release", "r1"));
    const refused = await p.run("rollback", ID);
    expect(refused.code, refused.stderr).toBe(1);
    expect(refused.stderr).toMatch(/function .*Mail.*20260102000000 .mail. has made, names users.email_address/s);
    const call = server.name === "postgres" ? 'SELECT "Mail"() AS m' : "SELECT Mail() AS m";
    expect(await query(db.url, call)).toEqual([{ m: "user1@example.com" }]);
    await works(p.run("rollback", NEXT));
    await works(p.run("rollback", ID));
  });
});
