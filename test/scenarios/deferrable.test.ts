import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { startClient } from "./support/clients.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";

const ID = "20260101000000";
const SETUP = `CREATE TABLE t (id int PRIMARY KEY, pos int NOT NULL, n int NOT NULL, CONSTRAINT "The key" UNIQUE (pos, n) WITH (fillfactor = 70) DEFERRABLE);
  COMMENT ON CONSTRAINT "The key" ON t IS 'rows in order'; COMMENT ON INDEX "The key" IS 'by hand'; ALTER TABLE t CLUSTER ON "The key";
  INSERT INTO t SELECT i, i, 0 FROM generate_series(1, 200) i`;

/** What people write DEFERRABLE for: rows that are equal until a statement, or a transaction, has ended. */
const permutes = (column: string): readonly string[] => [
  `UPDATE t SET ${column} = ${column} + 1`,
  `UPDATE t SET ${column} = CASE ${column} WHEN 50 THEN 51 ELSE 50 END WHERE ${column} IN (50, 51)`,
  `DO $$ BEGIN SET CONSTRAINTS "The key" DEFERRED; UPDATE t SET ${column} = 61 WHERE ${column} = 60;
   UPDATE t SET ${column} = 60 WHERE id = (SELECT max(id) FROM t WHERE ${column} = 61); END $$`,
];

describeServer("postgres", (server) => {
  const { after } = suite();

  it.each([
    ["ALTER TABLE t RENAME COLUMN pos TO place;\n", "place"],
    ["ALTER TABLE t ALTER COLUMN pos TYPE bigint;\n", "pos"],
  ])("lets statements meet equal rows for a moment in each phase: %s", async (migration, fresh) => {
    const db = await server.createDatabase("deferrable");
    const plain = await server.createDatabase("deferrable_plain");
    after(async () => Promise.all([db.drop(), plain.drop()]).then(() => undefined));
    await query(db.url, SETUP);
    await query(plain.url, `${SETUP}; ${migration}`);
    const p = project(db.url, { ZMIGRATE_SHADOW: "off" });
    after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write(`migrations/${ID}_one.sql`, migration);
    const before = await schemaOf(db.url, "t");
    const deploy = (release: number) => works(p.run("apply", "--contract", "--release", `r${release}`, "--park", "0"));
    const tries = async (...columns: string[]) => {
      for (const column of columns) {
        for (const sql of permutes(column)) await query(db.url, sql);
        await expect(query(db.url, `UPDATE t SET ${column} = 7 WHERE id < 3`), column).rejects.toThrow(/duplicate key/);
      }
    };
    expect((await works(p.run("plan"))).stdout).toMatch(/The key is DEFERRABLE, and .*the swap drops it and builds it/);
    const old = await startClient(db.url, async (run) => void (await run("UPDATE t SET pos = pos + 1")));
    await deploy(1);
    expect((await old.stop()).failures).toEqual([]);
    await tries("pos", fresh);
    const next = await startClient(db.url, async (run) => void (await run(`UPDATE t SET ${fresh} = ${fresh} + 1`)));
    await deploy(2);
    expect((await next.stop()).failures).toEqual([]);
    await tries(fresh);
    await works(p.run("rollback", ID, "--accept-loss"));
    expect(await schemaOf(db.url, "t")).toEqual(before);
    await tries("pos");
    for (const release of [3, 4, 5]) await deploy(release);
    await tries(fresh);
    expect(await schemaOf(db.url, "t")).toEqual(await schemaOf(plain.url, "t"));
  });

  it("refuses what would be built under a lock for long, and a key", async () => {
    const db = await server.createDatabase("deferrable_large");
    after(() => db.drop());
    await query(
      db.url,
      `CREATE TABLE t (id int PRIMARY KEY DEFERRABLE, pos int, w text, CONSTRAINT uq UNIQUE (pos) DEFERRABLE);
       INSERT INTO t SELECT i, i, repeat('x', 1900) FROM generate_series(1, 3000) i`,
    );
    const p = project(db.url, { ZMIGRATE_SHADOW: "off" });
    after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write(
      `migrations/${ID}_one.sql`,
      "ALTER TABLE t RENAME COLUMN pos TO place;\nALTER TABLE t ALTER id TYPE bigint;\n",
    );
    const { code, stdout } = await p.run("plan");
    expect(code, stdout).toBe(1);
    expect(stdout).toMatch(/_one\.sql:1:1.*\n?.*uq of public\.t is DEFERRABLE: .*larger than 4 MiB/);
    expect(stdout).toMatch(/Drop uq in an earlier migration, and add it again in a later one/);
    expect(stdout).toMatch(/_one\.sql:2:.*\n?.*The primary key t_pkey of public\.t is DEFERRABLE/);
  });
});
