import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import type { CliResult } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { FILE, ID, RENAME } from "./support/users.js";

const NEXT = "migrations/20260102000000_next.sql";

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mysql"], (server) => {
  const own = suite();
  const postgres = server.name === "postgres";

  /** One sentence that names the table, and nothing else. */
  function expectGone({ code, stdout, stderr }: CliResult): string {
    expect(code, stdout + stderr).toBe(3);
    expect(stderr.match(/^error: /gm), stderr).toHaveLength(1);
    expect(stderr).toMatch(/Migration 20260101000000 changes .*users.*, which is gone/);
    return stderr;
  }

  /** Triggers and functions of ours that are left. */
  const left = async (url: string) => [
    ...(await query(
      url,
      postgres
        ? "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        : "SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()",
    )),
    ...(postgres ? await query(url, "SELECT proname FROM pg_proc WHERE pronamespace = 'zmigrate'::regnamespace") : []),
  ];

  it("asks for the table's name where it has another one, and takes nothing back before", async () => {
    const { db, project: p } = await own.scene(server, 20, RENAME);
    await works(p.run("apply", "--release", "r1"));
    await query(db.url, "ALTER TABLE users RENAME TO people");
    const before = await left(db.url);
    const refused = expectGone(await p.run("rollback", ID, "--accept-loss"));
    expect(await left(db.url)).toEqual(before);
    for (const args of [["apply", "--contract", "--release", "r2"], ["verify"]]) expectGone(await p.run(...args));
    const { stdout } = await works(p.run("status", "--release", "r2"));
    expect(stdout).toMatch(/next: `zmigrate apply` refuses it.*people/);
    await query(db.url, /Give it its name back: (.*?); then/.exec(refused)?.[1] ?? "no statement");
    await works(p.run("apply", "--require-contract", "--release", "r2", "--park", "1h"));

    await query(db.url, "DROP TABLE users");
    p.write(NEXT, "CREATE TABLE other (id int PRIMARY KEY);\n");
    expectGone(await p.run("apply", "--contract", "--release", "r3"));
    expect(expectGone(await p.run("rollback", ID))).toContain(`zmigrate rollback ${ID} --accept-loss`);
    await works(p.run("rollback", ID, "--accept-loss"));
    expect(await left(db.url)).toEqual([]);
    rmSync(join(p.folder, FILE));
    await works(p.run("apply", "--release", "r3"));
    await query(db.url, "SELECT id FROM other");
    // A finished one too.
    p.write("migrations/20260103000000_note.sql", "ALTER TABLE other ADD COLUMN note varchar(9);\n");
    await works(p.run("apply", "--release", "r4"));
    await query(db.url, "DROP TABLE other");
    const finished = await p.run("rollback", "20260103000000");
    expect(finished.code, finished.stderr).toBe(3);
    expect(finished.stderr).toMatch(/changes .*other.*, which is gone/);
    await works(p.run("rollback", "20260103000000", "--accept-loss"));
  });

  it("keeps the only copy of a column whose other side somebody has dropped", async () => {
    const { db, project: p } = await own.scene(server, 20, RENAME);
    await works(p.run("apply", "--release", "r1"));
    await query(db.url, `ALTER TABLE users DROP COLUMN user_email${postgres ? " CASCADE" : ""}`);
    for (const args of [["apply", "--contract", "--release", "r2"], ["verify"], ["rollback", ID]]) {
      const { code, stderr } = await p.run(...args);
      expect(code, stderr).toBe(3);
      expect(stderr).toMatch(/changes the column user_email of .*users, which is gone/);
      expect(stderr).toContain(`email_address only, which \`zmigrate rollback ${ID} --accept-loss\` drops`);
    }
    expect(await query(db.url, "SELECT email_address FROM users WHERE id = 7")).toEqual([
      { email_address: "user7@example.com" },
    ]);
    await works(p.run("rollback", ID, "--accept-loss"));
    expect(await left(db.url)).toEqual([]);
  });

  it("takes the rest back where one of two tables is gone", async () => {
    const more = "ALTER TABLE kept RENAME COLUMN users TO names;\nCREATE TABLE fresh (id int PRIMARY KEY);\n";
    const { db, project: p } = await own.scene(server, 20, RENAME + more);
    await query(db.url, "CREATE TABLE kept (id int PRIMARY KEY, users int)");
    await works(p.run("apply", "--release", "r1"));
    await query(db.url, "DROP TABLE users");
    await works(p.run("rollback", ID, "--accept-loss"));
    expect(await left(db.url)).toEqual([]);
    await query(db.url, "INSERT INTO kept VALUES (1, 2)");
    expect(await query(db.url, "SELECT * FROM kept")).toEqual([{ id: 1, users: 2 }]);
    await expect(query(db.url, "SELECT * FROM fresh")).rejects.toThrow(/fresh/);
  });
});

describeServers(["mysql", "mariadb"], (server) => {
  const own = suite();

  it("takes the triggers away, and with them what makes every write fail, where the parked column is gone", async () => {
    const { db, project: p } = await own.scene(server, 20, RENAME);
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("apply", "--contract", "--release", "r2"));
    const [row] = await query(
      db.url,
      "SELECT COLUMN_NAME AS parked FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME LIKE 'zmigrate_dropped%'",
    );
    await query(db.url, `ALTER TABLE users DROP COLUMN ${String(row?.parked)}`);
    const insert = "INSERT INTO users (name, email_address) VALUES ('new', 'new@example.com')";
    await expect(query(db.url, insert)).rejects.toThrow(/Unknown column/);
    expect((await works(p.run("status"))).stdout).toMatch(/next: zmigrate_dropped\S+ is gone: .*--park 0/);
    await works(p.run("apply", "--require-contract", "--release", "r3", "--park", "0"));
    await query(db.url, insert);
  });
});

describeServer("postgres", (server) => {
  const own = suite();

  it("has the server keep the parked column, and finishes without it where it is gone all the same", async () => {
    const { db, project: p } = await own.scene(server, 20, RENAME);
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("apply", "--contract", "--release", "r2"));
    const [row] = await query(
      db.url,
      "SELECT attname AS parked FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname LIKE 'zmigrate_dropped_user_email%'",
    );
    const drop = `ALTER TABLE users DROP COLUMN ${String(row?.parked)}`;
    await expect(query(db.url, drop)).rejects.toThrow(/other objects depend on it/);
    await query(db.url, `${drop} CASCADE`);
    await query(db.url, "INSERT INTO users (name, email_address) VALUES ('new', 'new@example.com')");
    const refused = await p.run("rollback", ID, "--accept-loss");
    expect(refused.code, refused.stderr).toBe(1);
    expect(refused.stderr).toContain("`zmigrate apply --contract` finishes the migration");
    await works(p.run("apply", "--require-contract", "--release", "r3", "--park", "0"));
    expect(await query(db.url, "SELECT count(*)::int AS n FROM users")).toEqual([{ n: 21 }]);
  });
});
