import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import type { CliResult } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { ID, RENAME } from "./support/users.js";

/** One error that says so, and exit code 3. */
function refusedWith(what: RegExp, { code, stdout, stderr }: CliResult): string {
  expect(code, stdout + stderr).toBe(3);
  expect(stderr.match(/^error: /gm), stderr).toHaveLength(1);
  expect(stderr).toMatch(what);
  return stderr;
}

const CONTRACT = ["apply", "--require-contract", "--park", "0", "--release"];

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mysql"], (server) => {
  const own = suite();
  const postgres = server.name === "postgres";
  const cascade = postgres ? " CASCADE" : "";
  /** In its old place on MySQL, at the end on MariaDB. */
  const place = server.name === "mysql" ? " AFTER name" : "";
  const triggers = postgres
    ? "SELECT tgname AS name FROM pg_trigger WHERE tgname ~ '^zzz_zmigrate'"
    : "SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()";

  it("drops nothing while a side has another name or is another column, and says where the values are", async () => {
    const { db, project: p } = await own.scene(server, 20, RENAME);
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("apply", "--require-contract", "--release", "r2"));
    const shown = (await works(p.run("status"))).stdout;
    const parked =
      /zmigrate_dropped_user_email_\w+/.exec(JSON.stringify(await query(db.url, "SELECT * FROM users LIMIT 1")))?.[0] ??
      "";
    expect(shown).not.toContain("refuses it");

    await query(db.url, `ALTER TABLE users RENAME COLUMN ${parked} TO user_email`);
    const renamed = /needs the column zmigrate_dropped_user_email_\w+ of .*users, which .*another name by now/;
    for (const args of [
      ["rollback", ID],
      ["rollback", ID, "--accept-loss"],
      [...CONTRACT, "r3"],
    ])
      refusedWith(renamed, await p.run(...args));
    const { stdout } = await works(p.run("status", "--release", "r3"));
    const back = /ALTER TABLE [^;]* RENAME COLUMN \S+ TO [^;]*;/.exec(stdout)?.[0] ?? "";
    await query(db.url, back);

    await query(db.url, `ALTER TABLE users DROP COLUMN email_address${cascade}`);
    await query(db.url, `ALTER TABLE users ADD COLUMN email_address varchar(200)${place}`);
    const another = /email_address of .*users need not be the one/;
    refusedWith(another, await p.run("rollback", ID));
    const refused = refusedWith(another, await p.run(...CONTRACT, "r3"));
    const [remake = ""] = refused.split(/^If /m);
    for (const [, sql = ""] of remake.matchAll(/^ {2}((?:ALTER|DROP) [^;]*);/gm)) await query(db.url, sql);
    await query(db.url, "INSERT INTO users (name, email_address) VALUES ('kept', 'kept@example.com')");
    await works(p.run(...CONTRACT, "r3"));
    await query(db.url, "INSERT INTO users (name, email_address) VALUES ('new', 'new@example.com')");
    expect(await query(db.url, "SELECT email_address FROM users WHERE id = 7")).toEqual([
      { email_address: "user7@example.com" },
    ]);
    expect(await query(db.url, triggers)).toEqual([]);
  });

  it("goes no further while a trigger of its own is gone or switched off, and makes it again", async () => {
    const { db, project: p } = await own.scene(server, 20, RENAME);
    await works(p.run("apply", "--release", "r1"));
    const [name] = (await query(db.url, triggers)).map((row) => String(row.name)).sort();
    await query(db.url, `DROP TRIGGER ${name}${postgres ? " ON users" : ""}`);
    if (postgres) await query(db.url, "ALTER TABLE users DISABLE TRIGGER USER");
    const refused = refusedWith(
      /triggers, of which .* (?:is|are) gone or switched off/,
      await p.run(...CONTRACT, "r2"),
    );
    expect(refused).toContain(name);
    expect((await works(p.run("status", "--release", "r2"))).stdout).toContain("gone or switched off");
    const made = postgres
      ? refused.slice(refused.indexOf("\nCREATE"))
      : (/DELIMITER (\S+)\n(.*?)\1/s.exec(refused)?.[2] ?? refused.slice(refused.indexOf("\nCREATE")));
    await query(db.url, made.replace(/^\s*(?=CREATE)/, ""));
    await works(p.run("apply", "--require-contract", "--release", "r2"));
  });
});

describeServer("postgres", (server) => {
  const own = suite();

  it("knows a column that was renamed by more than its name, where another one has got that", async () => {
    const { db, project: p } = await own.scene(server, 20, RENAME);
    await works(p.run("apply", "--release", "r1"));
    for (const column of ["email_address", "user_email"]) {
      await query(db.url, `ALTER TABLE users RENAME COLUMN ${column} TO bak`);
      await query(db.url, `ALTER TABLE users ADD COLUMN ${column} varchar(200)`);
      const named = new RegExp(`needs the column ${column} of .*users, which has another name by now`);
      refusedWith(named, await p.run("rollback", ID, "--accept-loss"));
      const refused = refusedWith(named, await p.run(...CONTRACT, "r2"));
      for (const [sql] of refused.matchAll(/ALTER TABLE [^;]* RENAME COLUMN [^;]*;/g)) await query(db.url, sql);
      await query(db.url, `ALTER TABLE users DROP COLUMN ${column}_other`);
    }
    await works(p.run("apply", "--require-contract", "--release", "r2"));
    await query(db.url, "ALTER TABLE users RENAME COLUMN email_address TO bak");
    await query(db.url, "ALTER TABLE users ADD COLUMN email_address varchar(200)");
    refusedWith(/email_address of .*users, which has another name by now/, await p.run(...CONTRACT, "r3"));
  });
});
