import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeServers, until } from "../servers/index.js";
import { killHard, works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { FILE, ID, RENAME } from "./support/users.js";

const CODE = "20260301000000";

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mysql"], (server) => {
  const own = suite();
  const contract = (release: string) => ["apply", "--contract", "--park", "0", "--release", release];

  it("takes an edited file as it is: the steps that were planned go on, and the audit has the reason", async () => {
    const { project: p } = await own.scene(server, 10, RENAME);
    expect((await works(p.run("apply", "--release", "1"))).code).toBe(0);
    expect((await works(p.run("repair", ID, "--reason", "nothing"))).stdout).toContain("Nothing to repair");
    p.write(FILE, `-- ticket 4711\n${RENAME}`);
    expect(await p.run("apply", "--release", "2")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`zmigrate repair ${ID} --reason TEXT`),
    });
    expect((await p.run("repair", ID)).code).toBe(2);
    expect((await p.run("repair", ID, "--reason", " ")).code).toBe(2);
    expect((await p.run("repair", "20200101000000", "--reason", "x")).code).toBe(2);
    const { stdout } = await works(p.run("repair", ID, "--reason", "a comment was added"));
    expect(stdout).toContain(`${join(p.folder, FILE)} is the file of migration ${ID}`);
    await works(p.run(...contract("2")));
    await works(p.run(...contract("3")));
    expect((await works(p.run("status", "--json"))).stdout).toContain('"contracted"');
    p.write(FILE, RENAME);
    const { stderr } = await p.run("apply");
    expect(stderr).toContain("zmigrate repair");
    expect(stderr).not.toContain("zmigrate rollback");
    expect((await works(p.run("history", ID))).stdout).toContain("file taken as it is (edited): a comment was added");
  }, 60_000);

  it("records all of a repair or nothing, also when it is killed in the middle", async () => {
    const { db, project: p } = await own.scene(server, 10, RENAME);
    await works(p.run("apply", "--release", "1"));
    p.write(FILE, `-- ticket 4711\n${RENAME}`);
    const holder = await own.session(db.url);
    const onPostgres = server.name === "postgres";
    if (onPostgres) await holder.query("BEGIN");
    // The migration's row is written first, and the audit waits.
    await holder.query(onPostgres ? "LOCK TABLE zmigrate.audit IN SHARE MODE" : "LOCK TABLES zmigrate_audit READ");
    const repairing = p.start("repair", ID, "--reason", "cut off", "--lock-timeout", "30s");
    const waiting = onPostgres
      ? "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'zmigrate.audit'::regclass"
      : `SELECT 1 FROM information_schema.PROCESSLIST WHERE DB = '${db.name}' AND STATE LIKE 'Waiting for table%'`;
    const asked = await own.session(db.url);
    await until("the audit is waited for", 20_000, async () => ((await asked.query(waiting)).length > 0 ? true : null));
    await killHard(repairing);
    await holder.query(onPostgres ? "COMMIT" : "UNLOCK TABLES");
    expect(await p.run("apply", "--release", "2")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("repair"),
    });
    expect((await works(p.run("history", ID))).stdout).not.toContain("cut off");
    await works(p.run("repair", ID, "--reason", "a comment was added"));
    await works(p.run(...contract("2")));
    expect((await works(p.run("history", ID))).stdout.match(/file taken as it is/g)).toHaveLength(1);
  }, 60_000);

  it("lets a migration end whose file is gone, and refuses to forget code that a backfill runs", async () => {
    const { project: p } = await own.scene(server, 10, RENAME);
    await works(p.run("apply", "--release", "1"));
    rmSync(join(p.folder, FILE));
    expect((await p.run(...contract("2"))).code).toBe(2);
    await works(p.run("repair", ID, "--reason", "its branch was deleted"));
    expect((await works(p.run("plan"))).stdout).toContain(ID);
    const { stdout } = await works(p.run("status", "--json"));
    expect(JSON.parse(stdout)).toMatchObject({ migrations: [{ id: ID, status: "backfilled" }] });
    expect(stdout).not.toContain("fileProblem");
    expect(await p.run("wait", "--phase", "contract", "--timeout", "0")).toMatchObject({ code: 4 });
    await works(p.run("wait", "--to", ID, "--timeout", "0"));
    // Code from before the migration has not its file either.
    const back = await p.run(...contract("2"), "--to", ID);
    expect(back.stdout).toContain("so release 2 may have been written before it");
    expect((await works(p.run("status"))).stdout).toContain("backfilled");
    const known = ["--accept", "later-release", "--reason", "release 2 was written behind it"];
    await works(p.run(...contract("2"), "--to", ID, ...known));
    // The file that ran is the file, whenever it is back.
    p.write(FILE, RENAME);
    await works(p.run("plan"));
    rmSync(join(p.folder, FILE));
    await works(p.run(...contract("3")));
    expect((await works(p.run("apply"))).stdout).toContain("Nothing to do");
    const code = `migrations/${CODE}_names.backfill.ts`;
    p.write(
      code,
      `import { defineBackfill } from "zmigrate";\nexport default defineBackfill({ table: "users", select: ["id", "email_address"], update: ["email_address"], map: () => { throw new Error("not yet"); } });\n`,
    );
    expect((await p.run("apply", "--release", "4")).code).toBe(3);
    rmSync(join(p.folder, code));
    const refused = await p.run("repair", CODE, "--reason", "gone");
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("the code that its backfill runs") });
    await works(p.run("rollback", CODE));
  }, 60_000);
});
