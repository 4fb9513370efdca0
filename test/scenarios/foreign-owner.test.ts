import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const ID = "20260101000000";
const FILE = `migrations/${ID}_rename.sql`;

describeServer("postgres", (server) => {
  const { after } = suite();

  it("asks for REFERENCES on a table of another owner that a foreign key points at, and for no more", async () => {
    const db = await server.createDatabase("foreign");
    after(db.drop);
    const role = `zm_foreign_${process.pid}`;
    await query(server.url, `CREATE ROLE ${role} LOGIN PASSWORD 'gu3st-s3cret'`);
    after(async () => {
      await query(db.url, `DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
    });
    await query(
      db.url,
      `CREATE TABLE parent (id int PRIMARY KEY); INSERT INTO parent VALUES (1), (2);
       CREATE TABLE child (id int PRIMARY KEY, pid int CONSTRAINT up REFERENCES parent); INSERT INTO child VALUES (1, 1), (2, 2);
       ALTER TABLE child OWNER TO ${role}; CREATE TABLE theirs (id int PRIMARY KEY, a int);
       GRANT CREATE ON DATABASE "${db.name}" TO ${role}; GRANT CREATE ON SCHEMA public TO ${role}; GRANT pg_monitor TO ${role}`,
    );
    const url = new URL(db.url);
    [url.username, url.password] = [role, "gu3st-s3cret"];
    const p = project(url.href);
    after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write(FILE, "ALTER TABLE theirs RENAME COLUMN a TO b;\n");
    const superuser = await p.run("apply", "--release", "r1");
    expect(superuser.stderr).toContain(`ALTER TABLE "public"."theirs" OWNER TO "${role}"`);
    expect(superuser.stderr).not.toContain('GRANT "postgres"');

    p.write(FILE, "ALTER TABLE child RENAME COLUMN pid TO parent_id;\n");
    const refused = await p.run("apply", "--release", "r1");
    expect(refused.code, refused.stdout).toBe(3);
    const grant = `GRANT REFERENCES ON "public"."parent" TO "${role}"`;
    expect(refused.stderr).toContain(`administrator run: ${grant}. Nothing was changed.`);
    await query(db.url, grant);
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("apply", "--contract", "--release", "r2"));
    await works(p.run("rollback", ID));
    await works(p.run("apply", "--release", "r3"));
    await query(db.url, `REVOKE REFERENCES ON parent FROM ${role}`);
    await works(p.run("apply", "--contract", "--release", "r4", "--park", "0"));
    await works(p.run("apply", "--contract", "--release", "r5", "--park", "0"));
    const keys = await query(db.url, "SELECT conname FROM pg_constraint WHERE contype = 'f'");
    expect(keys).toEqual([{ conname: "up" }]);
  });
});
