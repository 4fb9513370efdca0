import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { bareScene, numbers } from "./support/bare.js";
import type { Project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { slowDown } from "./support/slow-plan.js";
import { suite } from "./support/suite.js";

const ID = "20260101000000";

/** Columns with a default that is the same for every row, and what somebody might write there. */
const CONSTANTS: Readonly<Record<string, readonly (readonly [column: string, value: string])[]>> = {
  postgres: [
    ["varchar(20) NOT NULL DEFAULT 'user'", "'User'"],
    ["numeric(10,2) DEFAULT 1.5", "1.51"],
    ["real DEFAULT 0.1", "0.2"],
    ["jsonb DEFAULT '{}'", `'{"a": 1}'`],
    ["text[] DEFAULT ARRAY[]::text[]", "'{a}'"],
    ["timestamptz DEFAULT '2026-01-01 00:00:00+00'", "now()"],
    ["boolean NOT NULL DEFAULT false", "true"],
    ["char(5) DEFAULT 'ab'", "'abc'"],
    ["int DEFAULT (2 + 3)", "6"],
  ],
  mysql: [
    ["varchar(20) NOT NULL DEFAULT 'user'", "'User'"],
    ["decimal(10,2) DEFAULT 1.5", "1.51"],
    ["float DEFAULT 0.1", "0.2"],
    ["date NOT NULL DEFAULT '2026-01-01'", "'2026-01-02'"],
    ["datetime(3) DEFAULT '2026-01-01 00:00:00.5'", "NOW(3)"],
    ["bit(3) DEFAULT b'1'", "b'10'"],
    ["enum('a', 'b') NOT NULL DEFAULT 'b'", "'a'"],
    ["char(5) CHARACTER SET latin1 DEFAULT 'ab'", "'AB'"],
    ["int NOT NULL", "6"],
    ["varchar(9) NOT NULL", "'x'"],
    ["int DEFAULT NULL", "0"],
  ],
};

/** Columns whose values are of their rows, so that nothing tells them from what somebody wrote. */
const COMPUTED: Readonly<Record<string, readonly string[]>> = {
  postgres: ["uuid DEFAULT gen_random_uuid()"],
  mysql: ["datetime NOT NULL DEFAULT CURRENT_TIMESTAMP"],
};

const GENERATED: Readonly<Record<string, string>> = {
  postgres: "int GENERATED ALWAYS AS (id + 1) VIRTUAL",
  mysql: "int AS (id + 1) VIRTUAL",
};

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mariadb"], (server) => {
  const s = suite();
  const of = <T>(by: Readonly<Record<string, T>>): T => by[server.name === "postgres" ? "postgres" : "mysql"] as T;

  async function scene(column: string, name = "c", rows = 20, key = " PRIMARY KEY") {
    const setup = [`CREATE TABLE t (id int${key})`, `INSERT INTO t ${numbers(rows)}`];
    const made = await bareScene(server, s, setup, { added: `ALTER TABLE t ADD COLUMN ${name} ${column};\n` });
    await works(made.project.run("apply", "--release", "r1"));
    return made;
  }

  async function refused(p: Project, expected: RegExp) {
    const result = await p.run("rollback", ID);
    expect(result.code, `${result.stdout}${result.stderr}`).toBe(3);
    expect(result.stderr).toMatch(expected);
    expect(result.stderr).toContain("--accept-loss");
  }

  it("asks before it takes away what was written in an added column", async () => {
    const { url, project: p } = await scene("varchar(20)");
    await query(url, "UPDATE t SET c = 'kept' WHERE id IN (7, 9)");
    await refused(
      p,
      /would drop .c. of .*t.*, which it added, .* in 2 rows\. Keys of some: 7 \| 9\. Nothing was undone/,
    );
    expect(await query(url, "SELECT id FROM t WHERE c = 'kept'")).toHaveLength(2);
    const { stdout } = await works(p.run("rollback", ID, "--accept-loss"));
    expect(stdout).toContain("takes away t.c");
    await expect(query(url, "SELECT c FROM t")).rejects.toThrow();
  }, 60_000);

  it("does not ask where nobody wrote anything", async () => {
    const { url, project: p } = await scene("varchar(20)");
    await works(p.run("rollback", ID));
    await expect(query(url, "SELECT c FROM t")).rejects.toThrow();
  }, 60_000);

  it("tells what was written from a default that is the same for every row", async () => {
    const columns = of(CONSTANTS);
    const names = columns.map((_, n) => `c${n + 1}`);
    const [, ...more] = columns.map(([column], n) => `ADD COLUMN ${names[n]} ${column}`);
    const { url, project: p } = await scene([columns[0]?.[0], ...more].join(", "), names[0]);
    await query(url, "INSERT INTO t (id) VALUES (1000)");
    for (const [n, [, value]] of columns.entries()) {
      await query(url, `UPDATE t SET ${names[n]} = ${value} WHERE id = 3`);
      await refused(p, new RegExp(`would drop .${names[n]}. .*in 1 row\\. Keys of some: 3\\.`));
      await query(url, `UPDATE t SET ${names[n]} = DEFAULT WHERE id = 3`);
    }
    await works(p.run("rollback", ID));
  }, 120_000);

  for (const column of of(COMPUTED))
    it(`asks before it takes away what ${column} has given the rows`, async () => {
      const { url, project: p } = await scene(column);
      await refused(p, /with the values in 20 rows\. Its default is computed for each row: .* is not known\./);
      await query(url, "DELETE FROM t");
      await works(p.run("rollback", ID));
    }, 60_000);

  it("says that it does not know where the file fills the column itself", async () => {
    const { url, project: p } = await scene("int; UPDATE t SET c = id WHERE id < 4");
    await refused(p, /with the values in 3 rows\. The migration fills the column itself: .* is not known\./);
    await query(url, "UPDATE t SET c = NULL");
    await works(p.run("rollback", ID));
  }, 60_000);

  it("does not ask for a column that is computed from others", async () => {
    const { project: p } = await scene(of(GENERATED));
    await works(p.run("rollback", ID));
  }, 60_000);

  it("asks in a table without a key, which only PostgreSQL can count", async () => {
    const { url, project: p } = await scene("int DEFAULT 5", "c", 20, "");
    await query(url, "UPDATE t SET c = 6 WHERE id = 7");
    const counted = /in 1 row\. Keys of some: \(\d+,\d+\)\./;
    await refused(p, server.name === "postgres" ? counted : /in some rows\. Nothing was undone/);
    await query(url, "UPDATE t SET c = 5");
    await works(p.run("rollback", ID));
  }, 60_000);

  it("asks for each column, and again when a rollback that was told to lose goes on", async () => {
    const { url, project: p } = await scene("int, ADD COLUMN d int");
    await query(url, "UPDATE t SET d = 1 WHERE id = 4");
    await refused(p, /would drop .d. .* in 1 row/);
    const steps = server.name === "postgres" ? "zmigrate.steps" : "zmigrate_steps";
    const [last] = await query(url, `SELECT step_id AS id FROM ${steps} ORDER BY ordinal DESC LIMIT 1`);
    await query(url, "ALTER TABLE t DROP COLUMN d");
    await query(url, `UPDATE ${steps} SET status = 'undone' WHERE step_id = '${String(last?.id)}'`);
    await query(url, "UPDATE t SET c = 1 WHERE id = 5");
    await refused(p, /would drop .c. .* in 1 row\. Keys of some: 5\./);
    await works(p.run("rollback", ID, "--accept-loss"));
  }, 60_000);

  it("knows a column that the same migration has renamed, before the swap and after it", async () => {
    const { url, project: p } = await scene("int DEFAULT 5; ALTER TABLE t RENAME COLUMN c TO d");
    await query(url, "UPDATE t SET d = 6 WHERE id = 7");
    await refused(p, /would drop .c. .* in 1 row\. Keys of some: 7\./);
    await works(p.run("apply", "--contract", "--release", "r2"));
    await refused(p, /would drop .d. .* in 1 row\. Keys of some: 7\./);
    await query(url, "UPDATE t SET d = 5");
    await works(p.run("rollback", ID));
  }, 60_000);

  it("tells how far its comparison is", async () => {
    const { url, project: p } = await scene("int", "c", 8_000);
    await slowDown(url, 1.5);
    const { stdout } = await works(p.run("rollback", ID, "--json"));
    const told = stdout.split("\n").flatMap((line) => (line.includes('"comparing"') ? [JSON.parse(line)] : []));
    expect(told[0]).toMatchObject({ migration: ID, step: "rollback" });
    expect(told[0].rowsDone).toBeGreaterThan(0);
    expect(told[0].rowsDone).toBeLessThan(8_000);
  }, 60_000);
});

