import { afterAll, beforeAll, expect, it } from "vitest";
import { engineFor } from "../../../../src/config/engine.js";
import type { Database, Session } from "../../../../src/engines/engine.js";
import { describeServer, query, type TestDatabase } from "../../../servers/index.js";

const SETUP = `
  CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE (a), CHECK (a > b));
  CREATE INDEX i ON t (a, b);
  CREATE STATISTICS st ON a, b FROM t;
  CREATE VIEW v AS SELECT id, a FROM t;
  CREATE VIEW "V 2" AS SELECT id FROM v;
  CREATE TABLE o (r int REFERENCES t (a));
  CREATE TABLE g (a int, b int GENERATED ALWAYS AS (a + 1) STORED);
  CREATE TABLE pt (id int, c int) PARTITION BY RANGE (id);
  CREATE TABLE pt1 PARTITION OF pt FOR VALUES FROM (0) TO (9);
  CREATE VIEW of_part AS SELECT c FROM pt1`;

describeServer("postgres", (postgres) => {
  let db: TestDatabase;
  let database: Database;
  let session: Session;

  beforeAll(async () => {
    db = await postgres.createDatabase("holders");
    await query(db.url, SETUP);
    const engine = await engineFor("postgres");
    database = await engine.connect(db.url, { connectTimeoutMs: 5_000, applicationName: "test" });
    session = await database.open();
  });

  afterAll(async () => {
    await session.close();
    await database.close();
    await db.drop();
  });

  const said = async (...statements: string[]) =>
    (await database.holders?.(session, statements))?.map((h) => `${h.user} uses ${h.used}`);

  it("tells what keeps the server from a drop, and not what goes along with it", async () => {
    expect(await said("ALTER TABLE t DROP COLUMN a")).toEqual([
      "foreign key o_r_fkey on public.o uses t.a",
      "view v uses t.a",
    ]);
    expect(await said("ALTER TABLE t DROP COLUMN IF EXISTS b")).toEqual([]);
    expect(await said("ALTER TABLE t DROP CONSTRAINT t_a_key")).toEqual([
      "foreign key o_r_fkey on public.o uses t.t_a_key",
    ]);
    expect(await said("ALTER TABLE g DROP COLUMN a")).toEqual(["generated column g.b uses g.a"]);
    expect(await said("DROP VIEW IF EXISTS v")).toEqual(['view "V 2" uses v']);
    expect(await said("ALTER TABLE pt DROP COLUMN c")).toEqual(["view of_part uses pt1.c"]);
    expect(await said("ALTER TABLE nowhere DROP COLUMN c", "SELECT 1", "not SQL")).toEqual([]);
  });

  it("leaves out what the statements drop, or make anew, themselves", async () => {
    expect(await said('DROP VIEW "V 2"', "DROP VIEW v", "DROP TABLE o", "DROP TABLE t")).toEqual([]);
    expect(await said("DROP TABLE t")).toHaveLength(2);
    const anew = 'CREATE OR REPLACE VIEW "V 2" AS SELECT 1 AS id';
    expect(await said(anew, "DROP VIEW v")).toEqual([]);
    expect(await said(`DO 'BEGIN EXECUTE ''${anew}''; END'`, "DROP VIEW v")).toEqual([]);
    expect(await said("DO 'BEGIN PERFORM of_parts(); END'", "ALTER TABLE pt DROP COLUMN c")).toHaveLength(1);
  });

  it("knows columns by the names that they have before the first statement", async () => {
    const renames = ["ALTER TABLE t RENAME COLUMN a TO z", "ALTER TABLE t RENAME COLUMN b TO a"];
    expect(await said(...renames, "ALTER TABLE t DROP COLUMN a")).toEqual([]);
    expect(await said(...renames, "ALTER TABLE t DROP COLUMN z")).toContain("view v uses t.a");
  });
});
