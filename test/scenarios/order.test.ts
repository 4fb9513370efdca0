import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { killHard, works } from "./support/scene.js";
import { suite } from "./support/suite.js";

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mysql"], (server) => {
  const { after, session } = suite();

  /** A database with what `sql` makes in it, and a project for it. */
  async function begin(name: string, sql: string | null = null) {
    const db = await server.createDatabase(name);
    after(db.drop);
    if (sql !== null) await query(db.url, sql);
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    return { db, p };
  }

  it("goes on with what was begun before it asks whether a newer migration can be planned", async () => {
    const { db, p } = await begin("order", "CREATE TABLE t (id int PRIMARY KEY, e varchar(20))");
    p.write("migrations/20260101000000_drop.sql", "ALTER TABLE t DROP COLUMN e;\n");
    await works(p.run("apply", "--release", "r1"));
    p.write("migrations/20260102000000_again.sql", "ALTER TABLE t ADD COLUMN e int;\n");

    const tooEarly = await p.run("apply", "--contract", "--release", "r1");
    expect(tooEarly, tooEarly.stderr).toMatchObject({ code: 4 });
    expect(tooEarly.stderr).toContain("20260102000000_again.sql:1:");
    expect(tooEarly.stderr).toContain("migration 20260101000000 (drop) is not finished");
    const planned = await p.run("plan");
    expect(planned, planned.stderr).toMatchObject({ code: 1 });
    expect(planned.stdout).toContain("migration 20260101000000 (drop) is not finished");
    expect(planned.stdout).toContain("`apply` waits until then");

    await works(p.run("apply", "--contract", "--release", "r2", "--park", "0"));
    await works(p.run("apply", "--contract", "--release", "r3", "--park", "0"));
    const { stdout } = await works(p.run("status", "--json"));
    const { migrations } = JSON.parse(stdout) as { migrations: { status: string }[] };
    expect(migrations.map((m) => m.status)).toEqual(["contracted", "contracted"]);
    await query(db.url, "INSERT INTO t (id, e) VALUES (1, 5)");
  });

  it("begins the first of two files that rename one column, and the second when the first has contracted", async () => {
    const { db, p } = await begin("chain", "CREATE TABLE t (id int PRIMARY KEY, e varchar(20))");
    p.write("migrations/20260101000000_one.sql", "ALTER TABLE t RENAME COLUMN e TO e2;\n");
    p.write("migrations/20260102000000_two.sql", "ALTER TABLE t RENAME COLUMN e2 TO e3;\n");
    p.write("migrations/20260103000000_three.sql", "ALTER TABLE t ADD COLUMN g int;\n");
    const said = "migration 20260101000000 (one) is not finished";
    for (const command of [["plan"], ["apply", "--dry-run"]])
      expect((await works(p.run(...command))).stdout).toContain(said);
    const codes: (number | null)[] = [];
    for (const release of ["r1", "r2", "r3", "r4", "r5"]) {
      const apply = ["apply", "--contract", "--release", release, "--park", "0"];
      const run = await p.run(...apply);
      codes.push(run.code);
      if (run.code === 0) continue;
      expect(run.stderr).toContain("20260102000000_two.sql:1:");
      expect(run.stderr).toContain(said);
      await works(p.run(...apply, ...(/(--to) (\d+)/.exec(run.stderr)?.slice(1) ?? [])));
    }
    // Expand, swap, drop of the first; the second begins in the run of that drop, behind what stands before it.
    expect(codes).toEqual([4, 4, 0, 0, 0]);
    const { stdout } = await works(p.run("status", "--json"));
    const { migrations } = JSON.parse(stdout) as { migrations: { status: string }[] };
    expect(migrations.map((m) => m.status)).toEqual(["contracted", "contracted", "contracted"]);
    expect(await query(db.url, "SELECT e3, g FROM t")).toEqual([]);
  });

  it("begins what waits for a backfill alone in the run that ends it", async () => {
    const { db, p } = await begin("at_once");
    const numbers =
      server.name === "postgres"
        ? "SELECT n, n FROM generate_series(1, 5) n"
        : "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 5) SELECT n, n FROM s";
    p.write(
      "migrations/20260101000000_fill.sql",
      `CREATE TABLE t (id int PRIMARY KEY, a int);\nINSERT INTO t ${numbers};\n`,
    );
    p.write("migrations/20260102000000_update.sql", "UPDATE t SET a = a + 1;\n");
    p.write("migrations/20260103000000_rename.sql", "ALTER TABLE t RENAME TO w;\n");
    p.write(
      "migrations/20260104000000_column.sql",
      "ALTER TABLE w ADD COLUMN b int;\nUPDATE w SET b = a * 2;\nALTER TABLE w DROP COLUMN a;\nALTER TABLE w RENAME COLUMN b TO a;\n",
    );
    await works(p.run("apply", "--release", "r1"));
    expect(await query(db.url, "SELECT * FROM w ORDER BY id")).toEqual(
      [1, 2, 3, 4, 5].map((n) => ({ id: n, a: 2 * n + 2 })),
    );
    const { stdout } = await works(p.run("status", "--json"));
    const { migrations } = JSON.parse(stdout) as { migrations: { status: string }[] };
    expect(migrations.map((m) => m.status)).toEqual(Array(4).fill("contracted"));
  });

  it("goes on with what is begun behind a file that comes late and has to wait for it", async () => {
    const { db, p } = await begin("late", "CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b int)");
    p.write("migrations/20260105000000_one.sql", "ALTER TABLE t RENAME COLUMN a TO na;\n");
    await works(p.run("apply", "--contract", "--release", "r1"));
    p.write("migrations/20260101000000_late.sql", "ALTER TABLE t RENAME COLUMN na TO nb;\n");
    const codes: (number | null)[] = [];
    for (const release of ["r2", "r3"])
      codes.push((await p.run("apply", "--contract", "--release", release, "--park", "0")).code);
    // Swap; drop, and behind that the file that waits.
    expect(codes).toEqual([4, 0]);
    expect(await query(db.url, "SELECT nb FROM t")).toEqual([]);
  });

  it("never swaps before a run of the release that expanded has ended with 0: its code was not rolled out", async () => {
    const { db, p } = await begin("failed", "CREATE TABLE t (id int PRIMARY KEY, e varchar(20))");
    await query(db.url, "CREATE TABLE other (id int PRIMARY KEY, u int)");
    await query(db.url, "INSERT INTO other VALUES (1, 1), (2, 1)");
    p.write("migrations/20260101000000_rename.sql", "ALTER TABLE t RENAME COLUMN e TO e2;\n");
    p.write("migrations/20260102000000_unique.sql", "CREATE UNIQUE INDEX other_u ON other (u);\n");
    for (const release of ["r1", "r2"]) {
      // A part of the job that ends with 0 does not count when its last line fails.
      await works(p.run("apply", "--to", "20260101000000", "--release", release));
      const failed = await p.run("apply", "--contract", "--release", release);
      expect(failed.code, failed.stderr).toBe(3);
      await query(db.url, `INSERT INTO t (id, e) VALUES (${release.slice(1)}, 'old code')`);
    }
    expect((await works(p.run("status", "--release", "r2"))).stdout).toContain("it was not rolled out");
    await query(db.url, "UPDATE other SET u = id");
    await works(p.run("apply", "--contract", "--release", "r3"));
    await query(db.url, "INSERT INTO t (id, e) VALUES (3, 'old code')");
    await works(p.run("apply", "--contract", "--release", "r4"));
    expect(await query(db.url, "SELECT id FROM t WHERE e2 = 'old code'")).toHaveLength(3);
  });

  it("never swaps for a job that waited for the one that expanded: its code was not rolled out when that job began", async () => {
    const { db, p } = await begin("at_once", "CREATE TABLE t (id int PRIMARY KEY, e varchar(20))");
    await query(db.url, "INSERT INTO t (id, e) VALUES (1, 'a')");
    p.write("migrations/20260101000000_rename.sql", "ALTER TABLE t RENAME COLUMN e TO e2;\n");
    const first = p.start("apply", "--contract", "--json", "--release", "r1");
    expect(await first.told((e) => e.event === "step-started")).toBe(true);
    first.kill("SIGSTOP");
    const second = p.start("apply", "--contract", "--json", "--release", "r2", "--lock-wait", "60s");
    expect(await second.told((e) => e.event === "waiting-for-lock")).toBe(true);
    first.kill("SIGCONT");
    await works(first.result);
    const { stdout } = await works(second.result);
    const atWork = "release r2 has run before release r1 expanded";
    expect(stdout).toContain(atWork);
    await query(db.url, "INSERT INTO t (id, e) VALUES (2, 'old code')");
    // A job that ends with 4 is tried again, and what it waited for is not rolled out by then.
    expect(await p.run("apply", "--require-contract", "--release", "r2")).toMatchObject({
      code: 4,
      stdout: expect.stringContaining(atWork),
    });
    await query(db.url, "INSERT INTO t (id, e) VALUES (3, 'old code')");
    await works(p.run("apply", "--contract", "--release", "r3"));
    expect(await query(db.url, "SELECT e2 FROM t ORDER BY id")).toEqual([
      { e2: "a" },
      { e2: "old code" },
      { e2: "old code" },
    ]);
  });

  it("never swaps for a release whose job gave up before the expansion, when that job is tried again", async () => {
    const { db, p } = await begin("gave_up", "CREATE TABLE t (id int PRIMARY KEY, e varchar(20))");
    p.write("migrations/20250101000000_first.sql", "CREATE TABLE other (id int PRIMARY KEY);\n");
    await works(p.run("apply", "--release", "r0"));
    p.write("migrations/20260101000000_rename.sql", "ALTER TABLE t RENAME COLUMN e TO e2;\n");
    const holder = await session(db.url);
    await holder.query("BEGIN");
    await holder.query("SELECT count(*) FROM t");
    const first = p.start("apply", "--contract", "--json", "--release", "r1");
    expect(await first.told((e) => e.event === "step-blocked")).toBe(true);
    expect((await p.run("apply", "--contract", "--release", "r2", "--lock-wait", "0")).code).toBe(4);
    await holder.query("COMMIT");
    await works(first.result);
    expect((await works(p.run("apply", "--contract", "--release", "r2"))).stdout).toContain(
      "release r2 has run before release r1 expanded",
    );
    await query(db.url, "INSERT INTO t (id, e) VALUES (1, 'old code')");
    expect((await works(p.run("history"))).stdout).toContain("waited for another run");
  });

  it("never swaps behind a run without the file, until a release that has it is rolled out again", async () => {
    const { db, p } = await begin("went_back", "CREATE TABLE t (id int PRIMARY KEY, e varchar(20))");
    const file = "migrations/20260101000000_rename.sql";
    p.write("migrations/20250101000000_first.sql", "CREATE TABLE other (id int PRIMARY KEY);\n");
    p.write(file, "ALTER TABLE t RENAME COLUMN e TO e2;\n");
    await works(p.run("apply", "--contract", "--release", "r2"));
    rmSync(join(p.folder, file));
    expect((await p.run("apply", "--contract", "--release", "r1-again")).code).toBe(2);
    p.write(file, "ALTER TABLE t RENAME COLUMN e TO e2;\n");
    expect((await works(p.run("status", "--release", "r3"))).stdout).toContain("a run had not");
    expect((await works(p.run("apply", "--contract", "--release", "r3"))).stdout).toContain("a run had not");
    await query(db.url, "INSERT INTO t (id, e) VALUES (1, 'old code')");
    await works(p.run("apply", "--contract", "--release", "r4"));
    expect(await query(db.url, "SELECT e2 FROM t")).toEqual([{ e2: "old code" }]);
  });

  it("never swaps for a release that ran before the expansion, nor lets it stand for the one that expanded", async () => {
    const { db, p } = await begin("gone_back", "CREATE TABLE t (id int PRIMARY KEY, e varchar(20))");
    p.write("migrations/20250101000000_first.sql", "CREATE TABLE other (id int PRIMARY KEY);\n");
    await works(p.run("apply", "--contract", "--release", "r1"));
    p.write("migrations/20260101000000_rename.sql", "ALTER TABLE t RENAME COLUMN e TO e2;\n");
    const cut = p.start("apply", "--contract", "--release", "r2", "--json");
    expect(await cut.told((e) => e.event === "step-done" && e.step === "1-backfill")).toBe(true);
    await killHard(cut);
    // The application goes back with the folder as it is, twice: the one that expanded was not rolled out, and then was.
    for (const next of ["r2", "r3"]) {
      await works(p.run("apply", "--contract", "--release", "r1", "--lock-wait", "20s"));
      await query(db.url, `INSERT INTO t (id, e) VALUES (${next.slice(1)}, 'old code')`);
      await works(p.run("apply", "--contract", "--release", next));
      const { stdout } = await works(p.run("status", "--release", "r1"));
      if (next === "r2") expect(stdout).toMatch(/release r1 has run before release r2 expanded/);
    }
    expect(await query(db.url, "SELECT id FROM t WHERE e2 = 'old code'")).toHaveLength(2);
    expect((await works(p.run("status", "--release", "r2"))).stdout).toMatch(
      /release r2 has run before release r3 swapped/,
    );
  });

  it("counts a release no more whose next run is killed or loses its connection, and counts it still when one waits", async () => {
    const { db, p } = await begin("killed", "CREATE TABLE t (id int PRIMARY KEY, e varchar(20))");
    const counts = async () =>
      !(await works(p.run("status", "--release", "next"))).stdout.includes("it was not rolled out");
    p.write("migrations/20260101000000_rename.sql", "ALTER TABLE t RENAME COLUMN e TO e2;\n");
    await works(p.run("apply", "--release", "r1"));
    expect(await counts()).toBe(true);
    p.write("migrations/20260102000000_waits.sql", "ALTER TABLE t RENAME COLUMN e2 TO e3;\n");
    expect((await p.run("apply", "--release", "r1")).code).toBe(4);
    expect(await counts()).toBe(true);
    await works(p.run("apply", "--release", "r1", "--phase", "expand", "--to", "20260101000000"));
    expect(await counts()).toBe(true);
    p.write("migrations/20260102000000_waits.sql", "CREATE TABLE more (id int PRIMARY KEY);\n");
    const killed = p.start("apply", "--release", "r1", "--json");
    expect(await killed.told((e) => e.event === "migration-started")).toBe(true);
    await killHard(killed);
    expect(await counts()).toBe(false);
    expect((await p.run("apply", "--contract", "--require-contract", "--release", "r2")).code).toBe(4);
    await query(db.url, "INSERT INTO t (id, e) VALUES (1, 'old code')");
    await works(p.run("apply", "--release", "r1"));
    expect(await counts()).toBe(true);
  });

  it("takes no run for the end of a release that has left the backfill to another one", async () => {
    const { db, p } = await begin("halfway", "CREATE TABLE t (id int PRIMARY KEY, e varchar(20))");
    p.write("migrations/20260101000000_rename.sql", "ALTER TABLE t RENAME COLUMN e TO e2;\n");
    await works(p.run("apply", "--phase", "expand", "--release", "r1"));
    await works(p.run("apply", "--contract", "--release", "r2"));
    await query(db.url, "INSERT INTO t (id, e) VALUES (1, 'old code')");
    await works(p.run("apply", "--contract", "--release", "r3"));
    expect(await query(db.url, "SELECT id FROM t WHERE e2 = 'old code'")).toHaveLength(1);
  });

  it("takes a migration back under a later one of its table that is finished and has nothing in common with it", async () => {
    const { db, p } = await begin("under", "CREATE TABLE t (id int PRIMARY KEY, x int, y int)");
    p.write("migrations/20260101000000_x.sql", "-- zmigrate:gate soak=5h\nALTER TABLE t RENAME COLUMN x TO x2;\n");
    await works(p.run("apply", "--release", "r1"));
    p.write("migrations/20260102000000_y.sql", "ALTER TABLE t RENAME COLUMN y TO y2;\n");
    for (const release of ["r1", "r2", "r3"])
      await works(p.run("apply", "--contract", "--release", release, "--park", "0"));
    p.write("migrations/20260103000000_i.sql", "CREATE INDEX i ON t (x2, id);\n");
    if (server.name === "postgres") {
      await works(p.run("apply", "--release", "r3"));
      const refused = await p.run("rollback", "20260101000000");
      expect(refused.code, refused.stderr).toBe(1);
      expect(refused.stderr).toContain("`zmigrate rollback 20260103000000`");
      await works(p.run("rollback", "20260103000000"));
    }
    await query(db.url, "INSERT INTO t (id, x, y2) VALUES (1, 2, 3)");
    await works(p.run("rollback", "20260101000000"));
    expect(await query(db.url, "SELECT * FROM t")).toEqual([{ id: 1, x: 2, y2: 3 }]);
  });

  it("gives a new database the whole history in one run, as the plain statements would", async () => {
    const { db, p } = await begin("fresh");
    const history = [
      "CREATE TABLE t (id int PRIMARY KEY, e varchar(20) NOT NULL, f int);\nALTER TABLE t RENAME COLUMN e TO e2;\n",
      "ALTER TABLE t RENAME COLUMN e2 TO e3;\n",
      "ALTER TABLE t DROP COLUMN f;\n",
      "ALTER TABLE t ADD COLUMN f varchar(5);\n",
      "-- zmigrate:phase contract\nALTER TABLE t RENAME COLUMN id TO key_id;\n",
    ];
    history.forEach((sql, n) => {
      p.write(`migrations/2026010${n + 1}000000_m${n}.sql`, sql);
    });
    const planned = await works(p.run("plan", "--format", "json"));
    expect(planned.stdout).not.toContain('"stage": "swap"');
    await works(p.run("apply", "--release", "r1", "--phase", "expand", "--to", "20260101000000"));
    await works(p.run("apply", "--release", "r1"));
    const { migrations } = JSON.parse((await works(p.run("status", "--json"))).stdout) as {
      migrations: { status: string }[];
    };
    expect(migrations.map((m) => m.status)).toEqual(Array(5).fill("contracted"));
    await query(db.url, "INSERT INTO t (key_id, e3, f) VALUES (1, 'a', 'b')");
    const rows = await query(db.url, "SELECT * FROM t");
    expect(rows).toEqual([{ key_id: 1, e3: "a", f: "b" }]);
    expect((await p.run("rollback", "20260103000000")).stderr).toContain("has dropped what no statement brings back");

    // The next release finds a table that is in use.
    p.write("migrations/20260201000000_later.sql", "ALTER TABLE t RENAME COLUMN e3 TO e4;\n");
    await works(p.run("apply", "--release", "r2"));
    expect((await query(db.url, "SELECT e3, e4 FROM t"))[0]).toEqual({ e3: "a", e4: "a" });
  });

  it("drops and fills in one run what a history makes, as the plain statements would", async () => {
    const { db, p } = await begin("fresh_objects");
    const mysql = server.name !== "postgres";
    const trigger = (name: string) =>
      mysql
        ? `CREATE TRIGGER ${name} BEFORE INSERT ON u FOR EACH ROW SET NEW.a = COALESCE(NEW.a, 1)`
        : `CREATE TRIGGER ${name} BEFORE INSERT OR UPDATE OF a ON u FOR EACH ROW EXECUTE FUNCTION mark()`;
    const type = mysql ? "MODIFY a bigint" : "ALTER a TYPE bigint";
    const first = [
      "CREATE TABLE u (id int PRIMARY KEY, a int, g int)",
      ...(mysql
        ? []
        : [
            "CREATE FUNCTION mark() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.a := COALESCE(NEW.a, 1); RETURN NEW; END'",
            "CREATE TYPE mood AS ENUM ('sad')",
            "CREATE POLICY p ON u USING (a > 0)",
          ]),
      trigger("t"),
      "CREATE VIEW v AS SELECT a FROM u",
      "INSERT INTO u VALUES (1, NULL, 1), (2, 5, 1), (3, 6, 2)",
    ];
    const gone = mysql ? ["DROP TRIGGER t"] : ["DROP TRIGGER t ON u", "DROP POLICY p ON u", "DROP TYPE mood"];
    const history = [
      first,
      [...gone, "DROP VIEW v", `ALTER TABLE u ${type}`, "CREATE VIEW v AS SELECT a, id FROM u", trigger("t")],
      mysql ? [] : ["CREATE TYPE mood AS ENUM ('glad')"],
      ["DROP VIEW v", mysql ? "DROP TRIGGER t" : "DROP TRIGGER t ON u", "ALTER TABLE u DROP COLUMN a"],
      ["CREATE TABLE w (g int PRIMARY KEY, n int)", "INSERT INTO w SELECT g, COUNT(*) FROM u GROUP BY g"],
      [
        ...(mysql ? [] : ["CREATE POLICY q ON u USING (true)"]),
        "ALTER TABLE u RENAME TO x",
        ...(mysql ? [] : ["DROP POLICY q ON x"]),
        "ALTER TABLE x RENAME COLUMN g TO h",
        "UPDATE w SET n = n + 1",
        "INSERT INTO w SELECT x.id + 100, w.n FROM x JOIN w ON w.g = x.h",
        "CREATE VIEW v AS SELECT id FROM x",
        "CREATE VIEW y AS SELECT n FROM w",
      ],
      ["DROP VIEW y", "ALTER TABLE w DROP COLUMN n", "ALTER TABLE x ADD COLUMN c int NOT NULL DEFAULT 3"],
    ];
    for (const [n, statements] of history.entries())
      p.write(`migrations/2026010${n + 1}000000_m${n}.sql`, statements.map((s) => `${s};\n`).join(""));
    await works(p.run("apply", "--release", "r1"));
    const { migrations } = JSON.parse((await works(p.run("status", "--json"))).stdout) as {
      migrations: { status: string }[];
    };
    expect(migrations.map((m) => m.status)).toEqual(history.map(() => "contracted"));
    expect(await query(db.url, "SELECT * FROM x ORDER BY id")).toEqual([
      { id: 1, h: 1, c: 3 },
      { id: 2, h: 1, c: 3 },
      { id: 3, h: 2, c: 3 },
    ]);
    expect(await query(db.url, "SELECT g FROM w ORDER BY g")).toEqual([1, 2, 101, 102, 103].map((g) => ({ g })));
    expect(await query(db.url, "SELECT id FROM v")).toHaveLength(3);
  });

  it("runs on a new database what it would phase or refuse beside code that runs, as it is written", async () => {
    const { db, p } = await begin("fresh_any");
    const mysql = server.name !== "postgres";
    const update = mysql ? "UPDATE t JOIN o ON o.a = t.a SET t.b = o.b" : "UPDATE t SET b = o.b FROM o WHERE o.a = t.a";
    const index = mysql ? "DROP INDEX by_a ON t" : "DROP INDEX by_a";
    const rows = "INSERT INTO t VALUES (1, 1), (2, 2);\nINSERT INTO o VALUES (1, 10), (1, 10), (2, 20)";
    const history = [
      [
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
        "CREATE TABLE o (a int, b int)",
        "CREATE INDEX by_a ON t (a)",
        rows,
      ],
      ["ALTER TABLE t ADD COLUMN b int", update, "ALTER TABLE o DROP COLUMN b"],
      [index, "CREATE UNIQUE INDEX by_a ON t (a, b)"],
      ["ALTER TABLE t ADD COLUMN c int", "DELETE FROM o"],
      ...(mysql
        ? []
        : [
            [
              "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id)",
              "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9) PARTITION BY RANGE (id)",
            ],
            ["CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (5)", "INSERT INTO p VALUES (1)"],
            ["DO $$ BEGIN CREATE TABLE made (id serial PRIMARY KEY, n int); INSERT INTO made (n) VALUES (7); END $$"],
            ["ALTER TABLE made RENAME COLUMN n TO m", "CREATE VIEW v AS SELECT m FROM made"],
            ["DROP VIEW v CASCADE", "ALTER TABLE made ALTER id DROP DEFAULT", "DROP SEQUENCE made_id_seq"],
            ["CREATE TABLE kept AS SELECT m FROM made"],
            [
              "ALTER TABLE kept ALTER m SET NOT NULL",
              "WITH g AS (DELETE FROM made RETURNING m) INSERT INTO kept SELECT m FROM g",
            ],
            ["CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'UPDATE kept SET m = m + 1'", "SELECT f()"],
          ]),
    ];
    for (const [n, statements] of history.entries())
      p.write(`migrations/202601${n + 10}000000_m${n}.sql`, statements.map((s) => `${s};\n`).join(""));
    const planned = await p.run("plan");
    expect(planned, planned.stderr).toMatchObject({ code: mysql ? 0 : 1 });
    if (!mysql) expect(planned.stdout).toContain("plans it when what stands in front of it has run");
    await works(p.run("apply", "--release", "r1"));
    const { migrations } = JSON.parse((await works(p.run("status", "--json"))).stdout) as {
      migrations: { status: string }[];
    };
    expect(migrations.map((m) => m.status)).toEqual(history.map(() => "contracted"));
    expect(await query(db.url, "SELECT id, a, b FROM t ORDER BY id")).toEqual([
      { id: 1, a: 1, b: 10 },
      { id: 2, a: 2, b: 20 },
    ]);
    expect(await query(db.url, "SELECT * FROM o")).toEqual([]);
    if (!mysql) expect(await query(db.url, "SELECT m FROM kept ORDER BY m")).toEqual([{ m: 8 }, { m: 8 }]);

    // It is new in that run alone.
    p.write("migrations/20260201000000_later.sql", mysql ? "DELETE FROM t;\n" : "DO $$ BEGIN DELETE FROM t; END $$;\n");
    const refused = await p.run("apply", "--release", "r1");
    expect(refused, refused.stderr).toMatchObject({ code: 1 });
    expect(await query(db.url, "SELECT id FROM t")).toHaveLength(2);
  });

  it("takes no database for a new one that has no table of its own, but views that code reads", async () => {
    const { db, p } = await begin("facade", "CREATE VIEW lv AS SELECT 1 AS v");
    p.write("migrations/20260101000000_drop.sql", "CREATE TABLE t (id int PRIMARY KEY);\nDROP VIEW lv;\n");
    await works(p.run("apply", "--release", "r1"));
    expect(await query(db.url, "SELECT v FROM lv")).toEqual([{ v: 1 }]);
  });

  it("phases a change of a table that is new in this release once it holds rows, and not of views over one without", async () => {
    const { db, p } = await begin("filled");
    const views = "CREATE VIEW v AS SELECT a, b FROM n;\nCREATE VIEW vv AS SELECT a FROM v;\n";
    p.write(
      "migrations/20260101000000_t.sql",
      `CREATE TABLE t (id int PRIMARY KEY, e varchar(20));\nCREATE TABLE n (a int, b int);\n${views}`,
    );
    await works(p.run("apply", "--release", "r1"));
    await query(db.url, "INSERT INTO t VALUES (1, 'a')");
    p.write("migrations/20260102000000_e.sql", "ALTER TABLE t RENAME COLUMN e TO e2;\n");
    // MySQL and MariaDB do not say what a view reads.
    const over = "DROP VIEW vv;\nDROP VIEW v;\nALTER TABLE n DROP COLUMN b;\nCREATE VIEW v AS SELECT a FROM n;\n";
    if (server.name === "postgres") p.write("migrations/20260103000000_n.sql", over);
    await works(p.run("apply", "--release", "r1"));
    expect((await query(db.url, "SELECT e, e2 FROM t"))[0]).toEqual({ e: "a", e2: "a" });
    const { migrations } = JSON.parse((await works(p.run("status", "--json"))).stdout) as {
      migrations: { status: string }[];
    };
    const states = ["contracted", "backfilled", ...(server.name === "postgres" ? ["contracted"] : [])];
    expect(migrations.map((m) => m.status)).toEqual(states);
  });

  it("lets a column of a dropped one's name wait until the swap has freed the name", async () => {
    const { db, p } = await begin("again", "CREATE TABLE t (id int PRIMARY KEY, e varchar(20))");
    p.write("migrations/20260101000000_drop.sql", "ALTER TABLE t DROP COLUMN e;\n");
    p.write("migrations/20260102000000_again.sql", "\nALTER TABLE t ADD COLUMN e int;\n");
    const refused = await p.run("apply", "--release", "r1");
    expect(refused, refused.stderr).toMatchObject({ code: 4 });
    expect(refused.stderr).toContain("20260102000000_again.sql:2:");
    expect(refused.stderr).toContain("it drops e");
    await works(p.run("apply", "--release", "r1", "--to", "20260101000000"));
    // Parked for a day, and its name is free.
    await works(p.run("apply", "--contract", "--release", "r2"));
    await query(db.url, "INSERT INTO t (id, e) VALUES (1, 5)");
    // The name is there again, for later files too.
    p.write("migrations/20260103000000_index.sql", "CREATE INDEX by_e ON t (e);\n");
    expect((await works(p.run("plan"))).stdout).toContain("by_e");
    await works(p.run("apply", "--contract", "--release", "r3"));
  });

  it("never loses what is built on a name which the swap gives to another column", async () => {
    const { db, p } = await begin("built", "CREATE TABLE t (id int PRIMARY KEY, e varchar(20) UNIQUE)");
    p.write("migrations/20260101000000_rename.sql", "ALTER TABLE t RENAME COLUMN e TO e2;\n");
    await works(p.run("apply", "--release", "r1"));
    const postgres = server.name === "postgres";
    const joined = postgres ? "e2 || 'x'" : "concat(e2, 'x')";
    const built = [
      "CREATE INDEX mine ON t (e2, id)",
      "ALTER TABLE t ADD CONSTRAINT cc CHECK (e2 <> 'zzz')",
      `ALTER TABLE t ADD COLUMN g varchar(30) GENERATED ALWAYS AS (${joined}) VIRTUAL`,
      "CREATE TABLE child (id int PRIMARY KEY, e varchar(20), FOREIGN KEY (e) REFERENCES t (e2))",
    ];
    built.forEach((sql, n) => {
      p.write(`migrations/2026010${n + 2}000000_m.sql`, `${sql};\n`);
    });
    const { stdout } = await p.run("plan", "--no-shadow");
    const waiting = stdout.match(/Line 1 waits: migration 20260101000000/g) ?? [];
    expect(waiting, stdout).toHaveLength(postgres ? 0 : built.length);
    expect((await p.run("apply", "--release", "r1")).code).toBe(postgres ? 0 : 4);
    for (const release of ["r2", "r3", "r4", "r5"])
      await works(p.run("apply", "--contract", "--release", release, "--park", "0"));
    await query(db.url, "INSERT INTO t (id, e2) VALUES (1, 'a')");
    await query(db.url, "INSERT INTO child VALUES (1, 'a')");
    expect(await query(db.url, "SELECT g FROM t")).toEqual([{ g: "ax" }]);
    for (const refused of ["INSERT INTO t (id, e2) VALUES (2, 'zzz')", "DELETE FROM t"])
      await expect(query(db.url, refused), refused).rejects.toThrow();
    const { migrations } = JSON.parse((await works(p.run("status", "--json"))).stdout);
    expect(migrations.map((m: { status: string }) => m.status)).toEqual(Array(5).fill("contracted"));
  });

  it("never swaps in the deploy that expanded, also when its first run named no release", async () => {
    const { db, p } = await begin("unnamed", "CREATE TABLE t (id int PRIMARY KEY, e varchar(20))");
    p.write("migrations/20260101000000_rename.sql", "ALTER TABLE t RENAME COLUMN e TO e2;\n");
    await works(p.run("apply"));
    const status = await works(p.run("status", "--release", "r2"));
    expect(status.stdout).toContain("named no release");
    await works(p.run("apply", "--contract", "--release", "r2"));
    await query(db.url, "INSERT INTO t (id, e) VALUES (1, 'old code')");
    await works(p.run("apply", "--phase", "contract", "--release", "r3"));
    expect((await query(db.url, "SELECT e2 FROM t"))[0]).toEqual({ e2: "old code" });
    await expect(query(db.url, "SELECT e FROM t")).rejects.toThrow();
  });

  it("renames a column of a new table under a CHECK, and takes it back", async () => {
    const { db, p } = await begin("checked");
    p.write("migrations/20260101000000_t.sql", "CREATE TABLE t (id int PRIMARY KEY, b int, CHECK (b > 0));\n");
    p.write("migrations/20260102000000_b.sql", "ALTER TABLE t RENAME COLUMN b TO c;\n");
    await works(p.run("apply", "--release", "r1"));
    await query(db.url, "INSERT INTO t (id, c) VALUES (1, 1)");
    await expect(query(db.url, "INSERT INTO t (id, c) VALUES (2, -1)")).rejects.toThrow();
    await works(p.run("rollback", "20260102000000"));
    expect(await query(db.url, "SELECT b FROM t")).toEqual([{ b: 1 }]);
    await expect(query(db.url, "INSERT INTO t (id, b) VALUES (2, -1)")).rejects.toThrow();
  });
});
