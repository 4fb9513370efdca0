import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { killHard, renameScene, works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { createUsers, FILE, ID, RENAME, userClient, type Written, wrongRows } from "./support/users.js";

const ROWS = 10_000;

/** So that nothing is over before all who are to take part are there. */
const SLOWLY = ["--max-rate", "3000"];

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mariadb"], (server) => {
  const { after, client } = suite();

  it("is shared by runs of apply: one helps, and goes on alone when the runner is killed", async () => {
    const db = await server.createDatabase("shared");
    after(db.drop);
    await createUsers(db.url, ROWS);
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write(FILE, `-- zmigrate:batch rows=50 target=2ms\n${RENAME}`);
    const written: Written = new Map();
    const old = await client(db.url, userClient("user_email", "old", ROWS, written));

    const runner = p.start("apply", "--json", "--release", "r1", "--workers", "2", ...SLOWLY);
    expect(await runner.told((e) => e.event === "batch")).toBe(true);
    const helper = p.start("apply", "--json", "--release", "r1", ...SLOWLY);
    expect(await helper.told((e) => e.event === "helping")).toBe(true);
    expect(await helper.told((e) => e.event === "batch" && e.rowsDone < ROWS)).toBe(true);
    await killHard(runner);
    const { stdout } = await works(helper.result);

    const told = stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as { event: string }]));
    expect(told.map((e) => e.event)).toContain("verified");
    expect(told.at(-1)).toMatchObject({ event: "done" });
    await old.stop();
    expect(await wrongRows(db.url, "email_address", ROWS, written)).toEqual([]);
    const ranges = server.name === "postgres" ? "zmigrate.ranges" : "zmigrate_ranges";
    expect(await query(db.url, `SELECT * FROM ${ranges}`)).toEqual([]);
  }, 120_000);

  it("is ended by a rollback in every process that helps, and nothing is written behind it", async () => {
    const scene = await renameScene(server, ROWS);
    after(scene.end);
    const { project: p, db } = scene;
    const runner = p.start("apply", "--json", "--release", "r1", ...SLOWLY);
    expect(await runner.told((e) => e.event === "batch")).toBe(true);
    const helper = p.start("apply", "--json", "--release", "r1", ...SLOWLY);
    expect(await helper.told((e) => e.event === "helping")).toBe(true);
    expect(await helper.told((e) => e.event === "batch" && e.rowsDone < ROWS)).toBe(true);
    runner.kill("SIGTERM");
    expect((await runner.result).code).toBe(130);
    await works(p.run("rollback", ID));
    const helped = await helper.result;
    expect(helped).toMatchObject({ code: 4, stderr: expect.stringContaining("was rolled back while") });
    expect(await query(db.url, "SELECT id FROM users WHERE user_email IS NULL")).toEqual([]);
    for (const table of ["ranges", "backfills"])
      expect(
        await query(db.url, `SELECT * FROM ${server.name === "postgres" ? "zmigrate." : "zmigrate_"}${table}`),
      ).toEqual([]);
  }, 120_000);
});
