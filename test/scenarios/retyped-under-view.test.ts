import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { forward, type PhasedChange } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const SETUP = [
  "CREATE TABLE users (id int PRIMARY KEY, email varchar(40))",
  "INSERT INTO users SELECT i, 'u' || i FROM generate_series(1, 200) i",
  `CREATE VIEW "Shown" AS SELECT id, email FROM users WHERE id > 0`,
  `CREATE VIEW names AS SELECT email FROM "Shown"`,
  `COMMENT ON COLUMN "Shown".email IS 'where to'`,
  `ALTER VIEW "Shown" ALTER COLUMN email SET DEFAULT 'u0'`,
  `GRANT SELECT, UPDATE (email) ON "Shown" TO PUBLIC`,
];
/** The type changes at once, and the views with the contract. */
const MIGRATION = `
  DROP VIEW names;
  DROP VIEW "Shown";
  ALTER TABLE users ALTER email TYPE text;
  CREATE VIEW "Shown" AS SELECT id, email FROM users WHERE id > 0;
  CREATE VIEW names AS SELECT email, id FROM "Shown";
`;
const VIEWS = `SELECT c.relname, c.relacl::text, a.attname, a.attacl::text, pg_get_viewdef(c.oid) AS query, pg_get_expr(d.adbin, d.adrelid) AS value,
    col_description(c.oid, a.attnum) AS said
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relkind = 'v' AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname, a.attnum`;

describeServer("postgres", (server) => {
  const s = suite();
  const change: PhasedChange = {
    setup: SETUP,
    migration: MIGRATION,
    plain: MIGRATION.split(";").filter((sql) => sql.trim() !== ""),
    tables: ["users"],
    untouched: "id < 1000",
    old: async (query) => {
      await query(`INSERT INTO "Shown" (id) VALUES (1000)`);
      await query("SELECT email FROM names");
      await query("DELETE FROM users WHERE id = 1000");
    },
    fresh: async (query, turn) => {
      await query("INSERT INTO users VALUES (?, ?)", [5000 + turn, "u".repeat(60)]);
      await query("SELECT email FROM names");
    },
  };

  it("a column gets another type in place under views that the file drops and makes again: nobody misses them", () =>
    forward(server, s, change));

  it("until the swap they are as they were, and two files that would wait for each other are refused", async () => {
    const db = await server.createDatabase("under_view");
    s.after(db.drop);
    for (const sql of SETUP) await query(db.url, sql);
    const p = project(db.url, { ZMIGRATE_SHADOW: "off" });
    s.after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write("migrations/20260101000000_type.sql", "ALTER TABLE users ALTER id TYPE bigint;");
    p.write("migrations/20260102000000_view.sql", MIGRATION.replace(/ALTER TABLE.*/, ""));
    const refused = await p.run("apply", "--release", "r1");
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toMatch(/That one is never swapped: .*"Shown" does not name id, and this file/);
    const before = await query(db.url, VIEWS);
    p.write("migrations/20260101000000_type.sql", "SELECT 1;");
    p.write("migrations/20260102000000_view.sql", MIGRATION);
    await works(p.run("apply", "--release", "r1"));
    expect(await query(db.url, VIEWS)).toEqual(before);
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r2", "--park", "1h"));
    expect(await query(db.url, VIEWS)).not.toEqual(before);
    await works(p.run("rollback", "20260102000000"));
    expect(await query(db.url, VIEWS)).toEqual(before);
    await query(db.url, "CREATE MATERIALIZED VIEW kept AS SELECT email FROM users");
    p.write("migrations/20260102000000_view.sql", MIGRATION.replace("TYPE text", "TYPE varchar"));
    expect((await p.run("apply", "--release", "r3")).stderr).toMatch(/while the materialized view \S*kept uses it/);
  });
});
