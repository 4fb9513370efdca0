import { expect, it } from "vitest";
import type { RunEvent } from "../../src/model/event.js";
import { describeServers, query, type TestServer } from "../servers/index.js";
import type { Project } from "./support/cli.js";
import { project } from "./support/cli.js";
import { forward, type PhasedChange } from "./support/phased.js";
import { killHard, works } from "./support/scene.js";
import { type Suite, suite } from "./support/suite.js";

const ROWS = 300;

const numbers = (server: TestServer) =>
  server.name === "postgres"
    ? `(SELECT generate_series(1, ${ROWS}) AS n) s`
    : `(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${ROWS}) SELECT n FROM s) s`;

/** A table with rows, one that they are looked up in, one that points at them, one that is empty. */
const setup = (server: TestServer): string[] => [
  "CREATE TABLE country (id int PRIMARY KEY, name varchar(20))",
  "INSERT INTO country VALUES (1, 'one'), (2, 'two')",
  "CREATE TABLE t (id int PRIMARY KEY, c int, n int NOT NULL DEFAULT 0, name varchar(20), w int)",
  `INSERT INTO t (id, c) SELECT n, n % 3 FROM ${numbers(server)}`,
  "CREATE TABLE child (id int PRIMARY KEY, t int, CONSTRAINT fk FOREIGN KEY (t) REFERENCES t (id) ON DELETE CASCADE)",
  "INSERT INTO child SELECT id, id FROM t WHERE id % 10 = 0",
  "CREATE TABLE log (v int)",
  "CREATE TABLE copy (id int PRIMARY KEY, n int)",
];

/** One of each: rows that come in, are changed, copied and deleted, all of which are still old code's to write. */
const migrationOf = (server: TestServer) => `
-- zmigrate:batch rows=40
UPDATE t SET n = n + 1, name = (SELECT x.name FROM country x WHERE x.id = t.c) WHERE c > 0;
-- zmigrate:batch rows=40
${server.name === "postgres" ? "UPDATE t AS y SET n = y.n + 10 FROM country k WHERE k.id = y.c AND k.name = 'two'" : "UPDATE t y JOIN country k ON k.id = y.c SET y.n = y.n + 10 WHERE k.name = 'two'"};
-- zmigrate:batch rows=40
INSERT INTO copy (id, n) SELECT s.id, s.n FROM t AS s WHERE s.id <= ${ROWS}${server.name === "postgres" ? " ON CONFLICT DO NOTHING" : ""};
INSERT INTO country VALUES (3, 'three')${server.name === "postgres" ? " ON CONFLICT DO NOTHING" : " ON DUPLICATE KEY UPDATE name = 'three'"};
-- zmigrate:batch rows=40
DELETE FROM t WHERE id % 7 = 0;
`;

const change = (server: TestServer): PhasedChange => ({
  setup: setup(server),
  migration: migrationOf(server),
  tables: ["t", "child", "copy", "country"],
  untouched: "id <= 300",
  old: async (run, turn) => {
    await run("INSERT INTO t (id, c) VALUES (?, 0)", [1_000 + turn]);
    await run("UPDATE t SET w = ? WHERE id = ?", [7, 298]);
  },
  fresh: async (run, turn) => {
    await run("UPDATE t SET w = ? WHERE id = ?", [7, 298]);
    await run("INSERT INTO t (id, c) VALUES (?, 0)", [500_000 + turn]);
  },
  wrong: `SELECT count(*) FROM t WHERE id <= ${ROWS} AND n <> CASE c WHEN 0 THEN 0 WHEN 1 THEN 1 ELSE 11 END`,
});

/** Runs `apply` until it ends by itself; it is killed after each `every`th batch that it tells of. */
async function crashInBatches(p: Project, every: number): Promise<number> {
  for (let kills = 0; ; kills += 1) {
    let batches = 0;
    const run = p.start("apply", "--json", "--release", "r1");
    const isTime = (e: RunEvent) => {
      if (e.event === "batch") batches += 1;
      return batches >= every;
    };
    if (!(await run.told(isTime))) {
      await works(run.result);
      return kills;
    }
    await killHard(run);
  }
}