describeServers(["mysql", "mariadb"], (server) => {
  const s = suite();

  it("tells what was written from a default that is gone again, once contract has taken it", async () => {
    const setup = ["CREATE TABLE t (id int PRIMARY KEY)", `INSERT INTO t ${numbers(20)}`];
    const { url, project: p } = await bareScene(server, s, setup, {
      added: "ALTER TABLE t ADD COLUMN c int NOT NULL;\n",
    });
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("apply", "--contract", "--release", "r2"));
    await query(url, "UPDATE t SET c = 6 WHERE id = 3");
    const result = await p.run("rollback", ID);
    expect(result.stderr).toMatch(/in 1 row\. Keys of some: 3\./);
    await query(url, "UPDATE t SET c = 0");
    await works(p.run("rollback", ID));
  }, 60_000);

  it("knows a column whose name the file writes in another case than the server", async () => {
    const setup = ["CREATE TABLE t (id int PRIMARY KEY)", `INSERT INTO t ${numbers(20)}`];
    const { url, project: p } = await bareScene(server, s, setup, { added: "ALTER TABLE t ADD COLUMN c int;\n" });
    await works(p.run("apply", "--release", "r1"));
    await query(url, "ALTER TABLE t RENAME COLUMN c TO C");
    await query(url, "UPDATE t SET c = 6 WHERE id = 3");
    expect(await p.run("rollback", ID)).toMatchObject({ code: 3 });
  }, 60_000);
});

