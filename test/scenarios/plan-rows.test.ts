import { expect, it } from "vitest";
import { describeServers, query, type TestServer } from "../servers/index.js";
import { change, ROWS, setup } from "./changes/rows.js";
import { type Project, project } from "./support/cli.js";
import { forward } from "./support/phased.js";
import { killHard, works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { type Suite, suite } from "./support/suite.js";

/** Batches are smaller where the machine is slow: as many kills show no more. */
const MOST_KILLS = 8;

/** Runs `apply` until it ends by itself; it is killed after each first batch that it tells of. */
async function crashInBatches(p: Project): Promise<number> {
  for (let kills = 0; ; kills += 1) {
    const run = p.start("apply", "--json", "--release", "r1");
    if (!(await run.told((e) => e.event === "batch" && kills < MOST_KILLS))) {
      await works(run.result);
      return kills;
    }
    await killHard(run);
  }
}

async function begun(server: TestServer, s: Suite, sql: string) {
  const db = await server.createDatabase("rows");
  s.after(() => db.drop());
  for (const each of setup(server.name)) await query(db.url, each);
  const p = project(db.url);
  s.after(async () => p.remove());
  await works(p.run("init", "--engine", server.name));
  p.write("migrations/20260101000000_rows.sql", sql);
  return { db, p };
}

/** Tables of which each is written behind what only a contract changes. */
const lateSetup = (server: TestServer): string[] => [
  ...["a", "b", "c", "d", "e", "f", "g"].flatMap((t) => [
    `CREATE TABLE ${t} (id int PRIMARY KEY, v int DEFAULT 3, w int, CONSTRAINT ${t}_low CHECK (w < 5))`,
    `CREATE UNIQUE INDEX ${t}_w ON ${t} (w)`,
    `INSERT INTO ${t} VALUES (1, 1, 1), (2, 2, 2)`,
  ]),
  "CREATE TABLE log (id int PRIMARY KEY)",
  ...(server.name === "postgres"
    ? [
        "CREATE FUNCTION hundred() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.v = 100; RETURN NEW; END'",
        "CREATE TRIGGER tb BEFORE UPDATE ON b FOR EACH ROW EXECUTE FUNCTION hundred()",
        "CREATE TRIGGER te BEFORE UPDATE ON e FOR EACH ROW EXECUTE FUNCTION hundred()",
      ]
    : ["b", "e"].map((t) => `CREATE TRIGGER t${t} BEFORE UPDATE ON ${t} FOR EACH ROW SET NEW.v = 100`)),
];

const lateFiles = (server: TestServer): Readonly<Record<string, readonly string[]>> => {
  const postgres = server.name === "postgres";
  const on = (t: string) => (postgres ? ` ON ${t}` : "");
  const type = ["ALTER TABLE d ALTER v TYPE bigint", "ALTER TABLE d ALTER v SET DEFAULT 9"];
  const wider = (t: string) => [
    `ALTER TABLE ${t} DROP CONSTRAINT ${t}_low`,
    `ALTER TABLE ${t} ADD CONSTRAINT ${t}_low CHECK (w < 50)`,
  ];
  return {
    "20260201000000_one": [
      "TRUNCATE TABLE a",
      "INSERT INTO a VALUES (7, 7, 3)",
      `DROP TRIGGER tb${on("b")}`,
      "UPDATE b SET v = v + 1",
      ...wider("c"),
      ...(postgres ? ["ALTER TABLE c ALTER v DROP DEFAULT"] : []),
      "INSERT INTO c (id, w) VALUES (7, 7)",
      ...(postgres ? type : ["ALTER TABLE d MODIFY v bigint DEFAULT 9"]),
      "INSERT INTO d (id) VALUES (7)",
      "ALTER TABLE g ADD COLUMN code varchar(40)",
      `UPDATE g SET v = 8, code = ${postgres ? "'c' || id" : "CONCAT('c', id)"}`,
      "CREATE UNIQUE INDEX g_code ON g (v, code)",
    ],
    "20260202000000_first": [
      "DELETE FROM f WHERE v >= 0",
      `DROP TRIGGER te${on("e")}`,
      ...wider("e"),
      `DROP INDEX e_w${postgres ? "" : " ON e"}`,
    ],
    "20260203000000_rows": [
      "INSERT INTO f VALUES (2, 8, 4)",
      "INSERT INTO log SELECT id FROM f",
      "UPDATE e SET v = v + 1",
      "INSERT INTO e VALUES (7, 7, 7), (8, 8, 1)",
    ],
  };
};

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const s = suite();

  it("writes rows behind what only a contract changes in front of them", async () => {
    const [db, plain] = [await server.createDatabase("late"), await server.createDatabase("plain")];
    const p = project(db.url);
    s.after(() => Promise.all([db.drop(), plain.drop(), p.remove()]));
    const files = Object.entries(lateFiles(server));
    for (const sql of lateSetup(server)) await Promise.all([query(db.url, sql), query(plain.url, sql)]);
    for (const sql of files.flatMap(([, all]) => all)) await query(plain.url, sql);
    await works(p.run("init", "--engine", server.name));
    for (const [name, all] of files) p.write(`migrations/${name}.sql`, `${all.join(";\n")};\n`);
    const apply = (n: number, ...args: string[]) =>
      p.run("apply", "--contract", "--park", "0", "--release", `r${n}`, ...args);
    expect(await apply(1)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("deletes from f only in its contract"),
    });
    for (const n of [1, 2, 3]) await works(apply(n, "--to", "20260202000000"));
    await works(apply(4));
    const status = JSON.parse((await works(p.run("status", "--json"))).stdout) as { migrations: { status: string }[] };
    expect(status.migrations.map((m) => m.status)).toEqual(["contracted", "contracted", "contracted"]);
    expect(await schemaOf(db.url, "g")).toEqual(await schemaOf(plain.url, "g"));
    for (const table of ["a", "b", "c", "d", "e", "f", "g", "log"]) {
      const rows = `SELECT * FROM ${table} ORDER BY id`;
      const sorted = (all: readonly object[]) => all.map((row) => Object.entries(row).sort());
      expect([table, sorted(await query(db.url, rows))]).toEqual([table, sorted(await query(plain.url, rows))]);
    }
  });

  it("changes, copies and deletes rows as the plain statements do", () => {
    const asked = change(server.name);
    const plain = asked.migration.split(";").filter((sql) => /\w/.test(sql.replaceAll(/^--.*$/gm, "")));
    return forward(server, s, { ...asked, plain: [...plain, "UPDATE t SET w = 7 WHERE id = 298"] });
  });

  it.skipIf(server.name === "mariadb")(
    "meets each row once, however often apply is killed",
    async () => {
      const { db, p } = await begun(server, s, "-- zmigrate:batch rows=20 target=1ms\nUPDATE t SET n = n + 1;\n");
      expect(await crashInBatches(p)).toBeGreaterThan(1);
      expect(await query(db.url, "SELECT n, count(*) AS c FROM t GROUP BY n")).toEqual([
        { n: 1, c: server.name === "postgres" ? String(ROWS) : ROWS },
      ]);
      const status = JSON.parse((await works(p.run("status", "--json"))).stdout) as {
        migrations: { status: string; backfill?: { rowsDone: number; state: string } }[];
      };
      expect(status.migrations[0]).toMatchObject({ status: "contracted", backfill: { rowsDone: ROWS, state: "done" } });
    },
    60_000,
  );

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