async function begun(server: TestServer, s: Suite, sql: string) {
  const db = await server.createDatabase("rows");
  s.after(() => db.drop());
  for (const each of setup(server)) await query(db.url, each);
  const p = project(db.url);
  s.after(async () => p.remove());
  await works(p.run("init", "--engine", server.name));
  p.write("migrations/20260101000000_rows.sql", sql);
  return { db, p };
}

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const s = suite();

  it("changes, copies and deletes rows as the plain statements do", () => {
    const asked = change(server);
    const plain = asked.migration.split(";").filter((sql) => /\w/.test(sql.replaceAll(/^--.*$/gm, "")));
    return forward(server, s, { ...asked, plain: [...plain, "UPDATE t SET w = 7 WHERE id = 298"] });
  });

  it("meets each row once, however often apply is killed", async () => {
    const { db, p } = await begun(server, s, "-- zmigrate:batch rows=20 target=1ms\nUPDATE t SET n = n + 1;\n");
    expect(await crashInBatches(p, 5)).toBeGreaterThan(1);
    expect(await query(db.url, "SELECT n, count(*) AS c FROM t GROUP BY n")).toEqual([
      { n: 1, c: server.name === "postgres" ? String(ROWS) : ROWS },
    ]);
    const status = JSON.parse((await works(p.run("status", "--json"))).stdout) as {
      migrations: { status: string; backfill?: { rowsDone: number; state: string } }[];
    };
    expect(status.migrations[0]).toMatchObject({ status: "contracted", backfill: { rowsDone: ROWS, state: "done" } });
  }, 60_000);

  it("does not take back what has deleted rows, though it was cut off", async () => {
    const sql = "-- zmigrate:phase backfill\n-- zmigrate:batch rows=20 target=1ms\nDELETE FROM t WHERE n = 0;\n";
    const { db, p } = await begun(server, s, sql);
    const run = p.start("apply", "--json", "--release", "r1");
    expect(await run.told((e) => e.event === "batch")).toBe(true);
    await killHard(run);
    const taken = await p.run("rollback", "20260101000000");
    expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining("1-delete") });
    await works(p.run("apply", "--release", "r1"));
    expect(await query(db.url, "SELECT id FROM t")).toEqual([]);
  });

  it.skipIf(server.name === "postgres")(
    "gives 0 in an AUTO_INCREMENT column the next number, as for any client",
    async () => {
      const { db, p } = await begun(
        server,
        s,
        "CREATE TABLE counted (id int AUTO_INCREMENT PRIMARY KEY, v int UNIQUE);\nINSERT INTO counted (id, v) VALUES (0, 1007), (0, 1008);\nINSERT INTO counted SELECT 0, id FROM t ON DUPLICATE KEY UPDATE v = v;\n",
      );
      await works(p.run("apply", "--release", "r1"));
      expect(await query(db.url, "SELECT v FROM counted WHERE v > 1000 ORDER BY id")).toEqual([
        { v: 1007 },
        { v: 1008 },
      ]);
      expect(await query(db.url, "SELECT COUNT(*) AS n FROM counted WHERE id = 0")).toMatchObject([
        { n: expect.toSatisfy((n) => Number(n) === 0) },
      ]);
    },
  );

  it("brings rows that are written out in once, though apply is killed at every step", async () => {
    const { db, p } = await begun(server, s, "INSERT INTO log (v) VALUES (1), (2), (3);\n");
    const seen = new Set<string>();
    for (let killed = true; killed; ) {
      const run = p.start("apply", "--json", "--release", "r1");
      killed = await run.told((e) => {
        if (e.event !== "step-started" && e.event !== "step-done") return false;
        const fresh = !seen.has(e.event + e.step);
        seen.add(e.event + e.step);
        return fresh;
      });
      if (killed) await killHard(run);
      else await works(run.result);
    }
    expect((await query(db.url, "SELECT v FROM log ORDER BY v")).map((r) => r.v)).toEqual([1, 2, 3]);
  });
});
