import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const [FIRST, SECOND, THIRD] = ["20260101000000", "20260102000000", "20260103000000"];

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { after } = suite();
  const postgres = server.name === "postgres";

  const setup = [
    "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20))",
    ...Array.from({ length: 20 }, (_, i) => `INSERT INTO t VALUES (${i}, ${i}, 'b')`),
    ...(postgres
      ? ["CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.a = 7; RETURN NEW; END'"]
      : []),
  ];
  const rename = [
    "ALTER TABLE t RENAME TO t3",
    ...(postgres ? ["COMMENT ON TABLE t3 IS 'said'", "GRANT UPDATE ON t3 TO PUBLIC"] : []),
  ];
  const onTable = [
    "CREATE TABLE t4 (id int PRIMARY KEY, t_id int, CONSTRAINT points FOREIGN KEY (t_id) REFERENCES t3 (id))",
    `CREATE TRIGGER tg BEFORE INSERT ON t3 FOR EACH ROW ${postgres ? "EXECUTE FUNCTION tf()" : "SET NEW.a = 7"}`,
  ];
  const view = "CREATE VIEW v3 AS SELECT id, b FROM t3";

  async function begun() {
    const db = await server.createDatabase("renamed_table");
    after(db.drop);
    for (const sql of setup) await query(db.url, sql);
    const p = project(db.url, { ZMIGRATE_SHADOW: "off" });
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write(`migrations/${FIRST}_rename.sql`, `${rename.join(";\n")};\n`);
    return { db, p };
  }

  it.runIf(postgres)("says where a drop of what hangs on the table belongs", async () => {
    const { db, p } = await begun();
    await query(db.url, "CREATE TRIGGER tu BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf()");
    p.write(`migrations/${FIRST}_rename.sql`, "ALTER TABLE t RENAME TO t3;\nDROP TRIGGER tu ON t3;\n");
    const refused = await p.run("apply", "--release", "r1");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("renames public.t to public.t3 in front of this");
    expect(refused.stderr).toContain('`DROP TRIGGER "tu" ON "public"."t"` in front of the rename');
  });

  it("what needs the table waits in a later file until the rename is swapped", async () => {
    const { db, p } = await begun();
    p.write(`migrations/${SECOND}_needs.sql`, `${onTable.join(";\n")};\n`);
    p.write(`migrations/${THIRD}_view.sql`, `${view};\n`);
    const planned = await works(p.run("plan"));
    if (postgres) {
      p.write(`migrations/${SECOND}_needs.sql`, "ALTER TABLE t ENABLE ROW LEVEL SECURITY;\n");
      const { stdout } = await works(p.run("plan"));
      expect(stdout).toMatch(/Line 1 waits: .*the contract of this one would find a view under the old name/);
      p.write(`migrations/${SECOND}_needs.sql`, `${onTable.join(";\n")};\n`);
    }
    expect(planned.stdout).toMatch(
      /Line 1 waits: migration 20260101000000 \(rename\) .*t3: until the swap that is a view/,
    );

    const waits = await p.run("apply", "--release", "r1");
    expect(waits.code, waits.stderr).toBe(4);
    expect(waits.stderr).toMatch(/begins when that one is swapped.*--to 20260101000000/s);
    await works(p.run("apply", "--to", FIRST, "--release", "r1"));
    expect((await p.run("apply", "--release", "r1")).code).toBe(4);
    await works(p.run("apply", "--to", FIRST, "--contract", "--release", "r2", "--park", "1h"));
    await works(p.run("apply", "--release", "r3"));

    await query(db.url, "INSERT INTO t3 VALUES (100, 1, 'x')");
    expect(await query(db.url, "SELECT a FROM t3 WHERE id = 100")).toEqual([{ a: 7 }]);
    await query(db.url, "INSERT INTO t4 VALUES (1, 100)");
    expect(await query(db.url, "SELECT b FROM v3 WHERE id = 100")).toEqual([{ b: "x" }]);
    const said = `SELECT obj_description(c.oid) AS it, privilege_type AS may FROM pg_class c, aclexplode(relacl)
      WHERE c.oid = 't3'::regclass AND grantee = 0`;
    if (postgres) expect(await query(db.url, said)).toEqual([{ it: "said", may: "UPDATE" }]);
  });

  it("what was made on the view by hand is found before the swap begins", async () => {
    const { db, p } = await begun();
    await works(p.run("apply", "--release", "r1"));
    await query(db.url, view);
    const swap = (release = "r2") => works(p.run("apply", "--contract", "--release", release, "--park", "0s"));
    const keeps = async (name: string, on: string) => {
      const { code, stderr } = await p.run("rollback", FIRST);
      expect(code, stderr).toBe(1);
      expect(stderr).toContain(
        `view ${name} hangs on public.${on}, a view that the rollback drops. Nothing was undone.`,
      );
    };
    const { stdout } = await swap();
    if (postgres) {
      expect(stdout).toMatch(/closed +dependents +view v3 hangs on .*t3, a view that the swap drops/);
      await keeps("v3", "t3");
      await query(db.url, "CREATE OR REPLACE VIEW v3 AS SELECT id, b FROM t");
      await query(db.url, "GRANT SELECT ON t3 TO PUBLIC");
      expect((await swap()).stdout).toMatch(/closed +dependents +PUBLIC has SELECT on .*t3 alone/);
      await query(db.url, "GRANT SELECT ON t TO PUBLIC");
      await swap();
      await query(db.url, "CREATE VIEW straggler AS SELECT id FROM t");
      await keeps("straggler", "t");
      await query(db.url, "DROP VIEW straggler");
    }
    await swap("r3");
    expect(await query(db.url, "SELECT b FROM v3 WHERE id = 7")).toEqual([{ b: "b" }]);
    const left = await p.run("status", "--json");
    expect(JSON.parse(left.stdout).migrations[0].status, left.stdout).toBe("contracted");
  });
});

