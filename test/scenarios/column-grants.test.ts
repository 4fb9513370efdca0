import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

describeServers(["mysql", "mariadb"], (server) => {
  const { after } = suite();
  const [deploy, app] = [`zm_deploy_${server.name}`, `zm_app_${server.name}`];
  /** What a runner needs besides the database's own privileges, where there are a binary log and replicas. */
  const more = server.name === "mysql" ? "SUPER, REPLICATION SLAVE" : "SUPER, REPLICATION MASTER ADMIN";

  const as = (url: string, user: string) => {
    const other = new URL(url);
    [other.username, other.password] = [user, "pw"];
    return other.href;
  };

  async function begin(name: string, seesGrants: boolean) {
    const db = await server.createDatabase(name);
    after(db.drop);
    const run = (sql: string) => query(db.url, sql);
    await run(`DROP USER IF EXISTS ${deploy}@'%', ${app}@'%'`);
    for (const user of [deploy, app]) await run(`CREATE USER ${user}@'%' IDENTIFIED BY 'pw'`);
    after(async () => {
      await query(server.url, `DROP USER IF EXISTS ${deploy}@'%', ${app}@'%'`);
    });
    await run(`GRANT ALL PRIVILEGES ON \`${db.name}\`.* TO ${deploy}@'%'`);
    await run(`GRANT ${more} ON *.* TO ${deploy}@'%'`);
    if (seesGrants) await run(`GRANT SELECT ON mysql.columns_priv TO ${deploy}@'%'`);
    await run("CREATE TABLE users (id int PRIMARY KEY, user_email varchar(100), secret int)");
    await run("INSERT INTO users VALUES (1, 'a@example.com', 42)");
    await run(`GRANT SELECT (id, user_email), UPDATE (user_email) ON users TO ${app}@'%'`);
    const p = project(as(db.url, deploy));
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write("migrations/20260101000000_email.sql", "ALTER TABLE users RENAME COLUMN user_email TO email_address;\n");
    return { db, p };
  }

  const columns = async (url: string) => (await query(url, "SHOW COLUMNS FROM users")).map((row) => row.Field);

  it("asks for GRANT OPTION before anything is changed, and carries privileges on a column once it is there", async () => {
    const { db, p } = await begin("granted", true);
    const refused = await p.run("apply", "--release", "r1");
    expect(refused, refused.stderr).toMatchObject({ code: 3 });
    const said = refused.stderr.replaceAll(/\s+/g, " ");
    expect(said).toContain("Nothing was changed");
    const grant = /GRANT SELECT, UPDATE ON \S+ TO \S+ WITH GRANT OPTION/.exec(said)?.[0];
    expect(grant).toBe(`GRANT SELECT, UPDATE ON \`${db.name}\`.\`users\` TO \`${deploy}\`@\`%\` WITH GRANT OPTION`);
    expect(await columns(db.url)).toEqual(["id", "user_email", "secret"]);
    expect((await query(db.url, "SHOW TABLES")).map((row) => Object.values(row)[0])).toEqual(["users"]);

    await query(db.url, grant ?? "");
    await works(p.run("apply", "--release", "r1"));
    const client = as(db.url, app);
    await query(client, "UPDATE users SET email_address = 'b@example.com' WHERE id = 1");
    expect(await query(client, "SELECT user_email, email_address FROM users")).toEqual([
      { user_email: "b@example.com", email_address: "b@example.com" },
    ]);
    await expect(query(client, "SELECT secret FROM users")).rejects.toThrow(/denied/);
    for (const release of ["r2", "r3"])
      await works(p.run("apply", "--require-contract", "--release", release, "--park", "0"));
    expect(await query(client, "SELECT id, email_address FROM users")).toEqual([
      { id: 1, email_address: "b@example.com" },
    ]);
    await expect(query(client, "SELECT secret FROM users")).rejects.toThrow(/denied/);
  });

  it("says in the plan that privileges on columns are not seen, where the runner may not see them", async () => {
    const { p } = await begin("unseen", false);
    const { stdout } = await works(p.run("plan"));
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("this user may not read mysql.columns_priv");
  });
});
