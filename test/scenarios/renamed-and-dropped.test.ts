import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const SETUP = [
  "CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT uq UNIQUE (b))",
  "INSERT INTO t SELECT i, i, i FROM generate_series(1, 200) i",
  "CREATE INDEX i ON t (a)",
  "CREATE INDEX alone ON t (b) WHERE a > 3",
  "CREATE TABLE o (id int PRIMARY KEY)",
  "CREATE MATERIALIZED VIEW m AS SELECT id, a FROM t",
  "CREATE UNIQUE INDEX m_id ON m (id)",
  "CREATE INDEX m_a ON m (a) WHERE a > 3",
];
/** The old one makes room for another one of its name, and goes in the same file. */
const CHANGE = [
  "ALTER INDEX i RENAME TO i_old",
  "CREATE INDEX i ON t (a, b)",
  "DROP INDEX i_old",
  `ALTER INDEX alone RENAME TO "user"`,
  `DROP INDEX "user"`,
  "ALTER TABLE o RENAME CONSTRAINT o_pkey TO o_pk",
  "ALTER TABLE o DROP CONSTRAINT o_pk",
  "ALTER TABLE o ADD CONSTRAINT o_pkey PRIMARY KEY (id)",
  "ALTER TABLE t RENAME CONSTRAINT uq TO uq_old",
  "ALTER TABLE t ADD CONSTRAINT uq UNIQUE (a, b)",
  "ALTER TABLE t DROP CONSTRAINT uq_old",
  "DROP INDEX m_a",
  "DROP INDEX m_id",
];
const LEFT = `SELECT indexdef AS it FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  ORDER BY 1`;

describeServer("postgres", (server) => {
  const { after } = suite();

  it("an index or a key that a file drops, or renames and drops, comes back with a rollback, under its first name", async () => {
    const [db, plain] = [await server.createDatabase("renamed"), await server.createDatabase("plain")];
    for (const { drop } of [db, plain]) after(drop);
    for (const sql of SETUP) for (const { url } of [db, plain]) await query(url, sql);
    const p = project(db.url, { ZMIGRATE_SHADOW: "off" });
    after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write("migrations/20260101000000_names.sql", `${CHANGE.join(";\n")};\n`);
    const before = await query(db.url, LEFT);
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("apply", "--contract", "--release", "r2", "--park", "1h"));
    for (const sql of CHANGE) await query(plain.url, sql);
    expect(await query(db.url, LEFT)).toEqual(await query(plain.url, LEFT));
    await works(p.run("rollback", "20260101000000"));
    expect(await query(db.url, LEFT)).toEqual(before);
  });
});
