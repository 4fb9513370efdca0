import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { change as changeOf, MYSQL, POSTGRES } from "./changes/objects.js";
import { project } from "./support/cli.js";
import { back, forward } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

/** What the file drops behind a rename names the column, or the table, as it was. */
const BEHIND_RENAME = {
  postgres: [
    "ALTER TABLE items RENAME COLUMN b TO c; DROP VIEW shown; DROP POLICY own ON items; DROP STATISTICS pairs; DROP RULE never ON items; DROP TRIGGER marks ON items;",
    "DROP VIEW shown; DROP RULE never ON items; DROP FUNCTION total(); DROP FUNCTION total(mood[]); DROP FUNCTION total(mood); DROP TYPE mood; DROP TRIGGER marks ON items; ALTER TABLE items RENAME TO things;",
    "ALTER TABLE parts DROP CONSTRAINT of_item; ALTER TABLE parts DROP COLUMN id; DROP VIEW shown, kept; DROP FUNCTION total(); DROP TRIGGER marks ON items; DROP TABLE items;",
  ],
  mysql: [
    "ALTER TABLE items RENAME COLUMN a TO c; DROP VIEW shown; DROP TRIGGER marks;",
    "ALTER TABLE items RENAME TO things; DROP VIEW shown; DROP VIEW kept; DROP TRIGGER marks;",
    "DROP VIEW shown; ALTER TABLE items DROP COLUMN a; DROP TRIGGER marks;",
  ],
};
const NAMING = [
  "CREATE FUNCTION total(mood) RETURNS int LANGUAGE sql AS 'SELECT 1'",
  "CREATE FUNCTION total(mood[]) RETURNS int LANGUAGE sql AS 'SELECT 2'",
  "CREATE POLICY own ON items USING (b > 0)",
  "CREATE STATISTICS pairs ON a, b FROM items",
  "CREATE RULE never AS ON DELETE TO items WHERE OLD.b = -5 DO INSTEAD NOTHING",
  "CREATE TABLE parts (n int, id int CONSTRAINT of_item REFERENCES items (id))",
  "INSERT INTO parts VALUES (1, 1)",
];

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const s = suite();
  const mysql = server.name !== "postgres";
  const change = changeOf(server.name);
  it("views, routines, triggers, types, comments and rights: forward", () => forward(server, s, change));
  it("back", () => back(server, s, change));

  it.each(mysql ? BEHIND_RENAME.mysql : BEHIND_RENAME.postgres)("given back and gone: %s", async (sql) => {
    const db = await server.createDatabase("beside_rename");
    s.after(db.drop);
    for (const made of mysql ? MYSQL : [...POSTGRES, ...NAMING]) await query(db.url, made);
    const p = project(db.url, { ZMIGRATE_SHADOW: "off" });
    s.after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write("migrations/20260101000000_change.sql", `${sql.replaceAll("; ", ";\n")}\n`);
    const swap = ["apply", "--contract", "--require-contract", "--park", "1h", "--release"];
    await works(p.run("apply", "--release", "r1"));
    await works(p.run(...swap, "r2"));
    await works(p.run("rollback", "20260101000000"));
    await query(db.url, "INSERT INTO items (id, a, b) VALUES (1000, NULL, 7)");
    expect(await query(db.url, "SELECT a FROM shown WHERE id = 1000")).not.toEqual([{ a: null }]);
    await works(p.run("apply", "--release", "r3"));
    await works(p.run(...swap, "r4"));
    await works(p.run("apply", "--contract", "--release", "r5", "--park", "0"));
    expect(JSON.parse((await works(p.run("status", "--json"))).stdout).migrations[0].status).toBe("contracted");
  });
});
