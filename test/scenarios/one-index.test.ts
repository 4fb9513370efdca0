import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { type Project, project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";

const TABLE =
  "CREATE TABLE t (id int PRIMARY KEY, v varchar(9) NOT NULL, w varchar(20) CHARACTER SET utf8mb4 NOT NULL, KEY i (v), KEY kv (v, w))";
const FIRST = "20260101000000";
const RETYPE = "ALTER TABLE t MODIFY w varchar(9) CHARACTER SET latin1 NOT NULL;\n";
const RENAME = "ALTER TABLE t RENAME COLUMN v TO v2;\n";

describeServers(["mysql", "mariadb"], (server) => {
  const { after } = suite();

  async function begin(one: string, two: string | null) {
    const db = await server.createDatabase("one_index");
    after(db.drop);
    await query(db.url, TABLE);
    const p = project(db.url, { ZMIGRATE_SHADOW: "off" });
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write(`migrations/${FIRST}_one.sql`, one);
    if (two !== null) p.write("migrations/20260102000000_two.sql", two);
    return { db, p };
  }

  /** Each deploy: as far as it goes, and where the second waits, the first alone. What the deploys ended with. */
  async function deploys(p: Project, times: number, says: RegExp): Promise<(number | null)[]> {
    const codes: (number | null)[] = [];
    for (let release = 1; release <= times; release++) {
      const apply = ["apply", "--contract", "--release", `r${release}`, "--park", "0"];
      const run = await p.run(...apply);
      codes.push(run.code);
      if (run.code === 0) continue;
      expect(run.stderr).toMatch(says);
      await works(p.run(...apply, "--to", FIRST));
    }
    return codes;
  }

  const keys = async (url: string) =>
    (
      await query(
        url,
        `SELECT INDEX_NAME AS name, GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX) AS columns
         FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 't' AND INDEX_NAME <> 'PRIMARY' GROUP BY INDEX_NAME ORDER BY 1`,
      )
    ).map((row) => `${String(row.name)}(${String(row.columns)})`);

  it("lets what uses an index wait for the migration that gives it its name", async () => {
    const { db, p } = await begin("ALTER TABLE t RENAME INDEX i TO j;\n", "ALTER TABLE t RENAME INDEX j TO k;\n");
    expect((await works(p.run("plan"))).stdout).toMatch(/Line 1 waits: .*has yet to give the name j to an index/);
    expect(await deploys(p, 3, /_two\.sql:1:.*\(one\) is not finished/)).toEqual([4, 0, 0]);
    expect(await keys(db.url)).toEqual(["k(v)", "kv(v,w)"]);
  });

  it("takes no index away before another migration has exchanged it for the one that is meant", async () => {
    const { db, p } = await begin("DROP INDEX i ON t;\nCREATE INDEX i ON t (w);\n", "DROP INDEX i ON t;\n");
    expect(await deploys(p, 5, /has yet to take the name i away/)).toEqual([4, 4, 0, 0, 0]);
    expect(await keys(db.url)).toEqual(["kv(v,w)"]);
  });

  it("lets a change of type wait while another column of one of its indexes is exchanged", async () => {
    const { db, p } = await begin(RENAME, RETYPE);
    const says = /_two\.sql:1:.*changes another column of the same index: it renames v to v2/;
    expect(await deploys(p, 4, says)).toEqual([4, 0, 0, 0]);
    expect(await keys(db.url)).toEqual(["i(v2)", "kv(v2,w)"]);
  });

  it("changes the type in front of the rename where one file has both, and can take both back", async () => {
    const { db, p } = await begin(RENAME + RETYPE, null);
    const before = await schemaOf(db.url, "t");
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("rollback", FIRST));
    expect(await schemaOf(db.url, "t")).toEqual(before);
    await works(p.run("apply", "--release", "r2"));
    await works(p.run("apply", "--contract", "--release", "r3"));
    await works(p.run("rollback", FIRST));
    expect(await schemaOf(db.url, "t")).toEqual(before);
    for (const release of ["r4", "r5", "r6"])
      await works(p.run("apply", "--contract", "--release", release, "--park", "0"));
    const plain = await server.createDatabase("plain");
    after(plain.drop);
    for (const sql of [TABLE, RENAME, RETYPE]) await query(plain.url, sql);
    expect(await schemaOf(db.url, "t")).toEqual(await schemaOf(plain.url, "t"));
  });
});

