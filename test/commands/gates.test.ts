import { afterEach, expect, it } from "vitest";
import { runApply } from "../../src/commands/apply.js";
import { runGates } from "../../src/commands/gates.js";
import { describeServers, query } from "../servers/index.js";
import { sandbox } from "./support.js";

const ID = "20260101000000";

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const cleanups: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  it("asks the gates of the next stage, and goes on past one that is accepted with a reason", async () => {
    const db = await server.createDatabase("gates_command");
    cleanups.push(() => db.drop());
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, a int)");
    const box = sandbox({ DATABASE_URL: db.url });
    cleanups.push(box.remove);
    box.put(`migrations/${ID}_x.sql`, "-- zmigrate:gate old-writers=1h\nALTER TABLE t RENAME COLUMN a TO b;\n");
    const fresh = () => {
      const { cwd, io } = box;
      const other = sandbox();
      cleanups.push(other.remove);
      return { io: { ...other.io, env: io.env, cwd }, text: other.stdout, json: () => JSON.parse(other.stdout()) };
    };
    await expect(runGates(ID, {}, fresh().io)).rejects.toMatchObject({ code: "usage" });
    await runApply({ release: "r1" }, fresh().io);

    const before = fresh();
    await runGates(ID, { json: true, release: "r2" }, before.io);
    const closed = { name: "old-writers", open: false, state: "closed", evidence: { wantedMs: 3_600_000 } };
    expect(before.json()).toMatchObject({ version: 1, migration: ID, stage: "swap", open: false });
    expect(before.json().gates).toContainEqual(expect.objectContaining({ ...closed, evidence: expect.anything() }));

    const accept = { release: "r2", contract: true, accept: ["old-writers"] };
    const wrong = [
      accept,
      { ...accept, accept: ["old"], reason: "x" },
      { ...accept, contract: false, reason: "x" },
      { reason: "x" },
    ];
    for (const flags of wrong) await expect(runApply(flags, fresh().io)).rejects.toMatchObject({ code: "usage" });
    const run = fresh();
    await runApply({ ...accept, reason: "the batch job is off" }, run.io);
    expect(run.text()).toMatch(/closed {2}old-writers .* \(accepted: the batch job is off\)/);
    const audit = server.name === "postgres" ? "zmigrate.audit" : "zmigrate_audit";
    const [kept] = await query(db.url, `SELECT detail FROM ${audit} WHERE action = 'gate-accepted'`);
    expect(JSON.parse(String(kept?.detail))).toMatchObject({
      gate: "old-writers",
      stage: "swap",
      because: "the batch job is off",
      state: "closed",
    });

    const after = fresh();
    await runGates(ID, { release: "r3" }, after.io);
    expect(after.text()).toMatch(/contract drop: waits for its gates\n(.*\n)* *closed {2}park /);
    await runApply({ release: "r3", contract: true, park: "0" }, fresh().io);
    const over = fresh();
    await runGates(ID, {}, over.io);
    expect(over.text()).toContain("is contracted: no stage of its contract comes next");
    const left = "SELECT table_name FROM information_schema.tables WHERE table_name LIKE '%writers%'";
    const here = server.name === "postgres" ? " AND table_schema = 'zmigrate'" : " AND table_schema = DATABASE()";
    expect(await query(db.url, left + here)).toEqual([]);
  });
});
