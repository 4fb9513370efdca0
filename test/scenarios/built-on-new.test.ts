import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { ID } from "./support/users.js";

const GENERATED = "varchar(20) GENERATED ALWAYS AS (CONCAT(v2, 'x')) VIRTUAL";
/** Each would be parked with the second column, or keep the server from exchanging the names. */
const BUILT = [
  `ALTER TABLE t ADD COLUMN g ${GENERATED}`,
  "ALTER TABLE t ADD COLUMN q int NULL CHECK (v2 <> 'zzz')",
  "CREATE TABLE ch (id int PRIMARY KEY, q varchar(9), CONSTRAINT fq FOREIGN KEY (q) REFERENCES t (v2))",
  "ALTER TABLE t ADD CONSTRAINT cc CHECK (v2 <> 'yyy')",
];

describeServers(["mysql", "mariadb"], (server) => {
  const own = suite();

  it("builds on a new name when the rename is swapped, and stops the swap under what somebody has built by hand", async () => {
    const { db, project: p } = await own.scene(server, 1, "ALTER TABLE t RENAME COLUMN v TO v2;\n");
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, v varchar(9) NOT NULL, UNIQUE KEY kv (v))");
    await query(db.url, "INSERT INTO t VALUES (1, 'a')");
    await works(p.run("apply", "--release", "r1"));
    for (const sql of BUILT) {
      p.write("migrations/20260102000000_built.sql", `${sql};\n`);
      const waits = await p.run("apply", "--release", "r2");
      expect(waits.code, sql + waits.stdout + waits.stderr).toBe(4);
      expect(waits.stderr).toContain("is not finished, and");
    }
    await query(db.url, `ALTER TABLE t ADD COLUMN h ${GENERATED}`);
    for (const [n, sql] of BUILT.entries()) p.write(`migrations/2026010200000${n}_built.sql`, `${sql};\n`);
    const refused = await p.run("apply", "--contract", "--release", "r2");
    expect(refused.code, refused.stderr).toBe(3);
    expect(refused.stderr).toMatch(/generated column h of .*t names the column v2 and has come since/);
    expect((await works(p.run("status"))).stdout).toContain("generated column h");
    await query(db.url, "ALTER TABLE t DROP COLUMN h");
    // MariaDB's generated column waits for the drop, too, which takes a default back.
    for (const release of ["r2", "r3", "r4", "r5"]) {
      const { code, stdout, stderr } = await p.run("apply", "--contract", "--park", "0", "--release", release);
      expect(release === "r2" ? [0, 4] : [0], stdout + stderr).toContain(code);
      if (release !== "r2" || server.name === "mysql") continue;
      await query(db.url, `ALTER TABLE t ADD COLUMN h ${GENERATED}`);
      const stopped = await p.run("apply", "--contract", "--park", "0", "--release", "r3");
      expect(stopped.stderr).toMatch(/generated column h of .*t names the column v2/);
      await query(db.url, "INSERT INTO t (id, v2) VALUES (9, 'c')");
      expect(await query(db.url, "SELECT h FROM t WHERE id = 9")).toEqual([{ h: "cx" }]);
      for (const sql of ["ALTER TABLE t DROP COLUMN h", "DELETE FROM t WHERE id = 9"]) await query(db.url, sql);
    }
    await query(db.url, "INSERT INTO t (id, v2) VALUES (2, 'b')");
    expect(await query(db.url, "SELECT g FROM t ORDER BY id")).toEqual([{ g: "ax" }, { g: "bx" }]);
    for (const value of ["zzz", "yyy"])
      await expect(query(db.url, `INSERT INTO t (id, v2) VALUES (3, '${value}')`)).rejects.toThrow();
    await expect(query(db.url, "INSERT INTO ch VALUES (1, 'none')")).rejects.toThrow();
    expect((await works(p.run("status"))).stdout).not.toMatch(new RegExp(`${ID}.*contracting`));
  });

  it("takes back no swap that the server would refuse halfway, for what somebody has built on it", async () => {
    const { db, project: p } = await own.scene(server, 1, "ALTER TABLE t RENAME COLUMN v TO v2;\n");
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, v varchar(9) NOT NULL, UNIQUE KEY kv (v))");
    await query(db.url, "CREATE TABLE kept (q varchar(9), CONSTRAINT kept_of FOREIGN KEY (q) REFERENCES t (v))");
    await query(db.url, "INSERT INTO t VALUES (1, 'a')");
    await works(p.run("apply", "--release", "r1"));
    const over = "ALTER TABLE t ADD CONSTRAINT pc CHECK (v2 <> 'zzz' OR id > 0)";
    const built: [sql: string, what: string, drop: string][] = [
      [over, "constraint pc", "ALTER TABLE t DROP CONSTRAINT pc"],
      [`ALTER TABLE t ADD COLUMN h ${GENERATED}`, "generated column h", "ALTER TABLE t DROP COLUMN h"],
      [BUILT[2] ?? "", "foreign key fq", "DROP TABLE ch"],
    ];
    const stopsRollback = async (of: typeof built) => {
      for (const [sql, what, drop] of of) {
        await query(db.url, sql);
        const refused = await p.run("rollback", ID);
        expect(refused.code, refused.stderr).toBe(3);
        expect(refused.stderr).toContain(`The ${what} uses v2 of`);
        await query(db.url, drop);
      }
    };
    // MySQL's second column has no key of its own yet that another table could point at.
    await stopsRollback(server.name === "mysql" ? built.slice(0, 2) : built);
    await works(p.run("apply", "--require-contract", "--release", "r2"));
    // MariaDB's follow the column to its old name.
    if (server.name === "mysql") await stopsRollback(built);
    const columns = Object.keys((await query(db.url, "SELECT * FROM t"))[0] ?? {});
    const parked = columns.find((name) => name.startsWith("zmigrate_")) ?? "";
    await query(db.url, `CREATE INDEX pidx ON t (${parked})`);
    expect((await p.run("rollback", ID)).stderr).toContain("The index pidx uses zmigrate_");
    await query(db.url, "DROP INDEX pidx ON t");
    await works(p.run("rollback", ID));
    expect(await query(db.url, "SELECT * FROM t")).toEqual([{ id: 1, v: "a" }]);
  });
});

describeServer("postgres", (server) => {
  const own = suite();

  it("takes no new column back that the server would not drop, for what somebody has computed from it", async () => {
    const { db, project: p } = await own.scene(server, 1, "ALTER TABLE t RENAME COLUMN v TO v2;\n");
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, v text)");
    await works(p.run("apply", "--release", "r1"));
    await query(db.url, "ALTER TABLE t ADD COLUMN g text GENERATED ALWAYS AS (v2 || 'x') STORED");
    const refused = await p.run("rollback", ID);
    expect(refused.code, refused.stderr).toBe(3);
    expect(refused.stderr).toMatch(/generated column t.g uses t.v2. Nothing was undone/);
    await query(db.url, "INSERT INTO t (id, v2) VALUES (1, 'new code')");
    expect(await query(db.url, "SELECT v FROM t")).toEqual([{ v: "new code" }]);
    await query(db.url, "ALTER TABLE t DROP COLUMN g");
    await works(p.run("rollback", ID));
  });
});
