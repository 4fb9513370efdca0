import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { killHard, works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { FILE, ID } from "./support/users.js";

const TABLE =
  "CREATE TABLE t (id int PRIMARY KEY, v varchar(9) NOT NULL, tx varchar(2000), UNIQUE KEY hu (tx)) CHARACTER SET utf8mb4";
const RENAME = "ALTER TABLE t RENAME COLUMN v TO v2;\n";
const NAMED = "the UNIQUE key fi, of which this server keeps hashes";

describeServer("mariadb", (server) => {
  const own = suite();

  it("refuses from files alone what a key of hashes keeps the server from, and waits until a file has dropped it", async () => {
    const { db, project: p } = await own.scene(server, 1, RENAME);
    p.write("migrations/20251231000000_table.sql", `${TABLE};\n`);
    const alone = project("");
    own.after(async () => alone.remove());
    await works(alone.run("init", "--engine", "mariadb"));
    alone.write("migrations/20251231000000_table.sql", `${TABLE.replace(") CHARACTER SET utf8mb4", ")")};\n`);
    alone.write(FILE, RENAME);
    const files = await alone.run("plan", FILE);
    expect(files.code, files.stdout + files.stderr).toBe(1);
    expect(files.stdout).toContain("t (its size is not known) has the UNIQUE key hu, of which MariaDB keeps hashes");
    expect(files.stdout).toContain("(four bytes a letter: the files name no character set)");
    await works(p.run("apply", "--to", "20251231000000", "--release", "r0"));
    const refused = await p.run("apply", "--release", "r1");
    expect(refused.code, refused.stderr).toBe(1);
    p.write("migrations/20251231000001_drop.sql", "DROP INDEX hu ON t;\n");
    for (const release of ["r1", "r2"]) {
      const waits = await p.run("apply", "--release", release);
      expect(waits.code, waits.stderr).toBe(4);
      expect(waits.stderr).toContain("has yet to drop the index hu of t");
    }
    expect(await query(db.url, "SHOW TRIGGERS")).toEqual([]);
  });

  it("looks for one that came by hand before it swaps, drops or takes back anything", async () => {
    const { db, project: p } = await own.scene(server, 1, RENAME);
    await query(db.url, TABLE.replace(", UNIQUE KEY hu (tx)", ""));
    await query(db.url, "INSERT INTO t VALUES (1, 'a', 'x')");
    const stops = async (...command: readonly string[]) => {
      await query(db.url, "ALTER TABLE t ADD UNIQUE KEY fi (tx)");
      const triggers = await query(db.url, "SHOW TRIGGERS");
      for (const args of [command, ["rollback", ID]]) {
        const stopped = await p.run(...args);
        expect(stopped.code, stopped.stderr).toBe(3);
        expect(stopped.stderr).toContain(NAMED);
        expect(stopped.stderr).toMatch(/DROP INDEX `fi` ON .*`t`/);
      }
      expect(await query(db.url, "SHOW TRIGGERS")).toEqual(triggers);
      await query(db.url, "DROP INDEX fi ON t");
    };
    await works(p.run("apply", "--release", "r1"));
    await stops("apply", "--contract", "--release", "r2");
    await works(p.run("apply", "--require-contract", "--release", "r3"));
    await stops("apply", "--contract", "--park", "0", "--release", "r4");
    await works(p.run("rollback", ID));
    expect(await query(db.url, "SELECT * FROM t")).toEqual([{ id: 1, v: "a", tx: "x" }]);
  });

  it("takes back by nothing a first step that failed and left nothing", async () => {
    const { db, project: p } = await own.scene(server, 1, RENAME);
    await query(db.url, TABLE.replace(", UNIQUE KEY hu (tx)", ""));
    const other = await own.session(db.url);
    await other.query("LOCK TABLES t READ");
    const waiting = p.start("apply", "--release", "r1", "--lock-timeout", "200ms", "--json");
    expect(await waiting.told((event) => event.event === "step-retried")).toBe(true);
    await killHard(waiting);
    await other.query("UNLOCK TABLES");
    await query(db.url, "ALTER TABLE t ADD UNIQUE KEY fi (tx)");
    const before = await query(db.url, "SHOW CREATE TABLE t");
    await works(p.run("rollback", ID));
    expect((await works(p.run("status"))).stdout).toContain("rolled-back");
    expect(await query(db.url, "SHOW CREATE TABLE t")).toEqual(before);
  });
});