describeServer("postgres", (server) => {
  const s = suite();

  it("knows the moment that rows got when the column came", async () => {
    const columns = ["timestamptz NOT NULL DEFAULT now()", "date DEFAULT CURRENT_DATE", "time(3) DEFAULT CURRENT_TIME"];
    const setup = ["CREATE TABLE t (id int PRIMARY KEY)", `INSERT INTO t ${numbers(20)}`];
    const added = columns.map((column, n) => `ADD COLUMN c${n} ${column}`).join(", ");
    const { url, project: p } = await bareScene(server, s, setup, { added: `ALTER TABLE t ${added};\n` });
    await works(p.run("apply", "--release", "r1"));
    const refused = async (expected: RegExp) => {
      const result = await p.run("rollback", ID);
      expect([result.code, result.stderr]).toEqual([3, expect.stringMatching(expected)]);
    };
    await query(url, "UPDATE t SET c1 = '2020-01-01' WHERE id = 4");
    await refused(/"c1" .* with the values in 1 row\. .* is not known\. Keys of some: 4\./);
    await query(url, "UPDATE t SET c1 = CURRENT_DATE WHERE id = 4");
    await query(url, "INSERT INTO t (id) VALUES (1000)");
    await refused(/"c0" .* with the values in 1 row\. .* is not known\. Keys of some: 1000\./);
    await query(url, "DELETE FROM t WHERE id = 1000");
    await works(p.run("rollback", ID));
    await query(url, "SELECT id FROM t");
  }, 60_000);

  it("looks into partitions and children, whose rows the table itself does not hold", async () => {
    const setup = [
      "CREATE TABLE t (id int NOT NULL) PARTITION BY RANGE (id)",
      "CREATE TABLE low PARTITION OF t FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (id)",
      "CREATE TABLE lowest PARTITION OF low FOR VALUES FROM (0) TO (5)",
      "CREATE TABLE high PARTITION OF t FOR VALUES FROM (10) TO (100)",
      "ALTER TABLE lowest ADD PRIMARY KEY (id)",
      "ALTER TABLE high ADD PRIMARY KEY (id)",
      "INSERT INTO t VALUES (3), (20)",
    ];
    const { url, project: p } = await bareScene(server, s, setup, { added: "ALTER TABLE t ADD COLUMN c int;\n" });
    await works(p.run("apply", "--release", "r1"));
    await query(url, "UPDATE t SET c = 1 WHERE id = 3");
    const result = await p.run("rollback", ID);
    expect(result.code, result.stdout).toBe(3);
    await query(url, "UPDATE t SET c = NULL");
    await works(p.run("rollback", ID));
  }, 60_000);

  it("asks for what a policy hides", async () => {
    const setup = ["CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)"];
    const { url, project: p } = await bareScene(server, s, setup, { added: "ALTER TABLE t ADD COLUMN c int;\n" });
    await works(p.run("apply", "--release", "r1"));
    await query(url, "UPDATE t SET c = 1");
    await query(url, "ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY");
    expect(await p.run("rollback", ID)).toMatchObject({ code: 3 });
  }, 60_000);
});