const body = (table: string) =>
  `CREATE OR REPLACE FUNCTION counts() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM count(*) FROM ${table}; RETURN NEW; END';`;

describeServer("postgres", (server) => {
  const own = suite();

  it("a rollback leaves no function with a name that nothing has", async () => {
    const setup = [
      "CREATE TABLE users (id int PRIMARY KEY)",
      "CREATE TABLE orders (id serial PRIMARY KEY)",
      body("users"),
      "CREATE TRIGGER counts BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION counts()",
    ];
    const { url, project: p } = await bareScene(server, own, setup, {
      rename: "ALTER TABLE users RENAME TO accounts;",
      replace: body("accounts"),
    });
    const runs = () => query(url, "INSERT INTO orders DEFAULT VALUES");
    const apply = (release: string) => works(p.run("apply", "--contract", "--release", release, "--park", "0"));
    const refused = async (id: string, says: RegExp) => {
      const { code, stderr } = await p.run("rollback", id);
      expect([code, stderr]).toEqual([1, expect.stringMatching(says)]);
      await runs();
    };
    await apply("r1");
    await refused(
      FIRST,
      /function counts\(\), which migration 20260102000000 .*names accounts.*rollback 20260102000000/s,
    );
    await apply("r2");
    p.write(`migrations/${THIRD}_row.sql`, "CREATE FUNCTION takes(accounts) RETURNS int LANGUAGE sql AS 'SELECT 1';\n");
    await apply("r2");
    await refused(FIRST, /20260103000000 \(row\) came after it and .*accounts.*rollback 20260103000000/s);
    await works(p.run("rollback", THIRD));
    await refused(FIRST, /names accounts/);
    await apply("r3");
    await works(p.run("rollback", THIRD));
    await refused(SECOND, /names public.users, which migration 20260101000000 .* has renamed.*takes its swap back/s);
    expect(await p.run("rollback", FIRST)).toMatchObject({ code: 4, stderr: expect.stringMatching(/both names/) });
    await runs();
    await works(p.run("rollback", SECOND));
    await runs();
    await works(p.run("rollback", FIRST));
    await runs();
    expect(await query(url, "SELECT relname FROM pg_class WHERE relname IN ('users', 'accounts')")).toEqual([
      { relname: "users" },
    ]);
  });
});
