import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { findProgram } from "../../src/engines/mysql/osc/process.js";
import { describeServers, query } from "../servers/index.js";
import { bareScene, numbers } from "./support/bare.js";
import type { Project } from "./support/cli.js";
import { killHard, works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const STAND_IN = resolve("test/scenarios/support/osc-stand-in.mjs");
const ID = "20260101000000";
const TABLE = "CREATE TABLE t (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, a varchar(20))";
const BIGINT = "ALTER TABLE t MODIFY id bigint NOT NULL AUTO_INCREMENT;";
const ROWS = 250;
const TIMEOUT_MS = 60_000;

/** What is there of a program, and what the key is by now. */
async function stateOf(url: string): Promise<{ type: string; rows: number; left: string[] }> {
  const [column] = await query(url, "SHOW COLUMNS FROM t LIKE 'id'");
  const [count] = await query(url, "SELECT COUNT(*) AS n FROM t");
  const tables = await query(url, "SHOW TABLES LIKE '\\_%'");
  const triggers = await query(url, "SHOW TRIGGERS");
  const samples = await query(url, "SHOW TABLES LIKE 'zmigrate\\_rebuild%'");
  return {
    type: String(column?.Type).replace(/\(.*/, ""),
    rows: Number(count?.n),
    left: [...tables, ...samples, ...triggers].map((row) => String(Object.values(row)[0])),
  };
}

const REBUILT = { type: "bigint", rows: ROWS, left: [] };
const UNTOUCHED = { type: "int", rows: ROWS, left: [] };

/** Folders of runs, each with a password in it. */
const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("zmigrate-osc-"));

describeServers(["mysql", "mariadb"], (server) => {
  const own = suite();

  /** What is the same on both takes its time on one. */
  const on = (name: typeof server.name) => (server.name === name ? it : () => undefined);

  const configure = (p: Project, osc: object) =>
    p.write("zmigrate.config.json", JSON.stringify({ engine: server.name, osc }));

  /** The file's expand is done: what is left is the rebuild. */
  async function expanded(osc: object, sql: string = BIGINT, table: string = TABLE) {
    const fill = `INSERT INTO t (a) SELECT CONCAT('a', i) FROM (${numbers(ROWS)}) n`;
    const s = await bareScene(server, own, [table, fill], { rebuild: sql });
    configure(s.project, osc);
    return s;
  }

  const standIn = (mode: string, ...more: string[]) => ({
    tool: "pt-online-schema-change",
    path: STAND_IN,
    args: [`--mode=${mode}`, ...more],
  });

  it(
    "has the program rebuild the table in contract, shows no password, and refuses to take it back",
    async () => {
      const { url, project: p } = await expanded(standIn("ok"));
      const mark = join(p.folder, "mark.json");
      configure(p, standIn("ok", `--mark=${mark}`));
      const planned = await works(p.run("plan", "--format", "json"));
      const { migrations } = JSON.parse(planned.stdout);
      const [step] = migrations[0].phases.contract;
      expect(step).toMatchObject({ stage: "swap", tool: { name: "pt-online-schema-change" } });
      expect(step.tool.command).toMatch(/osc-stand-in\.mjs --defaults-file=FILE '--alter=MODIFY COLUMN id bigint/);
      expect((await works(p.run("plan", "--format", "sql"))).stdout).not.toMatch(/^ALTER TABLE/m);

      await works(p.run("apply", "--release", "r1", "--contract"));
      expect(await stateOf(url)).toEqual(UNTOUCHED);
      const done = await works(p.run("apply", "--release", "r2", "--contract"));
      expect(await stateOf(url)).toEqual(REBUILT);
      expect(done.stdout).toContain("Successfully altered t.");
      expect(done.stdout).toContain("connecting with ***");
      const seen = JSON.parse(readFileSync(mark, "utf8"));
      expect(seen.rights).toBe("600");
      const secret = decodeURIComponent(new URL(url).password);
      expect(JSON.stringify([seen.args, done, planned])).not.toContain(secret);
      const journal = await query(url, "SELECT plan FROM zmigrate_migrations UNION SELECT detail FROM zmigrate_audit");
      expect(JSON.stringify(journal)).not.toContain(secret);
      expect(existsSync(seen.args[0].replace("--defaults-file=", ""))).toBe(false);

      const back = await p.run("rollback", ID);
      expect(back.code).toBe(1);
      expect(back.stderr).toContain("has rebuilt t by pt-online-schema-change");
    },
    TIMEOUT_MS,
  );

  on("mysql")(
    "fails where the table or its rows are not what was asked for, drops what is left, and goes on when that is mended",
    async () => {
      const { url, project: p } = await expanded(standIn("lie"));
      await works(p.run("apply", "--release", "r1"));
      const apply = () => p.run("apply", "--release", "r2", "--contract");
      const lied = await apply();
      expect(lied).toMatchObject({ code: 3 });
      expect(lied.stderr).toMatch(/ended with 0, and t is not what is asked for \(it has not: `id` bigint/);
      configure(p, standIn("fail"));
      const failed = await apply();
      expect(failed.code).toBe(3);
      expect(failed.stderr).toMatch(/ended with 9.*the disk is full/s);
      expect(failed.stdout).toContain("dropped what it left: trigger pt_osc_");
      expect(await stateOf(url)).toEqual(UNTOUCHED);

      configure(p, standIn("lose"));
      const lost = await apply();
      expect(lost.stderr).toContain("its rows are gone");
      expect(await stateOf(url)).toEqual({ type: "bigint", rows: 0, left: ["_t_old"] });
      const kept = await apply();
      expect(kept.code).toBe(3);
      expect(kept.stderr).toMatch(/the table as it was is kept: table _t_old/);
      await query(url, "RENAME TABLE t TO broken, _t_old TO t");

      configure(p, standIn("some"));
      const some = await apply();
      expect(some.code).toBe(3);
      expect(some.stderr.replaceAll(/\s+/g, " ")).toMatch(/75 rows of _t_old are not in t: .* _t_old is kept/);
      expect(await stateOf(url)).toMatchObject({ type: "bigint", rows: 175, left: ["_t_old"] });
      await query(url, "DROP TABLE t");
      await query(url, "RENAME TABLE _t_old TO t");

      configure(p, standIn("taken"));
      for (const run of [apply, apply, () => p.run("rollback", ID)])
        expect(await run()).toMatchObject({ code: 3, stderr: expect.stringMatching(/no t any more.*table _t_new/s) });
      await query(url, "RENAME TABLE _t_new TO t");
      await query(url, "ALTER TABLE t MODIFY id int NOT NULL AUTO_INCREMENT");

      configure(p, standIn("gone"));
      const gone = await apply();
      expect(gone.code).toBe(3);
      expect(gone.stderr.replaceAll(/\s+/g, " ")).toMatch(/t has 175 rows, 75 fewer than before/);
      await works(apply());
      expect(await stateOf(url)).toEqual({ type: "bigint", rows: 175, left: [] });
    },
    TIMEOUT_MS,
  );

  on("mariadb")(
    "ends the program with the run, and converges when it is run again or rolled back",
    async () => {
      const { url, project: p } = await expanded(standIn("ok"));
      const mark = join(p.folder, "mark.json");
      configure(p, standIn("hang", `--mark=${mark}`));
      await works(p.run("apply", "--release", "r1"));
      const hangs = async (release: string) => {
        const run = p.start("apply", "--release", release, "--contract", "--json");
        expect(await run.told((e) => e.event === "tool-output" && e.line === "hanging")).toBe(true);
        return run;
      };
      const dies = async (release: string) => {
        const run = await hangs(release);
        await killHard(run);
        await gone(JSON.parse(readFileSync(mark, "utf8")).pid);
        return run.result;
      };
      const LEFT = ["_t_new", expect.stringMatching(/^pt_osc_/)];

      const stopped = await hangs("r2");
      stopped.kill("SIGTERM");
      const { code, stdout } = await stopped.result;
      expect(code).toBe(130);
      expect(stdout).toMatch(/was stopped; dropped what it left: trigger pt_osc_\w+_t_ins, table _t_new\. The next/);
      expect(await stateOf(url)).toEqual(UNTOUCHED);

      await dies("r2");
      expect((await stateOf(url)).left).toEqual(LEFT);
      const back = await works(p.run("rollback", ID));
      expect(back.stdout).toMatch(/Dropped trigger pt_osc_\w+_t_ins, table _t_new/);
      expect(await stateOf(url)).toEqual(UNTOUCHED);

      await works(p.run("apply", "--release", "r3"));
      await dies("r4");
      expect((await stateOf(url)).left).toEqual(LEFT);
      configure(p, standIn("late", `--mark=${mark}`));
      const again = await dies("r4");
      expect(again.stdout).toMatch(/Found of a run that was cut off: trigger pt_osc_\w+_t_ins, table _t_new; dropped/);
      expect(await stateOf(url)).toMatchObject({ type: "bigint", left: ["_t_old", LEFT[1]] });

      // The exchange is done, and nobody has noted it.
      const refused = await p.run("rollback", ID);
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("has rebuilt t") });
      const done = await works(p.run("apply", "--release", "r4", "--contract"));
      expect(done.stdout).toMatch(/t is what is asked for; dropped .*table _t_old/);
      expect(await stateOf(url)).toEqual(REBUILT);
      expect(folders()).not.toContainEqual(expect.stringContaining(`zmigrate-osc-${process.pid}-`));
    },
    TIMEOUT_MS,
  );

  on("mysql")(
    "tells before anything begins what is missing or in the way",
    async () => {
      const { url, project: p } = await expanded({ tool: "pt-online-schema-change", path: "./no-such-tool" });
      const missing = await p.run("apply", "--release", "r1");
      expect(missing.code).toBe(2);
      expect(missing.stderr).toMatch(/no-such-tool is no program.*\n.*percona-toolkit/);
      expect(await query(url, "SHOW TABLES LIKE 'zmigrate%'")).toEqual([]);

      configure(p, { tool: "gh-ost", path: STAND_IN });
      await query(url, "SET GLOBAL binlog_row_image = MINIMAL");
      const unfit = await p
        .run("apply", "--release", "r1")
        .finally(() => query(url, "SET GLOBAL binlog_row_image = FULL"));
      expect(unfit.stderr).toContain("the server's binlog_row_image is MINIMAL, and must be FULL");
      expect(await query(url, "SHOW TABLES LIKE 'zmigrate%'")).toEqual([]);

      configure(p, standIn("ok"));
      await works(p.run("apply", "--release", "r1"));
      await query(url, "CREATE TABLE _t_new (a int)");
      const apply = () => p.run("apply", "--release", "r2", "--contract");
      for (const _ of [1, 2]) expect((await apply()).stderr).toMatch(/is there already.*table _t_new/s);
      await query(url, "DROP TABLE _t_new");
      await query(url, "CREATE TRIGGER own BEFORE INSERT ON t FOR EACH ROW SET NEW.a = UPPER(NEW.a)");
      expect((await apply()).stderr).toMatch(/it has triggers \(own\)/);
      await query(url, "DROP TRIGGER own");

      configure(p, { tool: "pt-online-schema-change", path: STAND_IN, args: ["--password=x"] });
      expect(await apply()).toMatchObject({ code: 2, stderr: expect.stringContaining("password is what zmigrate") });
      p.write("zmigrate.config.json", JSON.stringify({ engine: server.name }));
      expect((await apply()).stderr).toContain("the configuration has no `osc`");
      expect(await stateOf(url)).toEqual(UNTOUCHED);
    },
    TIMEOUT_MS,
  );

  on("mysql")("without `osc` refuses what the server would copy", async () => {
    const { project: p } = await expanded(standIn("ok"));
    p.write("zmigrate.config.json", JSON.stringify({ engine: server.name }));
    const planned = await p.run("plan");
    expect(planned.code).toBe(1);
    expect(planned.stdout).toContain("pt-online-schema-change --host=HOST");
  });

  on("mysql")("waits for a migration whose triggers are on the table", async () => {
    const rename = "ALTER TABLE t RENAME COLUMN a TO b;";
    const { project: p, url } = await bareScene(server, own, [TABLE], { rename, rebuild: BIGINT });
    configure(p, standIn("ok"));
    const { code, stderr } = await p.run("apply", "--release", "r1");
    expect([code, stderr]).toEqual([
      4,
      expect.stringContaining("20260101000000 (rename) is not finished, and is in the way"),
    ]);
    expect((await query(url, "SHOW TRIGGERS")).length).toBeGreaterThan(0);
  });

  if (server.name !== "mysql") return;
  it.skipIf(findProgram("gh-ost") === null)(
    "by gh-ost itself, where it is on the PATH",
    async () => {
      const { url, project: p } = await expanded({ tool: "gh-ost" });
      await works(p.run("apply", "--release", "r1"));
      await works(p.run("apply", "--release", "r2", "--contract"));
      expect(await stateOf(url)).toEqual(REBUILT);
    },
    TIMEOUT_MS,
  );
});

/** Waits until a process is no more: its guard ends it. */
async function gone(pid: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((r) => setTimeout(r, 50));
  }
  throw new Error(`process ${pid} still runs`);
}
