import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { SPLIT } from "./changes/mysql-split.js";
import { project } from "./support/cli.js";
import { back, forward } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

describeServers(["mysql", "mariadb"], (server) => {
  const s = suite();

  it("splits a column under old and new code", () => forward(server, s, SPLIT));
  it("takes a split back", () => back(server, s, SPLIT));

  it("refuses a rollback that would lose what new code wrote, and says in which rows", async () => {
    const db = await server.createDatabase("lost");
    s.after(() => db.drop());
    await query(db.url, "CREATE TABLE people (id int PRIMARY KEY, name varchar(9) NOT NULL, n int)");
    await query(db.url, "INSERT INTO people VALUES (1, 'Ada L', 1)");
    const p = project(db.url);
    s.after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write("migrations/20260101000000_change.sql", SPLIT.migration);
    await works(p.run("apply", "--release", "r1"));
    await query(db.url, "INSERT INTO people (id, first, last) VALUES (2, 'Much', 'too long for that')");
    const refused = await p.run("rollback", "20260101000000");
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/in 1 row\. Keys of some: 2/);
    await query(db.url, "UPDATE people SET last = 'Adoo' WHERE id = 2");
    await works(p.run("rollback", "20260101000000"));
    expect((await query(db.url, "SELECT name FROM people")).map((r) => r.name)).toEqual(["Ada L", "Much Adoo"]);

    // A rollback that was cut off: old code goes on writing, and nothing follows it any more.
    await works(p.run("apply", "--release", "r1"));
    for (const { Trigger } of await query(db.url, "SHOW TRIGGERS"))
      await query(db.url, `DROP TRIGGER \`${String(Trigger)}\``);
    await query(db.url, "UPDATE zmigrate_steps SET status = 'undone' WHERE step_id LIKE '%-sync-%'");
    await query(db.url, "UPDATE people SET name = 'Ada K' WHERE id = 1");
    await works(p.run("rollback", "20260101000000"));

    // It fits, and what is made of it again is another pair.
    await works(p.run("apply", "--release", "r1"));
    await query(db.url, "UPDATE people SET first = 'A B', last = 'C' WHERE id = 2");
    const loses = async () => {
      const { code, stderr } = await p.run("rollback", "20260101000000");
      expect(code, stderr).toBe(3);
      expect(stderr).toContain(
        `would drop \`first\` of \`people\`, which it added, with what was written there in 1 row. Keys of some: 2.`,
      );
    };
    await loses();
    await works(p.run("apply", "--require-contract", "--release", "r2"));
    await query(db.url, "INSERT INTO people (id, first, last) VALUES (3, 'D', 'E F')");
    await loses();
    await works(p.run("rollback", "20260101000000", "--accept-loss"));
    expect((await query(db.url, "SELECT name FROM people")).map((r) => r.name)).toEqual(["Ada K", "A B C", "D E F"]);
  });
});
