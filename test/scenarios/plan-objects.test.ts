import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { back, forward, type PhasedChange } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const POSTGRES = [
  "CREATE TABLE items (id int PRIMARY KEY, a int, b int)",
  "INSERT INTO items SELECT i, i, i FROM generate_series(1, 200) i",
  "CREATE VIEW shown AS SELECT id, a, b FROM items",
  "CREATE VIEW kept AS SELECT id FROM items",
  "CREATE FUNCTION total() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM items'",
  "CREATE FUNCTION mark() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.a := COALESCE(NEW.a, 1); RETURN NEW; END'",
  "CREATE TRIGGER marks BEFORE INSERT ON items FOR EACH ROW EXECUTE FUNCTION mark()",
  "CREATE TYPE mood AS ENUM ('sad')",
];

const MYSQL = [
  "CREATE TABLE items (id int PRIMARY KEY, a int, b int)",
  `INSERT INTO items VALUES ${Array.from({ length: 200 }, (_, i) => `(${i}, ${i}, ${i})`).join(", ")}`,
  "CREATE VIEW shown AS SELECT id, a, b FROM items",
  "CREATE VIEW kept AS SELECT id FROM items",
  "CREATE TRIGGER marks BEFORE INSERT ON items FOR EACH ROW SET NEW.a = COALESCE(NEW.a, 1)",
];

/** A column that a view shows goes, together with what is made anew around it. */
const MIGRATION = {
  postgres: `
    DROP VIEW shown;
    ALTER TABLE items DROP COLUMN b;
    CREATE VIEW shown AS SELECT id, a FROM items;
    CREATE OR REPLACE VIEW kept AS SELECT id, a FROM items;
    CREATE OR REPLACE FUNCTION total() RETURNS bigint LANGUAGE sql AS 'SELECT count(id) FROM items';
    DROP TRIGGER marks ON items;
    CREATE TRIGGER marks BEFORE INSERT OR UPDATE ON items FOR EACH ROW EXECUTE FUNCTION mark();
    ALTER TYPE mood ADD VALUE 'fine';
    COMMENT ON TABLE items IS 'of an order';
    GRANT SELECT ON items TO PUBLIC;`,
  mysql: `
    CREATE OR REPLACE VIEW shown AS SELECT id, a FROM items;
    ALTER TABLE items DROP COLUMN b;
    CREATE OR REPLACE VIEW kept AS SELECT id, a FROM items;
    DROP TRIGGER marks;
    CREATE TRIGGER marks BEFORE INSERT ON items FOR EACH ROW SET NEW.a = COALESCE(NEW.a, 2);
    CREATE PROCEDURE counts() BEGIN SELECT COUNT(*) FROM items; END;
    ALTER TABLE items COMMENT = 'of an order';`,
};

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

const statementsOf = (text: string, mysql: boolean): string[] =>
  text
    .split(mysql ? /;\n/ : ";\n")
    .map((s) => s.trim().replace(/;$/, ""))
    .filter((s) => s !== "")
    .map((s) => (/\bBEGIN\b/.test(s) ? `${s};`.replace(/;;$/, ";").replace(/END;$/, "END") : s));

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const s = suite();
  const mysql = server.name !== "postgres";
  const migration = mysql ? MIGRATION.mysql : MIGRATION.postgres;
  const change: PhasedChange = {
    setup: mysql ? MYSQL : POSTGRES,
    migration,
    plain: statementsOf(migration, mysql),
    tables: ["items"],
    untouched: "id < 1000",
    async old(query, turn, failures) {
      await query("INSERT INTO items (id, b) VALUES (?, 2)", [10_000 + turn]);
      const [row] = await query("SELECT a, b FROM shown WHERE id = ?", [10_000 + turn]);
      if (row?.a === null || row?.b !== 2) (failures as string[]).push(JSON.stringify(row));
      await query("DELETE FROM items WHERE id = ?", [10_000 + turn]);
    },
    async fresh(query, turn, failures) {
      await query("INSERT INTO items (id) VALUES (?)", [500_000 + turn]);
      const [row] = await query(
        "SELECT shown.a, kept.a AS also FROM shown JOIN kept ON kept.id = shown.id WHERE shown.id = ?",
        [500_000 + turn],
      );
      if (row === undefined || row.a === null || row.also === null) (failures as string[]).push(JSON.stringify(row));
      await query("DELETE FROM items WHERE id = ?", [500_000 + turn]);
    },
  };
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
