import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { type Project, project } from "./support/cli.js";
import { works } from "./support/scene.js";
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

  it("refuses both in one file", async () => {
    const { p } = await begin(RENAME + RETYPE, null);
    const refused = await p.run("apply", "--release", "r1");
    expect(refused.code, refused.stdout).toBe(1);
    expect(refused.stderr).toMatch(/_one\.sql:2:.*this changes another column of the same index/);
  });
});
