import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { after } = suite();

  async function begin(name: string, ...setup: readonly string[]) {
    const db = await server.createDatabase(name);
    after(db.drop);
    for (const sql of setup) await query(db.url, sql);
    const p = project(db.url, { ZMIGRATE_SHADOW: "off" });
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    return { db, p };
  }

  it("a table that is dropped and made again is refused in one file, and waits for itself in two", async () => {
    const { db, p } = await begin("again", "CREATE TABLE gone (x int)", "INSERT INTO gone VALUES (7)");
    p.write("migrations/20260101000000_drop.sql", "DROP TABLE gone;\nCREATE TABLE gone (y varchar(9));\n");
    for (const command of ["plan", "apply"]) {
      const { code, stdout, stderr } = await p.run(command);
      expect(code).toBe(1);
      expect(stdout + stderr).toMatch(/_drop\.sql:2:1\b/);
      expect(stdout + stderr).toContain("Give the new one another name, or write two migrations");
    }
    expect(await query(db.url, "SELECT x FROM gone")).toEqual([{ x: 7 }]);

    p.write("migrations/20260101000000_drop.sql", "DROP TABLE gone;\n");
    p.write("migrations/20260102000000_make.sql", "CREATE TABLE gone (y varchar(9));\n");
    expect((await works(p.run("plan"))).stdout).toContain("Line 1 waits: migration 20260101000000 (drop)");
    const codes: (number | null)[] = [];
    for (const release of ["r1", "r2", "r3"]) {
      codes.push((await p.run("apply", "--contract", "--release", release, "--park", "0")).code);
      // What the first run began is deployed by itself.
      if (release === "r1") await works(p.run("apply", "--release", release, "--to", "20260101000000"));
    }
    expect(codes).toEqual([4, 4, 0]);
    await query(db.url, "INSERT INTO gone (y) VALUES ('a')");
  });

  it("what somebody else has made meanwhile is not taken for done, and no rollback drops it", async () => {
    const rows = Array.from({ length: 9 }, (_, i) => `(${i}, 1, ${i})`).join(", ");
    const { db, p } = await begin(
      "theirs",
      "CREATE TABLE t (id int PRIMARY KEY, a int, b int)",
      `INSERT INTO t VALUES ${rows}`,
    );
    p.write("migrations/20260101000000_build.sql", "CREATE UNIQUE INDEX u ON t (a);\nCREATE INDEX mine ON t (b);\n");
    expect(await p.run("apply", "--release", "r1")).toMatchObject({ code: 3 });
    await query(db.url, "UPDATE t SET a = id");
    await query(db.url, "CREATE INDEX mine ON t (a, b)");
    const { code, stderr } = await p.run("apply", "--release", "r1");
    expect(stderr).toContain("no run of zmigrate has made it");
    expect(code).toBe(3);
    await works(p.run("rollback", "20260101000000"));
    await query(db.url, server.name === "postgres" ? "DROP INDEX mine" : "DROP INDEX mine ON t");
  });
});

/** Unique, so that the old one is missed at once; and a view, whose rights come behind it. */
const SETUP = [
  "CREATE TABLE t (id int PRIMARY KEY, a int, b int)",
  "INSERT INTO t SELECT i, i, i FROM generate_series(1, 50) i",
  "CREATE UNIQUE INDEX i ON t (a)",
  "CREATE STATISTICS st ON a, b FROM t",
  "CREATE VIEW v AS SELECT id FROM t",
];
const CHANGE = [
  "DROP INDEX i",
  "CREATE UNIQUE INDEX i ON t (a, b)",
  "DROP STATISTICS st",
  "CREATE STATISTICS st ON b, id FROM t",
  "DROP VIEW v",
  "CREATE VIEW v AS SELECT a FROM t",
  "GRANT SELECT ON v TO PUBLIC",
];
const LEFT = `SELECT indexdef AS it FROM pg_indexes WHERE tablename = 't'
  UNION ALL SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
  UNION ALL SELECT relname || pg_get_viewdef(oid) || COALESCE(relacl::text, '') FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
  ORDER BY 1`;

describeServer("postgres", (server) => {
  const { after } = suite();

  it("exchanges an index, statistics and a view for others of their names, back and forth", async () => {
    const [db, plain] = [await server.createDatabase("exchanged"), await server.createDatabase("plain")];
    for (const { drop } of [db, plain]) after(drop);
    for (const sql of SETUP) for (const { url } of [db, plain]) await query(url, sql);
    const p = project(db.url, { ZMIGRATE_SHADOW: "off" });
    after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write("migrations/20260101000000_anew.sql", `${CHANGE.join(";\n")};\n`);
    const before = await query(db.url, LEFT);
    for (const [back, one, two] of [
      [true, "r1", "r2"],
      [false, "r3", "r4"],
    ] as const) {
      await works(p.run("apply", "--release", one));
      await query(db.url, "INSERT INTO t VALUES (100, 100, 0) ON CONFLICT (a) DO NOTHING");
      await works(p.run("apply", "--contract", "--release", two));
      if (back) await works(p.run("rollback", "20260101000000"));
      if (back) expect(await query(db.url, LEFT)).toEqual(before);
    }
    await works(p.run("apply", "--contract", "--release", "r5", "--park", "0"));
    for (const sql of CHANGE) await query(plain.url, sql);
    expect(await query(db.url, LEFT)).toEqual(await query(plain.url, LEFT));
  });
});
