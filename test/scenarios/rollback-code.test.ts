import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { ID, RENAME } from "./support/users.js";

const NEXT = "20260102000000";

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mariadb"], (server) => {
  const own = suite();
  const body = "SELECT email_address FROM users WHERE id = 1";
  const made =
    server.name === "postgres"
      ? `CREATE FUNCTION "Mail"() RETURNS text LANGUAGE sql AS $$ ${body} $$;`
      : `CREATE FUNCTION Mail() RETURNS text READS SQL DATA RETURN (${body});`;

  it("keeps a column that a later migration's function names, until that one is taken back", async () => {
    const { db, project: p } = await own.scene(server, 20, RENAME);
    p.write(`migrations/${NEXT}_mail.sql`, `${made}\n`);
    const other = made.replace("Mail", "other_fx").replace(body, "SELECT 'x'");
    p.write("migrations/20260103000000_other.sql", `${other}\n`);
    await works(p.run("apply", "--release", "r1"));
    const refused = await p.run("rollback", ID);
    expect(refused.code, refused.stderr).toBe(1);
    expect(refused.stderr).toMatch(/function .*Mail.*20260102000000 .mail. has made, names users.email_address/s);
    const call = server.name === "postgres" ? 'SELECT "Mail"() AS m' : "SELECT Mail() AS m";
    expect(await query(db.url, call)).toEqual([{ m: "user1@example.com" }]);
    await works(p.run("rollback", NEXT));
    // Made by hand, and a part of the name of what a migration has made.
    await query(db.url, made.replace("Mail", "fx"));
    await works(p.run("rollback", ID));
  });
});

/** What the servers let stand with a column that is gone, each in a migration of its own. */
const CODE = [
  ["event ev", "CREATE EVENT ev ON SCHEDULE EVERY 1 DAY DO UPDATE users SET email_address = 'a@b' WHERE id = 1"],
  ["view vv", "CREATE VIEW vv AS SELECT id, email_address FROM users"],
  [
    "trigger tt",
    "CREATE TRIGGER tt AFTER INSERT ON o FOR EACH ROW UPDATE users SET email_address = 'a@b' WHERE id = 1",
  ],
] as const;

describeServers(["mysql", "mariadb"], (server) => {
  const own = suite();

  it("keeps one that a later migration's view, event or trigger names, and tells of one that was made by hand", async () => {
    const { db, project: p } = await own.scene(server, 20, RENAME);
    await query(db.url, "CREATE TABLE o (i int PRIMARY KEY)");
    for (const [n, [, sql]] of CODE.entries()) p.write(`migrations/2026010200000${n}_code.sql`, `${sql};\n`);
    await works(p.run("apply", "--release", "r1"));
    for (const [n, [what]] of [...CODE.entries()].reverse()) {
      const refused = await p.run("rollback", ID);
      expect(refused.code, refused.stdout + refused.stderr).toBe(1);
      expect(refused.stderr).toContain(`the ${what}, which migration 2026010200000${n}`);
      await works(p.run("rollback", `2026010200000${n}`));
    }
    await query(db.url, CODE[1][1]);
    const { stdout, stderr } = await works(p.run("rollback", ID));
    expect(stdout + stderr).toContain("view vv names users.email_address");
  });
});
