import { expect, it } from "vitest";
import { describeServers, query, type TestServer } from "../servers/index.js";
import { type CliResult, type Project, project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { FILE, RENAME } from "./support/users.js";

const SECRET = "gu3st-s3cret";

/** One sentence about what may not be done, with the role; never our own defect. */
function expectDenied({ code, stdout, stderr }: CliResult, ...texts: readonly string[]): void {
  expect(code, stdout + stderr).toBe(3);
  expect(stderr.match(/^error: /gm), stderr).toHaveLength(1);
  for (const text of texts) expect(stderr).toContain(text);
  expect(stdout + stderr).not.toMatch(/defect|gu3st|GUEST_PASSWORD/);
}

/** The statements that a help line says an administrator should run. */
const grantsIn = ({ stderr }: CliResult): string[] => /administrator run: (.*)$/m.exec(stderr)?.[1]?.split("; ") ?? [];

describeServers(["postgres", "mysql", "mariadb"], (server: TestServer) => {
  const own = suite();
  const isPostgres = server.name === "postgres";
  let made = 0;

  /** A rename that is backfilled, and a project of a role that may read the table and nothing else. */
  async function guest(begun: readonly string[] = ["apply", "--release", "r1"]) {
    const { db, project: owner } = await own.scene(server, 10, RENAME);
    if (begun.length > 0) await works(owner.run(...begun));
    const name = `zm_denied_${process.pid}_${made++}`;
    const role = isPostgres ? `"${name}"` : `'${name}'@'%'`;
    const password = isPostgres ? "LOGIN PASSWORD" : "IDENTIFIED BY";
    await query(server.url, `CREATE ${isPostgres ? "ROLE" : "USER"} ${role} ${password} '${SECRET}'`);
    own.after(async () => {
      if (isPostgres) await query(db.url, `DROP OWNED BY ${role}`);
      await query(db.url, `DROP ${isPostgres ? "ROLE" : "USER"} ${role}`);
    });
    const table = isPostgres ? "users" : `\`${db.name}\`.users`;
    await query(db.url, `GRANT SELECT ON ${table} TO ${role}`);
    const url = new URL(db.url);
    url.username = name;
    url.password = SECRET;
    const p: Project = project(url.href);
    own.after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write(FILE, RENAME);
    return { db, p, name, role, table };
  }

  it("names the GRANTs for a role that may not read the journal, and they are what it takes", async () => {
    const { db, p, name } = await guest();
    for (const args of [["status"], ["status", "--json"], ["plan"], ["apply", "--dry-run"], ["verify"]])
      expectDenied(await p.run(...args), name, "may not use zmigrate's journal", "GRANT SELECT ON");
    const grants = grantsIn(await p.run("status"));
    expect(grants.length).toBeGreaterThan(1);
    for (const grant of grants) await query(db.url, grant);
    expect((await works(p.run("status"))).stdout).toContain("backfilled");
    expect((await works(p.run("plan"))).stdout).toContain("swap");
    expect((await works(p.run("verify"))).stdout).toContain("0 differ");
  });

  it.runIf(isPostgres)("asks an owner for the right to make triggers before anything is changed", async () => {
    const { db, p, name, role } = await guest([]);
    await query(db.url, `ALTER TABLE users OWNER TO ${role}; REVOKE TRIGGER ON users FROM ${role}`);
    await query(db.url, `GRANT CREATE ON DATABASE "${db.name}" TO ${role}`);
    const denied = await p.run("apply", "--release", "r1");
    expectDenied(denied, name, "may not create triggers");
    expect(await query(db.url, "SELECT to_regnamespace('zmigrate')::text AS made")).toEqual([{ made: null }]);
    await query(db.url, /administrator run: (.*)\. Nothing was changed/.exec(denied.stderr)?.[1] ?? "");
    expect((await p.run("apply", "--release", "r1")).stderr).not.toContain("may not create triggers");
  });

  it.runIf(!isPostgres)("names a GRANT that the server takes where there is no journal yet, too", async () => {
    const { db, p } = await guest([]);
    const denied = await p.run("status");
    expectDenied(denied, "may not use zmigrate's journal");
    for (const grant of grantsIn(denied)) await expect(query(db.url, grant)).rejects.toMatchObject({ errno: 1146 });
    await query(db.url, /Then run instead: (.*)$/m.exec(denied.stderr)?.[1] ?? "");
    expect((await works(p.run("status"))).stdout).toContain("pending");
  });

  it("tells of every other refusal of the server what it was about", async () => {
    const { db, p, name, role, table } = await guest();
    for (const grant of grantsIn(await p.run("status"))) await query(db.url, grant);
    await query(db.url, `REVOKE SELECT ON ${table} FROM ${role}`);
    expectDenied(await p.run("verify"), name, "users", "denied");
    expectDenied(await p.run("apply"), name, "GRANT");
    expectDenied(await p.run("rollback", "20260101000000"), name, "GRANT");
  });

  it.runIf(isPostgres)("names the GRANTs for a role that may use the journal's schema and not its tables", async () => {
    const { db, p, name, role } = await guest();
    await query(db.url, `GRANT USAGE, CREATE ON SCHEMA zmigrate TO ${role}; GRANT SELECT ON zmigrate.meta TO ${role}`);
    const denied = await p.run("apply");
    expectDenied(denied, name, "may not use zmigrate's journal");
    for (const grant of grantsIn(denied)) await query(db.url, grant);
    expect((await works(p.run("status"))).stdout).toContain("backfilled");
  });

  it.runIf(isPostgres)("says to make room where the journal's own tables find none", async () => {
    const { db, project: p } = await own.scene(server, 1, RENAME);
    await query(
      db.url,
      "CREATE FUNCTION full_disk() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'No space left on device' USING ERRCODE = '53100'; END $$; CREATE EVENT TRIGGER no_room ON ddl_command_start EXECUTE FUNCTION full_disk()",
    );
    const { code, stderr } = await p.run("apply");
    expect(code, stderr).toBe(3);
    expect(stderr).toContain("Make room on the server's disk");
  });
});
