import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { ID } from "./support/users.js";

const VIRTUAL = "ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (y + 1) VIRTUAL";

describeServers(["mysql", "mariadb"], (server) => {
  const own = suite();
  const swapped = async () => {
    const { db, project: p } = await own.scene(server, 1, "ALTER TABLE t RENAME COLUMN v TO v2;\n");
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, v varchar(9) NOT NULL, y int, z varchar(9))");
    await query(db.url, "INSERT INTO t VALUES (1, 'a', 1, 'z')");
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("apply", "--require-contract", "--release", "r2"));
    return { db, p };
  };

  it("looks for what keeps a column from being dropped before it drops or takes back anything", async () => {
    const { db, p } = await swapped();
    const [sql, index] =
      server.name === "mariadb"
        ? [`${VIRTUAL}, ADD INDEX gi (g)`, "the index gi over the virtual column g"]
        : ["CREATE FULLTEXT INDEX gi ON t (z)", "the FULLTEXT index gi"];
    await query(db.url, sql);
    const triggers = await query(db.url, "SHOW TRIGGERS");
    for (const command of [
      ["apply", "--contract", "--park", "0", "--release", "r3"],
      ["rollback", ID],
    ]) {
      const stopped = await p.run(...command);
      expect(stopped.code, stopped.stdout + stopped.stderr).toBe(3);
      expect(stopped.stderr).toContain(index);
      expect(stopped.stderr).toMatch(/DROP INDEX `gi` ON .*`t`/);
      expect(await query(db.url, "SHOW TRIGGERS")).toEqual(triggers);
    }
    expect((await works(p.run("status"))).stdout).toContain(index);
    await query(db.url, "DROP INDEX gi ON t");
    await works(p.run("rollback", ID));
    expect(await query(db.url, "SELECT id, v, z FROM t")).toEqual([{ id: 1, v: "a", z: "z" }]);
    expect(await query(db.url, "SHOW COLUMNS FROM t LIKE 'zmigrate%'")).toEqual([]);
  });

  it("has a later file wait that would keep a column from being dropped, and drops one by a rebuild where it must", async () => {
    const { db, p } = await swapped();
    p.write("migrations/20260102000000_packed.sql", "ALTER TABLE t ROW_FORMAT=COMPRESSED;\n");
    p.write("migrations/20260103000000_virtual.sql", `${VIRTUAL};\nCREATE INDEX gi ON t (g);\n`);
    const waits = await p.run("apply", "--release", "r3");
    expect(waits.code, waits.stdout + waits.stderr).toBe(server.name === "mariadb" ? 4 : 0);
    if (server.name === "mariadb") expect(waits.stderr).toContain("beside the index gi over the virtual column g");
    await works(p.run("apply", "--contract", "--park", "0", "--release", "r4"));
    await works(p.run("apply", "--contract", "--park", "0", "--release", "r5"));
    const columns = (await query(db.url, "SHOW COLUMNS FROM t")).map((row) => row.Field);
    expect(columns).toEqual(["id", "v2", "y", "z", "g"]);
    expect(await query(db.url, "SHOW INDEX FROM t WHERE Key_name = 'gi'")).toHaveLength(1);
    expect(await query(db.url, "SHOW TRIGGERS")).toEqual([]);
    if (server.name === "mariadb") return;
    // It is COMPRESSED by now: columns are added and renamed by a rebuild, too.
    p.write("migrations/20260104000000_more.sql", "ALTER TABLE t ADD COLUMN n int NOT NULL DEFAULT 5;\n");
    p.write("migrations/20260105000000_z.sql", "ALTER TABLE t RENAME COLUMN z TO z2;\n");
    for (const release of ["r6", "r7", "r8"])
      await works(p.run("apply", "--contract", "--park", "0", "--release", release));
    expect(await query(db.url, "SELECT z2, n FROM t")).toEqual([{ z2: "z", n: 5 }]);
  });
});

describeServer("mariadb", (server) => {
  const own = suite();

  it("exchanges no names while a default comes from a sequence: a file waits, and one by hand stops it and its rollback", async () => {
    const { db, project: p } = await own.scene(server, 1, "ALTER TABLE t RENAME COLUMN v TO v2;\n");
    await query(db.url, "CREATE SEQUENCE sq");
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, v varchar(9) NOT NULL, no int)");
    await query(db.url, "INSERT INTO t VALUES (1, 'a', 1)");
    await works(p.run("apply", "--release", "r1"));
    const sql = "ALTER TABLE t ALTER COLUMN no SET DEFAULT (nextval(sq))";
    p.write("migrations/20260102000000_default.sql", `${sql};\n`);
    const waits = await p.run("apply", "--release", "r1");
    expect(waits.code, waits.stdout + waits.stderr).toBe(4);
    expect(waits.stderr).toContain("while no takes its default from a sequence");
    await query(db.url, sql);
    const triggers = await query(db.url, "SHOW TRIGGERS");
    for (const command of [
      ["apply", "--contract", "--release", "r2"],
      ["rollback", ID],
    ]) {
      const stopped = await p.run(...command);
      expect(stopped.code, stopped.stdout + stopped.stderr).toBe(3);
      expect(stopped.stderr).toMatch(
        /t\.no takes its default from a sequence by now.*`t` ALTER COLUMN `no` DROP DEFAULT/s,
      );
      expect(await query(db.url, "SHOW TRIGGERS")).toEqual(triggers);
    }
    await query(db.url, "ALTER TABLE t ALTER COLUMN no DROP DEFAULT");
    await works(p.run("rollback", ID));
  });
});
