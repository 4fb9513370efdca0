import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { findTable } from "../../../../src/engines/engine.js";
import { openSession } from "../../../../src/engines/postgres/execute/connect.js";
import { dependentsOf } from "../../../../src/engines/postgres/introspect/dependents.js";
import { introspect } from "../../../../src/engines/postgres/introspect/index.js";
import type { Catalog, Column, Table } from "../../../../src/model/catalog.js";
import { describeServer, query, type TestDatabase } from "../../../servers/index.js";

const SCHEMA = `
  CREATE SCHEMA "Other"; CREATE EXTENSION IF NOT EXISTS plpgsql;
  CREATE TYPE mood AS ENUM ('ok'); CREATE DOMAIN positive AS int CHECK (VALUE > 0);
  CREATE TABLE parent (id int PRIMARY KEY, code text UNIQUE);
  CREATE TABLE "Other"."T ""x""" (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s bigserial, plain varchar(20) COLLATE "C" DEFAULT 'it''s' CHECK (plain <> ''),
    volatile uuid DEFAULT gen_random_uuid(), stable timestamptz DEFAULT now(), born date DEFAULT '02/01/2020', doubled int GENERATED ALWAYS AS (id * 2) STORED,
    parent_id int REFERENCES public.parent(id) ON DELETE CASCADE, j json, m public.mood, p public.positive, num numeric(10, 2), c char(3), UNIQUE (plain, m));
  ALTER TABLE "Other"."T ""x""" ALTER plain SET STATISTICS 500, ALTER plain SET STORAGE EXTERNAL, ALTER plain SET (n_distinct = -0.5);
  COMMENT ON COLUMN "Other"."T ""x""".plain IS 'a comment';
  CREATE INDEX expr ON "Other"."T ""x""" (lower(plain)) INCLUDE (m) WHERE stable IS NOT NULL;
  GRANT SELECT (plain) ON "Other"."T ""x""" TO PUBLIC;
  CREATE TABLE parted (k int) PARTITION BY RANGE (k); CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (1) TO (2);
  CREATE VIEW v AS SELECT plain AS shown FROM "Other"."T ""x""";
  CREATE FUNCTION mentions() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(code) FROM parent); END $$;
  CREATE FUNCTION unrelated() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
  CREATE POLICY pol ON parent USING (code IS NOT NULL);
  CREATE PUBLICATION pub FOR TABLE parent (id, code)`;