describeServer("postgres", (server) => {
  const { after } = suite();
  const SECOND = "ALTER TABLE t RENAME COLUMN e TO ne;\n";
  const SETUP = `
    CREATE TABLE p (x int, y int, PRIMARY KEY (x, y));
    CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, e int NOT NULL, g int,
      CONSTRAINT ck CHECK (a <= e), CONSTRAINT uq UNIQUE (e, a), CONSTRAINT fk FOREIGN KEY (a, e) REFERENCES p);
    CREATE INDEX ae ON t (a) INCLUDE (g) WHERE e > 0;
    INSERT INTO p SELECT i, i FROM generate_series(1, 9) i;
    INSERT INTO t SELECT i, i, i, i FROM generate_series(1, 5) i`;

  async function begun(first: string, setup = SETUP) {
    const db = await server.createDatabase("one_index");
    const plain = await server.createDatabase("one_index_plain");
    after(async () => Promise.all([db.drop(), plain.drop()]).then(() => undefined));
    await query(db.url, setup);
    await query(plain.url, `${setup}; ${first} ${SECOND}`);
    const p = project(db.url, { ZMIGRATE_SHADOW: "off" });
    after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write(`migrations/${FIRST}_one.sql`, first);
    p.write("migrations/20260102000000_two.sql", SECOND);
    const deploy = async (release: number, ...more: string[]) => {
      const run = await p.run(
        "apply",
        "--contract",
        "--release",
        `r${release}`,
        ...(more.length > 0 ? more : ["--park", "0"]),
      );
      return { code: run.code, stderr: run.stderr };
    };
    return { db, plain, p, deploy };
  }

  it("lets a rename wait until what it shares with another one is swapped, and leaves what is parked to that one", async () => {
    const { db, plain, deploy } = await begun("ALTER TABLE t RENAME COLUMN a TO na;\n");
    const waits = await deploy(1);
    expect(waits.code).toBe(4);
    expect(waits.stderr).toMatch(
      /_two\.sql:1:.*\(one\) is not finished, and changes another column of the index ae: it renames a to na\. This one begins when that one is swapped/,
    );
    expect((await deploy(1, "--park", "0", "--to", FIRST)).code).toBe(0);
    expect(await deploy(2)).toMatchObject({ code: 0 });
    await query(db.url, "INSERT INTO t (id, na, e) VALUES (6, 6, 6); INSERT INTO t (id, na, ne) VALUES (7, 7, 7)");
    await expect(query(db.url, "INSERT INTO t (id, na, ne) VALUES (8, 7, 7)")).rejects.toThrow(/duplicate key/);
    await expect(query(db.url, "INSERT INTO t (id, na, ne) VALUES (8, 8, 7)")).rejects.toThrow(/violates check/);
    expect(await deploy(3, "--park", "0", "--to", FIRST)).toMatchObject({ code: 0 });
    for (const release of [3, 4]) expect(await deploy(release)).toMatchObject({ code: 0 });
    expect(await schemaOf(db.url, "t")).toEqual(await schemaOf(plain.url, "t"));
  });

  it("lets a rename wait for a drop that takes the shared index along", async () => {
    const setup = "CREATE TABLE t (id int PRIMARY KEY, a int, e int NOT NULL); CREATE INDEX ae ON t (a, e)";
    const { db, plain, p, deploy } = await begun("ALTER TABLE t DROP COLUMN a;\n", setup);
    const planned = /Line 1 waits: .*changes another column of the index ae: it drops a\./;
    expect((await works(p.run("plan"))).stdout).toMatch(planned);
    const waits = await deploy(1);
    expect(waits.code).toBe(4);
    expect(waits.stderr).toMatch(/changes another column of the index ae: it drops a\./);
    expect((await deploy(1, "--park", "0", "--to", FIRST)).code).toBe(0);
    // Parked for a day: what is over it is no index that somebody has added.
    for (const release of [2, 3]) expect(await deploy(release, "--park", "1d")).toMatchObject({ code: 0 });
    await query(db.url, "INSERT INTO t (id, ne) VALUES (1, 1)");
    expect(await deploy(4)).toMatchObject({ code: 0 });
    expect(await schemaOf(db.url, "t")).toEqual(await schemaOf(plain.url, "t"));
  });

  it("takes back first what began last, whatever the digits", async () => {
    const setup =
      "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, e int NOT NULL); CREATE UNIQUE INDEX ae ON t (a, e)";
    const { db, p, deploy } = await begun("ALTER TABLE t RENAME COLUMN a TO na;\n", setup);
    const before = await schemaOf(db.url, "t");
    p.write("migrations/20260102000000_two.sql", "ALTER TABLE t RENAME COLUMN e TO ne;\n");
    rmSync(join(p.folder, `migrations/${FIRST}_one.sql`));
    for (const release of [1, 2]) expect(await deploy(release, "--park", "1d")).toMatchObject({ code: 0 });
    p.write(`migrations/${FIRST}_one.sql`, "ALTER TABLE t RENAME COLUMN a TO na;\n");
    for (const release of [3, 4]) expect(await deploy(release, "--park", "1d")).toMatchObject({ code: 0 });
    const refused = await p.run("rollback", "20260102000000");
    expect(refused.code, refused.stderr).toBe(1);
    expect(refused.stderr).toContain(`\`zmigrate rollback ${FIRST}\``);
    for (const id of [FIRST, "20260102000000"]) await works(p.run("rollback", id));
    expect(await schemaOf(db.url, "t")).toEqual(before);
  });
});
