import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import type { Project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

interface Checked {
  readonly fit: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly health: string;
    readonly found: string;
    readonly way?: string;
  }[];
}

const checked = ({ stdout }: { readonly stdout: string }) => JSON.parse(stdout) as Checked;
const TABLE = "CREATE TABLE t (id int PRIMARY KEY, a int)";
const FILES = { rename: "ALTER TABLE t RENAME COLUMN a TO b;\n", made: "CREATE TABLE made (id int PRIMARY KEY);\n" };

/** The statements of docs/roles.md below a heading, in the names of a test; of the two for replicas the server's own. */
function roleSql(heading: string, names: Readonly<Record<string, string>>, without: string): string[] {
  const doc = readFileSync(new URL("../../docs/roles.md", import.meta.url), "utf8");
  const [, section = ""] = doc.split(`\n## ${heading}\n`);
  const [own = ""] = section.split("\n## ");
  const text = [...own.matchAll(/```sql\n(.*?)```/gs)].map(([, sql]) => sql).join("");
  const named = Object.entries(names).reduce((sql, [from, to]) => sql.replaceAll(from, to), text);
  return named.split(/;\s*/).filter((sql) => sql !== "" && !sql.includes(without));
}

/** The same folder, with another role. */
const as = (project: Project, { href }: URL) => ({
  run: (...args: string[]) => project.run(...args, "--database-url", href),
});

let made = 0;

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const fixtures = suite();
  const isPostgres = server.name === "postgres";

  it("finds nothing in the way of an administrator, and changes nothing", async () => {
    const { project: p, url } = await bareScene(server, fixtures, [TABLE], FILES);
    const { fit, checks } = checked(await works(p.run("doctor", "--json")));
    expect(checks.filter(({ health }) => health === "problem")).toEqual([]);
    expect(fit).toBe(true);
    expect(checks.find(({ name }) => name === "pending")?.found).toContain("not finished: 2");
    const text = (await works(p.run("doctor"))).stdout;
    for (const { name } of checks) expect(text).toContain(name);
    const tables = await query(
      url,
      isPostgres
        ? "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = 'zmigrate'"
        : "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE 'zmigrate%'",
    );
    expect(tables).toEqual([]);
  }, 60_000);

  it("is content with the role that the docs make, and that role applies, contracts and rolls back", async () => {
    const { project: admin, url, database } = await bareScene(server, fixtures, [], FILES);
    const n = `${process.pid}_${made++}`;
    const names = {
      app_owner: `zm_owner_${n}`,
      deploy: `zm_deploy_${n}`,
      shop: database,
      "change-me": "d3ploy-s3cret",
    };
    if (isPostgres)
      await query(url, `CREATE ROLE ${names.app_owner}; GRANT CREATE, USAGE ON SCHEMA public TO ${names.app_owner}`);
    const without = server.name === "mysql" ? "REPLICATION MASTER ADMIN" : "REPLICATION SLAVE";
    const statements = roleSql(isPostgres ? "PostgreSQL" : "MySQL and MariaDB", names, without);
    expect(statements.length).toBe(5);
    for (const sql of statements) await query(url, sql);
    // The docs' other way is a setting of the whole server, which other tests share.
    if (!isPostgres) await query(url, `GRANT SUPER ON *.* TO '${names.deploy}'@'%'`);
    fixtures.after(async () => {
      if (isPostgres)
        await query(
          url,
          `DROP OWNED BY ${names.app_owner} CASCADE; DROP ROLE ${names.deploy}; DROP ROLE ${names.app_owner}`,
        );
      else await query(url, `DROP USER '${names.deploy}'@'%'`);
    });
    await query(url, isPostgres ? `${TABLE}; ALTER TABLE t OWNER TO ${names.app_owner}` : TABLE);
    await query(url, "INSERT INTO t VALUES (1, 1)");
    const to = new URL(url);
    [to.username, to.password] = [names.deploy, "d3ploy-s3cret"];
    const p = as(admin, to);
    const { checks } = checked(await works(p.run("doctor", "--json")));
    expect(checks.filter(({ name, health }) => health !== "ok" && name !== "statistics")).toEqual([]);
    const contract = ["apply", "--contract", "--park", "0"];
    for (const release of ["1", "2", "3"]) await works(p.run(...contract, "--release", release));
    expect(await query(url, "SELECT id, b FROM t")).toEqual([{ id: 1, b: 1 }]);
    await works(p.run("rollback", "20260102000000"));
    expect((await works(p.run("status"))).stdout).toContain("rolled-back");
  }, 60_000);
});

