import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { FILE, ID, RENAME } from "./support/users.js";

describeServer("postgres", (server) => {
  const own = suite();
  let made = 0;

  /** A rename of a role's own table, and that role's project. */
  async function begin() {
    const { db } = await own.scene(server, 5, RENAME);
    const role = `zm_midway_${process.pid}_${made++}`;
    await query(server.url, `CREATE ROLE ${role} LOGIN PASSWORD 'gu3st-s3cret'`);
    own.after(async () => {
      await query(db.url, `DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
    });
    await query(
      db.url,
      `ALTER TABLE users OWNER TO ${role}; GRANT CREATE ON SCHEMA public TO ${role}; GRANT pg_monitor TO ${role};
       GRANT CREATE ON DATABASE "${db.name}" TO ${role}`,
    );
    const url = new URL(db.url);
    [url.username, url.password] = [role, "gu3st-s3cret"];
    const p = project(url.href);
    own.after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write(FILE, RENAME);
    return { db, p, role };
  }

  it("names what a role needs where policies come to hold for it midway", async () => {
    const { db, p, role } = await begin();
    await works(p.run("apply", "--release", "r1"));
    await query(
      db.url,
      "ALTER TABLE users ENABLE ROW LEVEL SECURITY; ALTER TABLE users FORCE ROW LEVEL SECURITY; CREATE POLICY few ON users USING (id = 1)",
    );
    for (const args of [["verify"], ["apply", "--contract", "--release", "r2"], ["rollback", ID]]) {
      const { code, stderr } = await p.run(...args);
      expect(code).toBe(3);
      expect(stderr).toContain(`Let an administrator run: ALTER ROLE "${role}" BYPASSRLS.`);
      expect(stderr).not.toContain("..");
    }
    await query(db.url, `ALTER ROLE ${role} BYPASSRLS`);
    await works(p.run("apply", "--require-contract", "--release", "r2"));
  });

  it("says that a rollback which fails goes on with `rollback`", async () => {
    const { db, p } = await begin();
    await works(p.run("apply", "--release", "r1"));
    await query(
      db.url,
      `CREATE FUNCTION stops() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$;
       CREATE EVENT TRIGGER stops ON sql_drop EXECUTE FUNCTION stops()`,
    );
    const { code, stderr } = await p.run("rollback", ID);
    expect(code, stderr).toBe(3);
    expect(stderr).toContain(`Mend the cause and run \`zmigrate rollback ${ID}\` again`);
    expect(stderr).not.toContain("zmigrate apply");
    await query(db.url, "DROP EVENT TRIGGER stops");
    await works(p.run("rollback", ID));
  });

  it("asks for all of the journal's rights at once", async () => {
    const { db, p, role } = await begin();
    await query(db.url, "CREATE SCHEMA zmigrate");
    const { stderr } = await p.run("apply", "--release", "r1");
    expect(stderr).toContain(
      `GRANT USAGE, CREATE ON SCHEMA zmigrate TO "${role}"; GRANT SELECT, INSERT, UPDATE, DELETE ON`,
    );
  });
});
