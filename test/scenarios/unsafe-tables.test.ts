import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const FILE = "migrations/20260101000000_change.sql";
const RENAME = "ALTER TABLE u RENAME COLUMN e TO e2;\n";
const COLUMNS =
  "SELECT attname AS name FROM pg_attribute WHERE attrelid = 'u'::regclass AND attnum > 0 ORDER BY attnum";

describeServer("postgres", (server) => {
  const own = suite();

  async function scene(setup: string, change = RENAME) {
    const { project: p, ...made } = await bareScene(server, own, [setup], { change });
    return { ...made, p };
  }

  it.each([
    [
      "whose column is in an exclusion constraint by an expression",
      "CREATE TABLE u (id int PRIMARY KEY, e int, CONSTRAINT apart EXCLUDE USING gist (int4range(e, e + 1) WITH &&))",
      /exclusion constraint apart/,
    ],
    [
      "whose column is carried by the primary key",
      "CREATE TABLE u (id int, e int, PRIMARY KEY (id) INCLUDE (e))",
      /primary key u_pkey/,
    ],
    [
      "whose column is carried by the key that a foreign key points at",
      "CREATE TABLE u (id int PRIMARY KEY, k int NOT NULL, e int, UNIQUE (k) INCLUDE (e)); CREATE TABLE c (k int REFERENCES u (k))",
      /foreign key c_k_fkey/,
    ],
    [
      "whose column has a NOT NULL domain",
      "CREATE DOMAIN present AS text NOT NULL; CREATE DOMAIN over AS present; CREATE TABLE u (id int PRIMARY KEY, e over)",
      /domain that is NOT NULL/,
    ],
    [
      "that is large, whose column has a domain with a check",
      "CREATE DOMAIN small AS int CHECK (VALUE < 5); CREATE TABLE u (id int PRIMARY KEY, e small, pad text); INSERT INTO u SELECT n, 1, repeat('x', 900) FROM generate_series(1, 6000) n",
      /larger than 4 MiB/,
    ],
    [
      "with a rule on UPDATE",
      "CREATE TABLE u (id int PRIMARY KEY, e text); CREATE RULE kept AS ON UPDATE TO u DO INSTEAD NOTHING",
      /rule kept/,
    ],
    [
      "with a rule on INSERT",
      "CREATE TABLE u (id int PRIMARY KEY, e text); CREATE RULE copied AS ON INSERT TO u DO ALSO NOTIFY u",
      /rule copied/,
    ],
  ])("refuses a table %s, with the place and nothing changed", async (_, setup, why) => {
    const { url, p } = await scene(setup);
    const before = await query(url, COLUMNS);
    for (const command of [["plan"], ["apply", "--release", "2"]]) {
      const refused = await p.run(...command);
      expect(refused, refused.stderr).toMatchObject({ code: 1 });
      expect(refused.stdout + refused.stderr).toMatch(why);
      expect(refused.stdout + refused.stderr).toMatch(/20260101000000_change\.sql:1/);
    }
    expect(await query(url, COLUMNS)).toEqual(before);
  });

  it.each([
    [
      "a check",
      "CREATE TABLE u (id int PRIMARY KEY, e text, n int); INSERT INTO u VALUES (1, 'a', -1); ALTER TABLE u ADD CONSTRAINT late CHECK (n > 0) NOT VALID",
      "UPDATE u SET n = 1; ALTER TABLE u VALIDATE CONSTRAINT late",
    ],
    [
      "a check that names the column",
      "CREATE TABLE u (id int PRIMARY KEY, e text); INSERT INTO u VALUES (1, 'a'), (2, 'b'); ALTER TABLE u ADD CONSTRAINT late CHECK (e <> 'a') NOT VALID",
      "DELETE FROM u WHERE e = 'a'",
    ],
  ])("refuses rows that violate %s that is NOT VALID, and goes on when they are mended", async (_, setup, mend) => {
    const { url, p } = await scene(setup);
    const refused = await p.run("apply", "--release", "2");
    expect(refused, refused.stderr).toMatchObject({ code: 1 });
    expect(refused.stderr).toMatch(/violate late/);
    const count = /`(SELECT count\(\*\) .*)`/.exec(refused.stderr)?.[1] ?? "";
    expect(await query(url, count)).toEqual([{ count: "1" }]);
    expect(await query(url, COLUMNS)).not.toContainEqual({ name: "e2" });
    await query(url, mend);
    await works(p.run("apply", "--release", "2"));
  });

  it.each([
    ["whose only key is deferrable", "CREATE TABLE u (id int PRIMARY KEY DEFERRABLE, e text)"],
    [
      "whose only key is partial",
      "CREATE TABLE u (id int NOT NULL, e text); CREATE UNIQUE INDEX ON u (id) WHERE id > 0",
    ],
    [
      "whose only key may have holes by an expression",
      "CREATE TABLE u (id int NOT NULL, e text); CREATE UNIQUE INDEX ON u (abs(id))",
    ],
  ])("walks a table %s by the places of its rows", async (_, setup) => {
    const { url, p } = await scene(`${setup}; INSERT INTO u SELECT n, 'e' || n FROM generate_series(1, 3000) n`);
    await works(p.run("apply", "--release", "2"));
    await works(p.run("apply", "--contract", "--release", "3"));
    expect(await query(url, "SELECT count(*)::int AS n FROM u WHERE e2 = 'e' || id")).toEqual([{ n: 3000 }]);
  });

  it("changes an empty table without a key, whose names need their quotes", async () => {
    const { url, p } = await scene(
      `CREATE TABLE "o'dd ""t" ("e; --" text)`,
      `ALTER TABLE "o'dd ""t" RENAME COLUMN "e; --" TO "e' 2";\n`,
    );
    for (const release of ["2", "3", "4"])
      await works(p.run("apply", "--contract", "--release", release, "--park", "0"));
    expect(await query(url, `SELECT "e' 2" FROM "o'dd ""t"`)).toEqual([]);
  });

  it("numbers the rows of a table that has no key", async () => {
    const { url, p } = await scene(
      "CREATE TABLE u (e text); INSERT INTO u SELECT n FROM generate_series(1, 3000) n",
      "ALTER TABLE u ADD COLUMN n serial;\n",
    );
    for (const release of ["2", "3", "4"])
      await works(p.run("apply", "--contract", "--release", release, "--park", "0"));
    await query(url, "INSERT INTO u (e) VALUES ('new')");
    expect(await query(url, "SELECT count(DISTINCT n)::int AS n, max(n) AS last FROM u")).toEqual([
      { n: 3001, last: 3001 },
    ]);
  });

  it("lets rows be that violate a foreign key that is NOT VALID: a backfill does not ask it, and the copy is NOT VALID too", async () => {
    const { url, p } = await scene(
      `CREATE TABLE r (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY, e int, n int); INSERT INTO u VALUES (1, 7, 8);
       ALTER TABLE u ADD CONSTRAINT one FOREIGN KEY (e) REFERENCES r NOT VALID, ADD CONSTRAINT two FOREIGN KEY (n) REFERENCES r NOT VALID`,
    );
    for (const release of ["2", "3", "4"])
      await works(p.run("apply", "--contract", "--release", release, "--park", "0"));
    expect(await query(url, "SELECT e2, n FROM u")).toEqual([{ e2: 7, n: 8 }]);
    expect(await query(url, "SELECT conname, convalidated FROM pg_constraint WHERE contype = 'f' ORDER BY 1")).toEqual([
      { conname: "one", convalidated: false },
      { conname: "two", convalidated: false },
    ]);
  });

  /** A role that owns the table and the database, as an application's deploy job has it. */
  async function asOwner(setup: string, grants: (role: string) => string) {
    const role = `zm_owner_${Date.now()}`;
    await query(server.url, `CREATE ROLE ${role} LOGIN PASSWORD 'pw-4711'`);
    own.after(() => query(server.url, `DROP ROLE ${role}`));
    const { url, database } = await scene(setup);
    await query(
      url,
      `GRANT CREATE ON DATABASE "${database}" TO ${role}; GRANT pg_monitor TO ${role}; ALTER TABLE u OWNER TO ${role}; ${grants(role)}`,
    );
    const asRole = new URL(url);
    asRole.username = role;
    asRole.password = "pw-4711";
    const p = project(asRole.href);
    own.after(async () => p.remove());
    await works(p.run("init"));
    p.write(FILE, RENAME);
    return { url, p, role };
  }

  it("refuses an owner for whom policies hold, names BYPASSRLS, and goes on with it", async () => {
    const { url, p, role } = await asOwner(
      "CREATE TABLE u (id int PRIMARY KEY, e text); INSERT INTO u VALUES (1, 'a'); ALTER TABLE u ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
      (owner) => `GRANT CREATE ON SCHEMA public TO ${owner}`,
    );
    const refused = await p.run("apply", "--release", "2");
    expect(refused, refused.stderr).toMatchObject({ code: 3 });
    expect(refused.stderr).toContain(`ALTER ROLE "${role}" BYPASSRLS`);
    expect(await query(url, COLUMNS)).not.toContainEqual({ name: "e2" });
    await query(url, `ALTER ROLE ${role} BYPASSRLS`);
    await works(p.run("apply", "--release", "2"));
  });

  it("refuses an owner who may not build an index in the table's schema, with the GRANT", async () => {
    const { url, p, role } = await asOwner(
      "CREATE TABLE u (id int PRIMARY KEY, e text UNIQUE); INSERT INTO u VALUES (1, 'a'); REVOKE CREATE ON SCHEMA public FROM PUBLIC",
      () => "SELECT 1",
    );
    const refused = await p.run("apply", "--release", "2");
    expect(refused, refused.stderr).toMatchObject({ code: 3 });
    expect(refused.stderr).toContain(`GRANT CREATE ON SCHEMA "public" TO "${role}"`);
    expect(await query(url, COLUMNS)).not.toContainEqual({ name: "e2" });
    await query(url, `GRANT CREATE ON SCHEMA public TO ${role}`);
    await works(p.run("apply", "--release", "2"));
  });

  it("refuses where a writer may not call what the default calls, with the GRANT", async () => {
    const role = `zm_writer_${Date.now()}`;
    await query(server.url, `CREATE ROLE ${role}`);
    own.after(() => query(server.url, `DROP ROLE ${role}`));
    const { url, p } = await scene(
      `CREATE FUNCTION f() RETURNS text STABLE LANGUAGE sql AS $$ SELECT 'd'::text $$; REVOKE ALL ON FUNCTION f() FROM PUBLIC;
       CREATE TABLE u (id int PRIMARY KEY, e text DEFAULT f()); GRANT INSERT, SELECT ON u TO ${role}`,
    );
    const refused = await p.run("apply", "--release", "2");
    expect(refused, refused.stderr).toMatchObject({ code: 1 });
    const grant = /(GRANT EXECUTE [^.]*\.[^.]*)\./.exec(refused.stderr)?.[1] ?? "";
    await query(url, grant);
    await works(p.run("apply", "--release", "2"));
    await query(
      url,
      `SET ROLE ${role}; INSERT INTO u (id, e) VALUES (1, 'x'); INSERT INTO u (id, e2) VALUES (2, NULL)`,
    );
    expect(await query(url, "SELECT e, e2 FROM u ORDER BY id")).toEqual([
      { e: "x", e2: "x" },
      { e: null, e2: null },
    ]);
  });

  it("says of two changes of one column in a file what is wrong with them", async () => {
    const { p } = await scene(
      "CREATE TABLE u (id int PRIMARY KEY, e text, f text)",
      "ALTER TABLE u DROP COLUMN e;\nALTER TABLE u RENAME COLUMN f TO e;\n",
    );
    const refused = await p.run("apply", "--release", "2");
    expect(refused, refused.stderr).toMatchObject({ code: 1 });
    expect(refused.stderr).toMatch(/20260101000000_change\.sql:2:\d+: This file already drops e/);
  });
});
