import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { followTrigger, sharesDefault, syncTrigger } from "../../../../src/engines/postgres/triggers/sync.js";
import type { Column } from "../../../../src/model/catalog.js";
import { describeServer, query, type TestDatabase } from "../../../servers/index.js";

const relation = { schema: "public", name: "t" };

function column(over: Partial<Column>): Column {
  return {
    name: "a",
    type: "text",
    notNull: false,
    default: null,
    defaultVolatile: false,
    collation: null,
    characterSet: null,
    generated: null,
    identity: null,
    autoIncrement: false,
    comment: null,
    onUpdate: null,
    comparable: true,
    settings: [],
    grants: [],
    ...over,
  };
}

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("sync");
    await query(db.url, "CREATE SCHEMA zmigrate");
  });
  afterAll(() => db?.drop());
  beforeEach(() =>
    query(
      db.url,
      "DROP TABLE IF EXISTS t; DROP FUNCTION IF EXISTS zmigrate.sync_h_i(), zmigrate.sync_h_u(), zmigrate.sync_h_r_i(), zmigrate.sync_h_r_u()",
    ),
  );

  async function table(definition: string, old: Column): Promise<void> {
    await query(db.url, `CREATE TABLE t (id int PRIMARY KEY, n int, a ${definition}, b ${old.type})`);
    if (sharesDefault(old)) await query(db.url, `ALTER TABLE t ALTER b SET DEFAULT ${old.default}`);
    for (const sql of syncTrigger({ relation, hash: "h", old, new: "b" }).create) await query(db.url, sql);
  }
  const after = async (sql: string) => {
    const rows = await query(
      db.url,
      `${sql.startsWith("BEGIN") ? sql : `WITH w AS (${sql} RETURNING id, a, b) SELECT a::text, b::text FROM w ORDER BY id`}`,
    );
    return rows.map((r) => [r.a, r.b]);
  };
  const rows = async () => (await query(db.url, "SELECT a::text, b::text FROM t ORDER BY id")).map((r) => [r.a, r.b]);

  it("fills the other side on INSERT from either side, and trusts who writes both", async () => {
    await table("text", column({}));
    expect(await after("INSERT INTO t (id, a) VALUES (1, 'x')")).toEqual([["x", "x"]]);
    expect(await after("INSERT INTO t (id, b) VALUES (2, 'y')")).toEqual([["y", "y"]]);
    expect(await after("INSERT INTO t (id, a, b) VALUES (3, 'p', 'q')")).toEqual([["p", "q"]]);
    expect(await after("INSERT INTO t (id) VALUES (4)")).toEqual([[null, null]]);
  });

  it("follows UPDATEs of either side, an explicit NULL among them, and leaves both alone when both are written", async () => {
    await table("text", column({}));
    await query(db.url, "INSERT INTO t (id, a) VALUES (1, 'x')");
    expect(await after("UPDATE t SET a = 'old'")).toEqual([["old", "old"]]);
    expect(await after("UPDATE t SET b = 'new'")).toEqual([["new", "new"]]);
    expect(await after("UPDATE t SET b = NULL")).toEqual([[null, null]]);
    expect(await after("UPDATE t SET a = 'p', b = 'q'")).toEqual([["p", "q"]]);
    expect(await after("UPDATE t SET n = 1")).toEqual([["p", "q"]]);
  });

  it("keeps a row that was not backfilled right, whichever side is written first", async () => {
    await query(
      db.url,
      "CREATE TABLE t (id int PRIMARY KEY, n int, a text, b text); INSERT INTO t VALUES (1, 0, 'x'), (2, 0, 'x'), (3, 0, 'x')",
    );
    for (const sql of syncTrigger({ relation, hash: "h", old: column({}), new: "b" }).create) await query(db.url, sql);
    await query(
      db.url,
      "UPDATE t SET a = 'o' WHERE id = 1; UPDATE t SET b = 'n' WHERE id = 2; UPDATE t SET n = 1 WHERE id = 3",
    );
    expect(await rows()).toEqual([
      ["o", "o"],
      ["n", "n"],
      ["x", "x"],
    ]);
  });

  it("fills a row that was not backfilled when its key moves, and leaves what was written differently", async () => {
    await query(
      db.url,
      "CREATE TABLE t (id int PRIMARY KEY, n int, a text, b text); INSERT INTO t VALUES (1, 0, 'x', NULL), (2, 0, 'p', 'q')",
    );
    for (const sql of syncTrigger({ relation, hash: "h", old: column({}), new: "b" }).create) await query(db.url, sql);
    await query(db.url, "UPDATE t SET id = id - 1000");
    expect(await rows()).toEqual([
      ["x", "x"],
      ["p", "q"],
    ]);
  });

  it("calls nothing for an UPDATE of another column of a row that is in step", async () => {
    await table("text", column({}));
    await query(db.url, "INSERT INTO t (id, a) VALUES (1, 'x')");
    await query(
      db.url,
      "CREATE OR REPLACE FUNCTION zmigrate.sync_h_u() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$",
    );
    expect(await after("UPDATE t SET n = 1, a = a, b = b")).toEqual([["x", "x"]]);
    await expect(after("UPDATE t SET a = 'y'")).rejects.toThrow("called");
  });

  it("tells a written old side from its default", async () => {
    await table("text NOT NULL DEFAULT 'none'", column({ notNull: true, default: "'none'::text" }));
    expect(await after("INSERT INTO t (id) VALUES (1)")).toEqual([["none", "none"]]);
    expect(await after("INSERT INTO t (id, b) VALUES (2, 'y')")).toEqual([["y", "y"]]);
    expect(await after("INSERT INTO t (id, a) VALUES (3, 'x')")).toEqual([["x", "x"]]);
  });

  it("tells a NULL that an INSERT writes from a side that it leaves out, on either side", async () => {
    await table("text DEFAULT 'none'", column({ default: "'none'::text" }));
    expect(await after("INSERT INTO t (id, b) VALUES (1, NULL)")).toEqual([[null, null]]);
    expect(await after("INSERT INTO t (id, a) VALUES (2, NULL)")).toEqual([[null, null]]);
    expect(await after("INSERT INTO t (id, b) VALUES (3, 'none')")).toEqual([["none", "none"]]);
    expect(await after("INSERT INTO t (id, a, b) VALUES (4, 'p', 'q')")).toEqual([["p", "q"]]);
  });

  it("knows the default of a domain, which both columns have", async () => {
    await query(
      db.url,
      "DO $$ BEGIN CREATE DOMAIN labelled AS text DEFAULT 'none'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    );
    const domain = { notNull: false, checked: false, default: "'none'::text" };
    await table("labelled", column({ type: "labelled", comparable: false, domain }));
    expect(await after("INSERT INTO t (id) VALUES (1)")).toEqual([["none", "none"]]);
    expect(await after("INSERT INTO t (id, a) VALUES (2, 'x')")).toEqual([["x", "x"]]);
    expect(await after("INSERT INTO t (id, b) VALUES (3, 'y')")).toEqual([["y", "y"]]);
    expect(await after("INSERT INTO t (id, b) VALUES (4, NULL)")).toEqual([[null, null]]);
  });

  it("asks the writer for nothing: no right on the schema of the default's type, no setting for its backslashes", async () => {
    const role = `zm_writer_${Date.now()}`;
    await query(db.url, `CREATE SCHEMA types; CREATE DOMAIN types.path AS text; CREATE ROLE ${role}`);
    try {
      const type = "types.path";
      await table(
        `${type} DEFAULT 'c:\\none'`,
        column({ type, comparable: false, default: `('c:\\none'::text)::${type}` }),
      );
      await query(db.url, `GRANT INSERT, SELECT ON t TO ${role}`);
      const as = `SET ROLE ${role}; SET standard_conforming_strings = off`;
      await query(
        db.url,
        `${as}; INSERT INTO t (id, b) VALUES (1, 'new'); INSERT INTO t (id, a) VALUES (2, 'old'); INSERT INTO t (id) VALUES (3)`,
      );
      expect(await rows()).toEqual([
        ["new", "new"],
        ["old", "old"],
        ["c:\\none", "c:\\none"],
      ]);
    } finally {
      await query(db.url, `DROP TABLE t; DROP SCHEMA types CASCADE; DROP ROLE ${role}`);
    }
  });

  it("takes a column whose name looks like the quotes of a function's body", async () => {
    const name = "$zmigrate$ $zmigrate1$";
    await query(db.url, `CREATE TABLE t (id int PRIMARY KEY, "${name}" text, b text)`);
    for (const sql of syncTrigger({ relation, hash: "h", old: column({ name }), new: "b" }).create)
      await query(db.url, sql);
    await query(db.url, "INSERT INTO t (id, b) VALUES (1, 'x')");
    expect(await query(db.url, `SELECT "${name}" AS a FROM t`)).toEqual([{ a: "x" }]);
    await query(db.url, "DROP TABLE t; DROP FUNCTION zmigrate.sync_h_i(), zmigrate.sync_h_u()");
    await query(db.url, `CREATE TABLE t (id int PRIMARY KEY, b text, "${name}" text)`);
    const follow = followTrigger({ relation, hash: "h", parked: "b", new: name, comparable: true });
    for (const sql of follow.create) await query(db.url, sql);
    await query(db.url, `INSERT INTO t (id, "${name}") VALUES (1, 'y')`);
    expect(await query(db.url, "SELECT b FROM t")).toEqual([{ b: "y" }]);
  });

  it("copies a volatile default when neither side is written", async () => {
    await table(
      "uuid NOT NULL DEFAULT gen_random_uuid()",
      column({ type: "uuid", notNull: true, default: "gen_random_uuid()", defaultVolatile: true }),
    );
    await query(
      db.url,
      "INSERT INTO t (id) VALUES (1); INSERT INTO t (id, b) VALUES (2, '00000000-0000-0000-0000-000000000001')",
    );
    const [one, two] = await rows();
    expect(one?.[0]).toBe(one?.[1]);
    expect(one?.[0]).not.toBeNull();
    expect(two).toEqual(["00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000001"]);
  });

  it("works for upserts from either side", async () => {
    await table("text", column({}));
    await query(db.url, "INSERT INTO t (id, a) VALUES (1, 'x')");
    expect(await after("INSERT INTO t (id, a) VALUES (1, 'o') ON CONFLICT (id) DO UPDATE SET a = EXCLUDED.a")).toEqual([
      ["o", "o"],
    ]);
    expect(await after("INSERT INTO t (id, b) VALUES (1, 'n') ON CONFLICT (id) DO UPDATE SET b = EXCLUDED.b")).toEqual([
      ["n", "n"],
    ]);
  });

  it("works for types without equality, and sees a change that equality forgives", async () => {
    await table("json", column({ type: "json", comparable: false }));
    expect(await after(`INSERT INTO t (id, a) VALUES (1, '{"x":1}')`)).toEqual([['{"x":1}', '{"x":1}']]);
    expect(await after(`UPDATE t SET b = '{"x": 1}'`)).toEqual([['{"x": 1}', '{"x": 1}']]);
  });

  it("sees 1.0 become 1.00", async () => {
    await table("numeric", column({ type: "numeric", comparable: false }));
    await query(db.url, "INSERT INTO t (id, a) VALUES (1, 1.0)");
    expect(await after("UPDATE t SET a = 1.00")).toEqual([["1.00", "1.00"]]);
  });

  const backfill = (relationName: string, sql: string) =>
    query(db.url, `BEGIN; SET LOCAL zmigrate.backfill = '${relationName}'; ${sql}; COMMIT`);
  /** An application's trigger, made before ours and sorted before it. */
  const lowers = (side: string) =>
    query(
      db.url,
      `CREATE OR REPLACE FUNCTION lowers() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.${side} := lower(NEW.${side}); RETURN NEW; END $$;
       CREATE TRIGGER lowers BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION lowers()`,
    );

  it("copies the old side in a backfill, also when a trigger of the application changes it on the way", async () => {
    await query(
      db.url,
      "CREATE TABLE t (id int PRIMARY KEY, n int, a text, b text); INSERT INTO t VALUES (1, 0, 'X'), (2, 0, 'y')",
    );
    await lowers("a");
    for (const sql of syncTrigger({ relation, hash: "h", old: column({}), new: "b" }).create) await query(db.url, sql);
    await backfill('"public"."t"', "UPDATE t SET b = a");
    expect(await rows()).toEqual([
      ["x", "x"],
      ["y", "y"],
    ]);
  });

  it("takes what another table's backfill writes here for what it is: an application's trigger", async () => {
    await table("text", column({}));
    await query(db.url, "INSERT INTO t (id, a) VALUES (1, 'x')");
    await backfill('"public"."T"', "UPDATE t SET b = 'other'");
    expect(await rows()).toEqual([["other", "other"]]);
  });

  it("keeps both sides equal when a trigger of the application writes the side that the statement did not", async () => {
    await query(
      db.url,
      "CREATE TABLE t (id int PRIMARY KEY, n int, a text, b text); INSERT INTO t VALUES (1, 0, 'OLD', NULL), (2, 0, 'OLD', 'OLD')",
    );
    await lowers("a");
    for (const sql of syncTrigger({ relation, hash: "h", old: column({}), new: "b" }).create) await query(db.url, sql);
    expect(await after("UPDATE t SET b = 'New'")).toEqual([
      ["New", "New"],
      ["New", "New"],
    ]);
    await query(db.url, "DROP TRIGGER lowers ON t; UPDATE t SET a = 'OLD'");
    await lowers("b");
    expect(await after("UPDATE t SET a = 'Mine'")).toEqual([
      ["Mine", "Mine"],
      ["Mine", "Mine"],
    ]);
  });

  it("lets the new side win over what a trigger of the application makes of the old one on INSERT", async () => {
    await table("text", column({}));
    await query(
      db.url,
      `CREATE OR REPLACE FUNCTION fills_a() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := COALESCE(NEW.a, 'made up'); RETURN NEW; END $$;
      CREATE TRIGGER fills_a BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION fills_a()`,
    );
    expect(await after("INSERT INTO t (id, b) VALUES (1, 'written')")).toEqual([["written", "written"]]);
    expect(await after("INSERT INTO t (id) VALUES (2)")).toEqual([["made up", "made up"]]);
  });

  it("does not depend on the writer's search_path", async () => {
    await table("text NOT NULL DEFAULT lower('NONE')", column({ notNull: true, default: "lower('NONE'::text)" }));
    await query(
      db.url,
      "CREATE SCHEMA IF NOT EXISTS evil; CREATE OR REPLACE FUNCTION evil.lower(text) RETURNS text LANGUAGE sql AS $$ SELECT 'evil' $$",
    );
    await query(db.url, "SET search_path = evil, public, pg_catalog; INSERT INTO public.t (id, b) VALUES (1, 'y')");
    expect(await rows()).toEqual([["y", "y"]]);
  });

  it("sees what the application's own BEFORE triggers wrote", async () => {
    await table("text", column({}));
    await query(
      db.url,
      `CREATE OR REPLACE FUNCTION trim_a() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := trim(NEW.a); RETURN NEW; END $$;
      CREATE TRIGGER trim_a BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION trim_a()`,
    );
    expect(await after("INSERT INTO t (id, a) VALUES (1, '  x ')")).toEqual([["x", "x"]]);
    expect(await after("UPDATE t SET a = ' y '")).toEqual([["y", "y"]]);
  });

  it("follows the new column after the swap", async () => {
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, n int, a text NOT NULL, b text)");
    for (const sql of followTrigger({ relation, hash: "h", parked: "a", new: "b", comparable: true }).create)
      await query(db.url, sql);
    expect(await after("INSERT INTO t (id, b) VALUES (1, 'y')")).toEqual([["y", "y"]]);
    expect(await after("UPDATE t SET b = 'z'")).toEqual([["z", "z"]]);
  });

  it("drops all that it made, also when run twice", async () => {
    await table("text", column({}));
    const { drop } = syncTrigger({ relation, hash: "h", old: column({}), new: "b" });
    for (const sql of [...drop, ...drop]) await query(db.url, sql);
    expect(await query(db.url, "SELECT 1 FROM pg_proc WHERE pronamespace = 'zmigrate'::regnamespace")).toEqual([]);
    expect(await query(db.url, "SELECT 1 FROM pg_trigger WHERE tgrelid = 't'::regclass")).toEqual([]);
  });
});