describeServer("postgres", (server) => {
  let db: TestDatabase;
  let catalog: Catalog;
  beforeAll(async () => {
    db = await server.createDatabase("introspect");
    await query(db.url, `ALTER DATABASE "${db.name}" SET datestyle = 'SQL, DMY'`);
    await query(db.url, SCHEMA);
    const session = await openSession(db.url, { connectTimeoutMs: 5_000, applicationName: "test" });
    catalog = await introspect(session);
    await session.close();
  });
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  afterAll(() => db?.drop());

  function table(schema: string | null, name: string): Table {
    const found = findTable(catalog, { schema, name });
    if (found === null) throw new Error(`no table ${name}`);
    return found;
  }
  function column(name: string): Column {
    const found = table("Other", 'T "x"').columns.find((c) => c.name === name);
    if (found === undefined) throw new Error(`no column ${name}`);
    return found;
  }

  it("reads what a column is", () => {
    expect(column("plain")).toMatchObject({
      type: "character varying(20)",
      notNull: false,
      default: "'it''s'::character varying",
      defaultVolatile: false,
      collation: 'pg_catalog."C"',
      comment: "a comment",
    });
    expect(column("plain").settings).toEqual(["SET STATISTICS 500", "SET STORAGE EXTERNAL", "SET (n_distinct=-0.5)"]);
    expect(column("plain").grants).toEqual(["GRANT SELECT (%column%) ON %table% TO PUBLIC"]);
    expect(column("id")).toMatchObject({ identity: "always", notNull: true, autoIncrement: false });
    expect(column("s")).toMatchObject({ autoIncrement: true, defaultVolatile: true });
    expect(column("volatile").defaultVolatile).toBe(true);
    expect(column("stable").defaultVolatile).toBe(false);
    expect(column("doubled")).toMatchObject({ generated: { kind: "stored", expression: "(id * 2)" }, default: null });
  });

  it("reads dates so that every session reads them back", () => {
    expect(column("born").default).toBe("'2020-01-02'::date");
  });

  it("qualifies names, so that nothing depends on a search_path", () => {
    expect(column("m").type).toBe("public.mood");
    expect(column("p").type).toBe("public.positive");
    expect(table("Other", 'T "x"').constraints.find((c) => c.kind === "foreign-key")?.definition).toBe(
      "FOREIGN KEY (parent_id) REFERENCES public.parent(id) ON DELETE CASCADE",
    );
  });

  it("knows whose equality means identical", () => {
    expect(["plain", "volatile", "stable", "m"].map((c) => column(c).comparable)).toEqual([true, true, true, true]);
    expect(["j", "num", "c", "p"].map((c) => column(c).comparable)).toEqual([false, false, false, false]);
  });

  it("reads constraints and indexes with the columns that they use anywhere", () => {
    const { constraints, indexes } = table("Other", 'T "x"');
    expect(
      constraints
        .filter((c) => c.columns.includes("plain"))
        .map((c) => c.kind)
        .sort(),
    ).toEqual(["check", "unique"]);
    expect(constraints.find((c) => c.kind === "not-null")?.name).toBeDefined();
    expect(indexes.find((i) => i.name === "expr")?.columns.toSorted()).toEqual(["m", "plain", "stable"]);
    expect(indexes.find((i) => i.constraint !== null && !i.name.endsWith("pkey"))?.columns.toSorted()).toEqual([
      "m",
      "plain",
    ]);
  });

  it("reads who points here, and what names a column", () => {
    expect(table(null, "parent").referencedBy).toEqual([
      { relation: { schema: "Other", name: 'T "x"' }, constraint: 'T "x"_parent_id_fkey', columns: ["id"] },
    ]);
    expect(table("Other", 'T "x"').dependents).toContainEqual({ kind: "view", name: "public.v", columns: ["plain"] });
    expect(
      table(null, "parent")
        .dependents.map((d) => d.kind)
        .sort(),
    ).toEqual(["policy", "publication"]);
  });

  it("reads which triggers may write a column: by the body of their function, or by what they are given", async () => {
    const own = await server.createDatabase("triggers");
    try {
      await query(
        own.url,
        `CREATE TABLE t (id int PRIMARY KEY, e text, "E x" text, free text);
         CREATE FUNCTION lowers() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.e := lower(NEW.e); RETURN NEW; END $$;
         CREATE FUNCTION any_column() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
         CREATE TRIGGER lowers BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION lowers();
         CREATE TRIGGER given BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION any_column('E x');
         CREATE TRIGGER zzz_zmigrate_1 BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION any_column('free')`,
      );
      const session = await openSession(own.url, { connectTimeoutMs: 5_000, applicationName: "test" });
      const { tables } = await introspect(session);
      await session.close();
      expect(tables.find((t) => t.relation.name === "t")?.dependents).toEqual([
        { kind: "function", name: "public.any_column() (trigger given)", columns: ["E x"] },
        { kind: "function", name: "public.lowers() (trigger lowers)", columns: ["e"] },
      ]);
    } finally {
      await own.drop();
    }
  });

  async function catalogOf(
    sql: string,
  ): Promise<{ tables: readonly Table[]; dependents: (column: string) => Promise<string[]> }> {
    const own = await server.createDatabase("marks");
    cleanups.push(own.drop);
    await query(own.url, sql);
    const session = await openSession(own.url, { connectTimeoutMs: 5_000, applicationName: "test" });
    cleanups.push(() => session.close());
    const { tables } = await introspect(session);
    return { tables, dependents: (name) => dependentsOf(session, { schema: "public", name: "t" }, name) };
  }
  const named = (tables: readonly Table[], name: string) => tables.find((t) => t.relation.name === name);

  it("reads what an index is to its table, and what is said of it", async () => {
    const { tables } = await catalogOf(
      `CREATE TABLE t (id int PRIMARY KEY, e text NOT NULL CONSTRAINT once UNIQUE);
       CREATE INDEX expr ON t (id, lower(e)) WHERE e <> ' WHERE '; ALTER INDEX expr ALTER COLUMN 2 SET STATISTICS 700;
       ALTER TABLE t REPLICA IDENTITY USING INDEX once; CREATE INDEX by_e ON t (e); ALTER TABLE t CLUSTER ON by_e;
       COMMENT ON INDEX expr IS 'an index'; COMMENT ON CONSTRAINT once ON t IS 'a constraint'`,
    );
    const t = named(tables, "t");
    expect(t?.indexes.find((i) => i.name === "expr")).toMatchObject({
      comment: "an index",
      clustered: false,
      replicaIdentity: false,
      statistics: [{ column: 2, target: 700 }],
    });
    expect(t?.indexes.find((i) => i.name === "by_e")?.clustered).toBe(true);
    expect(t?.indexes.find((i) => i.name === "once")).toMatchObject({ clustered: false, replicaIdentity: true });
    expect(t?.constraints.find((c) => c.name === "once")?.comment).toBe("a constraint");
  });

  it("reads a publication's row filter as naming its columns, and whether updates can be published", async () => {
    const { tables, dependents } = await catalogOf(
      `CREATE TABLE t (id int PRIMARY KEY, e text); CREATE TABLE bare (e text); CREATE TABLE silent (id int PRIMARY KEY);
       ALTER TABLE silent REPLICA IDENTITY NOTHING; CREATE TABLE late (id int PRIMARY KEY DEFERRABLE);
       CREATE PUBLICATION filtered FOR TABLE t WHERE (e <> 'x') WITH (publish = 'insert');
       CREATE PUBLICATION inserts FOR TABLE bare WITH (publish = 'insert'); CREATE PUBLICATION everything FOR ALL TABLES`,
    );
    const [fine, fails] = [
      (name: string) => ({ name, unidentified: false }),
      { name: "everything", unidentified: true },
    ];
    expect(named(tables, "t")?.publications).toEqual([fine("everything"), fine("filtered")]);
    expect(named(tables, "bare")?.publications).toEqual([fails, fine("inserts")]);
    expect(["silent", "late"].map((n) => named(tables, n)?.publications)).toEqual([[fails], [fails]]);
    expect(await dependents("e")).toEqual(["publication filtered"]);
    expect(await dependents("id")).toEqual([]);
  });

  it("reads rules on writes, what domains ask for, and who may not call what a default calls", async () => {
    const role = `zm_denied_${Date.now()}`;
    const { tables } = await catalogOf(
      `CREATE DOMAIN present AS text NOT NULL; CREATE DOMAIN over_present AS present DEFAULT 'x';
       CREATE DOMAIN small AS int CHECK (VALUE < 5); CREATE ROLE ${role};
       CREATE FUNCTION f() RETURNS int STABLE LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION f() FROM PUBLIC;
       CREATE TABLE t (id int PRIMARY KEY, a over_present, b small, c int DEFAULT f());
       GRANT INSERT (id) ON t TO ${role};
       CREATE RULE kept AS ON UPDATE TO t DO ALSO NOTHING; CREATE RULE gone AS ON DELETE TO t DO ALSO NOTHING`,
    );
    cleanups.unshift(() => query(server.url, `DROP ROLE ${role}`));
    const t = named(tables, "t");
    expect(t?.writeRules).toEqual(["kept"]);
    const domain = (name: string) => t?.columns.find((c) => c.name === name)?.domain;
    expect(domain("a")).toEqual({ notNull: true, checked: false, default: "'x'::text" });
    expect(domain("b")).toEqual({ notNull: false, checked: true, default: null });
    expect(domain("c")).toBeNull();
    expect(t?.columns.find((c) => c.name === "c")?.defaultDenied).toEqual([{ role, routine: "public.f()" }]);
  });

  it("marks partitioned tables and partitions", () => {
    expect(["parted", "parted_1", "parent"].map((t) => table(null, t).partitioned)).toEqual([true, true, false]);
  });

  it("finds function bodies that name a column, for the gate", async () => {
    const session = await openSession(db.url, { connectTimeoutMs: 5_000, applicationName: "test" });
    const found = await dependentsOf(session, { schema: "public", name: "parent" }, "code");
    expect(found.toSorted()).toEqual(["function mentions()", "policy pol", "publication pub"]);
    expect(await dependentsOf(session, { schema: "public", name: "parted" }, "k")).toEqual([]);
    await session.close();
  });
});
