import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const FIRST = "20260101000000";
const SECOND = "20260102000000";

interface Entry {
  readonly at: string;
  readonly action: string;
  readonly migration: string | null;
  readonly who: string;
  readonly host: string;
  readonly release: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const fixtures = suite();

  it("tells who did what and when, of one migration and of all", async () => {
    const { project: p, url } = await bareScene(server, fixtures, ["CREATE TABLE t (id int PRIMARY KEY, a int)"], {
      rename: "ALTER TABLE t RENAME COLUMN a TO b;\n",
      wrong: "CREATE UNIQUE INDEX u ON t (id, a);\n",
    });
    expect((await works(p.run("history"))).stdout).toBe("Nothing was done yet.\n");
    await works(p.run("apply", "--release", "1", "--to", FIRST));
    await works(p.run("rollback", FIRST));
    await query(url, "INSERT INTO t VALUES (1, 1)");
    p.write(`migrations/${SECOND}_wrong.sql`, "ALTER TABLE t ADD CONSTRAINT small CHECK (id > 1);\n");
    p.write(`migrations/${FIRST}_rename.sql`, "CREATE TABLE other (id int PRIMARY KEY);\n");
    expect((await p.run("apply", "--release", "2")).code).not.toBe(0);
    const entries = async (...args: string[]) => {
      const { stdout } = await works(p.run("history", "--json", ...args));
      return (JSON.parse(stdout) as { version: 1; entries: readonly Entry[] }).entries;
    };
    const of = await entries(FIRST);
    expect(of.map((e) => `${e.action} ${e.release}`)).toEqual([
      "begin 1",
      "expanded 1",
      "backfilled 1",
      "rollback null",
      "rolled-back null",
      "begin 2",
      "expanded 2",
      "backfilled 2",
      "finished 2",
    ]);
    expect(of[0]?.detail).toMatchObject({
      file: expect.stringContaining(`${FIRST}_rename.sql`),
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
      steps: expect.arrayContaining([{ id: expect.any(String), phase: "expand", sql: expect.any(Array) }]),
    });
    expect(of[1]?.detail).toMatchObject({
      steps: expect.arrayContaining([{ id: "1-add-column", ms: expect.any(Number) }]),
    });
    for (const { at, who, host } of of)
      expect([at, who, host].map((text) => text.length > 0)).toEqual([true, true, true]);
    const all = await entries();
    expect(all.map((e) => e.at)).toEqual(all.map((e) => e.at).toSorted());
    expect(all.filter((e) => e.migration === SECOND).at(-1)).toMatchObject({
      action: "failed",
      detail: { text: expect.stringContaining("id > 1") },
    });
    const table = server.name === "postgres" ? "zmigrate.audit" : "zmigrate_audit";
    const remembered = "'x', CURRENT_TIMESTAMP(3), 'gate-has-seen', 'who', 'host'";
    await query(url, `INSERT INTO ${table} (id, at, action, who, host) VALUES (${remembered})`);
    expect(await entries("--limit", "1")).toEqual(all.slice(-1));
    const { stdout } = await works(p.run("history", FIRST));
    expect(stdout).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}20260101000000 {2}begun from .*rename\.sql {2}\S+@\S+, release 1\n/,
    );
    expect(stdout).toContain("rolled back");
    expect(await p.run("history", "7")).toMatchObject({ code: 2 });
    expect(await p.run("history", "--limit", "0")).toMatchObject({ code: 2 });
  }, 60_000);
});
