import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { bareScene, numbers } from "./support/bare.js";
import { pastTriggers } from "./support/past-triggers.js";
import { killHard, works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { userClient, type Written, wrongRows } from "./support/users.js";

const ROWS = 3_000;
const SMALL = "-- zmigrate:batch rows=50 target=1ms\n";
/** Keys that the backfill has not come to are moved to where it has been. */
const BEHIND = 1_000_000;

const pass = (stdout: string) => stdout.split("\n").filter((line) => line.includes('"another-pass"')).length;

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const s = suite();

  it("fills rows whose key moves behind the backfill, without a second pass", async () => {
    const { db, project: p } = await s.scene(
      server,
      ROWS,
      `${SMALL}ALTER TABLE users RENAME COLUMN user_email TO email_address;\n`,
    );
    const client = await s.client(db.url, async (run, turn) => {
      if (turn < ROWS / 2) await run(`UPDATE users SET id = id - ${BEHIND} WHERE id = ?`, [ROWS - turn]);
    });
    const run = p.start("apply", "--json", "--release", "r1");
    expect(await run.told((e) => e.event === "batch")).toBe(true);
    await query(db.url, `UPDATE users SET id = id - ${BEHIND} WHERE id BETWEEN ${ROWS / 4} AND ${ROWS / 2}`);
    const { stdout } = await works(run.result);
    expect((await client.stop()).failures).toEqual([]);
    expect(pass(stdout)).toBe(0);
    const moved = await query(db.url, "SELECT id, user_email, email_address FROM users WHERE id < 0");
    expect(moved.length).toBeGreaterThan(ROWS / 4);
    for (const { id, user_email, email_address } of moved)
      expect([user_email, email_address]).toEqual(Array(2).fill(`user${Number(id) + BEHIND}@example.com`));
  });

  it("fills rows that a cascade moves behind the backfill, which fires no trigger on MySQL", async () => {
    const { url, project: p } = await bareScene(
      server,
      s,
      [
        "CREATE TABLE parents (id int PRIMARY KEY)",
        "CREATE TABLE children (parent int NOT NULL, note varchar(40) NOT NULL, PRIMARY KEY (parent), FOREIGN KEY (parent) REFERENCES parents (id) ON UPDATE CASCADE)",
        `INSERT INTO parents ${numbers(ROWS)}`,
        `INSERT INTO children SELECT i, CONCAT('note ', i) FROM (${numbers(ROWS)}) n`,
      ],
      { rename: `${SMALL}ALTER TABLE children RENAME COLUMN note TO remark;\n` },
    );
    const run = p.start("apply", "--json", "--release", "r1");
    expect(await run.told((e) => e.event === "batch")).toBe(true);
    await query(url, `UPDATE parents SET id = id - ${BEHIND} WHERE id > ${ROWS / 2}`);
    const { stdout } = await works(run.result);
    expect(pass(stdout)).toBe(server.name === "postgres" ? 0 : 1);
    const rows = await query(url, "SELECT parent, note, remark FROM children");
    expect(rows).toHaveLength(ROWS);
    for (const { parent, note, remark } of rows) {
      const n = Number(parent);
      expect([note, remark]).toEqual(Array(2).fill(`note ${n < 0 ? n + BEHIND : n}`));
    }
    await works(p.run("apply", "--contract", "--release", "r2"));
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r3", "--park", "0"));
  });

  it.skipIf(server.name === "mysql")("goes on with a pass that was killed, from its checkpoint", async () => {
    const { db, project: p } = await s.scene(server, ROWS);
    await works(p.run("apply", "--release", "r1"));
    await pastTriggers(
      db.url,
      "users",
      "UPDATE users SET user_email = CONCAT('old@', id), email_address = 'nobody@example.com'",
    );
    // However late the kill comes, the pass has not come to its end.
    const holder = await s.session(db.url);
    await holder.query("BEGIN");
    await holder.query("SELECT id FROM users WHERE id = ? FOR UPDATE", [ROWS]);
    const run = p.start("apply", "--json", "--contract", "--release", "r2");
    expect(await run.told((e) => e.event === "batch" && e.step === "1-verify" && e.rowsDone >= ROWS / 10)).toBe(true);
    await killHard(run);
    await holder.end();
    const half = Number(
      (await query(db.url, "SELECT count(*) AS n FROM users WHERE user_email = email_address"))[0]?.n,
    );
    expect(half).toBeGreaterThanOrEqual(ROWS / 10);
    expect(half).toBeLessThan(ROWS);
    const again = p.start("apply", "--json", "--contract", "--require-contract", "--release", "r2");
    expect(await again.told((e) => e.event === "batch" && e.step === "1-verify" && e.rowsDone > ROWS / 10)).toBe(true);
    const { stdout } = await works(again.result);
    expect(pass(stdout)).toBe(0);
    const [kept] = await query(db.url, "SELECT count(*) AS n FROM users WHERE email_address = CONCAT('old@', id)");
    expect(Number(kept?.n)).toBe(ROWS);
  });
});

describeServer("postgres", (server) => {
  const s = suite();

  it("fills what was moved past all triggers before NOT NULL and checks are validated", async () => {
    const { db, project: p } = await s.scene(
      server,
      ROWS,
      `${SMALL}ALTER TABLE users RENAME COLUMN user_email TO email_address;\n`,
    );
    const written: Written = new Map();
    await works(p.run("apply", "--release", "r1", "--phase", "expand"));
    const clients = [
      await s.client(db.url, userClient("user_email", "old", 100, written)),
      await s.client(db.url, userClient("email_address", "new", 100, written)),
    ];
    const run = p.start("apply", "--json", "--release", "r1");
    expect(await run.told((e) => e.event === "batch")).toBe(true);
    await query(
      db.url,
      `SET session_replication_role = replica; UPDATE users SET id = id - ${BEHIND} WHERE id BETWEEN ${ROWS / 2} AND ${ROWS}`,
    );
    const { stdout } = await works(run.result);
    expect(pass(stdout)).toBe(1);
    for (const client of clients) expect((await client.stop()).failures).toEqual([]);
    await query(db.url, `UPDATE users SET id = id + ${BEHIND} WHERE id < 0`);
    for (const column of ["user_email", "email_address"])
      expect(await wrongRows(db.url, column, ROWS, written)).toEqual([]);
  });
});
