import { renameSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  describePrivateServer,
  describeServer,
  describeServers,
  PASSWORD,
  query,
  type TestDatabase,
} from "../servers/index.js";
import { type CliResult, type Project, project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";
import { createUsers, FILE, ID, RENAME, userClient, type Written, wrongRows } from "./support/users.js";

const SECRET = "wr0ng-s3cret";

/** The address with other parts. */
function other(url: string, parts: { password?: string; port?: string; path?: string; user?: string }): string {
  const changed = new URL(url);
  if (parts.user !== undefined) changed.username = parts.user;
  if (parts.password !== undefined) changed.password = parts.password;
  if (parts.port !== undefined) changed.port = parts.port;
  if (parts.path !== undefined) changed.pathname = parts.path;
  return changed.href;
}

/** One error, with what it says, its exit code, what to do next, and no password. */
function expectError(result: CliResult, code: number, ...texts: readonly string[]): void {
  expect(result.code, result.stderr).toBe(code);
  expect(result.stderr.match(/^error: /gm), result.stderr).toHaveLength(1);
  for (const text of texts) expect(result.stderr).toContain(text);
  for (const secret of [PASSWORD, SECRET]) expect(result.stdout + result.stderr).not.toContain(secret);
}

/** True when zmigrate has left anything in the database. */
async function leftSomething(url: string): Promise<boolean> {
  const sql = url.startsWith("postgres")
    ? "SELECT 1 FROM pg_namespace WHERE nspname = 'zmigrate'"
    : "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE 'zmigrate%'";
  return (await query(url, sql)).length > 0;
}

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { after } = suite();

  /** A database with users, and a project whose migration has this text. */
  async function given(text: string): Promise<{ db: TestDatabase; p: Project }> {
    const db = await server.createDatabase("bad");
    after(db.drop);
    await createUsers(db.url, 10);
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write(FILE, text);
    return { db, p };
  }

  it.each([
    ["SQL that does not parse", "SELECT 1;\nALTER TABLE users RENAME COLUMN a TOO b;\n", 2, `${FILE}:2:`],
    ["a directive with an unknown key", `-- A rename.\n-- zmigrate:bogus yes\n${RENAME}`, 2, `${FILE}:2:`],
    ["a directive with a bad value", `-- zmigrate:batch rows=many\n${RENAME}`, 2, `${FILE}:1:`],
    ["a change that is not supported", `${RENAME}DROP TABLE users;\n`, 1, `${FILE}:2:1`],
    ["a table that is not there", "ALTER TABLE nobody RENAME COLUMN a TO b;\n", 1, "nobody"],
    ["a column that is not there", "ALTER TABLE users RENAME COLUMN nothing TO b;\n", 1, "nothing"],
    ["a column that is there already", "ALTER TABLE users RENAME COLUMN user_email TO name;\n", 1, "name"],
  ])("tells the place of %s and changes nothing", async (_, text, code, place) => {
    const { db, p } = await given(text);
    const before = await schemaOf(db.url, "users");
    expectError(await p.run("apply", "--release", "r1"), code, place);
    expect(await leftSomething(db.url)).toBe(false);
    expect(await schemaOf(db.url, "users")).toEqual(before);
  });

  it("names both of two files with the same digits", async () => {
    const { db, p } = await given(RENAME);
    p.write(`migrations/${ID}_other.sql`, "SELECT 1;\n");
    for (const verb of ["plan", "apply", "status"])
      expectError(await p.run(verb), 2, FILE, `migrations/${ID}_other.sql`);
    expect(await leftSomething(db.url)).toBe(false);
  });

  it("refuses a file that was edited after it was begun, but not one that was renamed or got other line endings", async () => {
    const { db, p } = await given(RENAME);
    await works(p.run("apply", "--release", "r1"));
    const before = await schemaOf(db.url, "users");
    p.write(FILE, `${RENAME}-- and more\n`);
    expectError(
      await p.run("apply", "--contract", "--release", "r2"),
      2,
      FILE,
      "was edited after it was applied",
      "zmigrate new",
    );
    expect(await schemaOf(db.url, "users")).toEqual(before);
    p.write(FILE, RENAME.replaceAll("\n", "\r\n"));
    renameSync(join(p.folder, FILE), join(p.folder, `migrations/${ID}_another_name.sql`));
    await works(p.run("apply", "--release", "r1"));
  });

  it("says which database cannot be reached and why, without the password", async () => {
    const { db, p } = await given(RENAME);
    const with_ = (url: string) => p.run("apply", "--database-url", url);
    expectError(await with_(other(db.url, { password: SECRET })), 3, "Cannot connect to", db.name);
    expectError(await with_(other(db.url, { port: "1" })), 3, "Cannot connect to", ":1/", "ECONNREFUSED");
    expectError(await with_(other(db.url, { path: "/no_such_database" })), 3, "no_such_database");
    expectError(await with_(`not a url ${SECRET}`), 2, "database URL");
    const without = project("");
    after(async () => without.remove());
    await works(without.run("init", "--engine", server.name));
    expectError(await without.run("apply"), 2, "No database is named", "--database-url");
    expect(await leftSomething(db.url)).toBe(false);
  });
});