describeServer("postgres", (server) => {
  const fixtures = suite();

  it("names what a role lacks, with the GRANT, and ends with 1", async () => {
    const { project: admin, url } = await bareScene(server, fixtures, [TABLE], FILES);
    const role = `zm_lacks_${process.pid}_${made++}`;
    await query(url, `CREATE ROLE ${role} LOGIN PASSWORD 'd3ploy-s3cret'; GRANT SELECT ON t TO ${role}`);
    fixtures.after(async () => {
      await query(url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
    });
    const to = new URL(url);
    [to.username, to.password] = [role, "d3ploy-s3cret"];
    const p = as(admin, to);
    const refused = await p.run("doctor", "--json");
    expect(refused.code).toBe(1);
    const of = (name: string) => checked(refused).checks.find((c) => c.name === name);
    expect(of("writable")).toMatchObject({
      health: "problem",
      way: expect.stringContaining("GRANT CREATE ON DATABASE"),
    });
    expect(of("owners")).toMatchObject({ health: "advice", found: expect.stringContaining("1 of ") });
    expect(of("pending")?.health).toBe("problem");
    expect((await p.run("doctor")).stdout).toMatch(/\d problems?: mend them before/);
    expect(refused.stdout + refused.stderr).not.toContain("d3ploy-s3cret");
  }, 60_000);

  it("is told, as every command is, of a journal about another schema, and of one of a newer program", async () => {
    const { project: p, url } = await bareScene(server, fixtures, ["CREATE SCHEMA t1; CREATE SCHEMA t2"], {
      made: FILES.made,
    });
    const on = (schema: string) => ["--database-url", `${url}?options=-c%20search_path%3D${schema}`];
    await works(p.run("apply", "--release", "1", ...on("t1")));
    const said = 'is about the schema "t1", and here names without a schema mean "t2"';
    for (const command of [["apply", "--release", "1"], ["plan"]])
      expect(await p.run(...command, ...on("t2"))).toMatchObject({ code: 3, stderr: expect.stringContaining(said) });
    const refused = await p.run("doctor", "--json", ...on("t2"));
    expect(checked(refused).checks.find(({ name }) => name === "journal")?.found).toContain(said);
    await query(url, "UPDATE zmigrate.meta SET value = '999' WHERE name = 'version'");
    const newer = await p.run("doctor", ...on("t1"));
    expect(newer).toMatchObject({ code: 1, stdout: expect.stringContaining("The journal has version 999") });
    expect(await p.run("status", ...on("t1"))).toMatchObject({ code: 3, stdout: "" });
  }, 60_000);

  it("goes no further once a migration has made a schema that names mean from then on, until somebody says which", async () => {
    const { project: p, url } = await bareScene(server, fixtures, [], {
      first: "CREATE TABLE a (id int PRIMARY KEY);\n",
      own: "CREATE SCHEMA postgres;\n",
      later: "CREATE TABLE b (id int PRIMARY KEY);\n",
      last: "CREATE TABLE c (id int PRIMARY KEY);\n",
    });
    const whereIs = (table: string) => query(url, `SELECT schemaname FROM pg_tables WHERE tablename = '${table}'`);
    const said = 'is about the schema "public", and here names without a schema mean "postgres"';
    // Files that are applied at once end as those that are applied one by one.
    for (let n = 0; n < 2; n += 1)
      expect(await p.run("apply", "--release", "1")).toMatchObject({ code: 3, stderr: expect.stringContaining(said) });
    expect(await p.run("status")).toMatchObject({ code: 3, stderr: expect.stringContaining(said) });
    expect(await whereIs("b")).toEqual([]);
    const back = ["--database-url", `${url}?options=-c%20search_path%3Dpublic`];
    await works(p.run("apply", "--release", "1", "--to", "20260103000000", ...back));
    expect(await whereIs("b")).toEqual([{ schemaname: "public" }]);
    const { stderr } = await p.run("apply", "--release", "1");
    const [, update = ""] = /say so: (UPDATE .*?)\. Nothing was changed/.exec(stderr) ?? [];
    await query(url, update);
    await works(p.run("apply", "--release", "1"));
    expect(await whereIs("c")).toEqual([{ schemaname: "postgres" }]);
  }, 60_000);
});
