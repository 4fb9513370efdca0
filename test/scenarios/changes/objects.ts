import type { EngineName } from "../../../src/engines/engine.js";
import type { PhasedChange } from "../support/phased.js";
export const POSTGRES = [
  "CREATE TABLE items (id int PRIMARY KEY, a int, b int)",
  "INSERT INTO items SELECT i, i, i FROM generate_series(1, 200) i",
  "CREATE VIEW shown AS SELECT id, a, b FROM items",
  "CREATE VIEW kept AS SELECT id FROM items",
  "CREATE FUNCTION total() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM items'",
  "CREATE FUNCTION mark() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.a := COALESCE(NEW.a, 1); RETURN NEW; END'",
  "CREATE TRIGGER marks BEFORE INSERT ON items FOR EACH ROW EXECUTE FUNCTION mark()",
  "CREATE TYPE mood AS ENUM ('sad')",
];

export const MYSQL = [
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

const statementsOf = (text: string, mysql: boolean): string[] =>
  text
    .split(mysql ? /;\n/ : ";\n")
    .map((s) => s.trim().replace(/;$/, ""))
    .filter((s) => s !== "")
    .map((s) => (/\bBEGIN\b/.test(s) ? `${s};`.replace(/;;$/, ";").replace(/END;$/, "END") : s));

/** What hangs on a table is made anew around a column that goes. */
export function change(server: EngineName): PhasedChange {
  const mysql = server !== "postgres";
  const migration = mysql ? MIGRATION.mysql : MIGRATION.postgres;
  return {
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
}