describeServer("postgres", (server) => {
  const { after } = suite();

  it("names the table that a role may not change, and what to grant, before anything is changed", async () => {
    const db = await server.createDatabase("role");
    const role = `zm_guest_${Date.now()}`;
    after(() => query(server.url, `DROP ROLE ${role}`));
    after(db.drop);
    await createUsers(db.url, 10);
    await query(db.url, `CREATE ROLE ${role} LOGIN PASSWORD '${SECRET}'; GRANT ALL ON users TO ${role}`);
    const p = project(other(db.url, { user: role, password: SECRET }));
    after(async () => p.remove());
    await works(p.run("init"));
    p.write(FILE, RENAME);
    expectError(await p.run("apply"), 3, role, "create the journal's schema", `GRANT CREATE ON DATABASE "${db.name}"`);
    await query(db.url, `GRANT CREATE ON DATABASE ${db.name} TO ${role}`);
    expectError(await p.run("apply"), 3, role, '"public"."users"', "create triggers", `TO "${role}"`);
    expect(await leftSomething(db.url)).toBe(false);
    await query(db.url, `ALTER TABLE users OWNER TO ${role}; GRANT CREATE ON SCHEMA public TO ${role}`);
    // The server has a replica: whoever may not see how far it is could only wait, and is told so before.
    if (server.replicaUrl !== null) {
      expectError(await p.run("apply"), 3, role, "see the replicas", `GRANT pg_monitor TO "${role}"`);
      expect(await leftSomething(db.url)).toBe(false);
      await query(db.url, `GRANT pg_monitor TO ${role}`);
    }
    await works(p.run("apply"));
  });
});

describeServer(
  "postgres",
  (server) => {
    const { after } = suite();

    it("refuses a standby as its target", async () => {
      const db = await server.createDatabase("standby");
      after(db.drop);
      const p = project(db.replicaUrl ?? "");
      after(async () => p.remove());
      await works(p.run("init"));
      p.write(FILE, "CREATE TABLE t (id int PRIMARY KEY);\n");
      expectError(await p.run("apply"), 3, "cannot be written", "standby", "primary");
      expect(await leftSomething(db.url)).toBe(false);
    });
  },
  { replica: true },
);

describePrivateServer("postgres", (launch) => {
  const { after, client } = suite();

  it("ends with one error when the server dies in the backfill, and goes on when it is back", async () => {
    const server = await launch();
    after(server.stop);
    const db = await server.createDatabase("dies");
    await createUsers(db.url, 20_000);
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init"));
    p.write(FILE, `-- zmigrate:batch rows=50 target=2ms\n${RENAME}`);
    const run = p.start("apply", "--json", "--release", "r1");
    expect(await run.told((e) => e.event === "batch" && e.rowsDone > 500)).toBe(true);
    await server.primary.crash();
    expectError(await run.result, 3, "127.0.0.1");
    expectError(await p.run("apply", "--release", "r1"), 3, "Cannot connect to", "ECONNREFUSED");
    await server.primary.start();
    const written: Written = new Map();
    const old = await client(db.url, userClient("user_email", "old", 20_000, written));
    await works(p.run("apply", "--release", "r1"));
    await old.stop();
    expect(await wrongRows(db.url, "email_address", 20_000, written)).toEqual([]);
  });
});
